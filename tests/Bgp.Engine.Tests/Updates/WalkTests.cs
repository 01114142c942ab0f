using Bgp.Protocol;

namespace Bgp.Engine.Tests;

/// <summary>Walks over destinations with several paths of the sessions that they are about.</summary>
public sealed class WalkTests
{
    private const string Block = "10.244.1.0/24";

    // Found by the update fuzzer, seed 4271: a decision in the middle of the purge moved the best path, still to be purged, behind the walk.
    [Test]
    public void PeerDown_SeveralPathsOfItWithMed_AllArePurged()
    {
        using var engine = new EngineHarness();
        var leaving = AddPathClient(engine, 1);
        var staying = engine.Add(2, client: true);
        engine.Configure();
        engine.Up(leaving);
        engine.Up(staying);
        Announce(engine, leaving, 1, localPref: 300);
        Announce(engine, leaving, 2, localPref: 50);
        engine.Announce(staying, Block, Neighbor(100));
        engine.Settle();
        engine.Down(leaving);
        engine.Settle();
        Assert.Multiple(() =>
        {
            Assert.That(engine.Routes(), Has.Count.EqualTo(1));
            Assert.That(engine.Best(Block).Peer, Is.EqualTo(staying.Id));
        });
    }

    [Test]
    public void EndOfRefresh_SeveralStalePathsWithMed_AllAreSwept()
    {
        using var engine = new EngineHarness();
        var peer = AddPathClient(engine, 1);
        var other = engine.Add(2, client: true);
        engine.Configure();
        engine.Up(peer);
        engine.Up(other);
        Announce(engine, peer, 1, localPref: 300);
        Announce(engine, peer, 2, localPref: 50);
        engine.Announce(other, Block, Neighbor(100));
        engine.SendRaw(peer, Demarcation(RouteRefreshSubtype.BeginningOfRefresh));
        engine.SendRaw(peer, Demarcation(RouteRefreshSubtype.EndOfRefresh));
        engine.Settle();
        Assert.That(engine.Routes().Select(view => view.Peer), Is.EqualTo(new[] { other.Id }));
    }

    // RFC 7313 §4: what a refresh does not bring again goes, also when the peer began several times before it came to an end.
    [TestCase(1)]
    [TestCase(2)]
    [TestCase(3)]
    [TestCase(4)]
    [TestCase(5)]
    public void EndOfRefresh_BegunSeveralTimes_StaleRouteIsSwept(int beginnings)
    {
        using var engine = new EngineHarness();
        var peer = engine.Add(1, client: true);
        engine.Configure();
        engine.Up(peer);
        engine.Announce(peer, Block);
        for (; beginnings > 0; beginnings--)
        {
            engine.SendRaw(peer, Demarcation(RouteRefreshSubtype.BeginningOfRefresh));
        }

        engine.SendRaw(peer, Demarcation(RouteRefreshSubtype.EndOfRefresh));
        engine.Settle();
        Assert.That(engine.Routes(), Is.Empty);
    }

    private static TestPeer AddPathClient(EngineHarness engine, int number)
    {
        var peer = engine.Add(number, client: true);
        peer.FromPeer = peer.FromPeer with { Flags = peer.FromPeer.Flags | CodecFlags.AddPathIpv4 };
        return peer;
    }

    private static Action<AttributeSpec> Neighbor(uint localPref) => spec =>
    {
        spec.Path = [65001];
        spec.Med = 5;
        spec.LocalPref = localPref;
    };

    private static void Announce(EngineHarness engine, TestPeer peer, uint pathId, uint localPref)
    {
        var spec = new AttributeSpec { NextHop = peer.Neighbor.Key.Address };
        Neighbor(localPref)(spec);
        var message = new byte[BgpConstants.MaxMessageLength];
        var builder = new UpdateBuilder(message, peer.FromPeer);
        Assert.That(builder.BeginReach(AddressFamily.Ipv4Unicast, spec.Encode()), Is.True);
        Assert.That(builder.TryAdd(IpPrefix.Parse(Block), new PathId(pathId)), Is.True);
        engine.SendRaw(peer, message.AsSpan(0, builder.Finish()));
    }

    private static byte[] Demarcation(RouteRefreshSubtype subtype)
    {
        var message = new byte[RouteRefreshMessage.Length];
        new RouteRefreshMessage(AddressFamily.Ipv4Unicast, subtype).WriteTo(message);
        return message;
    }
}
