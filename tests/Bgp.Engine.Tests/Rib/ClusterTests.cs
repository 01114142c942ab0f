using System.Collections.Immutable;
using System.Globalization;
using Bgp.Protocol;

namespace Bgp.Engine.Tests;

/// <summary>A reflector with clients in several clusters, and what it may not change (RFC 4456 §7, §8, §10).</summary>
public sealed class ClusterTests
{
    private const string Block = "10.244.1.0/24";

    private static readonly RouterId Left = new(0x01010101);
    private static readonly RouterId Right = new(0x02020202);

    private static readonly string[] Everybody = ["left2", "right", "own", "plain"];

    // Both clusters are named where a route goes from one to the other, so that every other reflector of either of them finds its own.
    [TestCase("left1", "left2", "1.1.1.1")]
    [TestCase("left1", "right", "2.2.2.2 1.1.1.1")]
    [TestCase("left1", "own", "10.0.0.1 1.1.1.1")]
    [TestCase("left1", "plain", "1.1.1.1")]
    [TestCase("own", "right", "2.2.2.2 10.0.0.1")]
    [TestCase("own", "plain", "10.0.0.1")]
    [TestCase("plain", "right", "2.2.2.2")]
    [TestCase("plain", "own", "10.0.0.1")]
    public void ClusterList_FromOneToAnother_NamesTheClustersThatTheRoutePassed(string from, string to, string expected)
    {
        using var engine = Start(out var peers);
        engine.Announce(peers[from], Block);
        engine.Settle();
        Assert.That(Clusters(peers[to]), Is.EqualTo(expected));
    }

    [Test]
    public void ClusterList_OfAnotherReflector_StandsBehindOurs()
    {
        using var engine = Start(out var peers);
        engine.Announce(peers["left1"], Block, spec => spec.ClusterList = [0x07070707, 0x08080808]);
        engine.Settle();
        Assert.That(Clusters(peers["right"]), Is.EqualTo("2.2.2.2 1.1.1.1 7.7.7.7 8.8.8.8"));
    }

    [Test]
    public void Import_AnyClusterOfOursInTheList_IsALoop([Values("10.0.0.1", "1.1.1.1", "2.2.2.2")] string cluster, [Values("left1", "right", "own", "plain")] string from)
    {
        using var engine = Start(out var peers);
        engine.Announce(peers[from], Block, spec => spec.ClusterList = [0x07070707, IpAddress.Parse(cluster).V4Bits]);
        engine.Settle();
        Assert.That(engine.Routes().Single().Reason, Is.EqualTo(PathReason.ClusterLoop));
    }

    [Test]
    public void Import_ClusterOfANonClient_IsNoneOfOurs()
    {
        using var engine = Start(out var peers, plain: neighbor => neighbor with { ClusterId = Right }, right: neighbor => neighbor with { ClusterId = Left });
        engine.Announce(peers["plain"], Block, spec => spec.ClusterList = [Right.Value]);
        engine.Settle();
        Assert.That(Clusters(peers["left1"]), Is.EqualTo("1.1.1.1 2.2.2.2"));
    }

    [Test]
    public void Import_ClusterOfARangeOfDynamicClients_IsALoop()
    {
        using var engine = Start(out var peers, configure: config => config with
        {
            Ranges = [new NeighborRange(IpPrefix.Parse("10.7.0.0/16"), 10, new NeighborConfig
            {
                Key = new NeighborKey(IpAddress.Parse("10.7.0.0"), "", 179),
                LocalAsn = EngineHarness.LocalAsn,
                RemoteAsn = EngineHarness.LocalAsn,
                RouteReflectorClient = true,
                ClusterId = new RouterId(0x03030303),
                Families = [new FamilyConfig(AddressFamily.Ipv4Unicast)],
            })],
        });
        engine.Announce(peers["plain"], Block, spec => spec.ClusterList = [0x03030303]);
        engine.Settle();
        Assert.That(engine.Routes().Single().Reason, Is.EqualTo(PathReason.ClusterLoop));
    }

    // Clients of one cluster hear of each other by themselves then; those of another one only from here.
    [Test]
    public void ClientToClientOff_ClientsOfOtherClustersHearOfTheRoute()
    {
        using var engine = Start(out var peers, configure: config => config with { ClientToClient = false });
        engine.Announce(peers["left1"], Block);
        engine.Settle();
        Assert.That(Everybody.Where(name => peers[name].Has(Block)), Is.EqualTo(new[] { "right", "own", "plain" }));
    }

    [Test]
    public void Reload_AnotherClusterForAClient_ItsRoutesAreSentAgainWithIt()
    {
        using var engine = Start(out var peers);
        engine.Announce(peers["left1"], Block);
        engine.Settle();
        Change(engine, peers["left1"], neighbor => neighbor with { ClusterId = Right });
        Assert.That(Everybody.Select(name => Clusters(peers[name])), Is.EqualTo(new[] { "1.1.1.1 2.2.2.2", "2.2.2.2", "10.0.0.1 2.2.2.2", "2.2.2.2" }));
    }

