namespace Bgp.Interop.Tests;

/// <summary>
/// Reflectors in two levels: two at the top that peer with each other, two below that are clients of both, and a node below each of those. Our daemon stands at every place, beside each
/// implementation that reflects. No FRR is at <c>low1</c>, and no BIRD below an FRR that dies: within a second of a neighbor's end FRR 8.4.4 loses a withdrawal that comes from another one, and its
/// client is never told, though its own table no longer has the route.
/// </summary>
[TestFixture(SpeakerKind.Daemon, SpeakerKind.Bird, SpeakerKind.Bird, SpeakerKind.Frr)]
[TestFixture(SpeakerKind.Daemon, SpeakerKind.Frr, SpeakerKind.Daemon, SpeakerKind.Frr)]
[TestFixture(SpeakerKind.Bird, SpeakerKind.GoBgp, SpeakerKind.Daemon, SpeakerKind.Daemon)]
[TestFixture(SpeakerKind.Frr, SpeakerKind.Daemon, SpeakerKind.Daemon, SpeakerKind.Frr)]
[NonParallelizable]
internal sealed class ReflectorHierarchyTests(SpeakerKind firstTop, SpeakerKind secondTop, SpeakerKind leftBelow, SpeakerKind rightBelow)
{
    private static readonly Route Left = new("198.51.100.0/24");
    private static readonly Route Right = new("198.51.101.0/24");

    private ReflectedNetwork _network = null!;

    [SetUp]
    public void Build()
    {
        _network = new ReflectedNetwork();
        _network.Add("top1", firstTop);
        _network.Add("top2", secondTop);
        _network.Add("low1", leftBelow);
        _network.Add("low2", rightBelow);
        _network.Add("node1", SpeakerKind.Bird);
        _network.Add("node2", SpeakerKind.Daemon);
        if (secondTop == SpeakerKind.GoBgp)
        {
            // GoBGP 3.10 adds neither ORIGINATOR_ID nor CLUSTER_LIST to what it reflects to a non-client.
            _network.Peer("top2", "top1", isClient: true);
        }
        else
        {
            _network.Peer("top1", "top2");
        }

        foreach (var top in new[] { "top1", "top2" })
        {
            _network.Peer(top, "low1", isClient: true);
            _network.Peer(top, "low2", isClient: true);
        }

        _network.Peer("low1", "node1", isClient: true);
        _network.Peer("low2", "node2", isClient: true);
        _network.Start();
        _network["node1"].Announce(Left);
        _network["node2"].Announce(Right);
    }

    [TearDown]
    public void TearDown() => _network?.Dispose();

    [Test]
    public void Hierarchy_RouteOfANode_PassesEveryLevelOnceAndGoesWithoutATrace()
    {
        AwaitWay("node1", "low1", Right, "low2", "top1", "top2");
        AwaitWay("node2", "low2", Left, "low1", "top1", "top2");

        _network["node1"].Announce();

        _network.AwaitGoneEverywhere(Left.Prefix);
        Assert.That(_network["node1"].Received(Right.Prefix, _network.HostOf("low1")), Is.Not.Null);
    }

    [Test]
    public void Hierarchy_TopReflectorDies_RoutesGoByTheOtherAndWithdrawalsTravel([Values("top1", "top2")] string victim)
    {
        AwaitWay("node1", "low1", Right, "low2", "top1", "top2");
        AwaitWay("node2", "low2", Left, "low1", "top1", "top2");

        _network.Stop(victim);

        var survivor = victim == "top1" ? "top2" : "top1";
        AwaitWay("node1", "low1", Right, "low2", survivor);
        AwaitWay("node2", "low2", Left, "low1", survivor);
        _network["node2"].Announce();
        _network.AwaitGoneEverywhere(Right.Prefix);
    }

    /// <summary>Node by node: the cluster of the reflector above the receiver, of one at the top, of the one above the route's node.</summary>
    private void AwaitWay(string receiver, string above, Route route, string aboveSource, params string[] tops)
    {
        string[] ways = [.. tops.Select(top => $"{Address(above)} {Address(top)} {Address(aboveSource)}")];
        var origin = Address(route == Left ? "node1" : "node2");
        Eventually.Get(
            $"{route.Prefix} at {receiver} by {string.Join(" or ", ways)}",
            () => _network[receiver].Received(route.Prefix, _network.HostOf(above)),
            received => received is not null && ways.Contains(string.Join(' ', received.ClusterList)) && (received.OriginatorId, received.NextHop) == (origin, origin));
    }

    private string Address(string name) => _network.HostOf(name).IPv4;
}
