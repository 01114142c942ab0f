using System.Diagnostics;
using Bgp.Linux;
using Bgp.Protocol;

namespace Bgp.Load;

/// <summary>
/// Follows which of a run's prefixes the kernel has, by its own news, on a thread of its own: so the time at which the last route came or went is
/// known without asking for all of them again and again. Where news was lost they are read once, when it is quiet.
/// </summary>
internal sealed class KernelTable : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(100);

    private readonly NetworkNamespace _space;
    private readonly PrefixSpace _prefixes;
    private readonly KernelMonitor _monitor;
    private readonly Thread _thread;
    private readonly bool[] _present;
    private int _count;
    private long _lastChange;
    private volatile bool _isOver;

    public KernelTable(NetworkNamespace space, PrefixSpace prefixes)
    {
        _space = space;
        _prefixes = prefixes;
        _present = new bool[prefixes.Count];
        _monitor = space.Run(() => KernelMonitor.Open(NetlinkGroups.Routes));
        _thread = new Thread(Follow) { IsBackground = true, Name = "kernel routes" };
        _thread.Start();
    }

    /// <summary>How many of the prefixes the kernel has.</summary>
    public int Count => Volatile.Read(ref _count);

    /// <summary>When that changed last, by <see cref="Stopwatch"/>.</summary>
    public long LastChange => Volatile.Read(ref _lastChange);

    /// <summary>Reads all routes and holds them against what should be there: every prefix by that gateway, or none.</summary>
    public CheckResult Check(bool installed, uint gateway)
    {
        using var netlink = Rtnetlink.Open(_space);
        var objects = netlink.ReadNextHops().ToDictionary(nextHop => nextHop.Id, nextHop => nextHop.Gateway);
        var found = new bool[_prefixes.Count];
        var result = default(CheckResult);
        foreach (var route in netlink.ReadRoutes(new RouteFilter(Afi.Ipv4, KernelRoute.MainTable)))
        {
            var index = IndexOf(route);
            if (index < 0)
            {
                continue;
            }

            var via = route.NextHopId != 0 ? objects.GetValueOrDefault(route.NextHopId) : route.NextHops.Count == 1 ? route.NextHops[0].Gateway : default;
            result += !installed || found[index] ? new CheckResult(0, 1, 0) : via == IpAddress.V4(gateway) ? default : new CheckResult(0, 0, 1);
            found[index] = true;
        }

        return result + new CheckResult(installed ? found.Count(isThere => !isThere) : 0, 0, 0);
    }

    public void Dispose()
    {
        _isOver = true;
        _monitor.Wake();
        _thread.Join();
        _monitor.Dispose();
    }

    private void Follow()
    {
        var events = new List<KernelEvent>();
        var hasLost = false;
        while (!_isOver)
        {
            events.Clear();
            switch (_monitor.Receive(events, Patience))
            {
                case NetlinkReceiveStatus.Overrun:
                    hasLost = true;
                    break;
                case NetlinkReceiveStatus.TimedOut when hasLost:
                    hasLost = !TryReadAll();
                    break;
                default:
                    events.ForEach(Take);
                    break;
            }
        }
    }

    private void Take(KernelEvent news)
    {
        if (news.Kind == KernelEventKind.Route)
        {
            Note(news.Route, news.Change != KernelChange.Removed);
        }
    }

    private void Note(KernelRoute route, bool isPresent)
    {
        var index = IndexOf(route);
        if (index >= 0 && _present[index] != isPresent)
        {
            _present[index] = isPresent;
            Volatile.Write(ref _lastChange, Stopwatch.GetTimestamp());
            Volatile.Write(ref _count, _count + (isPresent ? 1 : -1));
        }
    }

    private bool TryReadAll()
    {
        using var netlink = Rtnetlink.Open(_space);
        var found = new bool[_present.Length];
        var isWhole = netlink.TryReadRoutes(new RouteFilter(Afi.Ipv4, KernelRoute.MainTable), route =>
        {
            var index = IndexOf(route);
            if (index >= 0)
            {
                found[index] = true;
            }
        });
        if (isWhole)
        {
            found.CopyTo(_present, 0);
            Volatile.Write(ref _lastChange, Stopwatch.GetTimestamp());
            Volatile.Write(ref _count, found.Count(isThere => isThere));
        }

        return isWhole;
    }

    private int IndexOf(in KernelRoute route) =>
        route.Table == KernelRoute.MainTable && route.Prefix.Address.IsV4 ? _prefixes.IndexOf(route.Prefix.Address.V4Bits, route.Prefix.Length) : -1;
}
