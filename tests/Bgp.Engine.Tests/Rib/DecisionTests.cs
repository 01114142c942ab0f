using Bgp.Protocol;

namespace Bgp.Engine.Tests;

/// <summary>RFC 4271 §9.1.2.2 with RFC 4456 §9: each step, in every order of arrival.</summary>
public sealed class DecisionTests
{
    private const string Prefix = "10.9.0.0/16";

    public static IEnumerable<TestCaseData> Steps()
    {
        yield return Case("LocalPref", PathReason.LowerLocalPref, (1, spec => spec.LocalPref = 200), (2, spec => spec.LocalPref = 100));
        yield return Case("AsPathLength", PathReason.LongerAsPath, (11, Path(65011, 1)), (12, Path(65012, 1, 2)));
        yield return Case("Origin", PathReason.WorseOrigin, (1, spec => spec.Origin = Origin.Igp), (2, spec => spec.Origin = Origin.Incomplete));
        yield return Case("Med same neighbor AS", PathReason.HigherMed, (1, PathMed(10, 65001)), (2, PathMed(20, 65001)));
        yield return Case("External over internal", PathReason.InternalPeer, (11, Path(65011)), (1, Path(65001)));
        yield return Case("Router id", PathReason.HigherRouterId, (1, _ => { }), (2, _ => { }));
        yield return Case("Originator id", PathReason.HigherRouterId, (2, spec => spec.OriginatorId = 1), (1, spec => spec.OriginatorId = 2));
        yield return Case(
            "Cluster list length",
            PathReason.LongerClusterList,
            (2, Reflected(7, 1)),
            (1, Reflected(7, 1, 2)));
        yield return Case("Originator id against the identifier of who has none", PathReason.HigherRouterId, (2, Reflected(7, 1, 2)), (1, _ => { }));
        yield return Case("No cluster list is one of no length", PathReason.LongerClusterList, (3, _ => { }), (1, Reflected(0x0a000067, 1)));
        yield return Case("Originator id before cluster list length", PathReason.HigherRouterId, (2, Reflected(7, 1, 2, 3)), (1, Reflected(8, 1)));
        yield return Case("Peer address", PathReason.HigherPeerAddress, (1, Reflected(7, 1)), (2, Reflected(7, 2)));
        yield return Case(
            "Med is compared within a neighbor AS only",
            PathReason.HigherRouterId,
            (1, PathMed(30, 65001)),
            (2, PathMed(20, 65002)));
        yield return Case(
            "Med is not transitive",
            PathReason.HigherMed,
            (3, PathMed(0, 65001)),
            (1, PathMed(10, 65001)),
            (4, PathMed(5, 65002)));
    }

    [TestCaseSource(nameof(Steps))]
    public void BestPath_EveryOrderOfArrival_SameWinnerAndReason((int Peer, Action<AttributeSpec> Change)[] paths, PathReason reason)
    {
        foreach (var order in Permutations(paths.Length))
        {
            using var engine = Peers();
            foreach (var at in order)
            {
                engine.Announce(engine.Peers[new PeerId(paths[at].Peer)], Prefix, paths[at].Change);
            }

            engine.Settle();
            var views = engine.Routes();
            Assert.Multiple(() =>
            {
                Assert.That(views.Single(view => view.IsBest).Peer.Value, Is.EqualTo(paths[0].Peer), string.Join(',', order));
                Assert.That(views.Single(view => view.Peer.Value == paths[1].Peer).Reason, Is.EqualTo(reason), string.Join(',', order));
            });
        }
    }

    /// <summary>Found by simulation, seed 928.</summary>
    [Test]
    public void Best_SessionDownAndNotYetPurged_NewPathIsComparedWithTheOthers()
    {
        using var engine = new EngineHarness(new EngineLimits { DestinationsPerStep = 1 });
        var peers = Enumerable.Range(1, 3).Select(number => engine.Add(number)).ToArray();
        engine.Configure();
        Array.ForEach(peers, engine.Up);
        engine.Settle();
        engine.Announce(peers[0], "10.244.0.0/24", spec => spec.LocalPref = 300);
        engine.Announce(peers[1], "10.244.0.0/24", spec => spec.LocalPref = 200);
        engine.Settle();

        engine.Down(peers[0]);
        engine.Announce(peers[2], "10.244.0.0/24", spec => spec.LocalPref = 100);
        engine.Settle();

        Assert.That(engine.Best("10.244.0.0/24").Peer, Is.EqualTo(peers[1].Id));
    }

