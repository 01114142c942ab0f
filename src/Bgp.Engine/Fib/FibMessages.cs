using System.Collections.Immutable;
using Bgp.Protocol;

namespace Bgp.Engine;

/// <summary>What can happen to the FIB.</summary>
public enum FibInputKind : byte
{
    /// <summary><see cref="FibInput.Prefix"/> shall be forwarded by <see cref="FibInput.Forwarding"/> under <see cref="FibInput.Metric"/>; <c>null</c>: it shall not be in the kernel.</summary>
    Route,

    /// <summary>The batch in flight is over: <see cref="FibInput.Result"/>.</summary>
    BatchDone,

    /// <summary>All owned routes as they stand in the kernel: <see cref="FibInput.Dump"/>; <c>null</c> when the dump failed and is to be asked for again.</summary>
    DumpDone,

    /// <summary>
    /// Somebody else added, changed or removed a route of our table: <see cref="FibInput.Event"/>. Of interest are those that carry our protocol, and those that carry our metric
    /// (rivals for the kernel's key); none over a device of <see cref="FibDump.IsForeignDevice"/>.
    /// </summary>
    RouteEvent,

    /// <summary>Links, addresses or foreign routes changed, so what the kernel refused it may take now.</summary>
    KernelChanged,

    /// <summary>Events were lost, or a link, address or nexthop object went away that the kernel drops routes for without a word.</summary>
    Uncertain,

    /// <summary>Every expected peer has sent its routes (or is overdue): what an earlier run left and nobody wants may go.</summary>
    SweepAllowed,

    /// <summary>The configuration changed: <see cref="FibInput.Config"/>.</summary>
    Configure,

    /// <summary>The speaker leaves and its routes shall go: everything owned is withdrawn.</summary>
    Flush,

    /// <summary>No event: a deadline may have passed, or there is work to go on with.</summary>
    Tick,
}

/// <summary>One input of <see cref="FibReconciler"/>: a kind and the fields that the kind names.</summary>
public readonly record struct FibInput(FibInputKind Kind)
{
    public IpPrefix Prefix { get; init; }

    public Forwarding? Forwarding { get; init; }

    /// <summary>The route's own metric; 0 is the configured one.</summary>
    public uint Metric { get; init; }

    public FibBatchResult? Result { get; init; }

    public FibDump? Dump { get; init; }

    public FibRouteEvent? Event { get; init; }

    public FibConfig? Config { get; init; }
}

/// <summary>A route of our table that appeared, changed (<paramref name="IsRemoved"/> false) or went away by somebody else's hand.</summary>
public sealed record FibRouteEvent(KernelRoute Route, bool IsRemoved)
{
    /// <summary>The kernel did it by itself, as it does when a device goes down: nobody disputes the route.</summary>
    public bool IsByKernel { get; init; }
}

/// <summary>What the reconciler wants done.</summary>
public enum FibEffectKind : byte
{
    /// <summary>Write <see cref="FibEffect.Batch"/>; the next batch comes only after its result.</summary>
    Submit,

    /// <summary>Read all owned routes: table and protocol of <see cref="FibEffect.Marks"/>.</summary>
    RequestDump,

    /// <summary>Something an operator acts on: <see cref="FibEffect.Notice"/> about <see cref="FibEffect.Prefix"/>.</summary>
    Notice,
}

/// <summary>One effect of <see cref="FibReconciler"/>.</summary>
public readonly record struct FibEffect(FibEffectKind Kind)
{
    public FibBatch? Batch { get; init; }

    public FibConfig? Marks { get; init; }

    /// <summary>The default where a notice is about no prefix in particular.</summary>
    public IpPrefix Prefix { get; init; }

    public string? Notice { get; init; }
}

/// <summary>
/// What one request does to the kernel's route of a prefix, a metric and our table. The kernel's key is (prefix, TOS 0, metric) in a table, whatever the protocol; so nobody else's
/// route is ever overwritten if <see cref="Add"/> is exclusive and <see cref="Replace"/> comes only where ours is known to be. In IPv6 a metric of 0 means 1024 to the kernel.
/// </summary>
public enum FibVerb : byte
{
    /// <summary>NLM_F_CREATE and NLM_F_EXCL: EEXIST where any route has the key.</summary>
    Add,

    /// <summary>NLM_F_REPLACE without NLM_F_CREATE: ENOENT where none has the key.</summary>
    Replace,

    /// <summary>Removes the route that has the key and our protocol, whatever its hops: ESRCH where there is none.</summary>
    Delete,
}

/// <summary>One route to write. <see cref="Forwarding"/> is <c>null</c> for <see cref="FibVerb.Delete"/>.</summary>
public readonly record struct FibRequest(FibVerb Verb, IpPrefix Prefix, Forwarding? Forwarding)
{
    /// <summary>The metric of this route; <c>null</c> is that of the batch's marks.</summary>
    public uint? Metric { get; init; }

    /// <summary>The metric that the kernel is told.</summary>
    public uint MetricUnder(FibConfig marks) => Metric ?? marks.Metric;
}

/// <summary>Requests in the order in which to write them, no prefix twice, with the marks that all of them carry but for a metric of their own. Immutable; owned by the kernel leaf until its result is posted.</summary>
public sealed record FibBatch(FibConfig Config, ImmutableArray<FibRequest> Requests)
{
    /// <summary>
    /// What no route of ours has or shall have any more once the requests are carried out: whatever the kernel leaf keeps for it may go, after them. A batch may have nothing else. May name
    /// what was never written.
    /// </summary>
    public ImmutableArray<Forwarding> Retired { get; init; } = [];
}

/// <summary>How a batch went. <paramref name="IsUnknown"/>: the answer was lost, so any part may have been done; <paramref name="Failures"/> are those that the kernel refused.</summary>
public sealed record FibBatchResult(bool IsUnknown, ImmutableArray<FibFailure> Failures);

/// <summary>A refused request: its index in the batch, the errno (positive) and the kernel's own words.</summary>
public readonly record struct FibFailure(int Index, int Errno, string Text);
