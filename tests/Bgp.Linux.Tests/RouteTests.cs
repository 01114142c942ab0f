using Bgp.Protocol;

namespace Bgp.Linux.Tests;

internal sealed class RouteTests : LabFixture
{
    private const uint Table = 1179;

    [TestCase("10.1.0.0/16", "192.0.2.7")]
    [TestCase("0.0.0.0/0", "192.0.2.7")]
    [TestCase("2001:db8:1::/48", "2001:db8::7")]
    [TestCase("::/0", "2001:db8::7")]
    [TestCase("10.1.0.0/16", "2001:db8::7")]
    public void Route_WithGateway_ReadsBackAsWritten(string prefix, string gateway)
    {
        var (_, netlink, link) = NewRouter();
        var route = Bgp(prefix, 50) with { NextHops = [new(IpAddress.Parse(gateway), link)] };

        netlink.ChangeRoute(RouteOperation.Create, route);

        Assert.That(Read(netlink, route), Is.EqualTo(new[] { route }));
    }

    [TestCase("10.1.0.0/16", "192.0.2.7", "192.0.2.8")]
    [TestCase("2001:db8:1::/48", "2001:db8::7", "2001:db8::8")]
    [TestCase("10.1.0.0/16", "192.0.2.7", "2001:db8::8")]
    public void Route_WithTwoWeightedGateways_ReadsBackAsWritten(string prefix, string first, string second)
    {
        var (_, netlink, link) = NewRouter();
        var route = Bgp(prefix, 50) with { NextHops = [new(IpAddress.Parse(second), link, 200), new(IpAddress.Parse(first), link, 3)] };

        netlink.ChangeRoute(RouteOperation.Create, route);

        Assert.That(Read(netlink, route), Is.EqualTo(new[] { route }));
    }

    [TestCase("10.1.0.0/16", KernelRouteType.Blackhole)]
    [TestCase("10.1.0.0/16", KernelRouteType.Unreachable)]
    [TestCase("10.1.0.0/16", KernelRouteType.Prohibit)]
    [TestCase("2001:db8:1::/48", KernelRouteType.Blackhole)]
    [TestCase("2001:db8:1::/48", KernelRouteType.Unreachable)]
    public void Route_ThatDrops_ReadsBackAsWritten(string prefix, KernelRouteType type)
    {
        var (_, netlink, _) = NewRouter();
        var route = Bgp(prefix, 50) with { Type = type };

        netlink.ChangeRoute(RouteOperation.Create, route);

        Assert.That(Read(netlink, route), Is.EqualTo(new[] { route }));
    }

    [TestCase("10.1.0.0/16", "192.0.2.7", "192.0.2.1")]
    [TestCase("2001:db8:1::/48", "2001:db8::7", "2001:db8::1")]
    public void Route_WithPreferredSource_ReadsBackAsWritten(string prefix, string gateway, string source)
    {
        var (_, netlink, link) = NewRouter();
        var route = Bgp(prefix, 50) with { PreferredSource = IpAddress.Parse(source), NextHops = [new(IpAddress.Parse(gateway), link)] };

        netlink.ChangeRoute(RouteOperation.Create, route);

        Assert.That(Read(netlink, route), Is.EqualTo(new[] { route }));
    }

    [Test]
    public void Route_OnLinkGateway_ReadsBackAsWritten()
    {
        var (_, netlink, link) = NewRouter();
        var route = Bgp("10.1.0.0/16", 50) with { NextHops = [new(IpAddress.Parse("203.0.113.1"), link, 1, NextHopFlags.OnLink)] };

        netlink.ChangeRoute(RouteOperation.Create, route);

        Assert.That(Read(netlink, route), Is.EqualTo(new[] { route }));
    }

