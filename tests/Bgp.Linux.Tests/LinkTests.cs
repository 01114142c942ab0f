using System.Net.NetworkInformation;
using Bgp.Protocol;

namespace Bgp.Linux.Tests;

internal sealed class LinkTests : LabFixture
{
    [Test]
    public void InterfaceNames_Loopback_FoundBothWays()
    {
        Assert.That(InterfaceNames.IndexOf("lo"), Is.EqualTo(1));
        Assert.That(InterfaceNames.NameOf(1), Is.EqualTo("lo"));
        Assert.That(InterfaceNames.IndexOf("no-such-link"), Is.Zero);
        Assert.That(InterfaceNames.NameOf(int.MaxValue), Is.Null);
    }

    [Test]
    public void Veth_WithPeerAbroad_HasAnEndInEachNamespace()
    {
        var here = NewNamespace();
        var there = NewNamespace();
        var netlink = OpenNetlink(here);

        netlink.CreateVeth("near", "far", there);

        Assert.That(
            (netlink.FindLink("near")?.Kind, netlink.FindLink("far")?.Kind, OpenNetlink(there).FindLink("far")?.Kind),
            Is.EqualTo(("veth", (string?)null, "veth")));
    }

    [Test]
    public void Veth_NameTaken_IsRefused()
    {
        var netlink = OpenNetlink(NewNamespace());
        netlink.CreateVeth("near", "far");

        var refused = Assert.Throws<NetlinkException>(() => netlink.CreateVeth("near", "far2"));

        Assert.That(refused.Errno, Is.EqualTo(Errno.EEXIST));
    }

    [Test]
    public void Veth_Deleted_TakesItsPeerAlong()
    {
        var netlink = OpenNetlink(NewNamespace());
        var link = netlink.CreateVeth("near", "far");

        netlink.DeleteLink(link);

        Assert.That(netlink.ReadLinks().Select(left => left.Name), Is.EqualTo(new[] { "lo" }));
    }

    [Test]
    public void Bridge_WithPort_IsThePortsMaster()
    {
        var netlink = OpenNetlink(NewNamespace());
        var bridge = netlink.CreateBridge("segment");
        var port = netlink.CreateVeth("near", "far");

        netlink.SetLinkMaster(port, bridge);

        Assert.That((netlink.FindLink("segment")!.Kind, netlink.FindLink("near")!.MasterIndex), Is.EqualTo(("bridge", bridge)));
    }

    [Test]
    public void Port_Released_HasNoMaster()
    {
        var netlink = OpenNetlink(NewNamespace());
        var bridge = netlink.CreateBridge("segment");
        var port = netlink.CreateVeth("near", "far");
        netlink.SetLinkMaster(port, bridge);

        netlink.SetLinkMaster(port, 0);

        Assert.That(netlink.FindLink("near")!.MasterIndex, Is.Zero);
    }

    [Test]
    public void Link_UpWithPeerDown_IsUpButDoesNotRun()
    {
        var netlink = OpenNetlink(NewNamespace());
        var link = netlink.CreateVeth("near", "far");

        netlink.SetLinkUp(link);

        var read = netlink.FindLink("near")!;
        Assert.That((read.IsUp, read.IsRunning), Is.EqualTo((true, false)));
    }

    [Test]
    public void Link_BothEndsUp_Runs()
    {
        var netlink = OpenNetlink(NewNamespace());
        netlink.SetLinkUp(netlink.CreateVeth("near", "far"));

        netlink.SetLinkUp(netlink.LinkIndex("far"));

        WaitFor(() => netlink.FindLink("near")!.IsRunning, "the carrier");
    }

    [Test]
    public void Link_Changed_ReadsBackNameMtuAndHardwareAddress()
    {
        var netlink = OpenNetlink(NewNamespace());
        var link = netlink.CreateVeth("near", "far");
        var address = PhysicalAddress.Parse("02-00-00-00-00-07");

        netlink.RenameLink(link, "eth0");
        netlink.SetLinkMtu(link, 1400);
        netlink.SetLinkHardwareAddress(link, address);

        var read = netlink.FindLink("eth0")!;
        Assert.That((read.Index, read.Mtu, read.HardwareAddress), Is.EqualTo((link, 1400, address)));
    }

    [Test]
    public void Link_Moved_IsInTheOtherNamespaceOnly()
    {
        var there = NewNamespace();
        var netlink = OpenNetlink(NewNamespace());
        var link = netlink.CreateVeth("near", "far");

        netlink.MoveLink(link, there);

        Assert.That((netlink.FindLink("near"), OpenNetlink(there).FindLink("near")?.Name), Is.EqualTo(((KernelLink?)null, "near")));
    }

    [TestCase("192.0.2.1", 24)]
    [TestCase("192.0.2.1", 32)]
    [TestCase("2001:db8::1", 64)]
    public void Address_Added_ReadsBackUsable(string address, byte length)
    {
        var netlink = OpenNetlink(NewNamespace());
        var link = netlink.CreateVeth("near", "far");

        AddAddress(netlink, link, address, length);

        var read = netlink.ReadAddresses(link).Single();
        Assert.That(
            (read.Address, read.PrefixLength, read.InterfaceIndex, read.Peer, read.IsUsable),
            Is.EqualTo((IpAddress.Parse(address), length, link, IpAddress.None, true)));
    }

    [TestCase("192.0.2.1", "192.0.2.2", 32)]
    [TestCase("2001:db8::1", "2001:db8::2", 128)]
    public void Address_PointToPoint_ReadsBackWithItsPeer(string address, string peer, byte length)
    {
        var netlink = OpenNetlink(NewNamespace());
        var link = netlink.CreateVeth("near", "far");

        netlink.AddAddress(new KernelAddress(IpAddress.Parse(address), length, link) { Peer = IpAddress.Parse(peer), Flags = AddressFlags.NoDad });

        var read = netlink.ReadAddresses(link).Single();
        Assert.That((read.Address, read.Peer, read.Prefix), Is.EqualTo((IpAddress.Parse(address), IpAddress.Parse(peer), IpPrefix.Parse($"{peer}/{length}"))));
    }

    [TestCase("192.0.2.1", 24)]
    [TestCase("2001:db8::1", 64)]
    public void Address_Deleted_IsGone(string address, byte length)
    {
        var netlink = OpenNetlink(NewNamespace());
        var link = netlink.CreateVeth("near", "far");
        AddAddress(netlink, link, address, length);

        netlink.DeleteAddress(new KernelAddress(IpAddress.Parse(address), length, link));

        Assert.That(netlink.ReadAddresses(link), Is.Empty);
    }

    [Test]
    public void Address_OfADeviceThatIsNotThere_IsRefused()
    {
        var netlink = OpenNetlink(NewNamespace());

        var refused = Assert.Throws<NetlinkException>(() => AddAddress(netlink, 4711, "192.0.2.1", 24));

        Assert.That(refused.Errno, Is.EqualTo(Errno.ENODEV));
    }

    [Test]
    public void LinkIndex_OfNoLink_IsRefused()
    {
        var netlink = OpenNetlink(NewNamespace());

        var refused = Assert.Throws<NetlinkException>(() => netlink.LinkIndex("none"));

        Assert.That(refused.Errno, Is.EqualTo(Errno.ENODEV));
    }
}
