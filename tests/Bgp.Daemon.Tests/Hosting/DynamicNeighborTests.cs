using System.Text.Json;

namespace Bgp.Daemon.Tests;

/// <summary>Neighbors that come out of a range, seen through the control socket of a whole daemon.</summary>
internal sealed class DynamicNeighborTests
{
    private const string Ranges = """
        peerGroups: {clients: {asn: external, ttlSecurity: 200, description: client}}
        dynamicNeighbors: [{prefix: 127.0.1.0/24, group: clients, limit: 2}]
        """;

    [Test]
    public async Task Neighbor_OutOfARange_IsShownAsDynamicWithTheGroupsSettings()
    {
        await using var running = await RunningDaemon.StartAsync(Ranges);
        using var peer = await ScriptedPeer.EstablishAsync(running, "127.0.1.9", 65009);

        using var neighbors = JsonDocument.Parse(await running.Client.GetAsync(ControlPaths.Neighbors));
        var neighbor = neighbors.RootElement.EnumerateArray().Single();
        using var summary = JsonDocument.Parse(await running.Client.GetAsync(ControlPaths.Summary));
        using (Assert.EnterMultipleScope())
        {
            Assert.That(neighbor.GetProperty("address").GetString(), Is.EqualTo("127.0.1.9"));
            Assert.That(neighbor.GetProperty("dynamic").GetBoolean(), Is.True);
            Assert.That(neighbor.GetProperty("group").GetString(), Is.EqualTo("clients"));
            Assert.That(neighbor.GetProperty("description").GetString(), Is.EqualTo("client"));
            Assert.That(neighbor.GetProperty("asn").GetUInt32(), Is.EqualTo(65009));
            Assert.That(summary.RootElement.GetProperty("neighbors").ToString(), Is.EqualTo("""{"configured":0,"dynamic":1,"established":1}"""));
        }
    }

    [Test]
    public async Task NeighborReset_OfADynamicOne_EndsItsSession()
    {
        await using var running = await RunningDaemon.StartAsync(Ranges);
        using var peer = await ScriptedPeer.EstablishAsync(running, "127.0.1.9", 65009);

        await running.Client.PostAsync($"{ControlPaths.Neighbors}/127.0.1.9/reset");

        Assert.That(await peer.StatusAsync(running), Is.EqualTo(("Active", 1)));
    }

    [Test]
    public async Task Reload_GroupsDescriptionAndLimit_LeavesTheSession()
    {
        await using var running = await RunningDaemon.StartAsync(Ranges);
        using var peer = await ScriptedPeer.EstablishAsync(running, "127.0.1.9", 65009);
        running.Write(Ranges.Replace("description: client", "description: guest", StringComparison.Ordinal).Replace("limit: 2", "limit: 1", StringComparison.Ordinal));

        var (exitCode, output, _) = await ReloadDifferenceTests.RunAsync(running, "reload");

        Assert.That((exitCode, output), Is.EqualTo((ExitCodes.Done, "Neighbor      Effect   Fields\n127.0.1.0/24  nothing  description, limit\n")));
        Assert.That(await peer.StatusAsync(running), Is.EqualTo(("Established", 0)));
    }

    [Test]
    public async Task Reload_RangeAdded_LetsItsNeighborsIn()
    {
        await using var running = await RunningDaemon.StartAsync();
        running.Write(Ranges);
        await running.Client.PostAsync(ControlPaths.Reload);

        using var peer = await ScriptedPeer.EstablishAsync(running, "127.0.1.9", 65009);

        Assert.That(await peer.StatusAsync(running), Is.EqualTo(("Established", 0)));
    }
}
