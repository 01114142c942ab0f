using Bgp.Protocol;

namespace Bgp.Engine.Tests;

/// <summary>What the read side tells of a path besides its attributes.</summary>
public sealed class ReadRouteTests
{
    private const string Prefix = "203.0.113.0/24";

    [TestCase(false)]
    [TestCase(true)]
    public void AdjRibOut_Age_IsThatOfThePath(bool addPath)
    {
        using var engine = Pair(out var source, out var receiver, addPath);
        engine.Pass(100);
        engine.Announce(source, Prefix);
        engine.Settle();

        var path = engine.Routes().Single();
        var sent = Sent(engine, receiver).Single();
        Assert.That(sent.ReceivedAt, Is.EqualTo(path.ReceivedAt).And.Not.Null);
        Assert.That(sent.ReceivedAt!.Value.Microseconds, Is.GreaterThanOrEqualTo(100_000_000));
    }

    [Test]
    public void AdjRibOut_PathsOfDifferentAge_EachHasItsOwn()
    {
        using var engine = Pair(out var source, out var receiver, addPath: true);
        foreach (var id in new uint[] { 1, 2 })
        {
            engine.Pass(100);
            engine.Announce(source, Prefix, spec => spec.Med = id, id);
            engine.Settle();
        }

        Assert.That(
            Sent(engine, receiver).Select(route => (route.Med, route.ReceivedAt)),
            Is.EquivalentTo(engine.Routes().Select(route => (route.Med, route.ReceivedAt))));
        Assert.That(Sent(engine, receiver).Select(route => route.ReceivedAt).Distinct().Count(), Is.EqualTo(2));
    }

    [Test]
    public void AdjRibOut_DefaultMadeForTheNeighbor_HasNoAge()
    {
        using var engine = Pair(out _, out var receiver, addPath: false, neighbor => neighbor with { DefaultRoute = new DefaultRouteConfig(null) });

        Assert.That(Sent(engine, receiver).Single().ReceivedAt, Is.Null);
    }

    [Test]
    public void LocRib_NextHopBehindAGateway_HasItsWaysAndCost()
    {
        using var engine = Pair(out var source, out _, addPath: false);
        engine.Announce(source, Prefix, spec => spec.NextHop = IpAddress.Parse("172.16.0.9"));
        engine.Settle();

        var route = engine.Routes().Single();
        Assert.That(route.Ways!.Hops.Single().Gateway, Is.EqualTo(IpAddress.Parse("10.0.0.254")));
        Assert.That(route.NextHopCost, Is.Not.Null);
    }

    [Test]
    public void LocRib_NextHopNotReached_HasNeitherWaysNorCost()
    {
        using var engine = Pair(out var source, out _, addPath: false);
        engine.Announce(source, Prefix, spec => spec.NextHop = IpAddress.Parse("192.0.2.9"));
        engine.Settle();

        var route = engine.Routes().Single();
        Assert.That((route.Ways, route.NextHopCost, route.Fault), Is.EqualTo(((Forwarding?)null, (uint?)null, NextHopFault.NoRoute)));
    }

    private static List<RouteView> Sent(EngineHarness engine, TestPeer receiver) =>
        engine.Routes(new RouteQuery(AddressFamily.Ipv4Unicast, RouteTable.AdjRibOut) { Peer = receiver.Id });

    private static EngineHarness Pair(out TestPeer source, out TestPeer receiver, bool addPath, Func<NeighborConfig, NeighborConfig>? change = null)
    {
        var engine = new EngineHarness();
        source = engine.Add(1, client: true, change: neighbor => neighbor with { Families = [neighbor.Families[0] with { AddPathReceive = addPath }] });
        receiver = engine.Add(2, client: true, change: neighbor =>
        {
            var sending = neighbor with { Families = [neighbor.Families[0] with { AddPathSend = addPath ? int.MaxValue : 0 }] };
            return change is null ? sending : change(sending);
        });
        if (addPath)
        {
            source.FromPeer = source.FromPeer with { Flags = source.FromPeer.Flags | CodecFlags.AddPathIpv4 };
            receiver.ToPeer = receiver.ToPeer with { Flags = receiver.ToPeer.Flags | CodecFlags.AddPathIpv4 };
        }

        engine.Configure();
        engine.Up(source);
        engine.Up(receiver);
        engine.Settle();
        return engine;
    }
}
