using Bgp.Protocol;

namespace Bgp.Engine.Tests;

/// <summary>Update groups: one encoding for all, exclusions, joiners, refresh, slow members.</summary>
public sealed class GroupTests
{
    private const string Block = "10.244.1.0/24";

    [Test]
    public void Join_EmptyTable_GetsEndOfRib()
    {
        using var engine = Clients(1);
        engine.Settle();
        Assert.That(engine.Peers[new PeerId(1)].Log, Is.EqualTo(new[] { "eor" }));
    }

    // Found by the simulator, seeds 198 and 715: a speaker was killed while the walk over a dissolved group's entries ran.
    [Test]
    public void Dispose_WhileAGroupDissolves_HoldsNothingNative()
    {
        var before = NativeArena.LiveBytes;
        using (var engine = Clients(2))
        {
            engine.Announce(engine.Peers[new PeerId(1)], Many(50));
            engine.Settle();
            engine.Down(engine.Peers[new PeerId(1)]);
            engine.Down(engine.Peers[new PeerId(2)]);
        }

        Assert.That(NativeArena.LiveBytes, Is.EqualTo(before));
    }

    [Test]
    public void Join_FullTable_GetsAllRoutesThenEndOfRib()
    {
        using var engine = Clients(2, up: 1);
        engine.Announce(engine.Peers[new PeerId(1)], Many(5000));
        engine.Settle();
        var joiner = engine.Peers[new PeerId(2)];
        engine.Up(joiner);
        engine.Settle();
        Assert.Multiple(() =>
        {
            Assert.That(joiner.Routes, Has.Count.EqualTo(5000));
            Assert.That(joiner.Log[^1], Is.EqualTo("eor"));
            Assert.That(joiner.Log, Has.Count.EqualTo(5001));
        });
    }

    [Test]
    public void Export_ManyPrefixesOfOneSet_ArePackedIntoFewUpdates()
    {
        using var engine = Clients(2);
        engine.Settle();
        var receiver = engine.Peers[new PeerId(2)];
        var before = receiver.Messages;
        engine.Announce(engine.Peers[new PeerId(1)], Many(900));
        engine.Settle();
        Assert.That(receiver.Messages - before, Is.EqualTo(1));
    }

    [Test]
    public void Export_HundredMembers_EncodedOnce()
    {
        using var engine = Clients(100);
        engine.Settle();
        var before = UpdateBuilderCount(engine);
        engine.Announce(engine.Peers[new PeerId(1)], Many(500));
        engine.Settle();
        Assert.Multiple(() =>
        {
            Assert.That(UpdateBuilderCount(engine) - before, Is.EqualTo(99), "each other member reads the one message");
            Assert.That(engine.Engine.OutputBuffers, Is.LessThanOrEqualTo(4), "one group, one log");
        });
    }

    [Test]
    public void Source_ChangesFromAToB_AIsToldAndBIsWithdrawn()
    {
        using var engine = Clients(3);
        engine.Settle();
        var (a, b, c) = (engine.Peers[new PeerId(1)], engine.Peers[new PeerId(2)], engine.Peers[new PeerId(3)]);
        engine.Announce(a, Block, spec => spec.NextHop = IpAddress.Parse("10.0.9.9"));
        engine.Settle();
        Assert.That((a.Has(Block), b.Has(Block), c.Has(Block)), Is.EqualTo((false, true, true)));
        engine.Announce(b, Block, spec =>
        {
            spec.NextHop = IpAddress.Parse("10.0.9.9");
            spec.LocalPref = 500;
        });
        engine.Settle();
        Assert.That((a.Has(Block), b.Has(Block), c.Has(Block)), Is.EqualTo((true, false, true)));
    }

    [Test]
    public void NextHop_IsAMembersOwnAddress_ThatMemberIsNotTold()
    {
        using var engine = Clients(3);
        engine.Settle();
        var (a, b, c) = (engine.Peers[new PeerId(1)], engine.Peers[new PeerId(2)], engine.Peers[new PeerId(3)]);
        engine.Announce(a, Block, spec => spec.NextHop = b.Neighbor.Key.Address);
        engine.Settle();
        Assert.That((b.Has(Block), c.Has(Block)), Is.EqualTo((false, true)));
    }

    [Test]
    public void PeerDown_ItsRoutesAreWithdrawnFromOthers()
    {
        using var engine = Clients(2);
        engine.Announce(engine.Peers[new PeerId(1)], Many(3000));
        engine.Settle();
        engine.Down(engine.Peers[new PeerId(1)]);
        engine.Settle();
        Assert.Multiple(() =>
        {
            Assert.That(engine.Peers[new PeerId(2)].Routes, Is.Empty);
            Assert.That(engine.Fib, Is.Empty);
            Assert.That(engine.Engine.Counts()[0], Is.EqualTo(new RibCounts(AddressFamily.Ipv4Unicast, 0, 0)));
        });
    }

