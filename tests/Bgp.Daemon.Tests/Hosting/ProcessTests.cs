using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Bgp.Linux;

namespace Bgp.Daemon.Tests;

/// <summary>The program as a process of its own: signals and exit codes.</summary>
internal sealed class ProcessTests
{
    private string _folder = null!;
    private ushort _port;

    private string Config => Path.Combine(_folder, "router.yaml");

    private ControlClient Client => new(Path.Combine(_folder, "bgp.sock"));

    [SetUp]
    public void SetUp()
    {
        _folder = Directory.CreateTempSubdirectory("bgp-test-").FullName;
        _port = RunningDaemon.FreePort();
        File.WriteAllText(Config, RunningDaemon.Text(_folder, _port, ""));
    }

    [TearDown]
    public void TearDown() => Directory.Delete(_folder, recursive: true);

    [TestCase(UnixSignal.Terminate)]
    [TestCase(UnixSignal.Interrupt)]
    [CancelAfter(60_000)]
    public async Task Signal_ToStop_ExitsZeroAndLeavesNoSocket(UnixSignal signal, CancellationToken cancel)
    {
        using var process = await StartAsync(cancel);

        ProcessIdentity.TryRead(process.Id, out var identity);
        identity.Signal(signal);
        await process.WaitForExitAsync(cancel);

        Assert.That(process.ExitCode, Is.Zero);
        Assert.That(Directory.GetFiles(_folder), Is.EqualTo(new[] { Config }));
    }

    [Test]
    [CancelAfter(60_000)]
    public async Task HangUp_ValidFile_IsApplied(CancellationToken cancel)
    {
        using var process = await StartAsync(cancel);
        await File.AppendAllTextAsync(Config, "\nneighbors: [{address: 127.0.0.9, asn: 65001, passive: true}]", cancel);

        ProcessIdentity.TryRead(process.Id, out var identity);
        identity.Signal(UnixSignal.Hangup);

        while (!Encoding.UTF8.GetString(await Client.GetAsync(ControlPaths.Neighbors, cancel)).Contains("127.0.0.9", StringComparison.Ordinal))
        {
            await Task.Yield();
        }

        process.Kill();
    }

    [Test]
    [CancelAfter(60_000)]
    public async Task HangUp_FileWithAFault_IsLoggedAndTheDaemonGoesOn(CancellationToken cancel)
    {
        await File.WriteAllTextAsync(Config, (await File.ReadAllTextAsync(Config, cancel)).Replace("level: error", "level: warn", StringComparison.Ordinal), cancel);
        using var process = await StartAsync(cancel);
        await File.AppendAllTextAsync(Config, "\nnetwork: []", cancel);

        ProcessIdentity.TryRead(process.Id, out var identity);
        identity.Signal(UnixSignal.Hangup);

        string? line;
        do
        {
            line = await process.StandardError.ReadLineAsync(cancel);
        }
        while (line is not null && !line.Contains("router.yaml:6:1: network", StringComparison.Ordinal));
        Assert.That(line, Is.Not.Null);
        Assert.That(await Client.GetAsync(ControlPaths.Summary, cancel), Is.Not.Empty);
        process.Kill();
    }

    // The server that the reload closes is the one that was asked for it.
    [Test]
    [CancelAfter(60_000)]
    public async Task Reload_ControlSocketMoved_IsAnsweredByTheOldOneAndServedByTheNew(CancellationToken cancel)
    {
        using var process = await StartAsync(cancel);
        string[] paths = [Path.Combine(_folder, "bgp.sock"), Path.Combine(_folder, "other.sock")];
        var text = await File.ReadAllTextAsync(Config, cancel);
        for (var turn = 1; turn <= 10; turn++)
        {
            var (from, to) = (paths[(turn + 1) % 2], paths[turn % 2]);
            await File.WriteAllTextAsync(Config, text.Replace(paths[0], to, StringComparison.Ordinal), cancel);

            var answer = Encoding.UTF8.GetString(await new ControlClient(from).PostAsync(ControlPaths.Reload, cancel));

            Assert.That(answer, Does.Contain("api.socket"));
            Assert.That(await new ControlClient(to).IsServedAsync(cancel), Is.True);
            while (File.Exists(from))
            {
                await Task.Yield();
            }
        }

        process.Kill();
    }

    [Test]
    [CancelAfter(60_000)]
    public async Task StopCommand_Running_ReturnsWhenTheDaemonHasGone(CancellationToken cancel)
    {
        using var process = await StartAsync(cancel);

        var exitCode = await CommandLine.RunAsync(["stop", "--socket", Path.Combine(_folder, "bgp.sock")], TextWriter.Null, TextWriter.Null);
        await process.WaitForExitAsync(cancel);

        Assert.That((exitCode, process.ExitCode), Is.EqualTo((0, 0)));
    }

