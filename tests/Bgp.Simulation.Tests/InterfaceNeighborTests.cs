using Bgp.Engine;
using Bgp.Protocol;

namespace Bgp.Simulation.Tests;

/// <summary>Two routers that know each other by nothing but the interface between them.</summary>
[TestFixture]
internal sealed class InterfaceNeighborTests
{
    private static readonly IpAddress Left = IpAddress.Parse("fe80::1");
    private static readonly IpAddress Right = IpAddress.Parse("fe80::2");
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    [Test]
    public void Pair_OnAnInterface_FindsEachOtherAndCarriesIpv4()
    {
        using var simulator = Pair();

        AwaitSession(simulator);

        var peer = Peers(simulator.Nodes[0]).Single();
        Assert.That((peer.Config.Key.ToString(), peer.Config.Interface, peer.Session!.Families.Length), Is.EqualTo(("fe80::2%eth0", "eth0", 2)));
        Assert.That(simulator.RunUntil(() => Networks.Gateways(simulator.Nodes[0], Topology.BlockV4(1)) is [var gateway] && gateway == Right, Patience));
    }

    [Test]
    public void Neighbor_NotFoundYet_IsNamedByTheInterfaceAndNotDialled()
    {
        using var simulator = Pair(isRightRunning: false);

        simulator.RunFor(Patience);

        var peer = Peers(simulator.Nodes[0]).Single();
        Assert.That((peer.Config.Key.ToString(), peer.State, peer.LastDown), Is.EqualTo(("eth0", SessionState.Active, (SessionDownReason?)null)));
    }

    // Two that advertise on one link took the session from each other every second.
    [Test]
    public void Neighbor_AnotherAdvertises_TheSessionStaysAndTheOtherIsFollowedWhenItEnds()
    {
        using var simulator = Pair();
        AwaitSession(simulator);
        var other = IpAddress.Parse("fe80::9");

        Tell(simulator.Nodes[0], other);
        simulator.RunFor(TimeSpan.FromMilliseconds(100));
        var peer = Peers(simulator.Nodes[0]).Single();
        var meanwhile = (peer.Config.Key.ToString(), Ends(simulator.Nodes[0]).Count());
        simulator.Nodes[0].Process!.Speaker.Post(peer.Peer, peer.Config.Key, new SessionInput(SessionInputKind.Reset));
        simulator.RunFor(TimeSpan.FromMilliseconds(100));

        Assert.That(meanwhile, Is.EqualTo(("fe80::2%eth0", 0)));
        Assert.That(Peers(simulator.Nodes[0]).Single().Config.Key.ToString(), Is.EqualTo("fe80::9%eth0"));
        Assert.That(Ends(simulator.Nodes[0]).Single().Kind, Is.EqualTo(SessionDownKind.AdminReset));

        // The next advertisement is the true one.
        AwaitSession(simulator);
    }

    [Test]
    public void Neighbor_NotUpYetAndAnotherAdvertises_IsTheOtherOne()
    {
        using var simulator = Pair(isRightRunning: false);
        Tell(simulator.Nodes[0], Right);
        simulator.RunFor(TimeSpan.FromSeconds(1));

        Tell(simulator.Nodes[0], IpAddress.Parse("fe80::9"));
        simulator.RunFor(TimeSpan.FromSeconds(1));

        Assert.That(Peers(simulator.Nodes[0]).Single().Config.Key.ToString(), Is.EqualTo("fe80::9%eth0"));
    }

    [TestCase(null)]
    [TestCase("secret")]
    public void Stranger_ConnectsOverTheInterfaceOfASession_IsRefusedAndTheSessionStays(string? password)
    {
        using var simulator = Pair(password: password);
        AwaitSession(simulator);

        // No key protects the simulated network: this stands for the connection of a host that the listener has no key for.
        var stranger = Spec(2, IpAddress.Parse("fe80::9"));
        stranger = stranger with
        {
            Config = stranger.Config with { Neighbors = [stranger.Config.Neighbors[0] with { Interface = null, Key = new NeighborKey(Left, "eth0", BgpConstants.Port) }] },
        };
        var third = simulator.Add(stranger);
        third.Start();
        simulator.RunFor(Patience);

        Assert.That(third.Events.Select(entry => entry.Event.Kind), Does.Contain(SpeakerEventKind.AttemptFailed));
        Assert.That(Ends(simulator.Nodes[0]), Is.Empty);
    }

