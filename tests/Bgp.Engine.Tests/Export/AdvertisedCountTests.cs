using Bgp.Protocol;

namespace Bgp.Engine.Tests;

/// <summary>How many routes a neighbor has from us: its own count, not its group's. A member is not sent its own routes, nor those whose next hop it is.</summary>
[TestFixture(false)]
[TestFixture(true)]
internal sealed class AdvertisedCountTests(bool addPath)
{
    private static readonly IpAddress Elsewhere = IpAddress.Parse("10.0.0.200");

    [Test]
    public void Advertised_TwoReflectorsTellTheSameRoutes_IsWhatEachMemberHas()
    {
        using var engine = Start();
        AssertCounts(engine);
    }

    [Test]
    public void Advertised_OfAClientsRoutesByAnotherReflector_ThoseWithItsNextHopDoNotCount()
    {
        using var engine = Start();
        var client = engine.Peers[new PeerId(1)];

        // The other client's two, and with ADD-PATH the copies of the other reflector: none of its own, by whomever they come.
        Assert.That(Advertised(engine, client), Is.EqualTo(addPath ? 4 : 2));
    }

    [Test]
    public void Advertised_AfterWithdrawals_IsWhatEachMemberHas()
    {
        using var engine = Start();
        engine.Withdraw(engine.Peers[new PeerId(1)], "10.1.0.0/24");
        engine.Withdraw(engine.Peers[new PeerId(3)], "10.2.0.0/24");
        engine.Settle();
        AssertCounts(engine);
    }

    [Test]
    public void Advertised_NextHopChanges_IsWhatEachMemberHas()
    {
        using var engine = Start();
        engine.Announce(engine.Peers[new PeerId(3)], "10.1.0.0/24", spec => spec.NextHop = engine.Peers[new PeerId(2)].Neighbor.Key.Address);
        engine.Announce(engine.Peers[new PeerId(1)], "10.1.0.0/24", spec => spec.NextHop = Elsewhere);
        engine.Announce(engine.Peers[new PeerId(2)], "10.2.0.0/24", spec => spec.NextHop = engine.Peers[new PeerId(4)].Neighbor.Key.Address);
        engine.Settle();
        AssertCounts(engine);
    }

    [TestCase(1)]
    [TestCase(3)]
    [TestCase(4)]
    public void Advertised_AMemberLeavesAndComesBack_IsWhatEachMemberHas(int number)
    {
        using var engine = Start();
        engine.Down(engine.Peers[new PeerId(number)]);
        engine.Settle();
        AssertCounts(engine);
        engine.Up(engine.Peers[new PeerId(number)]);
        engine.Settle();
        AssertCounts(engine);
    }

    [Test]
    public void Advertised_AMemberComesBackBeforeItsRoutesArePurged_IsWhatItHas()
    {
        using var engine = Start(new EngineLimits { DestinationsPerStep = 1 });
        engine.Down(engine.Peers[new PeerId(1)]);
        engine.Up(engine.Peers[new PeerId(1)]);
        for (var more = true; more;)
        {
            AssertRows(engine, engine.Peers[new PeerId(1)]);
            more = engine.Work(1);
        }

        engine.Settle();
        AssertCounts(engine);
    }

    [Test]
    public void Advertised_EverybodyLeaves_NothingIsCountedAfterwards()
    {
        using var engine = Start();
        foreach (var peer in engine.Peers.Values)
        {
            engine.Down(peer);
        }

        engine.Settle();
        engine.Up(engine.Peers[new PeerId(4)]);
        engine.Settle();
        Assert.That(Advertised(engine, engine.Peers[new PeerId(4)]), Is.Zero);
    }

    /// <summary>Clients 1, 2 and 4, of which the first two announce two routes each; 3 is another reflector, which tells of these and of one of its own.</summary>
    private EngineHarness Start(EngineLimits? limits = null)
    {
        var engine = new EngineHarness(limits);
        for (var number = 1; number <= 4; number++)
        {
            var peer = engine.Add(number, client: number != 3, change: neighbor => neighbor with { Families = [neighbor.Families[0] with { AddPathSend = addPath ? int.MaxValue : 0 }] });
            peer.ToPeer = addPath ? peer.ToPeer with { Flags = peer.ToPeer.Flags | CodecFlags.AddPathIpv4 } : peer.ToPeer;
        }

        engine.Configure();
        foreach (var peer in engine.Peers.Values)
        {
            engine.Up(peer);
        }

        for (var number = 1; number <= 2; number++)
        {
            var address = engine.Peers[new PeerId(number)].Neighbor.Key.Address;
            for (var host = 0; host < 2; host++)
            {
                engine.Announce(engine.Peers[new PeerId(number)], $"10.{number}.{host}.0/24");
                engine.Announce(engine.Peers[new PeerId(3)], $"10.{number}.{host}.0/24", spec => (spec.NextHop, spec.OriginatorId, spec.ClusterList) = (address, address.V4Bits, [7]));
            }
        }

        engine.Announce(engine.Peers[new PeerId(3)], "10.3.0.0/24", spec => (spec.NextHop, spec.LocalPref) = (engine.Peers[new PeerId(1)].Neighbor.Key.Address, 300));
        engine.Settle();
        return engine;
    }

    private static int Advertised(EngineHarness engine, TestPeer peer) => engine.Engine.PeerCounts(peer.Id).Single().Advertised;

    private static void AssertRows(EngineHarness engine, TestPeer peer) => Assert.That(
        Advertised(engine, peer),
        Is.EqualTo(engine.Routes(new RouteQuery(AddressFamily.Ipv4Unicast, RouteTable.AdjRibOut) { Peer = peer.Id }).Count),
        $"rows of {peer.Id.Value}");

    private static void AssertCounts(EngineHarness engine) => Assert.Multiple(() =>
    {
        foreach (var peer in engine.Peers.Values.Where(peer => peer.IsUp))
        {
            AssertRows(engine, peer);
            Assert.That(Advertised(engine, peer), Is.EqualTo(peer.Paths.Count + peer.Routes.Count), $"what {peer.Id.Value} has");
        }
    });
}
