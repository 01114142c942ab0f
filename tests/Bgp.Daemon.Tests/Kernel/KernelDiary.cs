using System.Diagnostics;
using Bgp.Linux;

namespace Bgp.Daemon.Tests;

/// <summary>Everything that the kernel of a namespace tells, each with the time at which a thread that does nothing else heard of it.</summary>
internal sealed class KernelDiary : IDisposable
{
    private readonly KernelMonitor _monitor;
    private readonly Thread _thread;
    private readonly List<(long Time, KernelEvent News)> _entries = [];
    private int _isStopping;

    public KernelDiary(NetworkNamespace space)
    {
        _monitor = space.Run(() => KernelMonitor.Open(NetlinkGroups.All));
        _thread = new Thread(Write) { IsBackground = true, Name = "diary" };
        _thread.Start();
    }

    public (long Time, KernelEvent News)[] Entries
    {
        get
        {
            lock (_entries)
            {
                return [.. _entries];
            }
        }
    }

    /// <summary>What was told of routes and nexthop objects of our protocol.</summary>
    public IEnumerable<(long Time, KernelEvent News)> Ours => Entries.Where(entry =>
        (entry.News.Kind == KernelEventKind.Route && entry.News.Route.Protocol == RouteProtocol.Bgp)
        || (entry.News.Kind == KernelEventKind.NextHop && entry.News.NextHop!.Protocol == RouteProtocol.Bgp));

    public void Clear()
    {
        lock (_entries)
        {
            _entries.Clear();
        }
    }

    public void Dispose()
    {
        Volatile.Write(ref _isStopping, 1);
        _monitor.Wake();
        _thread.Join();
        _monitor.Dispose();
    }

    private void Write()
    {
        var heard = new List<KernelEvent>();
        while (Volatile.Read(ref _isStopping) == 0)
        {
            _monitor.Receive(heard, Timeout.InfiniteTimeSpan);
            var now = Stopwatch.GetTimestamp();
            lock (_entries)
            {
                _entries.AddRange(heard.Select(news => (now, news)));
            }

            heard.Clear();
        }
    }
}
