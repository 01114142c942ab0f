using Bgp.Engine;
using Bgp.Linux;
using Bgp.Protocol;
using KernelAddress = Bgp.Engine.KernelAddress;
using KernelLink = Bgp.Engine.KernelLink;
using NetlinkAddress = Bgp.Linux.KernelAddress;
using NetlinkRoute = Bgp.Linux.KernelRoute;

namespace Bgp.Daemon.Tests;

[TestFixture(true)]
[TestFixture(false)]
internal sealed class NetlinkKernelEventTests(bool nexthopObjects) : NetlinkKernelFixture(nexthopObjects)
{
    [Test]
    public void Start_Snapshot_HasLinksAddressesAndForeignRoutes()
    {
        var snapshot = WaitForUpdate(update => update.IsSnapshot);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(snapshot.Links, Does.Contain(new KernelLink(East, "east", true)));
            Assert.That(snapshot.Addresses, Does.Contain(new KernelAddress(East, IpAddress.Parse("192.0.2.1"), 24)));
            Assert.That(snapshot.Addresses, Does.Contain(new KernelAddress(East, IpAddress.Parse("2001:db8::1"), 64)));
            Assert.That(Routes(snapshot, KernelRouteKind.Unicast), Does.Contain("192.0.2.0/24").And.Contain("2001:db8::/64"));
            Assert.That(Routes(snapshot, KernelRouteKind.Local), Does.Contain("192.0.2.1/32").And.Contain("192.0.2.255/32").And.Contain("2001:db8::1/128"));
        }
    }

    [Test]
    public void Watch_AnotherTable_ItsRoutesAreToldWholeAndThenOneByOne()
    {
        WaitForUpdate(update => update.IsSnapshot);
        var before = new NetlinkRoute(IpPrefix.Parse("203.0.113.0/24")) { Protocol = RouteProtocol.Static, Table = 100, NextHops = [new(IpAddress.Parse("192.0.2.9"), East)] };
        var after = before with { Prefix = IpPrefix.Parse("198.51.100.0/24") };
        Netlink.ChangeRoute(RouteOperation.Create, before);

        Kernel.Watch([100]);
        // A reading that was under way may come first.
        var snapshot = WaitForUpdate(update => update.IsSnapshot && update.Routes.Any(told => told.Table == 100));
        Netlink.ChangeRoute(RouteOperation.Create, after);
        var added = WaitForUpdate(update => update.Routes.Any(told => told.Prefix == after.Prefix));
        Netlink.ChangeRoute(RouteOperation.Delete, after);
        var removed = WaitForUpdate(update => update.RemovedRoutes.Any(told => told.Prefix == after.Prefix));

        Assert.That(
            (snapshot.Routes.Single(told => told.Table == 100).Prefix, added.Routes.Single(told => told.Prefix == after.Prefix).Table, removed.RemovedRoutes.Single(told => told.Prefix == after.Prefix).Table),
            Is.EqualTo((before.Prefix, 100u, 100u)));
    }

    [Test]
    public void Snapshot_OwnedRoutes_AreNotInIt()
    {
        WaitForUpdate(update => update.IsSnapshot);
        Write(Add("198.51.100.0/24", Via("192.0.2.7")));

        // A link that goes has the state told whole again.
        Netlink.DeleteLink(Netlink.CreateVeth("north", "south"));
        var snapshot = WaitForUpdate(update => update.IsSnapshot);

        Assert.That(snapshot.Routes.Select(route => route.Prefix.ToString()), Does.Contain("192.0.2.0/24").And.Not.Contain("198.51.100.0/24"));
    }

    [Test]
    public void ForeignRoute_AddedAndRemoved_IsTold()
    {
        WaitForUpdate(update => update.IsSnapshot);
        var route = new NetlinkRoute(IpPrefix.Parse("203.0.113.0/24")) { Protocol = RouteProtocol.Static, Metric = 7, NextHops = [new(IpAddress.Parse("192.0.2.9"), East)] };

        Netlink.ChangeRoute(RouteOperation.Create, route);
        // The kernel's own routes, of link-local addresses say, may come in between.
        var added = WaitForUpdate(update => update.Routes.Any(told => told.Prefix == route.Prefix)).Routes.Single(told => told.Prefix == route.Prefix);
        Netlink.ChangeRoute(RouteOperation.Delete, route);
        var removed = WaitForUpdate(update => !update.RemovedRoutes.IsEmpty).RemovedRoutes;

        Assert.That((added.Prefix, added.Metric, added.Hops.Single()), Is.EqualTo((route.Prefix, 7u, new KernelHop(IpAddress.Parse("192.0.2.9"), East, 1, false, false))));
        Assert.That(removed.Select(told => told.Prefix), Is.EqualTo(new[] { route.Prefix }));
    }

    [TestCase("198.51.100.0/24", "192.0.2.7")]
    [TestCase("2001:db8:100::/48", "2001:db8::7")]
    public void OwnedRoute_DeletedBySomebodyElse_IsTold(string prefix, string gateway)
    {
        Write(Add(prefix, Via(gateway)));

        Netlink.ChangeRoute(RouteOperation.Delete, new NetlinkRoute(IpPrefix.Parse(prefix)) { Metric = Config.Metric });
        var told = WaitForInput(input => input.Kind == FibInputKind.RouteEvent).Event!;

        Assert.That((told.Route.Prefix, told.IsRemoved), Is.EqualTo((IpPrefix.Parse(prefix), true)));
    }

    [Test]
    public void OwnedRoute_ChangedBySomebodyElse_IsToldAsItIsNow()
    {
        Write(Add("198.51.100.0/24", Via("192.0.2.7")));

        Netlink.ChangeRoute(RouteOperation.Replace, InKernel("198.51.100.0/24").Single() with { NextHopId = 0, NextHops = [new(IpAddress.Parse("192.0.2.99"), East)] });
        var told = WaitForInput(input => input.Kind == FibInputKind.RouteEvent).Event!;

        Assert.That((told.Route.Hops.Single().Gateway, told.IsRemoved), Is.EqualTo((IpAddress.Parse("192.0.2.99"), false)));
    }

    [Test]
    public void OwnedRoute_ReplacedByARouteOfAnotherProtocol_IsTold()
    {
        Write(Add("198.51.100.0/24", Via("192.0.2.7")));

        Netlink.ChangeRoute(RouteOperation.Replace, InKernel("198.51.100.0/24").Single() with { Protocol = RouteProtocol.Static });

        Assert.That(WaitForInput(_ => true).Event?.Route.Protocol, Is.EqualTo((byte)RouteProtocol.Static));
    }

    [Test]
    public void OwnWrites_AddReplaceAndDelete_AreNoNews()
    {
        WaitForUpdate(update => update.IsSnapshot);
        Write(Add("198.51.100.0/24", Via("192.0.2.7")));
        Write(Replace("198.51.100.0/24", Via("192.0.2.8")));
        Write(Delete("198.51.100.0/24"));

        // What somebody else does next is the first news there is.
        Netlink.ChangeRoute(RouteOperation.Create, new NetlinkRoute(IpPrefix.Parse("203.0.113.0/24")) { Protocol = RouteProtocol.Bgp, Metric = Config.Metric, Type = KernelRouteType.Blackhole });

        Assert.That(WaitForInput(_ => true).Event?.Route.Prefix, Is.EqualTo(IpPrefix.Parse("203.0.113.0/24")));
    }

    [Test]
    public void Link_GoesDown_IsToldAndOurRoutesAreUncertain()
    {
        WaitForUpdate(update => update.IsSnapshot);
        Write(Add("198.51.100.0/24", Via("192.0.2.7")));

        Netlink.SetLinkDown(East);

        Assert.That(WaitForUpdate(update => update.Links.Any(link => link.Index == East)).Links.Single(link => link.Index == East).IsUp, Is.False);
        Assert.That(WaitForInput(input => input.Kind == FibInputKind.Uncertain).Kind, Is.EqualTo(FibInputKind.Uncertain));
        Assert.That(Dump().Entries, Is.Empty, "the kernel drops routes of a link that is down");
    }

    [Test]
    public void Link_GoesDown_ForeignRoutesThatTheKernelDroppedAreNotInTheNextSnapshot()
    {
        WaitForUpdate(update => update.IsSnapshot);
        Netlink.ChangeRoute(RouteOperation.Create, new NetlinkRoute(IpPrefix.Parse("203.0.113.0/24")) { Protocol = RouteProtocol.Static, NextHops = [new(IpAddress.Parse("192.0.2.9"), East)] });
        WaitForUpdate(update => update.Routes.Any(told => told.Prefix.ToString() == "203.0.113.0/24"));

        Netlink.SetLinkDown(East);

        Assert.That(WaitForUpdate(update => update.IsSnapshot).Routes.Select(route => route.Prefix.ToString()), Does.Not.Contain("203.0.113.0/24"));
    }

    [Test]
    public void Link_LosesItsCarrier_IsTold()
    {
        WaitForUpdate(update => update.IsSnapshot);

        Netlink.SetLinkDown(Netlink.LinkIndex("west"));

        Assert.That(WaitForUpdate(update => update.Links.Any(link => link.Index == East)).Links.Single(link => link.Index == East).IsUp, Is.False);
    }

    [Test]
    public void Link_Deleted_IsTold()
    {
        WaitForUpdate(update => update.IsSnapshot);

        Netlink.DeleteLink(East);

        Assert.That(WaitForUpdate(update => !update.RemovedLinks.IsEmpty).RemovedLinks, Does.Contain(East));
    }

    [Test]
    public void Address_Removed_IsToldAndOurRoutesAreUncertain()
    {
        WaitForUpdate(update => update.IsSnapshot);

        Netlink.DeleteAddress(new NetlinkAddress(IpAddress.Parse("192.0.2.1"), 24, East));

        Assert.That(WaitForUpdate(update => !update.RemovedAddresses.IsEmpty).RemovedAddresses, Does.Contain(new KernelAddress(East, IpAddress.Parse("192.0.2.1"), 24)));
        Assert.That(WaitForInput(_ => true).Kind, Is.EqualTo(FibInputKind.Uncertain));
    }

    [Test]
    public void Address_Added_IsTold()
    {
        WaitForUpdate(update => update.IsSnapshot);

        AddAddress("198.51.100.1", 24);

        // The links' own IPv6 addresses may be told before it, when duplicate address detection is through with them.
        var added = new KernelAddress(East, IpAddress.Parse("198.51.100.1"), 24);
        Assert.That(WaitForUpdate(update => update.Addresses.Contains(added)).IsSnapshot, Is.False);
    }

    [Test]
    public void RequestDump_AnotherProtocol_RoutesThatWereOursAreForeign()
    {
        WaitForUpdate(update => update.IsSnapshot);
        Write(Add("198.51.100.0/24", Via("192.0.2.7")));

        Kernel.RequestDump(Config with { Protocol = 12 });

        Assert.That(WaitForUpdate(update => update.IsSnapshot).Routes.Select(route => route.Prefix.ToString()), Does.Contain("198.51.100.0/24"));
    }

    private static IEnumerable<string> Routes(KernelUpdate update, KernelRouteKind kind) =>
        update.Routes.Where(route => route.Kind == kind).Select(route => route.Prefix.ToString());
}
