using Bgp.Protocol;

namespace Bgp.Engine.Tests;

/// <summary>What the kernel has by others becomes ours to announce, and stops being so, event by event.</summary>
[TestFixture]
internal sealed class RedistributionTests
{
    private const byte Boot = 3;
    private const byte Static = 4;
    private const byte Bgp = 186;

    private static readonly RedistributionConfig FromKernel = new(RedistributionSource.Kernel);
    private static readonly RedistributionConfig FromConnected = new(RedistributionSource.Connected);

    private EngineHarness _engine = null!;
    private TestPeer _peer = null!;

    [SetUp]
    public void SetUp() => Start(new EngineLimits());

    [TearDown]
    public void TearDown() => _engine.Dispose();

    [Test]
    public void KernelRoute_ComesAndGoes_IsAnnouncedWithOriginIncompleteAndItsMetricAndWithdrawn()
    {
        Redistribute(FromKernel);

        Tell(Added(Route("198.51.100.0/24", metric: 7)));
        var announced = new PathAttributes(_peer.Routes[IpPrefix.Parse("198.51.100.0/24")]);
        var (origin, med, nextHop) = (announced.Origin, announced.Med, announced.NextHop);
        Tell(Removed(Route("198.51.100.0/24", metric: 7)));

        using (Assert.EnterMultipleScope())
        {
            Assert.That((origin, med, nextHop), Is.EqualTo((Origin.Incomplete, (uint?)7, EngineHarness.LocalAddress)));
            Assert.That(Announced, Is.Empty);
            Assert.That(_engine.Fib, Is.Empty, "what the kernel has is not written back");
        }
    }

    [TestCase(0, KernelRouteKind.Unicast, 254u, "198.51.100.0/24", TestName = "Of no protocol")]
    [TestCase(1, KernelRouteKind.Unicast, 254u, "198.51.100.0/24", TestName = "Of a redirect")]
    [TestCase(2, KernelRouteKind.Unicast, 254u, "198.51.100.0/24", TestName = "The kernel's own")]
    [TestCase(Bgp, KernelRouteKind.Unicast, 254u, "198.51.100.0/24", TestName = "Of our protocol")]
    [TestCase(Static, KernelRouteKind.Local, 254u, "198.51.100.0/24", TestName = "An address of this host")]
    [TestCase(Static, KernelRouteKind.Unicast, 100u, "198.51.100.0/24", TestName = "Of another table")]
    [TestCase(Static, KernelRouteKind.Unicast, 254u, "169.254.0.0/16", TestName = "Link-local")]
    [TestCase(Static, KernelRouteKind.Unicast, 254u, "127.1.0.0/16", TestName = "Loopback")]
    [TestCase(Static, KernelRouteKind.Unicast, 254u, "239.0.0.0/8", TestName = "Multicast")]
    public void KernelRoute_NotToBeAnnounced_IsNot(byte protocol, KernelRouteKind kind, uint table, string prefix)
    {
        Redistribute(FromKernel);

        Tell(Added(Route(prefix) with { Protocol = protocol, Kind = kind, Table = table }));

        Assert.That(Announced, Is.Empty);
    }

    [TestCase("0.0.0.0/0")]
    [TestCase("198.51.100.7/32")]
    public void KernelRoute_OfAnyLength_IsAnnounced(string prefix)
    {
        Redistribute(FromKernel);

        Tell(Added(Route(prefix)));

        Assert.That(Announced, Is.EqualTo(new[] { prefix }));
    }

    [Test]
    public void KernelRoute_OfANamedTable_IsAnnounced()
    {
        Redistribute(FromKernel with { Table = 100 });

        Tell(Added(Route("198.51.100.0/24") with { Table = 100 }, Route("203.0.113.0/24")));

        Assert.That(Announced, Is.EqualTo(new[] { "198.51.100.0/24" }));
    }

