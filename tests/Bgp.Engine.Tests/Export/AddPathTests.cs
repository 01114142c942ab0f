using Bgp.Protocol;

namespace Bgp.Engine.Tests;

/// <summary>Several paths of a destination to members with ADD-PATH (RFC 7911): which ones, under which identifiers, and how members hear of changes.</summary>
public sealed class AddPathTests
{
    private const string Block = "10.244.1.0/24";

    private static readonly IpPrefix Prefix = IpPrefix.Parse(Block);

    [TestCase(1, "300")]
    [TestCase(2, "300 200")]
    [TestCase(3, "300 200 100")]
    [TestCase(int.MaxValue, "300 200 100")]
    public void Export_OfThreePaths_TheBestAreSentInEveryOrderOfArrival(int limit, string expected)
    {
        foreach (var order in Orders(100, 200, 300))
        {
            using var engine = Start(limit, out var sources, out var receiver);
            foreach (var preference in order)
            {
                engine.Announce(sources[(preference / 100) - 1], Block, spec => spec.LocalPref = (uint)preference);
                engine.Settle();
            }

            Assert.That(Preferences(receiver), Is.EqualTo(expected), string.Join(' ', order));
        }
    }

    [Test]
    public void Export_EqualAttributesFromTwoSources_AreTwoPaths()
    {
        using var engine = Start(int.MaxValue, out var sources, out var receiver);
        foreach (var source in sources)
        {
            engine.Announce(source, Block, spec =>
            {
                spec.NextHop = IpAddress.Parse("10.0.9.9");
                spec.OriginatorId = 7;
                spec.ClusterList = [9];
            });
        }

        engine.Settle();
        Assert.That(receiver.Paths.Keys.Select(key => key.PathId), Is.EqualTo(new uint[] { 1, 2, 3 }));
    }

    [Test]
    public void Export_PathChangesItsAttributes_KeepsItsIdentifier()
    {
        using var engine = Start(int.MaxValue, out var sources, out var receiver);
        Announce(engine, sources, 100, 200, 300);
        var before = Ids(receiver);
        engine.Announce(sources[0], Block, spec => spec.LocalPref = 400);
        engine.Settle();
        Assert.Multiple(() =>
        {
            Assert.That(Ids(receiver), Is.EquivalentTo(before));
            Assert.That(Preferences(receiver), Is.EqualTo("400 300 200"));
            Assert.That(receiver.Log[^1], Is.EqualTo($"announce {Block} {before.Single(entry => entry.Contains("10.0.0.101", StringComparison.Ordinal)).Split(' ')[0]}"));
        });
    }

    [Test]
    public void Export_BetterPathComes_ReplacesTheWorstWithoutAWithdrawal()
    {
        using var engine = Start(2, out var sources, out var receiver);
        Announce(engine, sources[..2], 100, 200);
        engine.Announce(sources[2], Block, spec => spec.LocalPref = 300);
        engine.Settle();
        Assert.Multiple(() =>
        {
            Assert.That(Preferences(receiver), Is.EqualTo("300 200"));
            Assert.That(receiver.Log, Has.None.StartsWith("withdraw"));
        });
    }

    // What others see changes though the best path stays: the third best moves up.
    [Test]
    public void Export_LosingPathIsWithdrawn_TheNextBestTakesItsPlace()
    {
        using var engine = Start(2, out var sources, out var receiver);
        Announce(engine, sources, 100, 200, 300);
        engine.Withdraw(sources[1], Block);
        engine.Settle();
        Assert.That(Preferences(receiver), Is.EqualTo("300 100"));
    }

