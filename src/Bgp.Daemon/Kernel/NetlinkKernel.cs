using System.Collections.Immutable;
using Bgp.Engine;
using Bgp.Linux;

namespace Bgp.Daemon;

/// <summary>
/// The kernel's routing by netlink. In: batches of routes from the engine's reconciler, and requests to read ours back. Out: how each went, the kernel's links, addresses and foreign
/// routes (first whole, then each change), and what others did to our routes.
/// <para>
/// Two threads. The <see cref="KernelWriter"/> writes and dumps, in the order in which it was asked. The <see cref="KernelWatcher"/> hears of events; the echoes of our own writes are
/// dropped in the socket. Each thread owns its sockets. All belong to the network namespace of the thread that made this object.
/// </para>
/// <para>
/// Routes refer to nexthop objects where <see cref="FibConfig.NexthopObjects"/> and the kernel allow it; else gateways are written into the routes themselves (RTA_MULTIPATH for several,
/// RTA_VIA for an IPv4 route by an IPv6 gateway). Either is read back as the same ways.
/// Reading needs no privilege: with the FIB disabled this serves an unprivileged daemon too, whose next hops it still resolves.
/// </para>
/// </summary>
internal sealed class NetlinkKernel : IKernel, IDisposable
{
    private readonly KernelWriter _writer;
    private readonly KernelWatcher _watcher;

    private NetlinkKernel(KernelWriter writer, KernelWatcher watcher)
    {
        _writer = writer;
        _watcher = watcher;
    }

    /// <summary>Opens the sockets in the network namespace of the calling thread; nothing is read or told before <see cref="Start"/>.</summary>
    /// <param name="config">Table and protocol say which routes are ours, until a dump is asked for by others.</param>
    /// <exception cref="LinuxException">The kernel refused.</exception>
    public static NetlinkKernel Open(FibConfig config)
    {
        var writer = new KernelWriter();
        try
        {
            return new NetlinkKernel(writer, new KernelWatcher(config, writer.PortId));
        }
        catch (LinuxException)
        {
            writer.Dispose();
            throw;
        }
    }

    /// <summary>Starts both threads. The callbacks come from them and must not block.</summary>
    /// <param name="postUpdate">Takes links, addresses and foreign routes.</param>
    /// <param name="postFib">Takes what concerns our own routes.</param>
    /// <param name="tell">Takes what an operator should know, in words.</param>
    public void Start(Action<KernelUpdate> postUpdate, Action<FibInput> postFib, Action<string> tell)
    {
        _writer.Start(postFib, tell);
        _watcher.Start(postUpdate, postFib);
    }

    /// <summary>Says ahead of the next dump which routes are ours from now on.</summary>
    public void Configure(FibConfig config) => _watcher.Configure(config);

    public void Submit(FibBatch batch) => _writer.Submit(batch);

    public void RequestDump(FibConfig marks)
    {
        _watcher.Configure(marks);
        _writer.RequestDump(marks);
    }

    public void Watch(ImmutableArray<uint> tables) => _watcher.Watch(tables);

    /// <summary>Ends both threads; what the kernel holds stays.</summary>
    public void Dispose()
    {
        _watcher.Dispose();
        _writer.Dispose();
    }
}