    [Test]
    public void KernelRoute_WithoutWays_IsAnnouncedWhereNoInterfaceIsAskedFor([Values] bool asksForInterfaces)
    {
        Redistribute(FromKernel with { Interfaces = asksForInterfaces ? ["*"] : [] });

        Tell(Added(Route("198.51.100.0/24") with { Kind = KernelRouteKind.Blackhole, Hops = [] }));

        Assert.That(Announced, asksForInterfaces ? Is.Empty : Is.EqualTo(new[] { "198.51.100.0/24" }));
    }

    [TestCase("eth*", 2, true)]
    [TestCase("eth*", 3, false)]
    [TestCase("!cali*", 3, false)]
    [TestCase("!cali*", 2, true)]
    public void KernelRoute_OverAnInterface_IsTakenByItsName(string pattern, int interfaceIndex, bool isTaken)
    {
        Redistribute(FromKernel with { Interfaces = [pattern] });

        Tell(new KernelUpdate { Links = [new KernelLink(3, "cali7", true)], Routes = [Route("198.51.100.0/24", interfaceIndex: interfaceIndex)] });

        Assert.That(Announced, Has.Exactly(isTaken ? 1 : 0).Items);
    }

    [Test]
    public void KernelRoute_OfTwoWaysOneOverAnExcludedInterface_IsNotTaken()
    {
        Redistribute(FromKernel with { Interfaces = ["!cali*"] });

        var route = Route("198.51.100.0/24");
        Tell(new KernelUpdate
        {
            Links = [new KernelLink(3, "cali7", true)],
            Routes = [route with { Hops = [route.Hops[0], new KernelHop(IpAddress.Parse("10.0.0.8"), 3, 1, false, false)] }],
        });

        Assert.That(Announced, Is.Empty);
    }

    [Test]
    public void KernelRoute_ItsLinkGoesDownAndComesBack_IsWithdrawnAndAnnounced()
    {
        Redistribute(FromKernel);
        Tell(new KernelUpdate { Links = [new KernelLink(3, "eth1", true)], Routes = [Route("198.51.100.0/24", interfaceIndex: 3)] });

        Tell(new KernelUpdate { Links = [new KernelLink(3, "eth1", false)] });
        var whileDown = Announced;
        Tell(new KernelUpdate { Links = [new KernelLink(3, "eth1", true)] });

        Assert.That((whileDown.Length, Announced.Length), Is.EqualTo((0, 1)));
    }

    [Test]
    public void KernelRoute_ReplacedByOneOfAnotherProtocol_TheNewOneCounts()
    {
        Redistribute(FromKernel);
        Tell(Added(Route("198.51.100.0/24", metric: 5)));

        Tell(Added(Route("198.51.100.0/24", metric: 5) with { Protocol = Bgp }));

        Assert.That(Announced, Is.Empty);
    }

    [Test]
    public void KernelRoutes_OfOnePrefix_TheLeastMetricCountsWhateverTheOrder([Values] bool leastFirst)
    {
        Redistribute(FromKernel);
        KernelRoute[] routes = [Route("198.51.100.0/24", metric: 5), Route("198.51.100.0/24", metric: 9)];

        Tell(Added(leastFirst ? routes : [routes[1], routes[0]]));

        Assert.That(Med("198.51.100.0/24"), Is.EqualTo(5));
    }

    [Test]
    public void Snapshot_AfterLostEvents_WithdrawsWhatIsGoneAndAnnouncesWhatCame()
    {
        Redistribute(FromKernel, FromConnected);
        Tell(Added(Route("198.51.100.0/24"), Route("203.0.113.0/24", metric: 4)));

        Tell(new KernelUpdate
        {
            IsSnapshot = true,
            Links = [new KernelLink(2, "eth0", true)],
            Addresses = [new KernelAddress(2, EngineHarness.LocalAddress, 16)],
            Routes = [Route("203.0.113.0/24", metric: 6), Route("192.0.2.0/24")],
        });

        using (Assert.EnterMultipleScope())
        {
            Assert.That(Announced, Is.EquivalentTo(new[] { "10.0.0.0/16", "192.0.2.0/24", "203.0.113.0/24" }));
            Assert.That(Med("203.0.113.0/24"), Is.EqualTo(6));
        }
    }

