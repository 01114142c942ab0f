using System.Collections.Immutable;
using Bgp.Protocol;

namespace Bgp.Engine.Tests;

public sealed class NextHopTableTests
{
    private const int Eth0 = 2;
    private const int Eth1 = 3;
    private NextHopTable _table = null!;
    private List<int> _changed = null!;

    [SetUp]
    public void SetUp()
    {
        _table = new NextHopTable();
        _changed = [];
        _table.Apply(Snapshot(), _changed);
    }

    [TestCase("10.0.0.9", "10.0.0.9@2", 0u, TestName = "Track_OnLink_IsItsOwnGateway")]
    [TestCase("172.16.5.5", "10.0.0.254@2", 100u, TestName = "Track_BehindAGateway_TakesTheGateway")]
    [TestCase("172.17.5.5", "10.0.0.253@2 10.1.0.253@3*2", 7u, TestName = "Track_BehindSeveral_TakesAllWithWeights")]
    [TestCase("172.18.5.5", "10.0.0.1@2", 5u, TestName = "Track_SeveralMetrics_TakesTheLeast")]
    [TestCase("172.19.5.5", "fe80::1@2", 0u, TestName = "Track_Ipv4BehindAnIpv6Gateway_TakesIt")]
    [TestCase("8.8.8.8", "10.1.0.1@3", 50u, TestName = "Track_OnlyTheDefaultRoute_TakesIt")]
    [TestCase("fd00::9", "fd00::9@2", 0u, TestName = "Track_Ipv6OnLink_IsItsOwnGateway")]
    public void Track(string address, string ways, uint metric)
    {
        var entry = _table[TrackIt(address)];

        Assert.That(entry.IsResolved);
        Assert.That(Describe(entry.Ways), Is.EqualTo(ways));
        Assert.That(entry.Metric, Is.EqualTo(metric));
    }

    [TestCase("10.0.0.1", NextHopFault.OwnAddress)]
    [TestCase("127.0.0.1", NextHopFault.OwnAddress)]
    [TestCase("10.0.0.255", NextHopFault.NotUsable)]
    [TestCase("0.0.0.0", NextHopFault.NotUsable)]
    [TestCase("224.0.0.5", NextHopFault.NotUsable)]
    [TestCase("192.0.2.1", NextHopFault.Blackhole)]
    [TestCase("198.51.100.1", NextHopFault.Unreachable)]
    [TestCase("203.0.113.1", NextHopFault.Prohibited)]
    [TestCase("10.2.0.1", NextHopFault.LinkDown)]
    [TestCase("2001:db8::1", NextHopFault.NoRoute)]
    [TestCase("fe80::7", NextHopFault.NoInterface)]
    public void Track_OfNoUse_SaysWhy(string address, NextHopFault fault)
    {
        var entry = _table[TrackIt(address)];

        Assert.That(entry, Has.Property("Fault").EqualTo(fault).And.Property("Ways").Null.And.Property("IsResolved").False);
    }

    [Test]
    public void Track_LinkLocal_IsOnTheInterfaceOfTheSession() =>
        Assert.That(Describe(_table[_table.Track(IpAddress.Parse("fe80::7"), IpAddress.None, Eth1)].Ways), Is.EqualTo("fe80::7@3"));

    [Test]
    public void Track_LinkLocalOfOurs_IsOwnOnlyOnItsInterface()
    {
        var own = _table.Track(IpAddress.Parse("fe80::1"), IpAddress.None, Eth1);
        var other = _table.Track(IpAddress.Parse("fe80::1"), IpAddress.None, Eth0);

        Assert.That((_table[own].Fault, _table[other].Fault), Is.EqualTo((NextHopFault.OwnAddress, NextHopFault.None)));
    }

    [TestCase("fd00::9", "fd00::9@2", TestName = "Track_GlobalOnLinkWithLinkLocal_TakesTheGlobal")]
    [TestCase("fd77::9", "fe80::7@2", TestName = "Track_GlobalElsewhereWithLinkLocal_TakesTheLinkLocal")]
    [TestCase("::", "fe80::7@2", TestName = "Track_UnspecifiedWithLinkLocal_TakesTheLinkLocal")]
    public void TrackPair(string address, string ways) =>
        Assert.That(Describe(_table[_table.Track(IpAddress.Parse(address), IpAddress.Parse("fe80::7"), Eth0)].Ways), Is.EqualTo(ways));

