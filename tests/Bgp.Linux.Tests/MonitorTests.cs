using Bgp.Protocol;

namespace Bgp.Linux.Tests;

internal sealed class MonitorTests : LabFixture
{
    [TestCase("10.1.0.0/16", "192.0.2.7")]
    [TestCase("2001:db8:1::/48", "2001:db8::7")]
    public void Route_AddedAndDeletedByOthers_IsTold(string prefix, string gateway)
    {
        var (space, netlink, link) = NewRouter();
        var monitor = OpenMonitor(space, NetlinkGroups.Routes);
        var route = Route(prefix) with { NextHops = [new(IpAddress.Parse(gateway), link)] };

        netlink.ChangeRoute(RouteOperation.Create, route);
        netlink.ChangeRoute(RouteOperation.Delete, route);

        var added = WaitForEvent(monitor, news => news.Change == KernelChange.Added && news.Route == route);
        var removed = WaitForEvent(monitor, news => news.Change == KernelChange.Removed && news.Route == route);
        Assert.That((added.PortId, removed.PortId), Is.EqualTo((netlink.PortId, netlink.PortId)));
    }

    [TestCase("10.1.0.0/16", "192.0.2.7", "192.0.2.8")]
    [TestCase("2001:db8:1::/48", "2001:db8::7", "2001:db8::8")]
    public void Route_WithTwoGateways_IsToldOnceWithBoth(string prefix, string first, string second)
    {
        var (space, netlink, link) = NewRouter();
        var monitor = OpenMonitor(space, NetlinkGroups.Routes);
        var route = Route(prefix) with { NextHops = [new(IpAddress.Parse(first), link), new(IpAddress.Parse(second), link)] };
        var seen = new List<KernelEvent>();

        netlink.ChangeRoute(RouteOperation.Create, route);
        netlink.ChangeRoute(RouteOperation.Delete, route);

        WaitForEvent(monitor, news => news.Change == KernelChange.Removed && news.Route.Prefix == route.Prefix, seen);
        // The link's own routes may come late.
        Assert.That(
            seen.Where(news => news.Change == KernelChange.Added && news.Route.Prefix == route.Prefix).Select(news => news.Route),
            Is.EqualTo(new[] { route }));
    }

    [Test]
    public void Route_Replaced_IsToldAsReplaced()
    {
        var (space, netlink, link) = NewRouter();
        var route = Route("10.1.0.0/16") with { NextHops = [new(IpAddress.Parse("192.0.2.7"), link)] };
        netlink.ChangeRoute(RouteOperation.Create, route);
        var monitor = OpenMonitor(space, NetlinkGroups.Routes);

        var other = route with { NextHops = [new(IpAddress.Parse("192.0.2.8"), link)] };
        netlink.ChangeRoute(RouteOperation.Replace, other);

        var news = WaitForEvent(monitor, heard => heard.Route.Prefix == route.Prefix);
        Assert.That((news.Change, news.Route), Is.EqualTo((KernelChange.Replaced, other)));
    }

    [Test]
    public void Writes_OfIgnoredPort_AreNotTold()
    {
        var (space, netlink, _) = NewRouter();
        var other = OpenNetlink(space);
        var monitor = Keep(space.Run(() => KernelMonitor.Open(NetlinkGroups.Routes, netlink.PortId)));
        var own = Route("10.1.0.0/16") with { Type = KernelRouteType.Blackhole };
        var foreign = Route("10.2.0.0/16") with { Type = KernelRouteType.Blackhole };
        var seen = new List<KernelEvent>();

        netlink.ChangeRoute(RouteOperation.Create, own);
        other.ChangeRoute(RouteOperation.Create, foreign);
        other.ChangeRoute(RouteOperation.Delete, own);

        WaitForEvent(monitor, news => news.Change == KernelChange.Removed && news.Route == own, seen);
        seen.RemoveAll(news => news.Route.Protocol != RouteProtocol.Bgp);
        Assert.That(seen.Select(news => (news.Change, news.Route)), Is.EqualTo(new[] { (KernelChange.Added, foreign), (KernelChange.Removed, own) }));
    }