    [Test]
    public void Export_MedOfALosingPathChanges_AnotherIsSent()
    {
        using var engine = Start(2, out var sources, out var receiver);
        engine.Announce(sources[0], Block, spec => spec.LocalPref = 300);
        engine.Announce(sources[1], Block, spec => (spec.Path, spec.Med) = ([65001], 10));
        engine.Announce(sources[2], Block, spec => (spec.Path, spec.Med) = ([65001], 20));
        engine.Settle();
        var before = NextHops(receiver);
        engine.Announce(sources[1], Block, spec => (spec.Path, spec.Med) = ([65001], 30));
        engine.Settle();
        Assert.That((before, NextHops(receiver)), Is.EqualTo(("10.0.0.101 10.0.0.102", "10.0.0.101 10.0.0.103")));
    }

    [Test]
    public void Export_LosingPathLosesItsNextHop_IsWithdrawnUntilItResolves()
    {
        using var engine = Start(int.MaxValue, out var sources, out var receiver);
        engine.Announce(sources[0], Block, spec => spec.LocalPref = 300);
        engine.Announce(sources[1], Block, spec => spec.NextHop = IpAddress.Parse("172.16.5.5"));
        engine.Settle();
        var route = new KernelRoute
        {
            Prefix = IpPrefix.Parse("172.16.0.0/12"),
            Kind = KernelRouteKind.Unicast,
            Protocol = 2,
            Table = 254,
            Hops = [new KernelHop(IpAddress.Parse("10.0.0.254"), 2, 1, false, false)],
        };
        engine.Apply(new EngineInput(EngineInputKind.Kernel) { Kernel = new KernelUpdate { RemovedRoutes = [route] } });
        engine.Settle();
        var without = NextHops(receiver);
        engine.Apply(new EngineInput(EngineInputKind.Kernel) { Kernel = new KernelUpdate { Routes = [route] } });
        engine.Settle();
        Assert.That((without, NextHops(receiver)), Is.EqualTo(("10.0.0.101", "10.0.0.101 172.16.5.5")));
    }

    [Test]
    public void Export_MembersThatAreSources_AreSentTheOthersPaths()
    {
        using var engine = new EngineHarness();
        var peers = Enumerable.Range(1, 3).Select(number => Receiver(engine, number, 2)).ToArray();
        engine.Configure();
        Array.ForEach(peers, engine.Up);
        Announce(engine, peers[..2], 100, 200);
        Assert.That(peers.Select(Preferences), Is.EqualTo(new[] { "200", "100", "200 100" }));
    }

    // With `send: 2` of three paths, whose two best it has itself, a member is sent none: the choice is the group's.
    [Test]
    public void Export_BothOfTheBestAreTheMembersOwn_ItIsSentNone()
    {
        using var engine = new EngineHarness();
        var owner = Receiver(engine, 1, 2);
        owner.FromPeer = owner.FromPeer with { Flags = owner.FromPeer.Flags | CodecFlags.AddPathIpv4 };
        var (other, third) = (Receiver(engine, 2, 2), Receiver(engine, 3, 2));
        engine.Configure();
        Array.ForEach([owner, other, third], engine.Up);
        engine.Announce(owner, Block, spec => spec.LocalPref = 300, pathId: 7);
        engine.Announce(owner, Block, spec => spec.LocalPref = 200, pathId: 8);
        engine.Announce(other, Block, spec => spec.LocalPref = 100);
        engine.Settle();
        Assert.That((Preferences(owner), Preferences(other), Preferences(third)), Is.EqualTo(("", "300 200", "300 200")));
    }

    [Test]
    public void Export_NextHopIsAMembersOwnAddress_ThatPathIsNotForIt()
    {
        using var engine = new EngineHarness();
        var (a, b, c) = (Receiver(engine, 1, 4), Receiver(engine, 2, 4), Receiver(engine, 3, 4));
        engine.Configure();
        Array.ForEach([a, b, c], engine.Up);
        engine.Announce(a, Block, spec => spec.LocalPref = 200);
        engine.Announce(b, Block, spec => (spec.LocalPref, spec.NextHop) = (100, c.Neighbor.Key.Address));
        engine.Settle();
        Assert.That((Preferences(a), Preferences(c)), Is.EqualTo(("100", "200")));
    }