    [Test]
    public void Track_BeforeTheSnapshot_HasNoKernelState()
    {
        var table = new NextHopTable();
        var id = table.Track(IpAddress.Parse("10.0.0.9"), IpAddress.None, 0);
        var before = table[id].Fault;
        table.Apply(Snapshot(), _changed);

        Assert.That(before, Is.EqualTo(NextHopFault.NoKernelState));
        Assert.That(table[id].IsResolved);
        Assert.That(_changed, Is.EqualTo(new[] { id }));
    }

    [Test]
    public void Track_AssumedReachable_IsResolvedWithoutWays()
    {
        var table = new NextHopTable(new NextHopOptions { AssumeAllReachable = true });

        Assert.That(table[table.Track(IpAddress.Parse("203.0.113.9"), IpAddress.None, 0)], Has.Property("IsResolved").True.And.Property("Ways").Null);
    }

    [Test]
    public void Track_DefaultRouteRefused_IsUnresolved()
    {
        var table = new NextHopTable(new NextHopOptions { AllowDefaultRoute = false });
        table.Apply(Snapshot(), _changed);

        Assert.That(table[table.Track(IpAddress.Parse("8.8.8.8"), IpAddress.None, 0)].Fault, Is.EqualTo(NextHopFault.OnlyDefaultRoute));
    }

    [Test]
    public void Track_Recursion_IsAskedWithTheKernelsLengthButNotOnAConnectedSubnet()
    {
        var asked = new List<(string, int)>();
        var way = new RecursiveWay(IpPrefix.Parse("8.8.0.0/16"), new Forwarding([new ForwardingHop(IpAddress.Parse("10.0.0.2"), Eth0)]), 9);
        RecursiveWay? Recurse(int nextHop, in IpAddress address, int kernelLength)
        {
            asked.Add((address.ToString(), kernelLength));
            return way;
        }

        var table = new NextHopTable(new NextHopOptions { Recursion = Recurse });
        table.Apply(Snapshot(), _changed);
        var recursive = table.Track(IpAddress.Parse("8.8.8.8"), IpAddress.None, 0);
        var direct = table.Track(IpAddress.Parse("10.0.0.9"), IpAddress.None, 0);

        Assert.That(asked, Is.EqualTo(new[] { ("8.8.8.8", 0) }));
        Assert.That((Describe(table[recursive].Ways), table[recursive].Metric, table[recursive].Through), Is.EqualTo(("10.0.0.2@2", 9u, (IpPrefix?)way.Prefix)));
        Assert.That((Describe(table[direct].Ways), table[direct].Through), Is.EqualTo(("10.0.0.9@2", (IpPrefix?)null)));
    }

    [Test]
    public void Track_RecursionTracksOthersInTurn_AllAreResolved()
    {
        const int Depth = 40;
        var way = new RecursiveWay(IpPrefix.Parse("8.8.0.0/16"), new Forwarding([new ForwardingHop(IpAddress.Parse("10.0.0.2"), Eth0)]), 9);
        NextHopTable? table = null;
        RecursiveWay? Recurse(int nextHop, in IpAddress address, int kernelLength)
        {
            if (table!.Count < Depth)
            {
                table.Track(IpAddress.V4(0x08080000 + (uint)table.Count), IpAddress.None, 0);
            }

            return way;
        }

        table = new NextHopTable(new NextHopOptions { Recursion = Recurse });
        table.Apply(Snapshot(), _changed);
        table.Track(IpAddress.V4(0x08080000), IpAddress.None, 0);

        Assert.That(Enumerable.Range(0, Depth).Select(id => table[id].Through), Is.All.EqualTo(way.Prefix));
    }

    [Test]
    public void MayLead_OfWhatCoversADistantNextHop_UntilItsRelease()
    {
        var table = new NextHopTable(new NextHopOptions { Recursion = (int _, in IpAddress _, int _) => null });
        table.Apply(Snapshot(), _changed);
        var distant = table.Track(IpAddress.Parse("8.8.8.8"), IpAddress.None, 0);
        table.Track(IpAddress.Parse("10.0.0.9"), IpAddress.None, 0);

        bool MayLead(string prefix) => table.MayLead(IpPrefix.Parse(prefix));
        var before = (MayLead("8.8.0.0/16"), MayLead("0.0.0.0/0"), MayLead("8.8.8.8/32"), MayLead("8.9.0.0/16"), MayLead("10.0.0.0/25"), MayLead("::/0"));
        table.Release(distant);

        Assert.That(before, Is.EqualTo((true, true, true, false, false, false)));
        Assert.That(MayLead("0.0.0.0/0"), Is.False);
    }

