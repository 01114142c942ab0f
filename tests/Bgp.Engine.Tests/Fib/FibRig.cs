using Bgp.Protocol;

namespace Bgp.Engine.Tests;

/// <summary>A reconciler over a <see cref="ModelKernel"/>, with a clock that only moves when told.</summary>
internal sealed class FibRig : IDisposable
{
    public static readonly FibConfig Marks = new();

    private readonly EffectBuffer<FibEffect> _effects = new();

    public FibRig(bool configure = true)
    {
        Fib = new FibReconciler(new FibConfig { Enabled = false });
        if (configure)
        {
            Configure(Marks);
        }
    }

    public ModelKernel Kernel { get; } = new();

    public FibReconciler Fib { get; }

    public Instant Now { get; private set; } = new(1_000_000);

    public FibBatch? Batch { get; private set; }

    public FibConfig? DumpMarks { get; private set; }

    public int DumpCount { get; private set; }

    /// <summary>Those that write; one that only retires is not among them.</summary>
    public List<FibBatch> Batches { get; } = [];

    public List<Forwarding> Retired { get; } = [];

    public List<string> Notices { get; } = [];

    public static Forwarding Via(string gateway, int interfaceIndex = 2) => new([new ForwardingHop(IpAddress.Parse(gateway), interfaceIndex)]);

    public static Forwarding Via(params (string Gateway, int InterfaceIndex)[] hops) =>
        new([.. hops.Select(hop => new ForwardingHop(IpAddress.Parse(hop.Gateway), hop.InterfaceIndex)).Order()]);

    public void Configure(FibConfig config) => Apply(new FibInput(FibInputKind.Configure) { Config = config });

    public void Want(string prefix, Forwarding? forwarding) => Want(IpPrefix.Parse(prefix), forwarding);

    public void Want(in IpPrefix prefix, Forwarding? forwarding, uint metric = 0) => Apply(new FibInput(FibInputKind.Route) { Prefix = prefix, Forwarding = forwarding, Metric = metric });

    public void Apply(FibInputKind kind) => Apply(new FibInput(kind));

    public void Apply(in FibInput input)
    {
        Fib.Apply(input, Now, _effects);
        foreach (ref readonly var effect in _effects.AsSpan())
        {
            switch (effect.Kind)
            {
                case FibEffectKind.Submit:
                    Check(effect.Batch!);
                    Batch = effect.Batch;
                    Retired.AddRange(effect.Batch!.Retired);
                    if (!effect.Batch.Requests.IsEmpty)
                    {
                        Batches.Add(effect.Batch);
                    }

                    break;
                case FibEffectKind.RequestDump:
                    Assert.That(Batch is null && DumpMarks is null, "one thing is in flight at a time");
                    DumpMarks = effect.Marks;
                    DumpCount++;
                    break;
                case FibEffectKind.Notice:
                    Notices.Add(effect.Notice!);
                    break;
            }
        }

        _effects.Clear();
    }

    public void Tick() => Apply(FibInputKind.Tick);

    public void Advance(TimeSpan time)
    {
        Now += time;
        Tick();
    }

    public void DeliverBatch(FibBatchResult result)
    {
        Batch = null;
        Apply(new FibInput(FibInputKind.BatchDone) { Result = result });
    }

    public void DeliverDump(FibDump? dump)
    {
        DumpMarks = null;
        Apply(new FibInput(FibInputKind.DumpDone) { Dump = dump });
    }

    public void DeliverEvents()
    {
        while (Kernel.Events.TryDequeue(out var told))
        {
            Apply(new FibInput(FibInputKind.RouteEvent) { Event = told });
        }
    }

    /// <summary>Runs without passing time until nothing is left to do at once.</summary>
    public void Settle()
    {
        for (var rounds = 0; rounds < 1000; rounds++)
        {
            DeliverEvents();
            Tick();
            if (Batch is { } batch)
            {
                DeliverBatch(Kernel.Execute(batch));
            }
            else if (DumpMarks is { } marks)
            {
                DeliverDump(Kernel.Dump(marks));
            }
            else if (!(Fib.NextDeadline <= Now))
            {
                return;
            }
        }

        Assert.Fail("does not settle");
    }

    /// <summary>Runs from deadline to deadline for <paramref name="time"/>.</summary>
    public void Settle(TimeSpan time)
    {
        var end = Now + time;
        for (Settle(); Fib.NextDeadline is { } deadline && deadline <= end; Settle())
        {
            Now = deadline > Now ? deadline : Now;
        }

        Now = end;
        Settle();
    }

    public FibRouteStatus Status(string prefix)
    {
        Assert.That(Fib.TryGet(IpPrefix.Parse(prefix), out var status), $"{prefix} is known");
        return status;
    }

    public void Dispose() => Fib.Dispose();

    private void Check(FibBatch batch)
    {
        Assert.That(Batch is null && DumpMarks is null, "one thing is in flight at a time");
        Assert.That(batch.Requests, Has.Length.LessThanOrEqualTo(FibReconciler.BatchLimit));
        Assert.That(batch.Requests.Length + batch.Retired.Length, Is.Positive, "a batch that does nothing");
        Assert.That(batch.Requests.Select(request => request.Prefix), Is.Unique, "no prefix is in a batch twice");
    }
}