    [Test]
    [CancelAfter(60_000)]
    public async Task Run_PortTaken_ExitsOneWithOneLine(CancellationToken cancel)
    {
        using var taken = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        taken.Bind(new IPEndPoint(IPAddress.Loopback, _port));
        taken.Listen();
        using var process = Start();

        var errors = await process.StandardError.ReadToEndAsync(cancel);
        await process.WaitForExitAsync(cancel);

        Assert.That(process.ExitCode, Is.EqualTo(ExitCodes.Failed));
        Assert.That(errors.Trim(), Is.EqualTo($"bgp: cannot listen on 127.0.0.1:{_port}: Address already in use"));
    }

    [Test]
    [CancelAfter(60_000)]
    public async Task Run_ControlSocketTaken_ExitsOneWithOneLine(CancellationToken cancel)
    {
        using var first = await StartAsync(cancel);
        using var second = Start();

        var errors = await second.StandardError.ReadToEndAsync(cancel);
        await second.WaitForExitAsync(cancel);
        first.Kill();

        Assert.That(second.ExitCode, Is.EqualTo(ExitCodes.Failed));
        Assert.That(errors, Is.EqualTo($"bgp: the control socket {_folder}/bgp.sock cannot be opened: another daemon answers there\n"));
    }

    [Test]
    [CancelAfter(60_000)]
    public async Task Run_ControlSocketWhereAFileIsInTheWay_ExitsOneWithOneLine(CancellationToken cancel)
    {
        await ChangeAsync($"socket: {_folder}/bgp.sock", $"socket: {Config}/bgp.sock", cancel);
        using var process = Start();

        var errors = await process.StandardError.ReadToEndAsync(cancel);
        await process.WaitForExitAsync(cancel);

        Assert.That(process.ExitCode, Is.EqualTo(ExitCodes.Failed));
        Assert.That(errors, Does.Match($"^bgp: the control socket {Config}/bgp.sock cannot be opened: [^\n]+\n$"));
    }

    [Test]
    [CancelAfter(60_000)]
    public async Task Run_WithoutListeners_SaysThatItListensNowhere(CancellationToken cancel)
    {
        await ChangeAsync("level: error", "level: info", cancel);
        await ChangeAsync($"listen: [\"127.0.0.1:{_port}\"]", "listen: []", cancel);
        using var process = await StartAsync(cancel);

        var line = await LineWithAsync(process, " runs: ", cancel);
        process.Kill();

        Assert.That(line, Does.EndWith("router id 10.0.0.1, listening nowhere: it opens every session itself"));
    }

    [Test]
    [CancelAfter(60_000)]
    public async Task Reload_ClusterIdOfAReflector_IsAppliedAndThenToldWithWhoIsRefreshed(CancellationToken cancel)
    {
        await ChangeAsync("level: error", "level: info", cancel);
        await File.AppendAllTextAsync(Config, "\nneighbors:\n  - {address: 127.0.0.8, asn: 64512, passive: true, routeReflectorClient: true}\n  - {address: 127.0.0.9, asn: 65001, passive: true}\n", cancel);
        using var process = await StartAsync(cancel);
        await LineWithAsync(process, " runs: ", cancel);
        foreach (var cluster in new[] { "10.0.0.7", "10.0.0.8", "10.0.0.9" })
        {
            await ChangeAsync("router: {", $"router: {{clusterId: {cluster}, ", cancel);
            await Client.PostAsync(ControlPaths.Reload, cancellationToken: cancel);
            await ChangeAsync($"clusterId: {cluster}, ", "", cancel);

            Assert.That(await process.StandardError.ReadLineAsync(cancel), Does.EndWith("the configuration is applied"));
            Assert.That(await process.StandardError.ReadLineAsync(cancel), Does.EndWith("reloaded: neighbors 0 added, 0 removed, 0 reset, 1 refreshed, 1 unchanged"));
        }

        process.Kill();
    }

    private async Task ChangeAsync(string from, string to, CancellationToken cancel)
    {
        var text = await File.ReadAllTextAsync(Config, cancel);
        Assert.That(text, Does.Contain(from));
        await File.WriteAllTextAsync(Config, text.Replace(from, to, StringComparison.Ordinal), cancel);
    }

    private static async Task<string> LineWithAsync(Process process, string words, CancellationToken cancel)
    {
        while (await process.StandardError.ReadLineAsync(cancel) is { } line)
        {
            if (line.Contains(words, StringComparison.Ordinal))
            {
                return line;
            }
        }

        throw new AssertionException($"the daemon ended before it said '{words}'");
    }

    private Process Start()
    {
        var start = new ProcessStartInfo("dotnet", [typeof(Daemon).Assembly.Location, "run", "--config", Config]) { RedirectStandardError = true };
        return Process.Start(start) ?? throw new InvalidOperationException("dotnet did not start");
    }

    private async Task<Process> StartAsync(CancellationToken cancel)
    {
        var process = Start();
        while (!await Client.IsServedAsync(cancel))
        {
            Assert.That(process.HasExited, Is.False, () => process.StandardError.ReadToEnd());
            await Task.Yield();
        }

        // Answered by a lane: the signals are heard by now.
        await Client.GetAsync(ControlPaths.Summary, cancel);
        return process;
    }
}