    [Test]
    public void Snapshot_FollowedByAnEventBeforeItIsSettled_TheEventCounts()
    {
        Redistribute(FromKernel);
        Tell(Added(Route("198.51.100.0/24", metric: 1)));

        Apply(new KernelUpdate { IsSnapshot = true, Links = [new KernelLink(2, "eth0", true)], Routes = [Route("198.51.100.0/24", metric: 2), Route("203.0.113.0/24")] });
        Apply(Removed(Route("203.0.113.0/24")));
        Apply(Added(Route("198.51.100.0/24", metric: 1)));
        _engine.Settle();

        Assert.That((Announced, Med("198.51.100.0/24")), Is.EqualTo((new[] { "198.51.100.0/24" }, (uint?)1)).UsingPropertiesComparer());
    }

    [Test]
    public void Address_ComesAndGoes_ItsSubnetIsAnnouncedAndWithdrawn()
    {
        Redistribute(FromConnected);
        var address = new KernelAddress(2, IpAddress.Parse("198.51.100.9"), 24);

        Tell(new KernelUpdate { Addresses = [address] });
        var withAddress = Announced;
        Tell(new KernelUpdate { RemovedAddresses = [address] });

        Assert.That((string.Join(' ', withAddress), string.Join(' ', Announced)), Is.EqualTo(("10.0.0.0/16 198.51.100.0/24", "10.0.0.0/16")));
    }

    [Test]
    public void Address_OneOfTwoInASubnetGoes_TheSubnetStays()
    {
        Redistribute(FromConnected);
        Tell(new KernelUpdate { Addresses = [new KernelAddress(2, IpAddress.Parse("198.51.100.9"), 24), new KernelAddress(2, IpAddress.Parse("198.51.100.8"), 24)] });

        Tell(new KernelUpdate { RemovedAddresses = [new KernelAddress(2, IpAddress.Parse("198.51.100.9"), 24)] });

        Assert.That(Announced, Does.Contain("198.51.100.0/24"));
    }

    [TestCase("lo", "127.0.0.1", 8, false)]
    [TestCase("lo", "198.51.100.7", 32, true)]
    [TestCase("dummy0", "198.51.100.7", 32, true)]
    [TestCase("eth1", "169.254.3.4", 16, false)]
    public void Address_OfALoopbackOrLink_IsAnnouncedWhereItMeansSomethingToOthers(string link, string address, byte length, bool isAnnounced)
    {
        Redistribute(FromConnected);

        Tell(new KernelUpdate { Links = [new KernelLink(5, link, true)], Addresses = [new KernelAddress(5, IpAddress.Parse(address), length)] });

        Assert.That(Announced.Except(["10.0.0.0/16"]).Count(), Is.EqualTo(isAnnounced ? 1 : 0));
    }

    [Test]
    public void Connected_LinkGoesDown_IsWithdrawn()
    {
        Redistribute(FromConnected);
        Tell(new KernelUpdate { Links = [new KernelLink(3, "eth1", true)], Addresses = [new KernelAddress(3, IpAddress.Parse("198.51.100.1"), 24)] });

        Tell(new KernelUpdate { Links = [new KernelLink(3, "eth1", false)] });

        Assert.That(Announced, Is.EqualTo(new[] { "10.0.0.0/16" }));
    }