    [Test]
    public void PeerDown_BatchOfDeadGeneration_IsReturnedUndecoded()
    {
        using var engine = Clients(2);
        var peer = engine.Peers[new PeerId(1)];
        engine.Down(peer);
        engine.Announce(peer, Block);
        engine.Settle();
        Assert.That((engine.Returned, engine.Routes().Count), Is.EqualTo((1, 0)));
    }

    [Test]
    public void Refresh_WithoutEnhanced_SendsAllAgain()
    {
        using var engine = Clients(2);
        engine.Announce(engine.Peers[new PeerId(1)], Many(10));
        engine.Settle();
        var peer = engine.Peers[new PeerId(2)];
        peer.Reset();
        engine.Refresh(peer);
        engine.Settle();
        Assert.Multiple(() =>
        {
            Assert.That(peer.Routes, Has.Count.EqualTo(10));
            Assert.That(peer.Log, Has.None.EqualTo("borr"));
        });
    }

    [Test]
    public void Refresh_RouteWithdrawnBeforeTheWalkReachesIt_IsWithdrawn()
    {
        using var engine = Clients(2, limits: new EngineLimits { DestinationsPerStep = 4 });
        var (source, peer) = (engine.Peers[new PeerId(1)], engine.Peers[new PeerId(2)]);
        engine.Announce(source, Many(100));
        engine.Settle();
        engine.Refresh(peer);
        engine.Work(2);
        engine.Withdraw(source, Many(100)[^1].ToString());
        engine.Settle();
        Assert.That((peer.Routes.Count, peer.Has(Many(100)[^1].ToString())), Is.EqualTo((99, false)));
    }

    [Test]
    public void Refresh_Enhanced_IsFramed()
    {
        using var engine = new EngineHarness();
        var source = engine.Add(1, client: true);
        var peer = new TestPeer(new PeerId(2), engine.Add(2, client: true).Neighbor) { EnhancedRefresh = true };
        engine.Peers[peer.Id] = peer;
        engine.Configure();
        engine.Up(source);
        engine.Up(peer);
        engine.Announce(source, Block);
        engine.Settle();
        peer.Reset();
        engine.Refresh(peer);
        engine.Settle();
        Assert.That(peer.Log, Is.EqualTo(new[] { "borr", $"announce {Block}", "eorr" }));
    }

    [Test]
    public void EnhancedRefresh_FromPeer_SweepsWhatWasNotAnnouncedAgain()
    {
        using var engine = Clients(2);
        var peer = engine.Peers[new PeerId(1)];
        engine.Announce(peer, Block);
        engine.Announce(peer, "10.244.2.0/24");
        engine.Settle();
        engine.SendRaw(peer, Framed(RouteRefreshSubtype.BeginningOfRefresh));
        engine.Announce(peer, Block);
        engine.SendRaw(peer, Framed(RouteRefreshSubtype.EndOfRefresh));
        engine.Settle();
        Assert.That(engine.Routes().Select(view => view.Prefix.ToString()), Is.EqualTo(new[] { Block }));
    }

    [Test]
    public void SlowMember_StopsReading_OthersGoOnAndItCatchesUpWithThePresent()
    {
        using var engine = Clients(3, limits: new EngineLimits { MemberLagBytes = 20_000, WalkAheadBytes = 20_000 });
        engine.Settle();
        var (source, fast, slow) = (engine.Peers[new PeerId(1)], engine.Peers[new PeerId(2)], engine.Peers[new PeerId(3)]);
        for (var round = 0; round < 200; round++)
        {
            engine.Announce(source, Many(1000), spec => spec.Med = (uint)round + 1);
            while (engine.Work(10) | engine.Read(fast, 100) | engine.Read(source, 100))
            {
            }
        }

        var buffersWhileSlow = engine.Engine.OutputBuffers;
        engine.Settle();
        Assert.Multiple(() =>
        {
            Assert.That(buffersWhileSlow, Is.LessThan(10), "a slow member costs a map and not a queue");
            Assert.That(slow.Routes, Has.Count.EqualTo(1000));
            Assert.That(slow.Routes.Values.All(bytes => new PathAttributes(bytes).Med == 200), Is.True);
            Assert.That(slow.Messages, Is.LessThan(fast.Messages));
        });
    }

    [Test]
    public void SlowMember_RouteIsWithdrawnMeanwhile_ItHearsOfIt()
    {
        using var engine = Clients(3, limits: new EngineLimits { MemberLagBytes = 5_000, WalkAheadBytes = 5_000 });
        engine.Settle();
        var (source, fast, slow) = (engine.Peers[new PeerId(1)], engine.Peers[new PeerId(2)], engine.Peers[new PeerId(3)]);
        for (var round = 0; round < 10; round++)
        {
            engine.Announce(source, Many(1000), spec => spec.Med = (uint)round + 1);
            while (engine.Work(10) | engine.Read(fast, 100))
            {
            }
        }

        engine.Withdraw(source, [.. Many(500).Select(prefix => prefix.ToString())]);
        engine.Settle();
        Assert.That((fast.Routes.Count, slow.Routes.Count), Is.EqualTo((500, 500)));
    }

