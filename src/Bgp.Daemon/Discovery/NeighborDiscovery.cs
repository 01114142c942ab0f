using System.Net.Sockets;
using Bgp.Engine;
using Bgp.Linux;
using Bgp.Protocol;

namespace Bgp.Daemon;

/// <summary>
/// Finds the neighbors that are configured by interface. In: which interfaces those are, from the session lane; the kernel's news of links; router advertisements. Out: our own
/// advertisements, by which the neighbor finds us, answers to solicitations, and reports of the address at the other end, or of none once the link is down. It has a thread for links and timers, and
/// a loop that receives; both exist only once an interface is watched. (RFC 4861 §6.2; deviations: the first advertisements are a second apart rather than three, and we solicit, though a
/// router, so that a restart need not wait for the neighbor's next turn.)
/// </summary>
internal sealed class NeighborDiscovery(Action<TransportEvent> report, Action<string> trouble, Action<Task> track) : IDisposable
{
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(1);

    // The session lane, the thread and the receiving loop meet here, for a few instructions and sends that do not block. The kernel is read outside of it.
    private readonly Lock _gate = new();
    private readonly Dictionary<PeerId, string> _interfaces = [];
    private readonly Dictionary<string, WatchedLink> _links = [];
    private readonly CancellationTokenSource _stopping = new();
    private KernelMonitor? _monitor;
    private RouterDiscoverySocket? _socket;
    private Thread? _thread;
    private bool _isStale;

    /// <summary>The neighbor is to be found on this interface, or (with <c>null</c>) on none.</summary>
    public void Watch(PeerId peer, string? name)
    {
        lock (_gate)
        {
            if (_interfaces.GetValueOrDefault(peer) == name)
            {
                return;
            }

            if (_interfaces.Remove(peer, out var before) && !_interfaces.ContainsValue(before))
            {
                _links.Remove(before);
            }

            if (name is null || _stopping.IsCancellationRequested)
            {
                return;
            }

            _interfaces[peer] = name;
            if (_links.TryGetValue(name, out var known))
            {
                known.Begin(Environment.TickCount64);
            }
            else
            {
                _links[name] = new WatchedLink(name);
            }

            _isStale = true;
            Start();
            _monitor?.Wake();
        }
    }

    /// <summary>Ends the thread and the loop; nothing is watched any more.</summary>
    public void Stop()
    {
        lock (_gate)
        {
            _stopping.Cancel();
            _monitor?.Wake();
        }

        _thread?.Join();
    }

    public void Dispose()
    {
        _monitor?.Dispose();
        _socket?.Dispose();
        _stopping.Dispose();
    }

    private void Start()
    {
        if (_thread is not null)
        {
            return;
        }

        try
        {
            _monitor = KernelMonitor.Open(NetlinkGroups.Links);
        }
        catch (LinuxException refused)
        {
            trouble($"neighbors on interfaces cannot be looked for: {refused.Message}");
            return;
        }

        try
        {
            _socket = RouterDiscoverySocket.Open();
            track(ReceiveAsync(_socket));
        }
        catch (SocketException refused)
        {
            trouble($"router advertisements can be neither sent nor heard, so that a neighbor on an interface is found only when it connects: {refused.Message}");
        }

        var monitor = _monitor;
        _thread = new Thread(() => Run(monitor)) { Name = "neighbor discovery", IsBackground = true };
        _thread.Start();
    }

    private void Run(KernelMonitor monitor)
    {
        try
        {
            Follow(monitor);
        }
        catch (LinuxException failure)
        {
            trouble($"neighbors on interfaces are found no longer, but when they connect: {failure.Message}");
        }
    }

    private void Follow(KernelMonitor monitor)
    {
        var events = new List<KernelEvent>();
        while (!_stopping.IsCancellationRequested)
        {
            LearnIfStale();
            var status = monitor.Receive(events, Serve());
            lock (_gate)
            {
                _isStale |= status == NetlinkReceiveStatus.Overrun;
                foreach (var news in events)
                {
                    if (news.Link is { } link)
                    {
                        Apply(link, isGone: news.Change == KernelChange.Removed);
                    }
                }
            }

            events.Clear();
        }
    }