    [Test]
    public void Reload_AnotherClusterIdOfTheRouter_RoutesOfItsClientsAreSentAgainWithIt()
    {
        using var engine = Start(out var peers);
        engine.Announce(peers["own"], Block);
        engine.Settle();
        engine.Config = engine.Config with { ClusterId = new RouterId(0x09090909) };
        engine.Configure();
        engine.Settle();
        Assert.That(new[] { "left2", "right", "plain" }.Select(name => Clusters(peers[name])), Is.EqualTo(new[] { "1.1.1.1 9.9.9.9", "2.2.2.2 9.9.9.9", "9.9.9.9" }));
    }

    [Test]
    public void Reload_ClusterComesAndGoes_RoutesOfOthersAreJudgedAgain()
    {
        using var engine = Start(out var peers);
        engine.Announce(peers["plain"], Block, spec => spec.ClusterList = [0x05050505]);
        engine.Settle();
        Assert.That(engine.Routes().Single().IsBest, Is.True);

        Change(engine, peers["right"], neighbor => neighbor with { ClusterId = new RouterId(0x05050505) });
        var meanwhile = engine.Routes().Single().Reason;
        Change(engine, peers["right"], neighbor => neighbor with { ClusterId = Right });

        Assert.That((meanwhile, engine.Routes().Single().IsBest), Is.EqualTo((PathReason.ClusterLoop, true)));
    }

    [Test]
    public void Reload_ClientBecomesAPlainPeer_NonClientsLoseItsRoutes()
    {
        using var engine = Start(out var peers);
        engine.Announce(peers["left1"], Block);
        engine.Settle();
        Change(engine, peers["left1"], neighbor => neighbor with { RouteReflectorClient = false });
        Assert.That((peers["plain"].Has(Block), Clusters(peers["left2"])), Is.EqualTo((false, "1.1.1.1")));
    }

    [Test]
    public void SessionOfAClientEnds_ItsRoutesAreWithdrawnFromAll()
    {
        using var engine = Start(out var peers);
        engine.Announce(peers["left1"], Block);
        engine.Settle();
        engine.Down(peers["left1"]);
        engine.Settle();
        Assert.That(Everybody.Where(name => peers[name].Has(Block)), Is.Empty);
    }

    // RFC 4456 §10: changed by a reflector, these lead to loops.
    [Test]
    public void Reflection_NextHopSelf_ChangesNothingOfTheRoute()
    {
        using var engine = Start(out var peers, right: neighbor => neighbor with { NextHop = NextHopMode.Self });
        engine.Announce(peers["left1"], Block, spec =>
        {
            spec.Path = [65001, 65002];
            spec.NextHop = IpAddress.Parse("10.0.0.77");
            spec.LocalPref = 250;
            spec.Med = 50;
        });
        engine.Settle();
        var route = peers["right"][Block];
        Assert.That($"{route.AsPath.ToString()} {route.NextHop} {route.LocalPref} {route.Med}", Is.EqualTo("65001 65002 10.0.0.77 250 50"));
    }

    [Test]
    public void Reflection_NextHopSelfAll_IsOurAddress()
    {
        using var engine = Start(out var peers, right: neighbor => neighbor with { NextHop = NextHopMode.SelfAll });
        engine.Announce(peers["left1"], Block);
        engine.Settle();
        Assert.That(peers["right"][Block].NextHop, Is.EqualTo(EngineHarness.LocalAddress));
    }

    private static EngineHarness Start(
        out ImmutableDictionary<string, TestPeer> peers,
        Func<NeighborConfig, NeighborConfig>? right = null,
        Func<NeighborConfig, NeighborConfig>? plain = null,
        Func<SpeakerConfig, SpeakerConfig>? configure = null)
    {
        var engine = new EngineHarness();
        engine.Config = configure?.Invoke(engine.Config) ?? engine.Config;
        peers = new Dictionary<string, TestPeer>
        {
            ["left1"] = engine.Add(1, client: true, change: neighbor => neighbor with { ClusterId = Left }),
            ["left2"] = engine.Add(2, client: true, change: neighbor => neighbor with { ClusterId = Left }),
            ["right"] = engine.Add(3, client: true, change: right ?? (neighbor => neighbor with { ClusterId = Right })),
            ["own"] = engine.Add(4, client: true),
            ["plain"] = engine.Add(5, change: plain),
        }.ToImmutableDictionary();
        engine.Configure();
        foreach (var peer in engine.Peers.Values.OrderBy(peer => peer.Id.Value))
        {
            engine.Up(peer);
        }

        engine.Settle();
        return engine;
    }

    private static void Change(EngineHarness engine, TestPeer peer, Func<NeighborConfig, NeighborConfig> change)
    {
        peer.Neighbor = change(peer.Neighbor);
        engine.Configure();
        engine.Settle();
    }

    private static string Clusters(TestPeer peer)
    {
        var list = peer[Block].ClusterList;
        var words = new List<string>();
        for (var at = 0; at < list.Count; at++)
        {
            words.Add(string.Create(CultureInfo.InvariantCulture, $"{list[at]}"));
        }

        return string.Join(' ', words);
    }
}