    [Test]
    public void Track_SameTwice_IsOneNumberUntilTheLastRelease()
    {
        var first = TrackIt("10.0.0.9");
        var second = TrackIt("10.0.0.9");
        _table.Release(first);
        var still = _table[second].IsResolved;
        _table.Release(second);
        var reused = TrackIt("10.0.0.8");

        Assert.That((second, still, reused), Is.EqualTo((first, true, first)));
        Assert.That(_table.Count, Is.EqualTo(1));
    }

    [Test]
    public void Track_ManyBehindOneGateway_ShareTheirWays() =>
        Assert.That(_table[TrackIt("172.16.5.6")].Ways, Is.SameAs(_table[TrackIt("172.16.5.5")].Ways));

    [Test]
    public void Apply_LinkDownAndUp_ChangesWhatIsOnIt()
    {
        var eth0 = TrackIt("10.0.0.9");
        var both = TrackIt("172.17.5.5");
        var eth1 = TrackIt("10.1.0.9");
        Apply(new KernelUpdate { Links = [new KernelLink(Eth0, "eth0", false)] });
        var down = (_changed.ToArray(), _table[eth0].Fault, Describe(_table[both].Ways));
        Apply(new KernelUpdate { Links = [new KernelLink(Eth0, "eth0", true)] });

        Assert.That(down.Item1, Is.EqualTo(new[] { eth0, both }));
        Assert.That((down.Fault, down.Item3), Is.EqualTo((NextHopFault.LinkDown, "10.1.0.253@3*2")));
        Assert.That(_changed, Is.EqualTo(new[] { eth0, both }).And.Not.Contains(eth1));
        Assert.That(_table[eth0].IsResolved);
    }

    [Test]
    public void Apply_LinkRemoved_ChangesWhatIsOnIt()
    {
        var id = TrackIt("10.0.0.9");
        Apply(new KernelUpdate { RemovedLinks = [Eth0] });

        Assert.That((_changed.ToArray(), _table[id].Fault), Is.EqualTo((new[] { id }, NextHopFault.LinkDown)));
    }

    [Test]
    public void Apply_GatewayChanges_TellsThoseBehindIt()
    {
        var behind = TrackIt("172.16.5.5");
        TrackIt("10.0.0.9");
        Apply(new KernelUpdate { Routes = [Route("172.16.0.0/16", 100, ("10.0.0.200", Eth0))] });

        Assert.That((_changed.ToArray(), Describe(_table[behind].Ways)), Is.EqualTo((new[] { behind }, "10.0.0.200@2")));
    }

    [Test]
    public void Apply_MoreSpecificRouteComesAndGoes_IsFollowed()
    {
        var id = TrackIt("172.16.5.5");
        var specific = Route("172.16.5.0/24", 1, ("10.1.0.7", Eth1));
        Apply(new KernelUpdate { Routes = [specific] });
        var with = Describe(_table[id].Ways);
        Apply(new KernelUpdate { RemovedRoutes = [specific] });

        Assert.That((with, Describe(_table[id].Ways)), Is.EqualTo(("10.1.0.7@3", "10.0.0.254@2")));
    }

    [Test]
    public void Apply_OneWayOfSeveralRemoved_OthersStay()
    {
        var id = TrackIt("172.17.5.5");
        Apply(new KernelUpdate { RemovedRoutes = [Route("172.17.0.0/16", 7, ("10.0.0.253", Eth0))] });

        Assert.That(Describe(_table[id].Ways), Is.EqualTo("10.1.0.253@3*2"));
    }

    [Test]
    public void Apply_UnrelatedRoutes_ChangeNothing()
    {
        TrackIt("172.16.5.5");
        Apply(new KernelUpdate { Routes = [Route("100.64.0.0/10", 1, ("10.0.0.7", Eth0)), Route("172.16.0.0/16", 900, ("10.0.0.8", Eth0))] });

        Assert.That(_changed, Is.Empty);
    }