    /// <summary>Advertises where that is due, and says how long nothing more is.</summary>
    private TimeSpan Serve()
    {
        lock (_gate)
        {
            var now = Environment.TickCount64;
            var next = _isStale ? now + (long)RetryAfter.TotalMilliseconds : long.MaxValue;
            foreach (var link in _links.Values)
            {
                if (!link.IsRunning)
                {
                    continue;
                }

                if (now >= link.AdvertiseAt)
                {
                    _socket?.TryAdvertise(link.Index);
                    if (link.Solicits)
                    {
                        _socket?.TrySolicit(link.Index);
                    }

                    link.Advertised(now);
                }

                next = Math.Min(next, link.AdvertiseAt);
            }

            return next == long.MaxValue ? Timeout.InfiniteTimeSpan : TimeSpan.FromMilliseconds(next - now);
        }
    }

    /// <summary>Reads the links where something may have been missed. A reading that fails, as it may while links come and go, is made again a little later.</summary>
    private void LearnIfStale()
    {
        lock (_gate)
        {
            if (!_isStale)
            {
                return;
            }

            _isStale = false;
        }

        Dictionary<string, Linux.KernelLink>? links = null;
        try
        {
            using var netlink = Rtnetlink.Open();
            links = netlink.ReadLinks().ToDictionary(link => link.Name);
        }
        catch (LinuxException failure)
        {
            trouble($"the links could not be read, and will be again: {failure.Message}");
        }

        lock (_gate)
        {
            _isStale |= links is null;
            foreach (var watched in _links.Values)
            {
                if (links is not null)
                {
                    Set(watched, links.TryGetValue(watched.Name, out var link) && link.IsRunning ? link.Index : 0);
                }
            }
        }
    }

    private void Apply(Linux.KernelLink link, bool isGone)
    {
        foreach (var watched in _links.Values)
        {
            if (watched.Name == link.Name)
            {
                Set(watched, !isGone && link.IsRunning ? link.Index : 0);
            }
            else if (watched.Index == link.Index)
            {
                // It has another name now.
                Set(watched, 0);
            }
        }
    }

    private void Set(WatchedLink watched, int index)
    {
        var wasRunning = watched.IsRunning;
        if (!watched.Set(index, Environment.TickCount64))
        {
            return;
        }

        if (wasRunning)
        {
            Tell(watched.Name, IpAddress.None);
        }

        if (watched.IsRunning)
        {
            _socket?.TryJoin(index);
        }
    }

    private async Task ReceiveAsync(RouterDiscoverySocket socket)
    {
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        try
        {
            while (true)
            {
                var (kind, index, sender) = await socket.ReceiveAsync(_stopping.Token).ConfigureAwait(false);
                Take(socket, kind, index, sender);
            }
        }
        catch (OperationCanceledException)
        {
            // The transport stops.
        }
        catch (SocketException failure)
        {
            trouble($"router advertisements are heard no longer, so that a neighbor on an interface is found only when it connects: {failure.Message}");
        }
    }

    private void Take(RouterDiscoverySocket socket, RouterMessageKind kind, int index, IpAddress sender)
    {
        lock (_gate)
        {
            var now = Environment.TickCount64;
            foreach (var link in _links.Values)
            {
                if (link.Index != index)
                {
                    continue;
                }

                if (kind == RouterMessageKind.Solicitation && link.MayAnswer(now))
                {
                    socket.TryAdvertise(index, sender);
                }
                else if (kind == RouterMessageKind.Advertisement && link.Hear(sender, now))
                {
                    Tell(link.Name, sender);
                }
            }
        }
    }

    private void Tell(string name, IpAddress neighbor) =>
        report(new TransportEvent(TransportEventKind.Discovered) { Text = name, Ends = new ConnectionEnds(IpAddress.None, 0, neighbor, 0) });
}