    [Test]
    public void Route_OnDeviceAlone_ResolvesAnothersGateway()
    {
        var (_, netlink, link) = NewRouter();
        var host = Bgp("203.0.113.1/32", 0) with { Table = KernelRoute.MainTable, Scope = RouteScope.Link, NextHops = [new(IpAddress.None, link)] };
        var behind = Bgp("10.1.0.0/16", 50) with { NextHops = [new(IpAddress.Parse("203.0.113.1"), link)] };

        netlink.ChangeRoute(RouteOperation.Create, host);
        netlink.ChangeRoute(RouteOperation.Create, behind);

        Assert.That(Read(netlink, behind), Is.EqualTo(new[] { behind }));
    }

    [Test]
    public void Route_Ipv6WithoutMetric_ReadsBackWithMetric1024()
    {
        var (_, netlink, link) = NewRouter();
        var route = Bgp("2001:db8:1::/48", 0) with { NextHops = [new(IpAddress.Parse("2001:db8::7"), link)] };

        netlink.ChangeRoute(RouteOperation.Create, route);

        Assert.That(Read(netlink, route).Select(found => found.Metric), Is.EqualTo(new[] { 1024u }));
    }

    [TestCase("10.1.0.0/16", "192.0.2.7", "192.0.2.8")]
    [TestCase("2001:db8:1::/48", "2001:db8::7", "2001:db8::8")]
    public void Replace_OneGatewayByTwo_LeavesTheTwo(string prefix, string first, string second)
    {
        var (_, netlink, link) = NewRouter();
        var one = Bgp(prefix, 50) with { NextHops = [new(IpAddress.Parse(first), link)] };
        var two = one with { NextHops = [new(IpAddress.Parse(first), link), new(IpAddress.Parse(second), link)] };
        netlink.ChangeRoute(RouteOperation.Create, one);

        netlink.ChangeRoute(RouteOperation.Replace, two);

        Assert.That(Read(netlink, one), Is.EqualTo(new[] { two }));
    }

    [TestCase("10.1.0.0/16", "192.0.2.7", "192.0.2.8")]
    [TestCase("2001:db8:1::/48", "2001:db8::7", "2001:db8::8")]
    public void Replace_TwoGatewaysByBlackhole_LeavesTheBlackhole(string prefix, string first, string second)
    {
        var (_, netlink, link) = NewRouter();
        var two = Bgp(prefix, 50) with { NextHops = [new(IpAddress.Parse(first), link), new(IpAddress.Parse(second), link)] };
        var blackhole = Bgp(prefix, 50) with { Type = KernelRouteType.Blackhole };
        netlink.ChangeRoute(RouteOperation.Create, two);

        netlink.ChangeRoute(RouteOperation.Replace, blackhole);

        Assert.That(Read(netlink, two), Is.EqualTo(new[] { blackhole }));
    }

    [TestCase("10.1.0.0/16", "192.0.2.7", "192.0.2.8")]
    [TestCase("2001:db8:1::/48", "2001:db8::7", "2001:db8::8")]
    public void Delete_OfTwoGateways_NeedsOnlyTheKey(string prefix, string first, string second)
    {
        var (_, netlink, link) = NewRouter();
        var two = Bgp(prefix, 50) with { NextHops = [new(IpAddress.Parse(first), link), new(IpAddress.Parse(second), link)] };
        netlink.ChangeRoute(RouteOperation.Create, two);

        netlink.ChangeRoute(RouteOperation.Delete, Bgp(prefix, 50));

        Assert.That(Read(netlink, two), Is.Empty);
    }

    [TestCase("10.1.0.0/16", "192.0.2.7")]
    [TestCase("2001:db8:1::/48", "2001:db8::7")]
    public void Delete_OfAnothersProtocol_IsRefused(string prefix, string gateway)
    {
        var (_, netlink, link) = NewRouter();
        var foreign = Bgp(prefix, 50) with { Protocol = RouteProtocol.Static, NextHops = [new(IpAddress.Parse(gateway), link)] };
        netlink.ChangeRoute(RouteOperation.Create, foreign);

        var refused = Assert.Throws<NetlinkException>(() => netlink.ChangeRoute(RouteOperation.Delete, Bgp(prefix, 50)));

        Assert.That(refused.Errno, Is.EqualTo(Errno.ESRCH));
    }