    [Test]
    public void Link_SetDown_TellsTheLinkButNotItsRoutes()
    {
        var (space, netlink, link) = NewRouter();
        netlink.ReplaceNextHop(new NextHopObject { Id = 7, Gateway = IpAddress.Parse("192.0.2.7"), InterfaceIndex = link });
        var inline = Route("10.1.0.0/16") with { NextHops = [new(IpAddress.Parse("192.0.2.7"), link)] };
        netlink.ChangeRoute(RouteOperation.Create, inline);
        netlink.ChangeRoute(RouteOperation.Create, Route("10.2.0.0/16") with { NextHopId = 7 });
        var monitor = OpenMonitor(space, NetlinkGroups.All);
        var seen = new List<KernelEvent>();

        netlink.SetLinkDown(link);
        netlink.ChangeRoute(RouteOperation.Create, Route("10.9.0.0/16") with { Type = KernelRouteType.Blackhole });

        WaitForEvent(monitor, news => news.Route.Prefix == IpPrefix.Parse("10.9.0.0/16"), seen);
        Assert.That(seen, Has.Some.Matches<KernelEvent>(news => news.Link is { } told && told.Index == link && !told.IsUp));
        Assert.That(seen.Where(news => news.Kind == KernelEventKind.NextHop || (news.Kind == KernelEventKind.Route && news.Route.Protocol == RouteProtocol.Bgp
            && news.Change == KernelChange.Removed)), Is.Empty);
        Assert.That((netlink.ReadRoutes(new(Afi.Ipv4, 0, RouteProtocol.Bgp)).Count, netlink.ReadNextHops().Count), Is.EqualTo((1, 0)));
    }

    [Test]
    public void Link_SetDown_TellsEachNextHopOfItsIpv6Routes()
    {
        var (space, netlink, link) = NewRouter();
        var route = TwoGatewaysV6(link);
        netlink.ChangeRoute(RouteOperation.Create, route);
        var monitor = OpenMonitor(space, NetlinkGroups.Routes);
        var seen = new List<KernelEvent>();

        netlink.SetLinkDown(link);

        WaitForEvent(monitor, _ => seen.Count(news => news.Route.Prefix == route.Prefix) == 2, seen);
        var told = seen.Where(news => news.Route.Prefix == route.Prefix).ToList();
        Assert.That(told, Has.All.Property(nameof(KernelEvent.Change)).EqualTo(KernelChange.Removed));
        Assert.That(told.Select(news => news.Route.NextHops[0]).Order(), Is.EqualTo(new[] { route.NextHops[0], route.NextHops[1] }));
    }

    [Test]
    public void NextHop_OfIpv6RouteDeletedByOthers_IsToldAsARemovedRoute()
    {
        var (space, netlink, link) = NewRouter();
        var route = TwoGatewaysV6(link);
        netlink.ChangeRoute(RouteOperation.Create, route);
        var monitor = OpenMonitor(space, NetlinkGroups.Routes);

        KernelNextHops gone = [route.NextHops[0]];
        KernelNextHops left = [route.NextHops[1]];
        using var ip = space.StartProcess(new("ip", $"-6 route del {route.Prefix} via {route.NextHops[0].Gateway} dev east"));
        ip.WaitForExit();

        // The link's own multicast route may come late.
        var news = WaitForEvent(monitor, heard => heard.Route.Prefix == route.Prefix);
        Assert.That((news.Change, news.Route.NextHops), Is.EqualTo((KernelChange.Removed, gone)));
        Assert.That(
            netlink.ReadRoutes(new(Afi.Ipv6, KernelRoute.MainTable, RouteProtocol.Bgp)).Single().NextHops,
            Is.EqualTo(left));
    }

    [Test]
    public void Peer_SetDown_TellsThatTheLinkDoesNotRun()
    {
        var (space, netlink, link) = NewRouter();
        WaitFor(() => netlink.FindLink("east")!.IsRunning, "the carrier");
        var monitor = OpenMonitor(space, NetlinkGroups.Links);

        netlink.SetLinkDown(netlink.LinkIndex("west"));

        var news = WaitForEvent(monitor, news => news.Link is { } told && told.Index == link && !told.IsRunning);
        Assert.That(news.Link!.IsUp, Is.True);
    }

    [Test]
    public void Link_MadeAndDeleted_IsTold()
    {
        var space = NewNamespace();
        var netlink = OpenNetlink(space);
        var monitor = OpenMonitor(space, NetlinkGroups.Links);

        netlink.DeleteLink(netlink.CreateBridge("segment"));

        WaitForEvent(monitor, news => news.Change == KernelChange.Added && news.Link!.Name == "segment");
        WaitForEvent(monitor, news => news.Change == KernelChange.Removed && news.Link!.Name == "segment");
    }

