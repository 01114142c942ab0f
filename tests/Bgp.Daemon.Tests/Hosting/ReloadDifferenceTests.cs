using System.Text;
using System.Text.Json;

namespace Bgp.Daemon.Tests;

/// <summary>What a reload says that it does, beforehand and afterwards, and what it does to live sessions.</summary>
internal sealed class ReloadDifferenceTests
{
    private const string Before = """
        policies: {in: [{action: accept}]}
        neighbors:
          - {address: 127.0.0.8, asn: 65001, passive: true, importPolicy: [in], password: hunter2}
          - {address: 127.0.0.9, asn: 65002, passive: true, importPolicy: [in]}
          - {address: 127.0.0.10, asn: 65003, passive: true, importPolicy: [in]}
          - {address: 127.0.0.11, asn: 65004, passive: true}
        """;

    private const string After = """
        policies: {in: [{action: accept, set: {localPref: 200}}]}
        neighbors:
          - {address: 127.0.0.8, asn: 65001, passive: true, importPolicy: [in], password: hunter3}
          - {address: 127.0.0.9, asn: 65002, passive: true, importPolicy: [in], holdTime: 30s}
          - {address: 127.0.0.10, asn: 65003, passive: true, importPolicy: [in], description: ten}
          - {address: 127.0.0.11, asn: 65004, passive: true}
        """;

    private const string Table = """
        Neighbor    Effect   Fields
        (router)    refresh  policies.in
        127.0.0.8   reset    password
        127.0.0.9   reset    holdTime
        127.0.0.10  refresh  policies.in
        Unchanged neighbors: 1

        """;

    [Test]
    public async Task Reload_DescriptionPolicyAndOneHoldTime_ResetsThatSessionOnly()
    {
        await using var running = await RunningDaemon.StartAsync(Before);
        using var changed = await ScriptedPeer.EstablishAsync(running, "127.0.0.9", 65002);
        using var described = await ScriptedPeer.EstablishAsync(running, "127.0.0.10", 65003);
        running.Write(After);

        var result = await RunAsync(running, "reload");

        Assert.That(result, Is.EqualTo((ExitCodes.Done, Table, "")));
        Assert.That(await changed.StatusAsync(running), Is.Not.EqualTo(("Established", 0)));
        Assert.That(await described.StatusAsync(running), Is.EqualTo(("Established", 0)));
    }

    [Test]
    public async Task Reload_DryRun_SaysTheSameAndChangesNothing()
    {
        await using var running = await RunningDaemon.StartAsync(Before);
        using var peer = await ScriptedPeer.EstablishAsync(running, "127.0.0.9", 65002);
        var config = running.Daemon.Config;
        running.Write(After);

        var result = await RunAsync(running, "reload", "--dry-run");

        Assert.That(result, Is.EqualTo((ExitCodes.Done, Table, "")));
        Assert.That(running.Daemon.Config, Is.SameAs(config));
        Assert.That(await peer.StatusAsync(running), Is.EqualTo(("Established", 0)));
    }

    [Test]
    public async Task Reload_DryRunOfAFaultyFile_ExitsTwoWithItsFaults()
    {
        await using var running = await RunningDaemon.StartAsync(Before);
        running.Write("network: []");

        var (exitCode, output, errors) = await RunAsync(running, "reload", "--dry-run");

        Assert.That((exitCode, output), Is.EqualTo((ExitCodes.Wrong, "")));
        Assert.That(errors, Does.StartWith($"bgp: {running.File}:").And.Contains("network"));
    }

    [Test]
    public async Task Reload_NothingChanged_SaysSo()
    {
        await using var running = await RunningDaemon.StartAsync(Before);

        Assert.That(await RunAsync(running, "reload"), Is.EqualTo((ExitCodes.Done, "Nothing differs from the running configuration.\n", "")));
    }