    // The identifier of a path that goes is taken by one of another member: the new one's source has the old path, and is sent nothing in its place.
    [Test]
    public void Export_IdentifierGoesToAnotherSource_ThatSourceIsSentAWithdrawal()
    {
        using var engine = new EngineHarness();
        var (a, b, c) = (Receiver(engine, 1, 1), Receiver(engine, 2, 1), Receiver(engine, 3, 1));
        engine.Configure();
        Array.ForEach([a, b, c], engine.Up);
        Announce(engine, [a], 100);
        engine.Announce(b, Block, spec => spec.LocalPref = 200);
        engine.Settle();
        Assert.That((Preferences(a), Preferences(b), Preferences(c)), Is.EqualTo(("200", "", "200")));
    }

    [Test]
    public void Export_CommunityOfAPath_HoldsThatPathOnly()
    {
        using var engine = Start(int.MaxValue, out var sources, out var receiver);
        engine.Announce(sources[0], Block, spec => (spec.LocalPref, spec.Communities) = (300, [Communities.NoAdvertise.Value]));
        engine.Announce(sources[1], Block, spec => spec.LocalPref = 200);
        engine.Settle();
        Assert.That(Preferences(receiver), Is.EqualTo("200"));
    }

    [Test]
    public void Export_NonClientsWithAddPath_AreSentClientsPathsOnly()
    {
        using var engine = new EngineHarness();
        var (client, nonClient) = (engine.Add(1, client: true), engine.Add(2));
        var receiver = Receiver(engine, 3, int.MaxValue, client: false);
        engine.Configure();
        Array.ForEach([client, nonClient, receiver], engine.Up);
        engine.Announce(client, Block, spec => spec.LocalPref = 100);
        engine.Announce(nonClient, Block, spec => spec.LocalPref = 200);
        engine.Settle();
        Assert.That(Preferences(receiver), Is.EqualTo("100"));
    }

    [Test]
    public void Join_SeveralPaths_AllAreSentThenEndOfRib()
    {
        using var engine = Start(int.MaxValue, out var sources, out var receiver);
        Announce(engine, sources, 100, 200, 300);
        engine.Down(receiver);
        engine.Up(receiver);
        engine.Settle();
        Assert.That((Preferences(receiver), receiver.Log.Count, receiver.Log[^1]), Is.EqualTo(("300 200 100", 4, "eor")));
    }

    [Test]
    public void Refresh_SeveralPaths_AllAreSentAgain()
    {
        using var engine = Start(int.MaxValue, out var sources, out var receiver);
        Announce(engine, sources, 100, 200, 300);
        receiver.Reset();
        engine.Refresh(receiver);
        engine.Settle();
        Assert.That(Preferences(receiver), Is.EqualTo("300 200 100"));
    }

    // A member that is behind holds paths under identifiers that meanwhile name nothing, or another path.
    [Test]
    public void SlowMember_PathsComeAndGoMeanwhile_HoldsThePresentOnes()
    {
        using var engine = Start(int.MaxValue, out var sources, out var slow, new EngineLimits { MemberLagBytes = 1, WalkAheadBytes = 1 });
        Announce(engine, sources, 100, 200, 300);
        engine.Withdraw(sources[2], Block);
        Work(engine);
        engine.Withdraw(sources[1], Block);
        Work(engine);
        engine.Announce(sources[2], Block, spec => spec.LocalPref = 50);
        Work(engine);
        engine.Settle();
        Assert.That(Preferences(slow), Is.EqualTo("100 50"));
    }

    [Test]
    public void Reload_FewerPaths_TheRestIsWithdrawn()
    {
        using var engine = Start(3, out var sources, out var receiver);
        Announce(engine, sources, 100, 200, 300);
        receiver.Neighbor = WithSend(receiver.Neighbor, 1);
        engine.Configure();
        engine.Settle();
        Assert.That(Preferences(receiver), Is.EqualTo("300"));
    }

