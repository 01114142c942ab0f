using System.Globalization;
using Bgp.Protocol;

namespace Bgp.Linux.Tests;

/// <summary>Namespaces of one test, with names that no other run uses, removed after it whatever happens.</summary>
[NonParallelizable]
[Category("root")]
internal abstract class LabFixture
{
    protected static readonly TimeSpan Deadline = TimeSpan.FromSeconds(10);

    private const string Prefix = "bgptest";

    private static int _counter;

    private readonly List<NetworkNamespace> _namespaces = [];
    private readonly List<IDisposable> _resources = [];

    [OneTimeSetUp]
    public void NeedsRoot()
    {
        Assert.That(Privileges.IsRoot && Privileges.HasSysAdmin && Privileges.HasNetAdmin, "these tests make network namespaces: run them as root");
        OwnedNamespaces.Sweep(Prefix);
    }

    [TearDown]
    public void RemoveAll()
    {
        _resources.ForEach(resource => resource.Dispose());
        _resources.Clear();
        foreach (var space in _namespaces)
        {
            NetworkNamespace.Delete(space.Name);
            space.Dispose();
        }

        _namespaces.Clear();
    }

    protected static string NewName() =>
        OwnedNamespaces.NameOf(Prefix, Interlocked.Increment(ref _counter).ToString(CultureInfo.InvariantCulture));

    protected NetworkNamespace NewNamespace()
    {
        var space = NetworkNamespace.Create(NewName());
        _namespaces.Add(space);
        return space;
    }

    protected Rtnetlink OpenNetlink(NetworkNamespace space) => Keep(Rtnetlink.Open(space));

    protected T Keep<T>(T resource)
        where T : IDisposable
    {
        _resources.Add(resource);
        return resource;
    }

    /// <summary>A namespace with loopback and one veth "east", up, 192.0.2.1/24 and 2001:db8::1/64; its peer "west" is in the same namespace, up.</summary>
    protected (NetworkNamespace Space, Rtnetlink Netlink, int Link) NewRouter()
    {
        var space = NewNamespace();
        var netlink = OpenNetlink(space);
        netlink.SetLinkUp(netlink.LinkIndex("lo"));
        space.WriteSetting("net.ipv6.conf.default.accept_dad", "0");
        var link = netlink.CreateVeth("east", "west");
        netlink.SetLinkUp(link);
        netlink.SetLinkUp(netlink.LinkIndex("west"));
        AddAddress(netlink, link, "192.0.2.1", 24);
        AddAddress(netlink, link, "2001:db8::1", 64);
        return (space, netlink, link);
    }

    /// <summary>Two namespaces joined by a veth: 192.0.2.1 and .2 of /24, 2001:db8::1 and ::2 of /64.</summary>
    protected (NetworkNamespace Left, NetworkNamespace Right) NewPair()
    {
        var left = NewNamespace();
        var right = NewNamespace();
        var leftLink = OpenNetlink(left);
        var rightLink = OpenNetlink(right);
        var index = leftLink.CreateVeth("eth0", "eth0", right);
        AddAddress(leftLink, index, "192.0.2.1", 24);
        AddAddress(leftLink, index, "2001:db8::1", 64);
        var other = rightLink.LinkIndex("eth0");
        AddAddress(rightLink, other, "192.0.2.2", 24);
        AddAddress(rightLink, other, "2001:db8::2", 64);
        foreach (var (netlink, link) in new[] { (leftLink, index), (rightLink, other) })
        {
            netlink.SetLinkUp(netlink.LinkIndex("lo"));
            netlink.SetLinkUp(link);
        }

        WaitFor(() => leftLink.FindLink("eth0")!.IsRunning && rightLink.FindLink("eth0")!.IsRunning, "the veth to run");
        return (left, right);
    }

    protected static void AddAddress(Rtnetlink netlink, int link, string address, byte length) =>
        netlink.AddAddress(new KernelAddress(IpAddress.Parse(address), length, link) { Flags = AddressFlags.NoDad });

    /// <summary>Waits for a condition, with a deadline.</summary>
    protected static void WaitFor(Func<bool> condition, string what)
    {
        Assert.That(SpinWait.SpinUntil(condition, Deadline), Is.True, $"waited in vain for {what}");
    }

    /// <summary>Receives events until one is as wanted.</summary>
    protected static KernelEvent WaitForEvent(KernelMonitor monitor, Func<KernelEvent, bool> wanted, List<KernelEvent>? seen = null)
    {
        var events = seen ?? [];
        var from = 0;
        while (true)
        {
            for (; from < events.Count; from++)
            {
                if (wanted(events[from]))
                {
                    return events[from];
                }
            }

            Assert.That(monitor.Receive(events, Deadline), Is.EqualTo(NetlinkReceiveStatus.Data), "an event that did not come");
        }
    }
}
