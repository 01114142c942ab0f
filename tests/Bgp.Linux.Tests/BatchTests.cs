using System.Globalization;
using Bgp.Protocol;

namespace Bgp.Linux.Tests;

internal sealed class BatchTests : LabFixture
{
    private const uint Table = 1179;

    [Test]
    public void Send_OneBadAmongGood_NamesTheBadAndAppliesTheGood()
    {
        var (_, netlink, link) = NewRouter();
        var batch = new NetlinkBatch(netlink);
        for (var i = 0; i < 10; i++)
        {
            var gateway = IpAddress.Parse(i == 4 ? "203.0.113.1" : "192.0.2.7");
            Assert.That(batch.TryAdd(RouteOperation.Create, Route(i) with { NextHops = [new(gateway, link)] }), Is.True);
        }

        var failures = new List<NetlinkFailure>();
        var outcome = batch.Send(failures);

        Assert.That(outcome, Is.EqualTo(BatchOutcome.Known));
        Assert.That(failures, Is.EqualTo(new[] { new NetlinkFailure(4, Errno.ENETUNREACH, "Nexthop has invalid gateway") }));
        Assert.That(Prefixes(netlink), Is.EqualTo(Enumerable.Range(0, 10).Where(i => i != 4).Select(i => Route(i).Prefix)));
    }

    [Test]
    public void Send_LastIsBad_NamesItAndEnds()
    {
        var (_, netlink, _) = NewRouter();
        var batch = new NetlinkBatch(netlink);
        batch.TryAdd(RouteOperation.Create, Route(0) with { Type = KernelRouteType.Blackhole });
        batch.TryAdd(RouteOperation.Delete, Route(1));

        var failures = new List<NetlinkFailure>();
        var outcome = batch.Send(failures);

        Assert.That((outcome, failures.Single().Index, failures.Single().Errno), Is.EqualTo((BatchOutcome.Known, 1, Errno.ESRCH)));
    }

    [Test]
    public void Send_ManyFullBatches_InstallsAllAndRemovesAll()
    {
        const int Routes = 20_000;
        var (_, netlink, link) = NewRouter();
        netlink.ReplaceNextHop(new NextHopObject { Id = 7, Gateway = IpAddress.Parse("192.0.2.7"), InterfaceIndex = link });
        var failures = new List<NetlinkFailure>();

        SendAll(netlink, RouteOperation.Create, Routes, failures);
        var installed = netlink.ReadRoutes(new(Afi.Ipv4, Table, RouteProtocol.Bgp)).Count;
        SendAll(netlink, RouteOperation.Delete, Routes, failures);

        Assert.That((installed, failures.Count, Prefixes(netlink).Count()), Is.EqualTo((Routes, 0, 0)));
    }

    [Test]
    public void Send_AllOfAFullBatchRefused_NamesEach()
    {
        var (_, netlink, _) = NewRouter();
        var batch = new NetlinkBatch(netlink);
        var count = 0;
        while (batch.TryAdd(RouteOperation.Delete, Route(count)))
        {
            count++;
        }

        var failures = new List<NetlinkFailure>();
        var outcome = batch.Send(failures);

        Assert.That(outcome, Is.EqualTo(BatchOutcome.Known));
        Assert.That(failures.Select(failure => failure.Index), Is.EqualTo(Enumerable.Range(0, count)));
    }

    [Test]
    public void TryAdd_Route_AllocatesNothing()
    {
        var (_, netlink, link) = NewRouter();
        var batch = new NetlinkBatch(netlink);
        var route = Route(0) with { NextHops = [new(IpAddress.Parse("192.0.2.7"), link)] };
        batch.TryAdd(RouteOperation.Replace, route);

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 100; i++)
        {
            batch.TryAdd(RouteOperation.Replace, route);
        }

        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.Zero);
    }

    private static void SendAll(Rtnetlink netlink, RouteOperation operation, int count, List<NetlinkFailure> failures)
    {
        var batch = new NetlinkBatch(netlink);
        for (var i = 0; i < count; i++)
        {
            var route = Route(i) with { NextHopId = 7 };
            if (!batch.TryAdd(operation, route))
            {
                Assert.That(batch.Send(failures), Is.EqualTo(BatchOutcome.Known));
                Assert.That(batch.TryAdd(operation, route), Is.True);
            }
        }

        Assert.That(batch.Send(failures), Is.EqualTo(BatchOutcome.Known));
    }

    private static KernelRoute Route(int number) =>
        new(IpPrefix.Parse(string.Create(CultureInfo.InvariantCulture, $"10.{number / 256}.{number % 256}.0/24")))
        {
            Table = Table,
            Metric = 50,
            Protocol = RouteProtocol.Bgp,
        };

    private static IEnumerable<IpPrefix> Prefixes(Rtnetlink netlink) =>
        netlink.ReadRoutes(new(Afi.Ipv4, Table, RouteProtocol.Bgp)).Select(route => route.Prefix).Order();
}