    [Test]
    public void Link_Down_EndsTheSessionAtOnceAndUpBringsItBack()
    {
        using var simulator = Pair();
        AwaitSession(simulator);

        simulator.Nodes[0].Kernel.SetLink(isUp: false, 0);
        Tell(simulator.Nodes[0], IpAddress.None);
        simulator.RunFor(TimeSpan.FromMilliseconds(10));
        Assert.That(simulator.Nodes[0].EstablishedCount, Is.Zero);
        Assert.That(Ends(simulator.Nodes[0]).Single().ToString(), Is.EqualTo("LinkDown: Cease / Other Configuration Change (the link of eth0 is down)"));

        simulator.RunFor(TimeSpan.FromSeconds(30));
        simulator.Nodes[0].Kernel.SetLink(isUp: true, 0);
        AwaitSession(simulator);
    }

    [Test]
    public void Reload_OfSomethingElse_LeavesTheSession()
    {
        using var simulator = Pair();
        AwaitSession(simulator);

        simulator.Nodes[0].Configure(simulator.Nodes[0].Config with { DefaultLocalPref = 50, Neighbors = [simulator.Nodes[0].Config.Neighbors[0] with { Description = "right" }] });
        simulator.RunFor(Patience);

        Assert.That(Networks.SessionEnds(simulator), Is.Empty);
        Assert.That(Peers(simulator.Nodes[0]).Single().Config.Description, Is.EqualTo("right"));
    }

    private static Simulator Pair(bool isRightRunning = true, string? password = null)
    {
        var simulator = new Simulator(1);
        var left = simulator.Add(Spec(0, Left, password));
        var right = simulator.Add(Spec(1, Right, password));
        left.Start();
        if (isRightRunning)
        {
            right.Start();
        }

        return simulator;
    }

    private static NodeSpec Spec(int node, IpAddress address, string? password = null)
    {
        var config = new SpeakerConfig
        {
            LocalAsn = new Asn(65001 + (uint)node),
            RouterId = new RouterId(1 + (uint)node),
            ClusterId = new RouterId(1 + (uint)node),
            EbgpRequiresPolicy = false,
            Networks = [new NetworkConfig(Topology.BlockV4(node), Blackhole: true), new NetworkConfig(Topology.BlockV6(node), Blackhole: true)],
            Neighbors =
            [
                new NeighborConfig
                {
                    Key = new NeighborKey(IpAddress.None, "eth0", BgpConstants.Port),
                    Interface = "eth0",
                    RemoteAsn = NeighborConfig.AnyExternal,
                    LocalAsn = new Asn(65001 + (uint)node),
                    HoldTime = TimeSpan.FromSeconds(9),
                    Passive = node == 1,
                    Password = password,
                    Families = [new FamilyConfig(AddressFamily.Ipv4Unicast), new FamilyConfig(AddressFamily.Ipv6Unicast)],
                },
            ],
        };
        return new NodeSpec($"r{node}", [new InterfaceSpec(0, IpAddress.None, address)], config);
    }

    private static void AwaitSession(Simulator simulator) =>
        Assert.That(simulator.RunUntil(() => simulator.Nodes.All(node => node.EstablishedCount == 1), Patience), "the session is up at both ends");

    private static void Tell(SimNode node, IpAddress neighbor) => node.Process!.Speaker.Post(new TransportEvent(TransportEventKind.Discovered)
    {
        Text = "eth0",
        Ends = new ConnectionEnds(IpAddress.None, 0, neighbor, 0),
    });

    private static IReadOnlyList<PeerStatus> Peers(SimNode node) => NodeState.Of(node).Peers;

    private static IEnumerable<SessionDownReason> Ends(SimNode node) =>
        node.Events.Where(entry => entry.Event.Kind == SpeakerEventKind.SessionDown).Select(entry => entry.Event.Reason!);
}
