using Bgp.Protocol;

namespace Bgp.Engine.Tests;

/// <summary>Which routes are shown to who asks for an address.</summary>
public sealed class LongestMatchTests
{
    /// <summary>What is longer and of no use is shown too: it is why the traffic goes another way than somebody expects.</summary>
    [Test]
    public void Read_LongestOfTheLocRib_GoesOnToTheOneThatCarriesTheTraffic()
    {
        using var engine = new EngineHarness();
        var peer = engine.Add(1, client: true);
        engine.Configure();
        engine.Up(peer);
        engine.Announce(peer, "10.0.0.0/8");
        engine.Announce(peer, "10.244.0.0/16");
        engine.Announce(peer, "10.244.1.0/24", spec => spec.NextHop = IpAddress.Parse("203.0.113.1"));
        engine.Settle();

        var routes = engine.Routes(new RouteQuery(AddressFamily.Ipv4Unicast) { Prefix = IpPrefix.Parse("10.244.1.7/32"), Scope = PrefixScope.Longest });

        Assert.That(routes.Select(route => $"{route.Prefix} {route.IsBest}"), Is.EqualTo(new[] { "10.244.0.0/16 True", "10.244.1.0/24 False" }));
    }

    [Test]
    public void Read_LongestOfAnAdjRibIn_IsTheLongestThatThePeerSent()
    {
        using var engine = new EngineHarness();
        var peer = engine.Add(1, client: true);
        engine.Configure();
        engine.Up(peer);
        engine.Announce(peer, "10.244.0.0/16");
        engine.Announce(peer, "10.244.1.0/24", spec => spec.NextHop = IpAddress.Parse("203.0.113.1"));
        engine.Settle();

        var query = new RouteQuery(AddressFamily.Ipv4Unicast) { Prefix = IpPrefix.Parse("10.244.1.7/32"), Scope = PrefixScope.Longest, Table = RouteTable.AdjRibIn, Peer = peer.Id };

        Assert.That(engine.Routes(query).Select(route => $"{route.Prefix}"), Is.EqualTo(new[] { "10.244.1.0/24" }));
    }
}