    [Test]
    public void Apply_OwnAddressAddedAndRemoved_IsFollowed()
    {
        var id = TrackIt("10.0.0.9");
        var address = new KernelAddress(Eth0, IpAddress.Parse("10.0.0.9"), 24);
        Apply(new KernelUpdate { Addresses = [address] });
        var with = _table[id].IsOwnAddress;
        Apply(new KernelUpdate { RemovedAddresses = [address] });

        Assert.That((with, _table[id].IsResolved), Is.EqualTo((true, true)));
    }

    [Test]
    public void Apply_RoutesOfOtherTables_AreNotLookedAt()
    {
        var id = TrackIt("2001:db8::1");
        Apply(new KernelUpdate { Routes = [Route("2001:db8::/32", 1, ("fe80::1", Eth0)) with { Table = 100 }] });

        Assert.That(_table[id].Fault, Is.EqualTo(NextHopFault.NoRoute));
    }

    [Test]
    public void Apply_NewSnapshot_ReplacesAllThatWasKnown()
    {
        var id = TrackIt("10.0.0.9");
        Apply(new KernelUpdate { IsSnapshot = true });

        Assert.That((_changed.ToArray(), _table[id].Fault), Is.EqualTo((new[] { id }, NextHopFault.NoRoute)));
    }

    [Test]
    public void Refresh_OfAPrefix_ResolvesWhatItCovers()
    {
        var table = Recursive(out var setMetric);
        var inside = table.Track(IpAddress.Parse("192.0.2.7"), IpAddress.None, 0);
        table.Track(IpAddress.Parse("8.8.8.8"), IpAddress.None, 0);
        setMetric(2);
        var budget = 10;
        table.Refresh(IpPrefix.Parse("192.0.2.0/24"), ref budget, _changed);

        Assert.That((_changed.Single(), budget), Is.EqualTo((inside, 9)));
    }

    [Test]
    public void Refresh_OfMoreThanTheBudget_LeavesItToThePassOverAll()
    {
        var table = Recursive(out var setMetric);
        for (var number = 1; number <= 20; number++)
        {
            table.Track(IpAddress.Parse($"192.0.2.{number}"), IpAddress.None, 0);
        }

        setMetric(2);
        var budget = 10;
        var isPassDue = table.Refresh(IpPrefix.Parse("192.0.2.0/24"), ref budget, _changed);

        Assert.That((isPassDue, budget, _changed.Count), Is.EqualTo((true, 0, 0)));
    }

    [Test]
    public void RefreshDistant_OfMoreThanTheBudget_GoesOnFromThere()
    {
        var table = Recursive(out var setMetric);
        int[] ids = [.. Enumerable.Range(1, 20).Select(number => table.Track(IpAddress.Parse($"192.0.2.{number}"), IpAddress.None, 0))];
        setMetric(2);
        var counts = new List<int>();
        for (var at = 0; at >= 0;)
        {
            var budget = 8;
            at = table.RefreshDistant(at, ref budget, _changed);
            counts.Add(_changed.Count);
        }

        Assert.That(counts, Is.EqualTo(new[] { 8, 16, 20 }));
        Assert.That(_changed, Is.EqualTo(ids));
    }

    private NextHopTable Recursive(out Action<uint> setMetric)
    {
        var metric = 1u;
        setMetric = value => metric = value;
        RecursiveWay? Recurse(int nextHop, in IpAddress address, int kernelLength) =>
            new RecursiveWay(IpPrefix.Parse("192.0.2.0/24"), new Forwarding([new ForwardingHop(IpAddress.Parse("10.0.0.2"), Eth0)]), metric);

        var table = new NextHopTable(new NextHopOptions { Recursion = Recurse });
        table.Apply(Snapshot(), _changed);
        return table;
    }

    [TestCase("10.0.0.1", "ipv4", "10.0.0.1")]
    [TestCase("10.0.0.1", "ipv6", "fd00::1")]
    [TestCase("10.1.0.9", "ipv6", null)]
    [TestCase("10.1.0.2", "ipv6", "fe80::1")]
    [TestCase("fd00::1", "ipv4", "10.0.0.1")]
    public void SelfAddress_OfAFamily_IsOnTheSessionsInterface(string local, string family, string? expected)
    {
        var isFound = _table.TrySelfAddress(IpAddress.Parse(local), family == "ipv4" ? AddressFamily.Ipv4Unicast : AddressFamily.Ipv6Unicast, out var address);

        Assert.That((isFound, address), Is.EqualTo((expected is not null, expected is null ? IpAddress.None : IpAddress.Parse(expected))));
    }

