using System.Collections.Concurrent;
using System.Collections.Immutable;
using Bgp.Engine;
using Bgp.Linux;
using Bgp.Protocol;

namespace Bgp.Daemon;

/// <summary>
/// The one thread that writes routes, and that reads back what is ours, so that a dump always shows the batch before it. Batches go out in pieces of at most 64 KiB; the kernel has
/// worked a piece off when its answer is read.
/// </summary>
internal sealed class KernelWriter : IDisposable
{
    /// <summary>The reconciler has one batch in flight and asks for one dump at a time; what goes beyond is a fault of ours.</summary>
    private const int QueueBound = 16;

    /// <summary>A dump that changes of the tables interrupt is begun anew; the reconciler asks again where this is not enough.</summary>
    private const int DumpAttempts = 4;

    private readonly Rtnetlink _changes = Rtnetlink.Open();
    private readonly Rtnetlink _reads = Rtnetlink.Open();
    private readonly NetlinkBatch _piece;
    private readonly BlockingCollection<(FibBatch? Batch, FibConfig Marks)> _work = new(QueueBound);
    private readonly List<NetlinkFailure> _refusals = [];
    private readonly Thread _thread;
    private Action<FibInput> _post = _ => { };

    public KernelWriter()
    {
        _piece = new NetlinkBatch(_changes);
        _thread = new Thread(Work) { Name = "kernel writer", IsBackground = true };
    }

    /// <summary>The port of our writes: events that they cause are echoes.</summary>
    public uint PortId => _changes.PortId;

    public void Start(Action<FibInput> post)
    {
        _post = post;
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
                : new FibInput(FibInputKind.BatchDone) { Result = Write(batch) };
            _post(outcome);
        }
    }

    private FibBatchResult Write(FibBatch batch)
    {
        var failures = ImmutableArray.CreateBuilder<FibFailure>();
        var sent = 0;
        for (var i = 0; i < batch.Requests.Length; i++)
        {
            var request = batch.Requests[i];
            var route = KernelTranslation.ToNetlink(request, batch.Config);
            var operation = request.Verb switch
            {
                FibVerb.Add => RouteOperation.Create,
                FibVerb.Replace => RouteOperation.Change,
                _ => RouteOperation.Delete,
            };
            if (!_piece.TryAdd(operation, route))
            {
                if (Send(sent, failures) == BatchOutcome.Unknown)
                {
                    return new FibBatchResult(true, []);
                }

                sent = i;
                _piece.TryAdd(operation, route);
            }
        }

        return Send(sent, failures) == BatchOutcome.Unknown ? new FibBatchResult(true, []) : new FibBatchResult(false, failures.DrainToImmutable());
    }

    private BatchOutcome Send(int firstIndex, ImmutableArray<FibFailure>.Builder failures)
    {
        _refusals.Clear();
        var outcome = _piece.Send(_refusals);
        foreach (var refusal in _refusals)
        {
            failures.Add(new FibFailure(firstIndex + refusal.Index, (int)refusal.Errno, refusal.KernelText ?? refusal.Errno.Describe()));
        }

        return outcome;
    }

    /// <summary>All owned routes, or <c>null</c> where the kernel gave no whole answer.</summary>
    private FibDump? Dump(FibConfig marks)
    {
        try
        {
            for (var attempt = 0; attempt < DumpAttempts; attempt++)
            {
                var foreignDevices = _reads.ReadLinks().Where(link => FibDump.IsForeignDevice(link.Name)).Select(link => link.Index).ToHashSet();
                var routes = new FibDump.Builder(marks, foreignDevices.Contains);
                if (TryDump(Afi.Ipv4, marks, routes) && TryDump(Afi.Ipv6, marks, routes))
                {
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

    private bool TryDump(Afi family, FibConfig marks, FibDump.Builder routes) =>
        _reads.TryReadRoutes(new RouteFilter(family, marks.Table, (RouteProtocol)marks.Protocol), route =>
        {
            if (KernelTranslation.ToEngine(route) is { } owned)
            {
                routes.Add(owned);
            }
        });
}
