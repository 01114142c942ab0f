using System.Collections.Concurrent;
using System.Collections.Immutable;
using Bgp.Engine;
using Bgp.Linux;
using Bgp.Protocol;
using NetlinkAddress = Bgp.Linux.KernelAddress;
using NetlinkRoute = Bgp.Linux.KernelRoute;

namespace Bgp.Daemon.Tests;

/// <summary>
/// A namespace with the veth "east" (192.0.2.1/24, 2001:db8::1/64) and a <see cref="NetlinkKernel"/> in it, driven as the engine drives it. <see cref="Netlink"/> is somebody else.
/// </summary>
[NonParallelizable]
[Category("root")]
internal abstract class NetlinkKernelFixture(bool nexthopObjects)
{
    protected FibConfig Config { get; } = new() { SourceV4 = IpAddress.Parse("192.0.2.1"), NexthopObjects = nexthopObjects };

    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(10);
    private static int _counter;

    private BlockingCollection<KernelUpdate> _updates = [];
    private BlockingCollection<FibInput> _inputs = [];

    protected NetworkNamespace Space { get; private set; } = null!;

    protected Rtnetlink Netlink { get; private set; } = null!;

    protected NetlinkKernel Kernel { get; private set; } = null!;

    protected int East { get; private set; }

    /// <summary>What the kernel leaf told an operator.</summary>
    protected ConcurrentBag<string> Told { get; } = [];

    [SetUp]
    public void Build()
    {
        Assert.That(Privileges.IsRoot && Privileges.HasSysAdmin && Privileges.HasNetAdmin, "these tests make network namespaces: run them as root");
        OwnedNamespaces.Sweep("bgpkernel");
        Space = NetworkNamespace.Create(OwnedNamespaces.NameOf("bgpkernel", $"{Interlocked.Increment(ref _counter)}"));
        Space.WriteSetting("net.ipv6.conf.default.accept_dad", "0");
        Netlink = Rtnetlink.Open(Space);
        Netlink.SetLinkUp(Netlink.LinkIndex("lo"));
        East = Netlink.CreateVeth("east", "west");
        Netlink.SetLinkUp(East);
        Netlink.SetLinkUp(Netlink.LinkIndex("west"));
        AddAddress("192.0.2.1", 24);
        AddAddress("2001:db8::1", 64);
        Assert.That(SpinWait.SpinUntil(() => Netlink.FindLink("east")!.IsRunning, Deadline), "the veth did not come up");

        // The kernel adds it some time after the address.
        bool HasLocalRoute() => Netlink.ReadRoutes(new RouteFilter(Afi.Ipv6, KernelNews.LocalTable)).Any(route => route.Prefix == IpPrefix.Parse("2001:db8::1/128"));
        Assert.That(SpinWait.SpinUntil(HasLocalRoute, Deadline), "the IPv6 address is not usable");

        var updates = _updates = [];
        var inputs = _inputs = [];
        Kernel = Space.Run(() => NetlinkKernel.Open(Config));
        Kernel.Start(updates.Add, inputs.Add, Told.Add);
    }

    /// <summary>Another run of the leaf, which knows nothing of the one before.</summary>
    protected void Restart()
    {
        Kernel.Dispose();
        Kernel = Space.Run(() => NetlinkKernel.Open(Config));
        Kernel.Start(_updates.Add, _inputs.Add, Told.Add);
    }

    [TearDown]
    public void Remove()
    {
        Kernel.Dispose();
        Netlink.Dispose();
        NetworkNamespace.Delete(Space.Name);
        Space.Dispose();
        _updates.Dispose();
        _inputs.Dispose();
    }

    protected void AddAddress(string address, byte length) =>
        Netlink.AddAddress(new NetlinkAddress(IpAddress.Parse(address), length, East) { Flags = AddressFlags.NoDad });

    protected static FibRequest Add(string prefix, params ImmutableArray<ForwardingHop> hops) => new(FibVerb.Add, IpPrefix.Parse(prefix), new Forwarding(hops));

    protected static FibRequest Replace(string prefix, params ImmutableArray<ForwardingHop> hops) => new(FibVerb.Replace, IpPrefix.Parse(prefix), new Forwarding(hops));

    protected static FibRequest Delete(string prefix) => new(FibVerb.Delete, IpPrefix.Parse(prefix), null);

    protected ForwardingHop Via(string gateway, int weight = 1) => new(IpAddress.Parse(gateway), East, weight);

    /// <summary>Writes requests and waits for their result.</summary>
    protected FibBatchResult Write(params ImmutableArray<FibRequest> requests) => Write(Config, [], requests);

    protected FibBatchResult Write(FibConfig config, params ImmutableArray<FibRequest> requests) => Write(config, [], requests);

    protected FibBatchResult Write(FibConfig config, ImmutableArray<Forwarding> retired, params ImmutableArray<FibRequest> requests)
    {
        Kernel.Submit(new FibBatch(config, requests) { Retired = retired });
        return WaitForInput(input => input.Kind == FibInputKind.BatchDone).Result!;
    }

    protected FibDump Dump()
    {
        Kernel.RequestDump(Config);
        return WaitForInput(input => input.Kind == FibInputKind.DumpDone).Dump!;
    }

    /// <summary>What the kernel has of a prefix, whoever put it there.</summary>
    protected IReadOnlyList<NetlinkRoute> InKernel(string prefix)
    {
        var wanted = IpPrefix.Parse(prefix);
        return [.. Netlink.ReadRoutes(new RouteFilter(wanted.Address.IsV4 ? Afi.Ipv4 : Afi.Ipv6, NetlinkRoute.MainTable)).Where(route => route.Prefix == wanted)];
    }

    /// <summary>The next update that is as wanted.</summary>
    protected KernelUpdate WaitForUpdate(Func<KernelUpdate, bool> wanted) => WaitFor(_updates, wanted);

    /// <summary>The next report about our routes that is as wanted.</summary>
    protected FibInput WaitForInput(Func<FibInput, bool> wanted) => WaitFor(_inputs, wanted);

    private static T WaitFor<T>(BlockingCollection<T> queue, Func<T, bool> wanted)
    {
        using var deadline = new CancellationTokenSource(Deadline);
        try
        {
            return queue.GetConsumingEnumerable(deadline.Token).First(wanted);
        }
        catch (OperationCanceledException)
        {
            throw new AssertionException($"a {typeof(T).Name} that did not come");
        }
    }
}