    [Test]
    public void Policy_ChangedByReload_DifferenceIsAnnouncedWithoutAFlap()
    {
        using var engine = Clients(2);
        engine.Announce(engine.Peers[new PeerId(1)], Block);
        engine.Announce(engine.Peers[new PeerId(1)], "10.245.0.0/24");
        engine.Settle();
        var peer = engine.Peers[new PeerId(2)];
        var only244 = new PolicyConfig("only", [new PolicyRule { Prefixes = [new PrefixMatch(PrefixOperator.In, IpPrefix.Parse("10.244.0.0/16"), 16, 32)], Action = PolicyAction.Accept }]);
        peer.Neighbor = peer.Neighbor with { Families = [new FamilyConfig(AddressFamily.Ipv4Unicast) { ExportPolicy = [only244] }] };
        engine.Configure();
        engine.Settle();
        Assert.That(peer.Routes.Keys.Select(prefix => prefix.ToString()), Is.EqualTo(new[] { Block }));
    }

    [Test]
    public void Policy_ImportChangedByReload_RoutesAreJudgedAgain()
    {
        using var engine = Clients(2);
        var source = engine.Peers[new PeerId(1)];
        engine.Announce(source, Block);
        engine.Settle();
        source.Neighbor = source.Neighbor with { Families = [new FamilyConfig(AddressFamily.Ipv4Unicast) { ImportPolicy = [PolicyConfig.RejectAll] }] };
        engine.Configure();
        engine.Settle();
        Assert.That(engine.Peers[new PeerId(2)].Has(Block), Is.False);
        source.Neighbor = source.Neighbor with { Families = [new FamilyConfig(AddressFamily.Ipv4Unicast)] };
        engine.Configure();
        engine.Settle();
        Assert.That(engine.Peers[new PeerId(2)].Has(Block), Is.True);
    }

    [Test]
    public void Update_OriginMissing_TreatedAsWithdraw()
    {
        using var engine = Clients(2);
        var peer = engine.Peers[new PeerId(1)];
        engine.Announce(peer, "10.0.0.0/8");
        engine.Settle();

        // AS_PATH empty, NEXT_HOP 10.0.0.101, LOCAL_PREF 100, no ORIGIN; NLRI 10.0.0.0/8.
        byte[] body = [0, 0, 0, 17, 0x40, 2, 0, 0x40, 3, 4, 10, 0, 0, 101, 0x40, 5, 4, 0, 0, 0, 100, 8, 10];
        engine.SendRaw(peer, [.. Enumerable.Repeat((byte)0xff, 16), 0, (byte)(19 + body.Length), 2, .. body]);
        engine.Settle();
        Assert.Multiple(() =>
        {
            Assert.That(engine.Routes(), Is.Empty);
            Assert.That(engine.Faults.Single().Action, Is.EqualTo(UpdateErrorAction.TreatAsWithdraw));
            Assert.That(engine.Verdicts, Is.Empty);
        });
    }

    [Test]
    public void Update_FatalError_PoisonsTheGenerationOnly()
    {
        using var engine = Clients(2);
        var peer = engine.Peers[new PeerId(1)];
        byte[] body = [0, 9, 0, 0];
        engine.SendRaw(peer, [.. Enumerable.Repeat((byte)0xff, 16), 0, (byte)(19 + body.Length), 2, .. body]);
        engine.Announce(peer, Block);
        engine.Settle();
        Assert.Multiple(() =>
        {
            Assert.That(engine.Verdicts.Single().Generation, Is.EqualTo(peer.Generation));
            Assert.That(engine.Routes(), Is.Empty);
        });
    }

    internal static List<IpPrefix> Many(int count) =>
        [.. Enumerable.Range(0, count).Select(number => new IpPrefix(IpAddress.V4(0x14000000u + ((uint)number << 8)), 24))];

    private static byte[] Framed(RouteRefreshSubtype subtype)
    {
        var bytes = new byte[64];
        return bytes[..new RouteRefreshMessage(AddressFamily.Ipv4Unicast, subtype).WriteTo(bytes)];
    }

    private static int UpdateBuilderCount(EngineHarness engine) => engine.Peers.Values.Sum(peer => peer.Messages);

    private static EngineHarness Clients(int count, int up = int.MaxValue, EngineLimits? limits = null)
    {
        var engine = new EngineHarness(limits);
        for (var number = 1; number <= count; number++)
        {
            engine.Add(number, client: true);
        }

        engine.Configure();
        foreach (var peer in engine.Peers.Values.Take(up))
        {
            engine.Up(peer);
        }

        return engine;
    }
}