    [Test]
    public async Task Reload_NetworkOfTheRouter_CountsWhomItIsAnnouncedTo()
    {
        await using var running = await RunningDaemon.StartAsync(Before);
        running.Write(Before + "\nnetworks: [{prefix: 10.0.0.0/8}]");

        Assert.That(await RunAsync(running, "reload"), Is.EqualTo((ExitCodes.Done, "Neighbor  Effect   Fields\n(router)  refresh  networks\nNeighbors refreshed by a change of the router: 4\n", "")));
    }

    [Test]
    public async Task Check_AgainstRunning_ComparesAnotherFileAndTellsNoKey()
    {
        await using var running = await RunningDaemon.StartAsync(Before);
        var other = running.File + ".new";
        await File.WriteAllTextAsync(other, await TextAsync(running, After));

        var text = await RunAsync(running, "check", other, "--against-running");
        var (exitCode, output, _) = await RunAsync(running, "check", other, "--against-running", "-o", "json");

        using var document = JsonDocument.Parse(output);
        Assert.That(text, Is.EqualTo((ExitCodes.Done, Table, "")));
        Assert.That(exitCode, Is.EqualTo(ExitCodes.Done));
        Assert.That(output, Does.Not.Contain("hunter"));
        Assert.That(document.RootElement.GetProperty("done").GetBoolean(), Is.False);
        Assert.That(document.RootElement.GetProperty("unchanged").GetInt32(), Is.EqualTo(1));
        Assert.That(document.RootElement.GetProperty("router").GetRawText(), Is.EqualTo("""[{"field":"policies.in","effect":"refresh"}]"""));
        Assert.That(
            document.RootElement.GetProperty("neighbors")[1].GetRawText(),
            Is.EqualTo("""{"address":"127.0.0.9","port":179,"dynamic":false,"effect":"reset","fields":[{"field":"holdTime","effect":"reset"},{"field":"policies.in","effect":"refresh"}]}"""));
    }

    [Test]
    public async Task Check_AgainstRunningOfALongFile_IsTakenWhole()
    {
        await using var running = await RunningDaemon.StartAsync(Before);
        var other = running.File + ".new";
        await File.WriteAllTextAsync(other, await TextAsync(running, $"# {new string('x', 200_000)}\n{After}"));

        Assert.That(await RunAsync(running, "check", other, "--against-running"), Is.EqualTo((ExitCodes.Done, Table, "")));
    }

    [Test]
    public async Task Check_AgainstRunningOfAFaultyFile_ExitsTwoWithItsFaults()
    {
        await using var running = await RunningDaemon.StartAsync(Before);
        var other = running.File + ".new";
        await File.WriteAllTextAsync(other, "router: {asn: 0}");

        var (exitCode, output, errors) = await RunAsync(running, "check", other, "--against-running");

        Assert.That((exitCode, output), Is.EqualTo((ExitCodes.Wrong, "")));
        Assert.That(errors, Does.StartWith($"{other}:1:15: router.asn: "));
    }

    [Test]
    public async Task Reload_WithABody_IsRefused()
    {
        await using var running = await RunningDaemon.StartAsync(Before);

        Assert.That(
            () => running.Client.PostAsync(ControlPaths.Reload, Encoding.UTF8.GetBytes("router: {asn: 1}")),
            Throws.TypeOf<CommandException>().With.Message.Contains("dry-run=true"));
    }

    /// <summary>A whole router file for the same daemon.</summary>
    private static async Task<string> TextAsync(RunningDaemon running, string more)
    {
        var text = await File.ReadAllTextAsync(running.File);
        return text[..text.IndexOf("policies:", StringComparison.Ordinal)] + more;
    }

    internal static async Task<(int ExitCode, string Output, string Errors)> RunAsync(RunningDaemon running, params string[] arguments)
    {
        using var output = new StringWriter();
        using var errors = new StringWriter();
        var exitCode = await CommandLine.RunAsync([.. arguments, "--socket", running.Socket], output, errors);
        return (exitCode, output.ToString(), errors.ToString());
    }
}
