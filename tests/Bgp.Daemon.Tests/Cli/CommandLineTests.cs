using System.Text.Json;

namespace Bgp.Daemon.Tests;

internal sealed class CommandLineTests
{
    private string _folder = null!;

    [SetUp]
    public void SetUp() => _folder = Directory.CreateTempSubdirectory("bgp-test-").FullName;

    [TearDown]
    public void TearDown() => Directory.Delete(_folder, recursive: true);

    [TestCase("nonsense")]
    [TestCase("")]
    [TestCase("run")]
    [TestCase("check")]
    [TestCase("check a.yaml b.yaml --against-running")]
    [TestCase("neighbor 10.0.0.1 explode")]
    [TestCase("neighbor 10.0.0.1 refresh -m hello")]
    [TestCase("show routes --longer")]
    [TestCase("show routes 10.0.0.0/8 --longer --covering")]
    [TestCase("show routes --table adj-rib-in")]
    [TestCase("show summary -o xml")]
    public async Task Arguments_Wrong_ExitTwoWithPlainLines(string arguments)
    {
        var (exitCode, output, errors) = await RunAsync(arguments.Split(' ', StringSplitOptions.RemoveEmptyEntries));

        Assert.That(exitCode, Is.EqualTo(ExitCodes.Wrong));
        Assert.That(output, Is.Empty);
        Assert.That(errors.Split('\n', StringSplitOptions.RemoveEmptyEntries), Is.Not.Empty.And.All.StartsWith("bgp: "));
    }

    [TestCase("")]
    [TestCase("run")]
    [TestCase("check")]
    [TestCase("show")]
    [TestCase("show summary")]
    [TestCase("show neighbors")]
    [TestCase("show routes")]
    [TestCase("show fib")]
    [TestCase("show config")]
    [TestCase("neighbor")]
    [TestCase("reload")]
    [TestCase("stop")]
    [TestCase("version")]
    public async Task Help_OfEveryCommand_HasAnExample(string command)
    {
        var (exitCode, output, _) = await RunAsync([.. command.Split(' ', StringSplitOptions.RemoveEmptyEntries), "--help"]);

        Assert.That(exitCode, Is.EqualTo(ExitCodes.Done));
        Assert.That(output, Does.Contain("Example: bgp " + command));
    }

    [Test]
    public async Task Show_NotSaidWhat_PrintsItsHelp()
    {
        var (exitCode, output, errors) = await RunAsync("show");

        Assert.That((exitCode, output), Is.EqualTo((ExitCodes.Wrong, "")));
        Assert.That(errors, Does.StartWith("bgp: ").And.Contain("summary").And.Contain("neighbors").And.Contain("routes").And.Contain("fib").And.Contain("Example: bgp show"));
    }

    [Test]
    public async Task ShowRoutes_Table_SaysWhatTheMarksMean()
    {
        await using var running = await RunningDaemon.StartAsync("networks: [{prefix: 10.244.9.0/24}]");

        var some = await RunAsync("show", "routes", "--socket", running.Socket);
        var none = await RunAsync("show", "routes", "192.0.2.0/24", "--socket", running.Socket);

        Assert.That(some.Output.TrimEnd().Split('\n')[^1], Is.EqualTo(ShowTables.Legend));
        Assert.That(none.Output, Does.Not.Contain(ShowTables.Legend));
    }

    [TestCase("10.244.9.0/24")]
    [TestCase("10.244.9.7")]
    public async Task ShowRoutes_OnePrefixOrAddress_TellsAllAboutItsPaths(string prefix)
    {
        await using var running = await RunningDaemon.StartAsync("networks: [{prefix: 10.244.9.0/24, set: {communities: [\"64512:7\"]}}]");

        var (_, output, _) = await RunAsync("show", "routes", prefix, "--socket", running.Socket);

        Assert.That(output, Does.Match(@"(?m)^10\.244\.9\.0/24\s+best$").And.Match(@"(?m)^communities\s+64512:7$").And.Match(@"(?m)^from\s+this router$").And.Match(@"(?m)^originator id\s+-$"));
    }

    [TestCase("10.0.0.0/8 --longer")]
    [TestCase("10.244.9.0/24 --covering")]
    [TestCase("")]
    public async Task ShowRoutes_AList_StaysATable(string arguments)
    {
        await using var running = await RunningDaemon.StartAsync("networks: [{prefix: 10.244.9.0/24}]");

        var (_, output, _) = await RunAsync(["show", "routes", .. arguments.Split(' ', StringSplitOptions.RemoveEmptyEntries), "--socket", running.Socket]);

        Assert.That(output, Does.Contain("10.244.9.0/24").And.Not.Contain("originator id"));
    }

