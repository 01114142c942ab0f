using System.Collections.Immutable;
using System.Globalization;
using Bgp.Engine;
using Bgp.Protocol;

namespace Bgp.Simulation;

/// <summary>
/// The kernel of one host: links with their addresses, and a routing table with the kernel's keys. It outlives the speaker. Outcomes come after a delay, events in order; with
/// <see cref="Faults"/> it refuses, forgets answers and loses events, always in a way that a real one tells of in the end.
/// </summary>
public sealed class SimKernel : IKernel
{
    public const int NoEntry = 2;
    public const int NoSuchProcess = 3;
    public const int NoMemory = 12;
    public const int Exists = 17;
    public const int NetworkUnreachable = 101;

    /// <summary>The index of the first link; the others follow.</summary>
    public const int LinkIndex = 2;

    private const uint MainTable = 254;
    private const uint LocalTable = 255;
    private const byte KernelProtocol = 2;

    private static readonly TimeSpan MinDelay = TimeSpan.FromMicroseconds(20);
    private static readonly TimeSpan MaxDelay = TimeSpan.FromMilliseconds(5);
    private static readonly TimeSpan LossNoticeDelay = TimeSpan.FromMilliseconds(50);

    private readonly Simulator _simulator;
    private readonly SimNode _node;
    private readonly KernelRoutes _routes = new();

    // Routes of other programs that stand in nobody's way; the keys of those that do are among _routes.
    private readonly SortedDictionary<(uint Table, IpPrefix Prefix, uint Metric), KernelRoute> _foreign = [];
    private readonly bool[] _isUp;
    private ImmutableArray<uint> _watched = [];
    private SimProcess? _listener;
    private Instant _lastEvent;
    private int _pending;

    internal SimKernel(Simulator simulator, SimNode node)
    {
        _simulator = simulator;
        _node = node;
        _isUp = new bool[node.Spec.Interfaces.Length];
        Array.Fill(_isUp, true);
    }

    /// <summary>What goes wrong.</summary>
    public KernelFaults Faults { get; set; } = KernelFaults.None;

    /// <summary>Outcomes and events that are on their way.</summary>
    public bool IsBusy => _pending > 0;

    /// <summary>Routes that are not the kernel's own, sorted.</summary>
    public IEnumerable<KernelRoute> Routes => _routes.Sorted;

    /// <summary>How many <see cref="Routes"/> there are.</summary>
    public int RouteCount => _routes.Count;

    /// <summary>Requests that were carried out.</summary>
    public long WriteCount { get; private set; }

    public KernelRoute? Find(IpPrefix prefix, FibConfig marks) => _routes.TryGet(marks.Table, prefix, marks.Metric, out var route) ? route : null;

    void IKernel.Submit(FibBatch batch)
    {
        ArgumentNullException.ThrowIfNull(batch);
        var result = Execute(batch);
        Tell(_simulator.Random.Between(MinDelay, MaxDelay), speaker => speaker.Post(new FibInput(FibInputKind.BatchDone) { Result = result }));
    }

    void IKernel.RequestDump(FibConfig marks)
    {
        var listener = _listener;
        _pending++;
        _simulator.After(_simulator.Random.Between(MinDelay, MaxDelay), () =>
        {
            _pending--;
            var dump = _simulator.Random.Chance(Faults.FailedDumpPercent) ? null : Dump(marks);
            Tell(listener, _simulator.Random.Between(MinDelay, MaxDelay), speaker => speaker.Post(new FibInput(FibInputKind.DumpDone) { Dump = dump }));
        });
    }

    void IKernel.Watch(ImmutableArray<uint> tables)
    {
        _watched = tables;
        TellAll();
    }

    /// <summary>Routes of other programs for prefixes of their own, by table, prefix and metric.</summary>
    public IEnumerable<KernelRoute> ForeignRoutes => _foreign.Values;

    /// <summary>Another program adds a route for a prefix of its own. The news may get lost; then all is told again.</summary>
    public void AddForeign(KernelRoute route)
    {
        ArgumentNullException.ThrowIfNull(route);
        _foreign[(route.Table, route.Prefix, route.Metric)] = route;
        TellOfForeign(route, new KernelUpdate { Routes = [route] });
    }

    /// <summary>Another program removes a route that <see cref="AddForeign"/> added.</summary>
    public void RemoveForeign(KernelRoute route)
    {
        ArgumentNullException.ThrowIfNull(route);
        _foreign.Remove((route.Table, route.Prefix, route.Metric));
        TellOfForeign(route, new KernelUpdate { RemovedRoutes = [route] });
    }