    [TestCase("192.0.2.99", 24)]
    [TestCase("2001:db8::99", 64)]
    public void Address_AddedAndDeleted_IsTold(string text, byte length)
    {
        var (space, netlink, link) = NewRouter();
        var monitor = OpenMonitor(space, NetlinkGroups.Addresses);
        var address = new KernelAddress(IpAddress.Parse(text), length, link) { Flags = AddressFlags.NoDad };

        netlink.AddAddress(address);
        var added = WaitForEvent(monitor, news => news.Change == KernelChange.Added && news.Address.Address == address.Address);
        netlink.DeleteAddress(address);

        Assert.That(added.Address.InterfaceIndex, Is.EqualTo(link));
        WaitForEvent(monitor, news => news.Change == KernelChange.Removed && news.Address.Address == address.Address);
    }

    [Test]
    public void NextHop_AddedAndDeleted_IsTold()
    {
        var (space, netlink, link) = NewRouter();
        var monitor = OpenMonitor(space, NetlinkGroups.NextHops);

        netlink.ReplaceNextHop(new NextHopObject { Id = 7, Gateway = IpAddress.Parse("192.0.2.7"), InterfaceIndex = link });
        netlink.DeleteNextHop(7);

        WaitForEvent(monitor, news => news.Change == KernelChange.Added && news.NextHop!.Id == 7);
        WaitForEvent(monitor, news => news.Change == KernelChange.Removed && news.NextHop!.Id == 7);
    }

    [Test]
    public void Receive_MoreNewsThanTheBufferHolds_TellsOfTheLoss()
    {
        var (space, netlink, _) = NewRouter();
        var monitor = OpenMonitor(space, NetlinkGroups.Routes);
        var batch = new NetlinkBatch(netlink);
        var failures = new List<NetlinkFailure>();
        for (uint i = 0; i < 20_000; i++)
        {
            var route = Route("10.0.0.0/8") with { Prefix = new(IpAddress.V4(0x0a000000 + i), 32), Type = KernelRouteType.Blackhole };
            if (!batch.TryAdd(RouteOperation.Create, route))
            {
                batch.Send(failures);
                batch.TryAdd(RouteOperation.Create, route);
            }
        }

        batch.Send(failures);
        var statuses = new HashSet<NetlinkReceiveStatus>();
        var events = new List<KernelEvent>();
        NetlinkReceiveStatus status;
        do
        {
            status = monitor.Receive(events, TimeSpan.Zero);
            statuses.Add(status);
        }
        while (status != NetlinkReceiveStatus.TimedOut);

        Assert.That(statuses, Does.Contain(NetlinkReceiveStatus.Overrun).And.Contain(NetlinkReceiveStatus.Data));
    }

    [Test]
    public void Receive_NothingHappens_TimesOut()
    {
        var monitor = OpenMonitor(NewNamespace(), NetlinkGroups.Routes);

        Assert.That(monitor.Receive(new List<KernelEvent>(), TimeSpan.FromMilliseconds(1)), Is.EqualTo(NetlinkReceiveStatus.TimedOut));
    }

    [Test]
    public void Wake_BeforeReceive_EndsOneReceive()
    {
        var monitor = OpenMonitor(NewNamespace(), NetlinkGroups.Routes);
        monitor.Wake();

        var first = monitor.Receive(new List<KernelEvent>(), Deadline);
        var second = monitor.Receive(new List<KernelEvent>(), TimeSpan.Zero);

        Assert.That((first, second), Is.EqualTo((NetlinkReceiveStatus.Woken, NetlinkReceiveStatus.TimedOut)));
    }

    [Test]
    public void Wake_FromAnotherThread_EndsAReceiveWithoutTimeout()
    {
        var monitor = OpenMonitor(NewNamespace(), NetlinkGroups.Routes);
        var status = NetlinkReceiveStatus.TimedOut;
        var waiter = new Thread(() => status = monitor.Receive(new List<KernelEvent>(), Timeout.InfiniteTimeSpan)) { IsBackground = true };
        waiter.Start();

        monitor.Wake();

        Assert.That((waiter.Join(Deadline), status), Is.EqualTo((true, NetlinkReceiveStatus.Woken)));
    }

    private static KernelRoute Route(string prefix) => new(IpPrefix.Parse(prefix)) { Protocol = RouteProtocol.Bgp, Metric = 50 };

    private static KernelRoute TwoGatewaysV6(int link) =>
        Route("2001:db8:1::/48") with { NextHops = [new(IpAddress.Parse("2001:db8::7"), link), new(IpAddress.Parse("2001:db8::8"), link)] };

    private KernelMonitor OpenMonitor(NetworkNamespace space, NetlinkGroups groups) => Keep(space.Run(() => KernelMonitor.Open(groups)));
}