    [Test]
    public async Task Show_NoDaemon_ExitsOneWithOneLine()
    {
        var (exitCode, output, errors) = await RunAsync("show", "summary", "--socket", Path.Combine(_folder, "none.sock"));

        Assert.That((exitCode, output), Is.EqualTo((ExitCodes.Failed, "")));
        Assert.That(errors.TrimEnd().Split('\n'), Has.Length.EqualTo(1).And.All.Contains("none.sock"));
    }

    [Test]
    public async Task Check_GoodFile_IsSilent()
    {
        var file = await WriteAsync("router: {asn: 64512}");

        Assert.That(await RunAsync("check", file), Is.EqualTo((ExitCodes.Done, "", "")));
    }

    [Test]
    public async Task Check_ThreeFaults_AreALineEach()
    {
        var file = await WriteAsync("router: {asn: 0}\nneighbors: [{address: 10.0.0.300, asn: 1}]\nnetwork: []");

        var (exitCode, _, errors) = await RunAsync("check", file);

        Assert.That(exitCode, Is.EqualTo(ExitCodes.Wrong));
        Assert.That(errors.TrimEnd().Split('\n'), Has.Length.EqualTo(3).And.All.Match("router.yaml:[0-9]+:[0-9]+: "));
    }

    [Test]
    public async Task Check_NoFile_IsAFault()
    {
        var (exitCode, _, errors) = await RunAsync("check", Path.Combine(_folder, "none.yaml"));

        Assert.That(exitCode, Is.EqualTo(ExitCodes.Wrong));
        Assert.That(errors, Does.Contain("none.yaml"));
    }

    [Test]
    public async Task Run_WrongFile_ExitsTwoWithItsFaults()
    {
        var file = await WriteAsync("router: {asn: 0}");

        var (exitCode, _, errors) = await RunAsync("run", "--config", file);

        Assert.That(exitCode, Is.EqualTo(ExitCodes.Wrong));
        Assert.That(errors, Does.Contain("router.yaml:1:"));
    }

    [Test]
    public async Task Version_Asked_NamesVersionCommitAndRuntime()
    {
        var (_, output, _) = await RunAsync("version");

        Assert.That(output, Does.Match(@"^bgp \d+\.\d+\.\d+, commit \w+, \.NET \d+"));
    }

    [Test]
    public async Task Show_RunningDaemon_PrintsTablesAndJson()
    {
        await using var running = await RunningDaemon.StartAsync("networks: [{prefix: 10.244.10.0/24}, {prefix: 10.244.9.0/24}]");

        var table = await RunAsync("show", "routes", "--socket", running.Socket);
        var json = await RunAsync("show", "routes", "-o", "json", "--socket", running.Socket);

        Assert.That(table.Output.Split('\n')[1], Does.Match(@"^\*>\s+10\.244\.9\.0/24\s+-\s+-\s+-\s+-\s+igp\s+local\s+\d+s$"));
        using var routes = JsonDocument.Parse(json.Output);
        Assert.That(
            routes.RootElement.EnumerateArray().Select(route => route.GetProperty("prefix").GetString()),
            Is.EqualTo(new[] { "10.244.9.0/24", "10.244.10.0/24" }));
    }

    [TestCase("summary", "router id")]
    [TestCase("neighbors", "127.0.0.9")]
    [TestCase("fib", "Prefix")]
    [TestCase("config", "asn: 64512")]
    public async Task Show_Document_SaysWhatItIs(string document, string expected)
    {
        await using var running = await RunningDaemon.StartAsync("neighbors: [{address: 127.0.0.9, asn: 65001, passive: true}]");

        var (exitCode, output, _) = await RunAsync("show", document, "--socket", running.Socket);

        Assert.That(exitCode, Is.EqualTo(ExitCodes.Done));
        Assert.That(output, Does.Contain(expected));
    }

    private static async Task<(int ExitCode, string Output, string Errors)> RunAsync(params string[] arguments)
    {
        using var output = new StringWriter();
        using var errors = new StringWriter();
        var exitCode = await CommandLine.RunAsync(arguments, output, errors);
        return (exitCode, output.ToString(), errors.ToString());
    }

    private async Task<string> WriteAsync(string text)
    {
        var file = Path.Combine(_folder, "router.yaml");
        await File.WriteAllTextAsync(file, text);
        return file;
    }
}