    /// <summary>Whether the link of an interface (from 0) is up.</summary>
    public bool IsLinkUp(int number = 0) => _isUp[number];

    /// <summary>A link goes down, or comes up again. With it go the ways over it, and routes that have no other; no event tells.</summary>
    public void SetLink(bool isUp, int number = 0)
    {
        if (_isUp[number] == isUp)
        {
            return;
        }

        _isUp[number] = isUp;
        _simulator.Trace.Note(_simulator.Now, _node.Name, isUp ? "link up" : "link down");
        _simulator.Trace.Mix(number, 0);
        if (!isUp)
        {
            DropWays(LinkIndex + number);
        }

        TellInOrder(speaker =>
        {
            speaker.Post(new KernelUpdate { Links = [Link(number, isUp)], Routes = isUp ? [.. Connected(number)] : [] });
            speaker.Post(new FibInput(FibInputKind.Uncertain));
        });
        _simulator.Network.Resume();
    }

    /// <summary>Another program removes one of our routes.</summary>
    public void Steal(KernelRoute route)
    {
        ArgumentNullException.ThrowIfNull(route);
        if (_routes.Remove(route.Table, route.Prefix, route.Metric))
        {
            TellOfRoute(route, isRemoved: true);
        }
    }

    /// <summary>A route goes and nobody is told, not even that something was lost: what no kernel should do.</summary>
    public void Lose(KernelRoute route)
    {
        ArgumentNullException.ThrowIfNull(route);
        _routes.Remove(route.Table, route.Prefix, route.Metric);
    }

    /// <summary>Another program adds a route, or puts its own in the place of ours.</summary>
    public void Put(KernelRoute route)
    {
        ArgumentNullException.ThrowIfNull(route);
        _routes.Set(route);
        TellOfRoute(route, isRemoved: false);
    }

    /// <summary>A process starts and listens.</summary>
    internal void Serve(SimProcess process)
    {
        _listener = process;
        _lastEvent = _simulator.Now;
        _watched = [];
        TellAll();
    }

    /// <summary>The process is gone; what it had written stays, unless the power went with it.</summary>
    internal void Desert(bool isPowerLoss)
    {
        _listener = null;
        if (isPowerLoss)
        {
            _routes.Clear();
            _foreign.Clear();
        }
    }

    internal FibDump Dump(FibConfig marks)
    {
        var builder = new FibDump.Builder(marks, static _ => false);
        foreach (var route in _routes.Sorted)
        {
            builder.Add(route);
        }

        return builder.Build();
    }

    private FibBatchResult Execute(FibBatch batch)
    {
        var isForgotten = _simulator.Random.Chance(Faults.LostAnswerPercent);
        var count = isForgotten ? _simulator.Random.Below(batch.Requests.Length + 1) : batch.Requests.Length;
        var failures = ImmutableArray.CreateBuilder<FibFailure>();
        for (var index = 0; index < count; index++)
        {
            var errno = _simulator.Random.Chance(Faults.RefusedPercent) ? NoMemory : Execute(batch.Config, batch.Requests[index]);
            if (errno != 0)
            {
                failures.Add(new FibFailure(index, errno, $"errno {errno}"));
            }
        }

        WriteCount += count;
        _simulator.Trace.Note(_simulator.Now, _node.Name, isForgotten ? "batch with a lost answer" : "fib batch");
        _simulator.Trace.Mix(count, failures.Count);
        return isForgotten ? new FibBatchResult(true, []) : new FibBatchResult(false, failures.ToImmutable());
    }

    private int Execute(FibConfig marks, in FibRequest request)
    {
        var metric = request.MetricUnder(marks);
        var isThere = _routes.TryGet(marks.Table, request.Prefix, metric, out var route);
        switch (request.Verb)
        {
            case FibVerb.Delete when !isThere || route!.Protocol != marks.Protocol:
                return NoSuchProcess;
            case FibVerb.Delete:
                _routes.Remove(marks.Table, request.Prefix, metric);
                return 0;
            case FibVerb.Add when isThere:
                return Exists;
            case FibVerb.Replace when !isThere:
                return NoEntry;
            default:
                if (!AreUp(request.Forwarding!))
                {
                    return NetworkUnreachable;
                }

                _routes.Set(_simulator.KernelRoutes.Of(marks, metric, request.Prefix, request.Forwarding!));
                return 0;
        }
    }

