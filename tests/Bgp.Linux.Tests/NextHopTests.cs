using Bgp.Protocol;

namespace Bgp.Linux.Tests;

internal sealed class NextHopTests : LabFixture
{
    [TestCase("192.0.2.7", Afi.Ipv4)]
    [TestCase("2001:db8::7", Afi.Ipv6)]
    public void NextHop_WithGateway_ReadsBackAsWritten(string gateway, Afi afi)
    {
        var (_, netlink, link) = NewRouter();
        netlink.ReplaceNextHop(new NextHopObject { Id = 7, Protocol = RouteProtocol.Bgp, Gateway = IpAddress.Parse(gateway), InterfaceIndex = link });

        var read = netlink.ReadNextHops().Single();

        Assert.That(
            (read.Id, read.Protocol, read.Gateway, read.Afi, read.InterfaceIndex, read.IsGroup),
            Is.EqualTo((7u, RouteProtocol.Bgp, IpAddress.Parse(gateway), afi, link, false)));
    }

    [Test]
    public void Group_WithWeights_ReadsBackAsWritten()
    {
        var (_, netlink, link) = NewRouter();
        AddTwoAndGroup(netlink, link);

        var group = netlink.ReadNextHops().Single(nextHop => nextHop.Id == 9);

        Assert.That(group.Members, Is.EqualTo(new NextHopMember[] { new(7, 3), new(8, 200) }));
    }

    [Test]
    public void Route_ThroughGroup_ReadsBackWithItsNumber()
    {
        var (_, netlink, link) = NewRouter();
        AddTwoAndGroup(netlink, link);
        netlink.ChangeRoute(RouteOperation.Create, Through(9));

        var read = netlink.ReadRoutes(new(Afi.Ipv4, KernelRoute.MainTable, RouteProtocol.Bgp)).Single();

        Assert.That((read.NextHopId, read.NextHops.Count), Is.EqualTo((9u, 2)));
    }

    [Test]
    public void Replace_OfNextHop_MovesItsRoutes()
    {
        var (space, netlink, link) = NewRouter();
        space.WriteSetting("net.ipv4.nexthop_compat_mode", "0");
        AddTwoAndGroup(netlink, link);
        netlink.ChangeRoute(RouteOperation.Create, Through(7));

        netlink.ReplaceNextHop(new NextHopObject { Id = 7, Gateway = IpAddress.Parse("192.0.2.99"), InterfaceIndex = link });

        Assert.That(netlink.ReadRoutes(new(Afi.Ipv4, KernelRoute.MainTable, RouteProtocol.Bgp)).Single().NextHopId, Is.EqualTo(7));
        Assert.That(netlink.ReadNextHops().Single(nextHop => nextHop.Id == 7).Gateway, Is.EqualTo(IpAddress.Parse("192.0.2.99")));
    }

    [Test]
    public void Delete_OfNextHop_TakesItsRoutesAlong()
    {
        var (_, netlink, link) = NewRouter();
        AddTwoAndGroup(netlink, link);
        netlink.ChangeRoute(RouteOperation.Create, Through(7));

        netlink.DeleteNextHop(7);

        Assert.That(netlink.ReadRoutes(new(Afi.Ipv4, KernelRoute.MainTable, RouteProtocol.Bgp)), Is.Empty);
    }

    [Test]
    public void Blackhole_AsNextHop_ReadsBackAsWritten()
    {
        var (_, netlink, _) = NewRouter();
        netlink.ReplaceNextHop(new NextHopObject { Id = 5, IsBlackhole = true, Afi = Afi.Ipv6 });

        var read = netlink.ReadNextHops().Single();

        Assert.That((read.Id, read.IsBlackhole, read.Afi), Is.EqualTo((5u, true, Afi.Ipv6)));
    }

    [Test]
    public void CompatMode_Written_ReadsBack()
    {
        var space = NewNamespace();

        space.WriteSetting("net.ipv4.nexthop_compat_mode", "0");

        Assert.That(space.ReadSetting("net.ipv4.nexthop_compat_mode"), Is.EqualTo("0"));
    }

    private static KernelRoute Through(uint id) => new(IpPrefix.Parse("10.1.0.0/16")) { Protocol = RouteProtocol.Bgp, Metric = 50, NextHopId = id };

    private static void AddTwoAndGroup(Rtnetlink netlink, int link)
    {
        netlink.ReplaceNextHop(new NextHopObject { Id = 7, Gateway = IpAddress.Parse("192.0.2.7"), InterfaceIndex = link });
        netlink.ReplaceNextHop(new NextHopObject { Id = 8, Gateway = IpAddress.Parse("192.0.2.8"), InterfaceIndex = link });
        netlink.ReplaceNextHop(new NextHopObject { Id = 9, Members = [new(7, 3), new(8, 200)] });
    }
}
