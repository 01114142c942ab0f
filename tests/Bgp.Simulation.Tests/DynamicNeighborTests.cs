using Bgp.Engine;
using Bgp.Protocol;

namespace Bgp.Simulation.Tests;

/// <summary>A reflector that knows its clients by nothing but the subnet that they come from.</summary>
[TestFixture]
internal sealed class DynamicNeighborTests
{
    private const int Clients = 3;

    private static readonly TopologyOptions Options = new() { HasIpv6 = true, HasDynamicClients = true };

    [Test]
    public void Clients_OfARange_ReachEachOtherDirectly()
    {
        using var simulator = Networks.Started(Topology.Reflectors(1, Clients, Options));

        Networks.AssertSound(simulator);
        Assert.That(Networks.Gateways(simulator.Nodes[1], Topology.BlockV4(3)), Is.EqualTo((IpAddress[])[Topology.AddressV4(3)]));
        Assert.That(Peers(simulator).Select(peer => (peer.Config.Key.Address, peer.Config.IsDynamic)), Is.EquivalentTo(Enumerable.Range(1, Clients).Select(node => (Topology.AddressV4(node), true))));
    }

    [Test]
    public void Client_GoneForAMinute_IsForgottenAndItsNumberReused()
    {
        using var simulator = Networks.Started(Topology.Reflectors(1, Clients, Options));
        var before = Peers(simulator).Single(peer => peer.Config.Key.Address == Topology.AddressV4(2)).Peer;
        simulator.Nodes[2].Kill(KillKind.Process);

        simulator.RunFor(TimeSpan.FromSeconds(30));
        Assert.That(Peers(simulator).Single(peer => peer.Peer == before).LastDown, Is.Not.Null, "what it died of can still be seen");
        simulator.RunFor(TimeSpan.FromSeconds(31));
        Assert.That(Peers(simulator).Select(peer => peer.Peer), Has.No.Member(before));

        simulator.Nodes[2].Start();
        Networks.AssertSound(simulator);
        Assert.That(Peers(simulator).Select(peer => peer.Peer), Has.Member(before).And.Exactly(Clients).Items);
    }

    [Test]
    public void Client_ThatComesBackInTime_IsTheSameNeighbor()
    {
        using var simulator = Networks.Started(Topology.Reflectors(1, Clients, Options));
        simulator.Nodes[2].Kill(KillKind.Process);
        simulator.RunFor(TimeSpan.FromSeconds(20));

        simulator.Nodes[2].Start();
        Networks.AssertSound(simulator);
        simulator.RunFor(TimeSpan.FromSeconds(120));

        Assert.That(Peers(simulator).Select(peer => peer.Flaps), Is.EquivalentTo((int[])[0, 1, 0]));
    }

    [Test]
    public void Limit_Reached_RefusesWithCeaseAndSaysSoOnceAMinute()
    {
        var topology = Topology.Reflectors(1, Clients, Options);
        using var simulator = new Simulator(1);
        simulator.Start(WithRange(topology, range => range with { Limit = 2 }));
        Assert.That(simulator.RunUntil(() => simulator.Nodes[0].EstablishedCount == 2, Networks.Patience));
        var since = simulator.Now;
        simulator.RunFor(TimeSpan.FromSeconds(170));

        var refused = simulator.Nodes.Skip(1).Single(node => node.EstablishedCount == 0);
        var reasons = refused.Events.Where(entry => entry.At > since && entry.Event.Kind == SpeakerEventKind.AttemptFailed).Select(entry => entry.Event.Reason!).ToList();
        Assert.That(reasons.Select(reason => reason.Error), Has.Some.EqualTo(BgpError.Cease(CeaseSubcode.ConnectionRejected)));
        Assert.That(simulator.Nodes[0].EstablishedCount, Is.EqualTo(2));
        Assert.That(simulator.Nodes[0].Events.Count(entry => entry.Event.Kind == SpeakerEventKind.RangeFull), Is.InRange(2, 3));
    }

    [Test]
    public void Limit_Reached_OneThatIsOnlyRememberedMakesPlace()
    {
        var topology = Topology.Reflectors(1, Clients, Options);
        using var simulator = new Simulator(1);
        simulator.Start(WithRange(topology, range => range with { Limit = 2 }));
        Assert.That(simulator.RunUntil(() => simulator.Nodes[0].EstablishedCount == 2, Networks.Patience));
        simulator.Nodes.Skip(1).First(node => node.EstablishedCount == 1).Kill(KillKind.Process);
        var late = simulator.Nodes.Skip(1).Single(node => node is { IsRunning: true, EstablishedCount: 0 });

        late.Kill(KillKind.Process);
        late.Start();

        Assert.That(simulator.RunUntil(() => late.EstablishedCount == 1, TimeSpan.FromSeconds(30)));
        Assert.That(Peers(simulator), Has.Count.EqualTo(2));
    }

    [Test]
    public void Reload_LimitLowered_LeavesSessions()
    {
        using var simulator = Networks.Started(Topology.Reflectors(1, Clients, Options));

        Reload(simulator, config => config with { Ranges = [config.Ranges[0] with { Limit = 1 }] });

        Networks.AssertSound(simulator);
        Assert.That(Networks.SessionEnds(simulator), Is.Empty);
    }

    [Test]
    public void Reload_RangeGone_EndsItsSessionsAsDeconfigured()
    {
        using var simulator = Networks.Started(Topology.Reflectors(1, Clients, Options));

        Reload(simulator, config => config with { Ranges = [] });

        simulator.RunFor(TimeSpan.FromSeconds(1));
        Assert.That(Peers(simulator), Is.Empty);
        Assert.That(Ends(simulator.Nodes[1]).Select(reason => reason.Error), Is.EqualTo((BgpError[])[BgpError.Cease(CeaseSubcode.PeerDeconfigured)]));
    }