    [Test]
    public void Policy_SeesSourceInterfaceAndMetric_AndWhatItSetsIsAnnounced()
    {
        var wanted = new RouteMatch { From = new SourceMatch(null, PeerType.Local, IsLocal: true, Interface: "eth*"), KernelMetric = new ValueRange(0, 10) };
        Redistribute(FromKernel with { Policy = [new PolicyConfig("p", [new PolicyRule { Match = wanted, Set = new RouteChanges { Med = 77 }, Action = PolicyAction.Accept }])] });

        Tell(new KernelUpdate
        {
            Links = [new KernelLink(3, "cali7", true)],
            Routes = [Route("198.51.100.0/24", metric: 0), Route("203.0.113.0/24", metric: 11), Route("192.0.2.0/24", interfaceIndex: 3)],
        });

        Assert.That((string.Join(' ', Announced), Med("198.51.100.0/24")), Is.EqualTo(("198.51.100.0/24", (uint?)77)));
    }

    [Test]
    public void ExportPolicy_AsksForTheInterface_HoldsForRedistributedRoutesOnly()
    {
        _peer.Neighbor = _peer.Neighbor with
        {
            Families = [_peer.Neighbor.Families[0] with { ExportPolicy = [new PolicyConfig("p", [new PolicyRule { Match = new RouteMatch { From = new SourceMatch(null, null, null, "eth0") }, Action = PolicyAction.Accept }])] }],
        };
        _engine.Config = _engine.Config with { Networks = [new NetworkConfig(IpPrefix.Parse("192.0.2.0/24"), false)] };
        Redistribute(FromKernel);

        Tell(Added(Route("198.51.100.0/24")));

        Assert.That(Announced, Is.EqualTo(new[] { "198.51.100.0/24" }));
    }

    [TestCase("eth0", 1)]
    [TestCase("eth1", 0)]
    public void ImportPolicy_AsksForTheInterface_HoldsForNeighborsOnItsSubnet(string name, int accepted)
    {
        var source = _engine.Add(2, external: true, change: neighbor => neighbor with
        {
            Families = [neighbor.Families[0] with { ImportPolicy = [new PolicyConfig("p", [new PolicyRule { Match = new RouteMatch { From = new SourceMatch(null, null, null, name) }, Action = PolicyAction.Accept }])] }],
        });
        Redistribute();
        _engine.Up(source);

        _engine.Announce(source, "198.51.100.0/24");
        _engine.Settle();

        Assert.That(Announced, Has.Exactly(accepted).Items);
    }

    [Test]
    public void Networks_HaveAPrefixThatIsRedistributedToo_TheNetworkWinsAndItsEndLeavesTheOther()
    {
        Redistribute(FromKernel);
        Tell(Added(Route("198.51.100.0/24", metric: 9)));

        _engine.Config = _engine.Config with { Networks = [new NetworkConfig(IpPrefix.Parse("198.51.100.0/24"), false)] };
        Configure();
        var asNetwork = Med("198.51.100.0/24");
        _engine.Config = _engine.Config with { Networks = [] };
        Configure();

        Assert.That((asNetwork, Med("198.51.100.0/24")), Is.EqualTo(((uint?)null, (uint?)9)));
    }

    [Test]
    public void Reload_RedistributionsChange_OnlyTheDifferenceIsTold()
    {
        Redistribute(FromKernel);
        Tell(Added(Route("198.51.100.0/24"), Route("203.0.113.0/24", protocol: Boot)));
        _peer.Log.Clear();

        var keepsOne = new PolicyConfig("p", [new PolicyRule { Prefixes = [new PrefixMatch(PrefixOperator.In, IpPrefix.Parse("198.51.100.0/24"), 24, 24)], Action = PolicyAction.Accept }]);
        Redistribute(FromKernel with { Policy = [keepsOne] });
        var afterPolicy = string.Join(',', _peer.Log);
        Redistribute(FromKernel with { Policy = [keepsOne], Table = 100 });
        Redistribute();

        Assert.That((afterPolicy, string.Join(',', _peer.Log)), Is.EqualTo(("withdraw 203.0.113.0/24", "withdraw 203.0.113.0/24,withdraw 198.51.100.0/24")));
    }

