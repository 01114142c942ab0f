using System.Collections.Concurrent;
using Bgp.Engine;
using Bgp.Linux;
using Bgp.Protocol;
using KernelRoute = Bgp.Engine.KernelRoute;

namespace Bgp.Daemon;

/// <summary>
/// The one thread that writes routes, and that reads back what is ours, so that a dump always shows the batch before it. Nexthop objects are its own business (see
/// <see cref="BatchWriter"/>): a dump tells gateways, however a route has them.
/// </summary>
internal sealed class KernelWriter : IDisposable
{
    /// <summary>The reconciler has one batch in flight and asks for one dump at a time; what goes beyond is a fault of ours.</summary>
    private const int QueueBound = 16;

    /// <summary>A dump that changes of the tables interrupt is begun anew; the reconciler asks again where this is not enough.</summary>
    private const int DumpAttempts = 4;

    private readonly Rtnetlink _changes = Rtnetlink.Open();
    private readonly Rtnetlink _reads = Rtnetlink.Open();
    private readonly NextHopObjects _objects = new();
    private readonly BatchWriter _batches;
    private readonly BlockingCollection<(FibBatch? Batch, FibConfig Marks)> _work = new(QueueBound);
    private readonly Thread _thread;
    private Action<FibInput> _post = _ => { };
    private Action<string> _tell = _ => { };
    private bool _hasToldRefusal;

    public KernelWriter()
    {
        _batches = new BatchWriter(_changes, _reads, _objects);
        _thread = new Thread(Work) { Name = "kernel writer", IsBackground = true };
    }

    /// <summary>The port of our writes: events that they cause are echoes.</summary>
    public uint PortId => _changes.PortId;

    /// <param name="post">Takes the outcomes.</param>
    /// <param name="tell">Takes what an operator should know, in words.</param>
    public void Start(Action<FibInput> post, Action<string> tell)
    {
        _post = post;
        _tell = tell;
        _thread.Start();
    }

    public void Submit(FibBatch batch) => Enqueue(batch, batch.Config);

    /// <summary>Reads the routes that are ours by these marks.</summary>
    public void RequestDump(FibConfig marks) => Enqueue(null, marks);

    public void Dispose()
    {
        _work.CompleteAdding();
        if (_thread.IsAlive)
        {
            _thread.Join();
        }

        _work.Dispose();
        _changes.Dispose();
        _reads.Dispose();
    }

    private void Enqueue(FibBatch? batch, FibConfig marks)
    {
        if (!_work.IsAddingCompleted && !_work.TryAdd((batch, marks)))
        {
            throw new InvalidOperationException("more than one batch or dump is in flight");
        }
    }

    private void Work()
    {
        foreach (var (batch, marks) in _work.GetConsumingEnumerable())
        {
            var outcome = batch is null
                ? new FibInput(FibInputKind.DumpDone) { Dump = Dump(marks) }
                : new FibInput(FibInputKind.BatchDone) { Result = _batches.Write(batch) };
            TellRefusal(marks);
            _post(outcome);
        }
    }

    private void TellRefusal(FibConfig marks)
    {
        if (_batches.Refusal is { } refusal && marks is { Enabled: true, NexthopObjects: true } && !_hasToldRefusal)
        {
            _hasToldRefusal = true;
            _tell($"the kernel offers no nexthop objects ({refusal}); gateways are written into the routes");
        }
    }

    /// <summary>All owned routes, or <c>null</c> where the kernel gave no whole answer. Nexthop objects that none of them needs are removed.</summary>
    private FibDump? Dump(FibConfig marks)
    {
        try
        {
            for (var attempt = 0; attempt < DumpAttempts; attempt++)
            {
                var foreignDevices = _reads.ReadLinks().Where(link => FibDump.IsForeignDevice(link.Name)).Select(link => link.Index).ToHashSet();
                var routes = new FibDump.Builder(marks, foreignDevices.Contains);
                var references = new ObjectReferences(marks);
                if (_batches.TryLearn(marks) && TryDump(Afi.Ipv4, marks, routes, references) && TryDump(Afi.Ipv6, marks, routes, references))
                {
                    Sweep(marks, references);
                    return routes.Build();
                }
            }

            return null;
        }
        catch (NetlinkException interrupted) when (interrupted.Errno is Errno.EINTR or Errno.ENOBUFS or Errno.ETIMEDOUT)
        {
            return null;
        }
    }

    private bool TryDump(Afi family, FibConfig marks, FibDump.Builder routes, ObjectReferences references) =>
        _reads.TryReadRoutes(new RouteFilter(family, marks.Table, (RouteProtocol)marks.Protocol), route =>
        {
            if (KernelTranslation.ToEngine(route, _objects) is { } owned)
            {
                references.Add(route.NextHopId, owned);
                routes.Add(owned);
            }
        });

    private void Sweep(FibConfig marks, ObjectReferences references)
    {
        // A disabled FIB touches nothing, but what a change of the configuration left is swept by the dumps that remove its routes.
        if (marks.Enabled)
        {
            _batches.Sweep(_objects.TakeDump(marks, references.All, references.Pinned));
        }
    }

    /// <summary>Which nexthop objects the routes of a dump refer to.</summary>
    private sealed class ObjectReferences(FibConfig marks)
    {
        public HashSet<uint> All { get; } = [];

        /// <summary>Those of routes that the reconciler does not hold by their ways: under another metric, or with another source.</summary>
        public HashSet<uint> Pinned { get; } = [];

        public void Add(uint id, KernelRoute route)
        {
            if (id == 0)
            {
                return;
            }

            All.Add(id);
            if (route.Metric != marks.Metric || FibDump.Read(route, marks) is null)
            {
                Pinned.Add(id);
            }
        }
    }
}