    [Test]
    public void PeerDown_SeveralPaths_NothingIsLeft()
    {
        using var engine = Start(int.MaxValue, out var sources, out var receiver);
        Announce(engine, sources, 100, 200, 300);
        Array.ForEach([.. sources, receiver], engine.Down);
        engine.Settle();
        Assert.That((engine.Engine.AttributeSets, engine.Engine.OutputBuffers, engine.Engine.Counts()[0].Prefixes), Is.EqualTo((0, 0, 0)));
    }

    [Test]
    public void Forwarding_LosingPathsOfAnAddPathGroup_ChangeNothing()
    {
        using var engine = Start(int.MaxValue, out var sources, out _);
        Announce(engine, sources, 100, 200, 300);
        var before = engine.Fib[Prefix];
        engine.Withdraw(sources[0], Block);
        engine.Settle();
        Assert.That(engine.Fib[Prefix], Is.SameAs(before));
    }

    [Test]
    public void AdjRibOut_SeveralPaths_ShowsIdentifiersAndTheBest()
    {
        using var engine = Start(int.MaxValue, out var sources, out var receiver);
        Announce(engine, sources, 100, 300, 200);
        var views = engine.Routes(new RouteQuery(AddressFamily.Ipv4Unicast, RouteTable.AdjRibOut) { Peer = receiver.Id });
        Assert.Multiple(() =>
        {
            Assert.That(views.Select(view => (view.PathId!.Value.Value, view.LocalPref, view.IsBest)), Is.EquivalentTo(new[] { (1u, (uint?)100, false), (2u, 300u, true), (3u, 200u, false) }));
            Assert.That(engine.Engine.PeerCounts(receiver.Id).Single().Advertised, Is.EqualTo(3));
        });
    }

    private static EngineHarness Start(int limit, out TestPeer[] sources, out TestPeer receiver, EngineLimits? limits = null)
    {
        var engine = new EngineHarness(limits);
        sources = [.. Enumerable.Range(1, 3).Select(number => engine.Add(number, client: true))];
        receiver = Receiver(engine, 4, limit);
        engine.Configure();
        Array.ForEach([.. sources, receiver], engine.Up);
        engine.Settle();
        return engine;
    }

    private static TestPeer Receiver(EngineHarness engine, int number, int limit, bool client = true)
    {
        var peer = engine.Add(number, client: client, change: neighbor => WithSend(neighbor, limit));
        peer.ToPeer = peer.ToPeer with { Flags = peer.ToPeer.Flags | CodecFlags.AddPathIpv4 };
        return peer;
    }

    private static NeighborConfig WithSend(NeighborConfig neighbor, int limit) => neighbor with { Families = [neighbor.Families[0] with { AddPathSend = limit }] };

    private static void Announce(EngineHarness engine, TestPeer[] sources, params int[] preferences)
    {
        for (var at = 0; at < preferences.Length; at++)
        {
            var preference = (uint)preferences[at];
            engine.Announce(sources[at], Block, spec => spec.LocalPref = preference);
            engine.Settle();
        }
    }

    /// <summary>Works without anybody reading.</summary>
    private static void Work(EngineHarness engine) => engine.Work(100);

    private static string Preferences(TestPeer peer) =>
        string.Join(' ', peer.Paths.Values.Select(bytes => new PathAttributes(bytes).LocalPref).OrderDescending());

    private static string NextHops(TestPeer peer) =>
        string.Join(' ', peer.Paths.Values.Select(bytes => new PathAttributes(bytes).NextHop).Order());

    private static List<string> Ids(TestPeer peer) => [.. peer.Paths.Select(path => $"{path.Key.PathId} {new PathAttributes(path.Value).NextHop}")];

    private static IEnumerable<int[]> Orders(params int[] values) =>
        values.Length == 1 ? [values] : values.SelectMany(first => Orders([.. values.Where(value => value != first)]).Select(rest => (int[])[first, .. rest]));
}