    [Test]
    public void Reload_OurProtocolChanges_RoutesOfTheFormerOneAreStillOurs()
    {
        Redistribute(FromKernel);
        _engine.Config = _engine.Config with { Fib = new FibConfig { Protocol = 12 } };
        Configure();

        Tell(Added(Route("198.51.100.0/24", protocol: Bgp), Route("203.0.113.0/24", protocol: 12)));

        Assert.That(Announced, Is.Empty);
    }

    [Test]
    public void Reload_OurProtocolBecomesThatOfAnnouncedRoutes_TheyAreWithdrawn()
    {
        Redistribute(FromKernel);
        Tell(Added(Route("198.51.100.0/24"), Route("203.0.113.0/24", protocol: Boot)));

        _engine.Config = _engine.Config with { Fib = new FibConfig { Protocol = Static } };
        Configure();

        Assert.That(Announced, Is.EqualTo(new[] { "203.0.113.0/24" }));
    }

    // The removal comes before the walk that the reload began.
    [Test]
    public void Reload_RouteOfTheNewProtocolGoesMeanwhile_NothingIsLeftOfIt()
    {
        Redistribute(FromKernel);
        Tell(Added(Route("198.51.100.0/24")));
        _engine.Config = _engine.Config with { Fib = new FibConfig { Protocol = Static } };
        _engine.Configure();

        Tell(Removed(Route("198.51.100.0/24")));
        _engine.Config = _engine.Config with { Fib = new FibConfig { Protocol = Bgp } };
        Configure();

        Assert.That(Announced, Is.Empty);
    }

    [Test]
    public void Storm_OfRoutesAndASnapshotWithout_StaysWithinTheBoundOfAStep()
    {
        TearDown();
        Start(new EngineLimits { DestinationsPerStep = 16 });
        Redistribute(FromKernel);
        KernelRoute[] routes = [.. Enumerable.Range(0, 500).Select(number => Route($"198.18.{number / 2}.{number % 2 * 128}/25"))];

        Tell(Added(routes));
        var announced = Announced.Length;
        Tell(new KernelUpdate { IsSnapshot = true, Links = [new KernelLink(2, "eth0", true)], Addresses = [new KernelAddress(2, EngineHarness.LocalAddress, 16)] });

        using (Assert.EnterMultipleScope())
        {
            Assert.That((announced, Announced.Length), Is.EqualTo((500, 0)));
            Assert.That(_engine.Engine.BusiestStep, Is.LessThanOrEqualTo(_engine.Engine.StepBound));
        }
    }

    private string[] Announced => [.. _peer.Routes.Keys.Select(prefix => prefix.ToString())];

    private uint? Med(string prefix) => new PathAttributes(_peer.Routes[IpPrefix.Parse(prefix)]).Med;

    private void Start(EngineLimits limits)
    {
        _engine = new EngineHarness(limits);
        _peer = _engine.Add(1);
        _engine.Configure();
        _engine.Up(_peer);
        _engine.Settle();
    }

    private void Redistribute(params RedistributionConfig[] redistributions)
    {
        _engine.Config = _engine.Config with { Redistributions = [.. redistributions] };
        Configure();
    }

    private void Configure()
    {
        _engine.Configure();
        _engine.Settle();
    }

    private void Tell(KernelUpdate update)
    {
        Apply(update);
        _engine.Settle();
    }

    private void Apply(KernelUpdate update) => _engine.Apply(new EngineInput(EngineInputKind.Kernel) { Kernel = update });

    private static KernelUpdate Added(params KernelRoute[] routes) => new() { Routes = [.. routes] };

    private static KernelUpdate Removed(params KernelRoute[] routes) => new() { RemovedRoutes = [.. routes] };

    private static KernelRoute Route(string prefix, uint metric = 0, byte protocol = Static, int interfaceIndex = 2) => new()
    {
        Prefix = IpPrefix.Parse(prefix),
        Kind = KernelRouteKind.Unicast,
        Protocol = protocol,
        Table = 254,
        Metric = metric,
        Hops = [new KernelHop(IpAddress.Parse("10.0.0.9"), interfaceIndex, 1, false, false)],
    };
}