    [TestCase("10.0.0.77", Eth0)]
    [TestCase("fd00::77", Eth0)]
    [TestCase("10.1.0.77", Eth1)]
    [TestCase("100.100.1.1", Eth1, Description = "an on-link route without an address")]
    [TestCase("172.16.5.5", 0)]
    [TestCase("8.8.8.8", 0)]
    [TestCase("fe80::77", 0)]
    [TestCase("10.2.0.77", 0, Description = "its link is down")]
    public void Connected_ByAddressesAndOnLinkRoutes_NamesTheInterface(string address, int expected)
    {
        var isConnected = _table.IsConnected(IpAddress.Parse(address), out var interfaceIndex);

        Assert.That((isConnected, interfaceIndex), Is.EqualTo((expected != 0, expected)));
    }

    private int TrackIt(string address) => _table.Track(IpAddress.Parse(address), IpAddress.None, 0);

    private void Apply(KernelUpdate update)
    {
        _changed.Clear();
        _table.Apply(update, _changed);
    }

    private static string Describe(Forwarding? ways) =>
        ways is null ? "none" : string.Join(' ', ways.Hops.Select(hop => $"{hop.Gateway}@{hop.InterfaceIndex}{(hop.Weight == 1 ? "" : $"*{hop.Weight}")}"));

    private static KernelRoute Route(string prefix, uint metric, params (string? Gateway, int Interface)[] hops) => new()
    {
        Prefix = IpPrefix.Parse(prefix),
        Kind = KernelRouteKind.Unicast,
        Protocol = 4,
        Table = 254,
        Metric = metric,
        Hops = [.. hops.Select(hop => new KernelHop(hop.Gateway is null ? IpAddress.None : IpAddress.Parse(hop.Gateway), hop.Interface, 1, false, false))],
    };

    private static KernelRoute Route(string prefix, KernelRouteKind kind, uint table = 254) =>
        Route(prefix, 0, ((string?)null, 1)) with { Kind = kind, Table = table };

    private static KernelUpdate Snapshot() => new()
    {
        IsSnapshot = true,
        Links = [new KernelLink(1, "lo", true), new KernelLink(Eth0, "eth0", true), new KernelLink(Eth1, "eth1", true), new KernelLink(4, "eth2", false)],
        Addresses =
        [
            new KernelAddress(1, IpAddress.Parse("127.0.0.1"), 8),
            new KernelAddress(Eth0, IpAddress.Parse("10.0.0.1"), 24),
            new KernelAddress(Eth0, IpAddress.Parse("fe80::2"), 64),
            new KernelAddress(Eth0, IpAddress.Parse("fd00::1"), 64),
            new KernelAddress(Eth1, IpAddress.Parse("10.1.0.2"), 24),
            new KernelAddress(Eth1, IpAddress.Parse("fe80::1"), 64),
            new KernelAddress(4, IpAddress.Parse("10.2.0.2"), 24),
        ],
        Routes = Routes(),
    };

    private static ImmutableArray<KernelRoute> Routes() =>
    [
        Route("10.0.0.0/24", 0, (null, Eth0)),
        Route("10.1.0.0/24", 100, (null, Eth1)),
        Route("10.2.0.0/24", 0, (null, 4)),
        Route("fd00::/64", 256, (null, Eth0)),
        Route("100.100.1.0/24", 0, (null, Eth1)),
        Route("0.0.0.0/0", 50, ("10.1.0.1", Eth1)),
        Route("172.16.0.0/16", 100, ("10.0.0.254", Eth0)),
        Route("172.17.0.0/16", 7, ("10.0.0.253", Eth0)) with
        {
            Hops = [new KernelHop(IpAddress.Parse("10.1.0.253"), Eth1, 2, false, false), new KernelHop(IpAddress.Parse("10.0.0.253"), Eth0, 1, false, false)],
        },
        Route("172.18.0.0/16", 10, ("10.0.0.2", Eth0)),
        Route("172.18.0.0/16", 5, ("10.0.0.1", Eth0)),
        Route("172.19.0.0/16", 0, ("fe80::1", Eth0)),
        Route("192.0.2.0/24", KernelRouteKind.Blackhole),
        Route("198.51.100.0/24", KernelRouteKind.Unreachable),
        Route("203.0.113.0/24", KernelRouteKind.Prohibit),
        Route("10.0.0.1/32", KernelRouteKind.Local, 255),
        Route("10.0.0.255/32", KernelRouteKind.Local, 255),
    ];
}