    [Test]
    public void Create_OfTakenKey_IsRefused()
    {
        var (_, netlink, _) = NewRouter();
        var route = Bgp("10.1.0.0/16", 50) with { Type = KernelRouteType.Blackhole };
        netlink.ChangeRoute(RouteOperation.Create, route);

        var refused = Assert.Throws<NetlinkException>(() => netlink.ChangeRoute(RouteOperation.Create, route));

        Assert.That(refused.Errno, Is.EqualTo(Errno.EEXIST));
    }

    [Test]
    public void Create_GatewayNobodyReaches_IsRefusedInTheKernelsWords()
    {
        var (_, netlink, link) = NewRouter();
        var route = Bgp("10.1.0.0/16", 50) with { NextHops = [new(IpAddress.Parse("203.0.113.1"), link)] };

        var refused = Assert.Throws<NetlinkException>(() => netlink.ChangeRoute(RouteOperation.Create, route));

        Assert.That(refused, Has.Property("Errno").EqualTo(Errno.ENETUNREACH).And.Property("KernelText").EqualTo("Nexthop has invalid gateway"));
    }

    [TestCase(Afi.Ipv4)]
    [TestCase(Afi.Ipv6)]
    public void ReadRoutes_OfTableThatDoesNotExist_IsEmpty(Afi afi)
    {
        var (_, netlink, _) = NewRouter();

        Assert.That(netlink.ReadRoutes(new(afi, 4711)), Is.Empty);
    }

    [Test]
    public void ReadRoutes_OfTableAndProtocol_LeavesOutOthers()
    {
        var (_, netlink, _) = NewRouter();
        var own = Bgp("10.1.0.0/16", 50) with { Type = KernelRouteType.Blackhole };
        netlink.ChangeRoute(RouteOperation.Create, own);
        netlink.ChangeRoute(RouteOperation.Create, own with { Metric = 51, Protocol = RouteProtocol.Bird });
        netlink.ChangeRoute(RouteOperation.Create, own with { Table = Table + 1 });

        Assert.That(netlink.ReadRoutes(new(Afi.Ipv4, Table, RouteProtocol.Bgp)), Is.EqualTo(new[] { own }));
    }

    [Test]
    public void ReadRoutes_OfMainTable_ShowsConnectedRoutes()
    {
        var (_, netlink, link) = NewRouter();

        var connected = netlink.ReadRoutes(new(Afi.Ipv4, KernelRoute.MainTable, RouteProtocol.Kernel));

        Assert.That(connected.Select(route => (route.Prefix, route.NextHops[0].InterfaceIndex)), Is.EqualTo(new[] { (IpPrefix.Parse("192.0.2.0/24"), link) }));
    }

    [Test]
    public void Link_SetDown_TakesRoutesAlong()
    {
        var (_, netlink, link) = NewRouter();
        var route = Bgp("10.1.0.0/16", 50) with { NextHops = [new(IpAddress.Parse("192.0.2.7"), link)] };
        netlink.ChangeRoute(RouteOperation.Create, route);

        netlink.SetLinkDown(link);

        Assert.That(Read(netlink, route), Is.Empty);
    }

    private static KernelRoute Bgp(string prefix, uint metric) =>
        new(IpPrefix.Parse(prefix)) { Table = Table, Metric = metric, Protocol = RouteProtocol.Bgp };

    private static IReadOnlyList<KernelRoute> Read(Rtnetlink netlink, KernelRoute like) =>
        netlink.ReadRoutes(new(like.Prefix.Address.IsV4 ? Afi.Ipv4 : Afi.Ipv6, like.Table, RouteProtocol.Bgp));
}