    private void TellOfRoute(KernelRoute route, bool isRemoved)
    {
        _simulator.Trace.Note(_simulator.Now, _node.Name, $"another program {(isRemoved ? "removes" : "writes")} {route.Prefix}");
        if (_simulator.Random.Chance(Faults.LostEventPercent))
        {
            // The socket's buffer was full: the next thing that can be read from it is that something was lost.
            Tell(LossNoticeDelay, speaker => speaker.Post(new FibInput(FibInputKind.Uncertain)));
        }
        else
        {
            TellInOrder(speaker => speaker.Post(new FibInput(FibInputKind.RouteEvent) { Event = new FibRouteEvent(route, isRemoved) }));
        }
    }

    private void TellOfForeign(KernelRoute route, KernelUpdate update)
    {
        _simulator.Trace.Note(_simulator.Now, _node.Name, $"another program changes {route.Prefix} in table {route.Table}");
        if (route.Table != MainTable && !_watched.Contains(route.Table))
        {
            return;
        }

        if (_simulator.Random.Chance(Faults.LostEventPercent))
        {
            Tell(LossNoticeDelay, speaker => speaker.Post(Snapshot()));
        }
        else
        {
            TellInOrder(speaker => speaker.Post(update));
        }
    }

    private void TellAll() => TellInOrder(speaker => speaker.Post(Snapshot()));

    /// <summary>The state as it is when it is told.</summary>
    private KernelUpdate Snapshot() => new()
    {
        IsSnapshot = true,
        Links = [.. Numbers.Select(number => Link(number, _isUp[number]))],
        Addresses = [.. Numbers.SelectMany(number => AddressesOf(number).Select(address => new KernelAddress(LinkIndex + number, address, InterfaceSpec.OnLinkLength(address))))],
        Routes =
        [
            .. Numbers.Where(number => _isUp[number]).SelectMany(Connected), .. Numbers.SelectMany(Local),
            .. _foreign.Values.Where(route => route.Table == MainTable || _watched.Contains(route.Table)),
        ],
    };

    private void TellInOrder(Action<Speaker> tell)
    {
        var due = _simulator.Now + _simulator.Random.Between(MinDelay, MaxDelay);
        _lastEvent = due > _lastEvent ? due : _lastEvent;
        Tell(_lastEvent - _simulator.Now, tell);
    }

    private void Tell(TimeSpan delay, Action<Speaker> tell) => Tell(_listener, delay, tell);

    private void Tell(SimProcess? listener, TimeSpan delay, Action<Speaker> tell)
    {
        _pending++;
        _simulator.After(delay, () =>
        {
            _pending--;
            if (listener is { IsAlive: true })
            {
                tell(listener.Speaker);
            }
        });
    }

    private bool AreUp(Forwarding forwarding)
    {
        foreach (var hop in forwarding.Hops)
        {
            if (!_isUp[hop.InterfaceIndex - LinkIndex])
            {
                return false;
            }
        }

        return true;
    }

    private IEnumerable<int> Numbers => Enumerable.Range(0, _isUp.Length);

    private IEnumerable<IpAddress> AddressesOf(int number) => _node.Spec.Interfaces[number].Addresses;

    private static KernelLink Link(int number, bool isUp) => new(LinkIndex + number, string.Create(CultureInfo.InvariantCulture, $"eth{number}"), isUp);

    private void DropWays(int link)
    {
        foreach (var route in _routes.Sorted.Where(route => route.Hops.Any(hop => hop.InterfaceIndex == link)))
        {
            ImmutableArray<KernelHop> left = [.. route.Hops.Where(hop => hop.InterfaceIndex != link)];
            if (left.IsEmpty)
            {
                _routes.Remove(route.Table, route.Prefix, route.Metric);
            }
            else
            {
                _routes.Set(route with { Hops = left });
            }
        }
    }

    private IEnumerable<KernelRoute> Connected(int number) => AddressesOf(number).Select(address =>
        Over(number, InterfaceSpec.SubnetOf(address), KernelRouteKind.Unicast, MainTable));

    private IEnumerable<KernelRoute> Local(int number) => AddressesOf(number).Select(address =>
        Over(number, new IpPrefix(address, address.BitLength), KernelRouteKind.Local, LocalTable));

    private static KernelRoute Over(int number, IpPrefix prefix, KernelRouteKind kind, uint table) => new()
    {
        Prefix = prefix,
        Kind = kind,
        Protocol = KernelProtocol,
        Table = table,
        Hops = [new KernelHop(IpAddress.None, LinkIndex + number, 1, false, false)],
    };
}
