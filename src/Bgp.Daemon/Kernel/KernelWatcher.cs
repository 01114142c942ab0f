using System.Collections.Immutable;
using Bgp.Engine;
using Bgp.Linux;

namespace Bgp.Daemon;

/// <summary>
/// The thread that hears of links, addresses and routes. It tells the whole state at start, then each change as it comes.
/// <para>
/// The kernel does not tell all: a link that goes down or an address that goes away takes routes along without a word, a replaced or appended route says nothing of the one before, and a
/// full socket buffer (ENOBUFS) loses news. Whenever that may have happened the state is read and told whole once more, and where it can concern our own routes the reconciler is told
/// that it cannot be certain of them. News goes out at once, ahead of such a reading.
/// </para>
/// </summary>
internal sealed class KernelWatcher : IDisposable
{
    /// <summary>Datagrams taken before what they said is handed on.</summary>
    private const int BurstBound = 1024;

    /// <summary>Readings of the whole state keep at least this distance.</summary>
    private static readonly TimeSpan SnapshotDistance = TimeSpan.FromMilliseconds(50);

    /// <summary>Readings of large tables take no more than one part in this many of the time.</summary>
    private const int SnapshotShare = 10;

    private readonly KernelMonitor _monitor;
    private readonly KernelSnapshotReader _reader;
    private readonly Thread _thread;
    private readonly List<KernelEvent> _events = [];
    private readonly KernelNews _news;
    private Action<KernelUpdate> _postUpdate = _ => { };
    private Action<FibInput> _postFib = _ => { };
    private bool _isSnapshotDue = true;
    private long _nextSnapshot = Environment.TickCount64;
    private int _isReconfigured;
    private int _isStopping;
    private FibConfig _config;

    // A reference, so that it is exchanged whole.
    private IReadOnlyList<uint> _tables = [];

    /// <param name="config">Says which routes are ours.</param>
    /// <param name="ownPort">The port of our own writes, which are not news.</param>
    public KernelWatcher(FibConfig config, uint ownPort)
    {
        _config = config;
        _monitor = KernelMonitor.Open(NetlinkGroups.All, ownPort);
        _reader = new KernelSnapshotReader();
        _news = new KernelNews(config);
        _thread = new Thread(Watch) { Name = "kernel watcher", IsBackground = true };
    }

    public void Start(Action<KernelUpdate> postUpdate, Action<FibInput> postFib)
    {
        _postUpdate = postUpdate;
        _postFib = postFib;
        _thread.Start();
    }

    public void Configure(FibConfig config)
    {
        if (Interlocked.Exchange(ref _config, config) != config)
        {
            Volatile.Write(ref _isReconfigured, 1);
            _monitor.Wake();
        }
    }

    /// <summary>Tells routes of these tables too, first in a reading of the whole state.</summary>
    public void Watch(ImmutableArray<uint> tables)
    {
        Volatile.Write(ref _tables, [.. tables]);
        Volatile.Write(ref _isReconfigured, 1);
        _monitor.Wake();
    }

    public void Dispose()
    {
        Volatile.Write(ref _isStopping, 1);
        _monitor.Wake();
        if (_thread.IsAlive)
        {
            _thread.Join();
        }

        _monitor.Dispose();
        _reader.Dispose();
    }

    private void Watch()
    {
        while (Volatile.Read(ref _isStopping) == 0)
        {
            if (Interlocked.Exchange(ref _isReconfigured, 0) != 0)
            {
                _isSnapshotDue |= _news.Configure(Volatile.Read(ref _config), Volatile.Read(ref _tables));
                HandOn();
            }

            if (_isSnapshotDue && Environment.TickCount64 >= _nextSnapshot)
            {
                TellAll();
            }

            Hear();
        }
    }

    /// <summary>Waits for news until the next reading is due, takes all there is, and hands it on.</summary>
    private void Hear()
    {
        var wait = _isSnapshotDue ? TimeSpan.FromMilliseconds(Math.Max(0, _nextSnapshot - Environment.TickCount64)) : Timeout.InfiniteTimeSpan;
        for (var datagram = 0; datagram < BurstBound; datagram++)
        {
            var status = _monitor.Receive(_events, datagram == 0 ? wait : TimeSpan.Zero);
            if (status == NetlinkReceiveStatus.Overrun)
            {
                _news.Lost();
            }
            else if (status != NetlinkReceiveStatus.Data)
            {
                break;
            }
        }

        foreach (var news in _events)
        {
            _news.Add(news);
        }

        _events.Clear();
        HandOn();
    }

    private void HandOn()
    {
        _isSnapshotDue |= _news.IsIncomplete;
        if (_news.TakeUpdate() is { } update)
        {
            _postUpdate(update);
        }

        foreach (var input in _news.TakeFibInputs())
        {
            _postFib(input);
        }
    }

    private void TellAll()
    {
        var start = Environment.TickCount64;
        if (_reader.TryRead(_news) is { } snapshot)
        {
            _isSnapshotDue = false;
            _postUpdate(snapshot);
        }

        var now = Environment.TickCount64;
        _nextSnapshot = now + Math.Max((long)SnapshotDistance.TotalMilliseconds, (now - start) * SnapshotShare);
    }
}
