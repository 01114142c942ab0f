using System.Net;
using System.Net.Sockets;
using System.Text.Json;

namespace Bgp.Daemon.Tests;

internal sealed class ReloadTests
{
    private const string OneNeighbor = "neighbors: [{address: 127.0.0.9, asn: 65001, passive: true}]";

    [Test]
    public async Task Reload_ValidFile_IsInForceWhenItReturns()
    {
        await using var running = await RunningDaemon.StartAsync(OneNeighbor);
        running.Write("neighbors: [{address: 127.0.0.9, asn: 65001, passive: true}, {address: 127.0.0.8, asn: 65002, passive: true}]");

        await running.Client.PostAsync(ControlPaths.Reload);

        Assert.That(await AddressesAsync(running), Is.EqualTo(new[] { "127.0.0.8", "127.0.0.9" }));
    }

    [Test]
    public async Task Reload_ThreeFaults_ReportsEachAndChangesNothing()
    {
        await using var running = await RunningDaemon.StartAsync(OneNeighbor);
        var before = running.Daemon.Config;
        running.Write("neighbors: [{address: 127.0.0.300, asn: 65001}, {address: 127.0.0.8}]\nnetwork: []");

        var outcome = await running.Daemon.ReloadAsync();

        Assert.That(outcome.Faults, Has.Length.EqualTo(3).And.All.StartsWith(running.File + ":"));
        Assert.That(running.Daemon.Config, Is.SameAs(before));
        Assert.That(await AddressesAsync(running), Is.EqualTo(new[] { "127.0.0.9" }));
    }

    [Test]
    public async Task Reload_ByCommandWithFaults_IsAFileFault()
    {
        await using var running = await RunningDaemon.StartAsync(OneNeighbor);
        running.Write("network: []");

        Assert.That(() => running.Client.PostAsync(ControlPaths.Reload), Throws.TypeOf<CommandException>().With.Property(nameof(CommandException.ExitCode)).EqualTo(ExitCodes.Wrong));
    }

    [Test]
    public async Task Reload_ListenerRefused_ChangesNothing()
    {
        await using var running = await RunningDaemon.StartAsync(OneNeighbor);
        using var taken = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        taken.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        taken.Listen();
        var text = await File.ReadAllTextAsync(running.File);
        await File.WriteAllTextAsync(running.File, text.Replace($"127.0.0.1:{running.Port}", taken.LocalEndPoint!.ToString(), StringComparison.Ordinal));

        var outcome = await running.Daemon.ReloadAsync();

        Assert.That(outcome.Faults.Single(), Does.Contain("router.listen: cannot listen on 127.0.0.1:"));
        using var dial = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        Assert.That(() => dial.Connect(IPAddress.Loopback, running.Port), Throws.Nothing);
    }

    [Test]
    public async Task Reload_ListenMoved_OpensTheNewAndClosesTheOld()
    {
        await using var running = await RunningDaemon.StartAsync(OneNeighbor);
        var port = RunningDaemon.FreePort();
        var text = await File.ReadAllTextAsync(running.File);
        await File.WriteAllTextAsync(running.File, text.Replace($"127.0.0.1:{running.Port}", $"127.0.0.1:{port}", StringComparison.Ordinal));

        var outcome = await running.Daemon.ReloadAsync();

        Assert.That(outcome.Faults, Is.Empty);
        using var dial = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        Assert.That(() => dial.Connect(IPAddress.Loopback, port), Throws.Nothing);
        using var dialOld = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        Assert.That(() => dialOld.Connect(IPAddress.Loopback, running.Port), Throws.TypeOf<SocketException>());
    }

    private static async Task<string?[]> AddressesAsync(RunningDaemon running)
    {
        using var neighbors = JsonDocument.Parse(await running.Client.GetAsync(ControlPaths.Neighbors));
        return [.. neighbors.RootElement.EnumerateArray().Select(neighbor => neighbor.GetProperty("address").GetString())];
    }
}