    [Test]
    public void BestPath_WinnerWithdrawn_NextBestTakesOver()
    {
        using var engine = Peers();
        engine.Announce(engine.Peers[new PeerId(1)], Prefix, spec => spec.LocalPref = 300);
        engine.Announce(engine.Peers[new PeerId(2)], Prefix, spec => spec.LocalPref = 200);
        engine.Announce(engine.Peers[new PeerId(3)], Prefix, spec => spec.LocalPref = 100);
        engine.Withdraw(engine.Peers[new PeerId(1)], Prefix);
        engine.Settle();
        Assert.That(engine.Best(Prefix).Peer.Value, Is.EqualTo(2));
    }

    [Test]
    public void BestPath_ThreeAsMedCycle_DoesNotDependOnWithdrawals()
    {
        // The winner after a withdrawal is the winner that a fresh engine would choose among the same paths.
        using var engine = Peers();
        engine.Announce(engine.Peers[new PeerId(1)], Prefix, PathMed(10, 65001));
        engine.Announce(engine.Peers[new PeerId(2)], Prefix, PathMed(20, 65002));
        engine.Announce(engine.Peers[new PeerId(3)], Prefix, PathMed(0, 65001));
        engine.Withdraw(engine.Peers[new PeerId(3)], Prefix);
        engine.Settle();
        Assert.That(engine.Best(Prefix).Peer.Value, Is.EqualTo(1));
    }

    [Test]
    public void Multipath_EqualExternalPaths_ShareTheTraffic()
    {
        using var engine = Peers();
        engine.Announce(engine.Peers[new PeerId(11)], Prefix, Path(65011, 1));
        engine.Announce(engine.Peers[new PeerId(12)], Prefix, Path(65012, 2));
        engine.Settle();
        Assert.That(engine.Fib[IpPrefix.Parse(Prefix)].Hops, Has.Length.EqualTo(2));
    }

    [Test]
    public void Multipath_OneOfTwoWithdrawn_OneWayIsLeft()
    {
        using var engine = Peers();
        engine.Announce(engine.Peers[new PeerId(11)], Prefix, Path(65011, 1));
        engine.Announce(engine.Peers[new PeerId(12)], Prefix, Path(65012, 2));
        engine.Settle();
        engine.Withdraw(engine.Peers[new PeerId(12)], Prefix);
        engine.Settle();
        Assert.That(engine.Fib[IpPrefix.Parse(Prefix)].Hops, Has.Length.EqualTo(1));
    }

    [Test]
    public void Multipath_SameNextHopByTwoReflectors_CountsOnce()
    {
        using var engine = Peers();
        engine.Announce(engine.Peers[new PeerId(1)], Prefix, spec => spec.NextHop = IpAddress.Parse("10.0.0.77"));
        engine.Announce(engine.Peers[new PeerId(2)], Prefix, spec => spec.NextHop = IpAddress.Parse("10.0.0.77"));
        engine.Settle();
        Assert.That(engine.Fib[IpPrefix.Parse(Prefix)].Hops, Has.Length.EqualTo(1));
    }

    private static EngineHarness Peers()
    {
        var engine = new EngineHarness();
        foreach (var number in new[] { 1, 2, 3, 4 })
        {
            engine.Add(number);
        }

        foreach (var number in new[] { 11, 12 })
        {
            engine.Add(number, external: true);
        }

        engine.Configure();
        foreach (var peer in engine.Peers.Values)
        {
            engine.Up(peer);
        }

        return engine;
    }

    private static TestCaseData Case(string name, PathReason reason, params (int Peer, Action<AttributeSpec> Change)[] paths) =>
        new TestCaseData(paths, reason).SetName($"BestPath_{name.Replace(' ', '_')}_EveryOrderOfArrival");

    private static Action<AttributeSpec> Path(params uint[] path) => spec => spec.Path = path;

    private static Action<AttributeSpec> PathMed(uint med, params uint[] path) => spec =>
    {
        spec.Path = path;
        spec.Med = med;
    };

    private static Action<AttributeSpec> Reflected(uint originator, params uint[] clusters) => spec =>
    {
        spec.OriginatorId = originator;
        spec.ClusterList = clusters;
    };

    internal static IEnumerable<int[]> Permutations(int count)
    {
        if (count == 1)
        {
            yield return [0];
            yield break;
        }

        foreach (var shorter in Permutations(count - 1))
        {
            for (var at = 0; at < count; at++)
            {
                yield return [.. shorter[..at], count - 1, .. shorter[at..]];
            }
        }
    }
}
