using Bgp.Linux;
using Bgp.Protocol;
using NetlinkAddress = Bgp.Linux.KernelAddress;
using NetlinkRoute = Bgp.Linux.KernelRoute;

namespace Bgp.Daemon.Tests;

/// <summary>What others do to a real kernel reaches the other router as announcements and withdrawals.</summary>
[NonParallelizable]
[Category("root")]
internal sealed class RedistributionTests
{
    private readonly RouterPair _pair = new(nexthopObjects: true);

    [OneTimeSetUp]
    public void Start()
    {
        _pair.AddRoute("10.9.9.9/32", "10.1.0.2", _pair.East, 10);
        _pair.AddRoute("fd09::9/128", "fd01::2", _pair.East, 10);
        _pair.Sections = """
            redistribute:
              - {from: kernel, interfaces: [west]}
              - {from: kernel, interfaces: [west], table: 100}
              - {from: connected, interfaces: ["w*"]}
            """;
        _pair.StartFar();
        _pair.StartSubject();
        _pair.AwaitRoutes(RouterPair.BlockCount, _pair.East);
    }

    [OneTimeTearDown]
    public void TearDown() => _pair.Dispose();

    [TestCase("198.51.100.0/24", "10.2.0.2", 254u)]
    [TestCase("2001:db8:100::/48", "fd02::2", 254u)]
    [TestCase("203.0.113.0/24", "10.2.0.2", 100u)]
    [TestCase("2001:db8:200::/48", "fd02::2", 100u)]
    public void KernelRoute_AddedAndDeleted_IsAnnouncedAndWithdrawn(string prefix, string gateway, uint table)
    {
        var route = new NetlinkRoute(IpPrefix.Parse(prefix)) { Protocol = RouteProtocol.Static, Table = table, Metric = 7, NextHops = [new(IpAddress.Parse(gateway), _pair.West)] };

        _pair.Netlink.ChangeRoute(RouteOperation.Create, route);
        _pair.AwaitRoute("far", prefix, isThere: true);
        var announced = _pair.Ask("far", "show", "routes", prefix)[0];
        _pair.Netlink.ChangeRoute(RouteOperation.Delete, route);
        _pair.AwaitRoute("far", prefix, isThere: false);

        Assert.That((announced.GetProperty("origin").GetString(), announced.GetProperty("med").GetUInt32()), Is.EqualTo(("incomplete", 7u)));
    }

    [TestCase("10.77.0.1", 24, "10.77.0.0/24")]
    [TestCase("fd77::1", 64, "fd77::/64")]
    public void Address_AddedAndDeleted_ItsSubnetIsAnnouncedAndWithdrawn(string address, byte length, string subnet)
    {
        var added = new NetlinkAddress(IpAddress.Parse(address), length, _pair.West) { Flags = AddressFlags.NoDad };

        _pair.Netlink.AddAddress(added);
        _pair.AwaitRoute("far", subnet, isThere: true);
        _pair.Netlink.DeleteAddress(added);
        _pair.AwaitRoute("far", subnet, isThere: false);
    }

    [Test]
    public void Link_GoesDownAndComesBack_ItsSubnetIsWithdrawnAndAnnounced()
    {
        _pair.AwaitRoute("far", "10.2.0.0/24", isThere: true);

        _pair.Netlink.SetLinkDown(_pair.West);
        _pair.AwaitRoute("far", "10.2.0.0/24", isThere: false);
        _pair.Netlink.SetLinkUp(_pair.West);
        _pair.AwaitRoute("far", "10.2.0.0/24", isThere: true);

        // The kernel took it with the link.
        Assert.That(SpinWait.SpinUntil(() => _pair.Netlink.FindLink("west")!.IsRunning, TimeSpan.FromSeconds(60)));
        _pair.Netlink.AddAddress(new NetlinkAddress(IpAddress.Parse("fd02::1"), 64, _pair.West) { Flags = AddressFlags.NoDad });
    }
}
