using Bgp.Protocol;

namespace Bgp.Engine.Tests;

/// <summary>When the routes of an earlier run may go.</summary>
[TestFixture]
internal sealed class StartupSweepTests
{
    private static readonly Instant Start = new(1_000_000);
    private static readonly Instant Deadline = Start + TimeSpan.FromSeconds(120);

    [Test]
    public void Sweep_AllNamedNeighborsDone_IsDue()
    {
        var sweep = new StartupSweep(Deadline);
        sweep.Expect(Neighbors(PeerScript.Neighbor), expectsOthers: false);
        Assert.That(sweep.IsDue(Start), Is.False);

        sweep.EndOfRib(new PeerId(0), AddressFamily.Ipv4Unicast);
        Assert.That(sweep.IsDue(Start), Is.False, "before its session the End-of-RIB is not its own");
        sweep.Expect(Neighbors(PeerScript.Neighbor with { Shutdown = true }), expectsOthers: false);

        Assert.That(sweep.IsDue(Start), Is.True);
    }

    [Test]
    public void Sweep_OthersMayComeThatNobodyNames_WaitsForTheDeadline()
    {
        var sweep = new StartupSweep(Deadline);
        sweep.Expect(Neighbors(), expectsOthers: true);

        Assert.That((sweep.IsDue(Start), sweep.IsDue(Deadline)), Is.EqualTo((false, true)));
    }

    [Test]
    public void Sweep_DynamicNeighborAtAReload_IsNotWaitedForByName()
    {
        var sweep = new StartupSweep(Deadline);

        sweep.Expect(Neighbors(PeerScript.Neighbor with { Range = IpPrefix.Parse("192.0.2.0/24") }), expectsOthers: false);

        Assert.That(sweep.IsDue(Start), Is.True);
    }

    private static Dictionary<PeerId, NeighborConfig> Neighbors(params NeighborConfig[] neighbors) =>
        neighbors.Select((neighbor, index) => (Peer: new PeerId(index), neighbor)).ToDictionary(entry => entry.Peer, entry => entry.neighbor);
}