    [Test]
    public void Reload_HoldTimeOfTheGroup_ResetsEachOfThem()
    {
        using var simulator = Networks.Started(Topology.Reflectors(1, Clients, Options));

        Reload(simulator, config => config with { Ranges = [config.Ranges[0] with { Template = config.Ranges[0].Template with { HoldTime = TimeSpan.FromSeconds(6) } }] });

        Networks.AssertSound(simulator);
        Assert.That(Ends(simulator.Nodes[0]).Select(reason => reason.Kind), Is.EqualTo(Enumerable.Repeat(SessionDownKind.SettingsChanged, Clients)));
        Assert.That(Peers(simulator).Select(peer => peer.Session!.HoldTime), Is.All.EqualTo(TimeSpan.FromSeconds(6)));
    }

    [Test]
    public void Reload_PolicyOfTheGroup_JudgesAgainAndLeavesSessions()
    {
        using var simulator = Networks.Started(Topology.Reflectors(1, Clients, Options));

        Reload(simulator, config => config with
        {
            Ranges = [config.Ranges[0] with { Template = config.Ranges[0].Template with { Families = [.. config.Ranges[0].Template.Families.Select(family => family with { ImportPolicy = [PolicyConfig.RejectAll] })] } }],
        });

        Networks.AssertSound(simulator);
        Assert.That(Networks.Gateways(simulator.Nodes[1], Topology.BlockV4(3)), Is.Null);
        Assert.That(Networks.SessionEnds(simulator), Is.Empty);
    }

    [Test]
    public void Reload_AddressConfigured_TakesTheSessionOver()
    {
        using var simulator = Networks.Started(Topology.Reflectors(1, Clients, Options));

        Reload(simulator, config => config with { Neighbors = [config.Ranges[0].At(Topology.AddressV4(2), "") with { Range = null, Description = "named" }] });

        Networks.AssertSound(simulator);
        Assert.That(Networks.SessionEnds(simulator), Is.Empty);
        Assert.That(Peers(simulator).Where(peer => !peer.Config.IsDynamic).Select(peer => peer.Config.Description), Is.EqualTo((string[])["named"]));
    }

    [Test]
    public void Ranges_Overlapping_TheLongestPrefixHolds()
    {
        var topology = Topology.Reflectors(1, Clients, Options);
        var host = new IpPrefix(Topology.AddressV4(2), 32);
        using var simulator = Networks.Started(WithRanges(topology, range => [range, range with { Prefix = host, Template = range.Template with { Description = "host" } }]));

        Assert.That(Peers(simulator).Where(peer => peer.Config.Description == "host").Select(peer => peer.Config.Key.Address), Is.EqualTo((IpAddress[])[host.Address]));
    }

    [Test]
    public void Command_ForANumberThatIsAnothersNow_DoesNothing()
    {
        using var simulator = Networks.Started(Topology.Reflectors(1, Clients, Options));
        var peer = Peers(simulator)[0];

        simulator.Nodes[0].Process!.Speaker.Post(peer.Peer, peer.Config.Key with { Address = IpAddress.Parse("10.0.9.9") }, new SessionInput(SessionInputKind.Reset));
        simulator.RunFor(TimeSpan.FromSeconds(1));
        Assert.That(Networks.SessionEnds(simulator), Is.Empty);

        simulator.Nodes[0].Process!.Speaker.Post(peer.Peer, peer.Config.Key, new SessionInput(SessionInputKind.Reset));
        Networks.AssertSound(simulator);
        Assert.That(Ends(simulator.Nodes[0]).Select(reason => reason.Kind), Is.EqualTo((SessionDownKind[])[SessionDownKind.AdminReset]));
    }

    [Test]
    public void Disabled_DynamicNeighbor_StaysDownAndKnownUntilEnabled()
    {
        using var simulator = Networks.Started(Topology.Reflectors(1, Clients, Options));
        var peer = Peers(simulator)[0];

        simulator.Nodes[0].Process!.Speaker.Post(peer.Peer, peer.Config.Key, new SessionInput(SessionInputKind.Disable));
        simulator.RunFor(TimeSpan.FromMinutes(5));
        Assert.That(Peers(simulator).Single(one => one.Peer == peer.Peer).AdminDown, Is.True);

        simulator.Nodes[0].Process!.Speaker.Post(peer.Peer, peer.Config.Key, new SessionInput(SessionInputKind.Enable));
        Networks.AssertSound(simulator);
        Assert.That(simulator.Nodes[0].EstablishedCount, Is.EqualTo(Clients));
    }

    private static Topology WithRange(Topology topology, Func<NeighborRange, NeighborRange> change) => WithRanges(topology, range => [change(range)]);

    private static Topology WithRanges(Topology topology, Func<NeighborRange, NeighborRange[]> change)
    {
        var reflector = topology.Nodes[0];
        return topology with { Nodes = topology.Nodes.Replace(reflector, reflector with { Config = reflector.Config with { Ranges = [.. change(reflector.Config.Ranges[0])] } }) };
    }

    private static void Reload(Simulator simulator, Func<SpeakerConfig, SpeakerConfig> change) => simulator.Nodes[0].Configure(change(simulator.Nodes[0].Config));

    private static IReadOnlyList<PeerStatus> Peers(Simulator simulator) => NodeState.Of(simulator.Nodes[0]).Peers;

    private static IEnumerable<SessionDownReason> Ends(SimNode node) =>
        node.Events.Where(entry => entry.Event.Kind == SpeakerEventKind.SessionDown).Select(entry => entry.Event.Reason!);
}
