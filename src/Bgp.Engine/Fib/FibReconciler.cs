using System.Diagnostics;
using Bgp.Protocol;

namespace Bgp.Engine;

/// <summary>
/// The FIB: makes the kernel's routes equal to what the route engine wants, whatever the kernel and others do.
/// <para>
/// In come the wanted forwarding of each prefix, the outcome of the one batch or dump in flight, what others did to our routes, and the configuration. Out go batches and dumps for the
/// kernel leaf and notices for the operator. The route lane calls it; <see cref="FibInputKind.Tick"/> after each of its steps does all the work, a bounded amount of it.
/// </para>
/// <para>
/// Nothing is queued: a prefix holds what is desired and what the kernel has, and is listed as dirty where they differ. One activity runs at a time: a batch in flight, a dump in flight, a
/// dump being applied, or a move to another configuration. What the kernel has is known from acknowledgements and events; where their order cannot be known the prefix is unsure, is not
/// written, and a dump (asked for once for all, at bounded rate) settles it. A refused prefix keeps the kernel's words and is tried again after a delay that grows to 30 s, and at once
/// when links, addresses or routes change. At start nothing is written before a first dump; what it shows and nobody wants is stale and stays until the sweep is allowed.
/// </para>
/// </summary>
public sealed partial class FibReconciler : IDisposable
{
    /// <summary>Requests of one batch at most: what fits a netlink buffer of 64 KiB.</summary>
    public const int BatchLimit = 1024;

    /// <summary>Records that one <see cref="FibInputKind.Tick"/> visits at most, for each kind of work.</summary>
    public const int VisitLimit = 8192;

    /// <summary>How often a flush tries to remove a route, or to read the kernel's, before it gives up.</summary>
    public const int FlushAttempts = 5;

    private readonly FibTable _table;
    private readonly ForwardingTable _forwardings;
    private readonly ErrorTexts _errors = new();
    private readonly StrayRoutes _strays = new();
    private readonly NoticeBudget _notices = new();
    private readonly RetryQueue _refused = new();
    private readonly RetryQueue _disputed = new();

    // The marks of what is (or, while not enabled, was) written; _nextConfig takes their place once nothing is in flight.
    private FibConfig _marks;
    private FibConfig? _nextConfig;
    private bool _isEnabled;
    private bool _isSweepAllowed;
    private bool _isFlushing;
    private bool _hasGivenUp;
    private Activity _activity;

    // The dirty list, first in first out, threaded through the records.
    private int _firstDirty = -1;
    private int _lastDirty = -1;

    private int _wanted;
    private int _present;
    private int _pending;
    private int _failing;
    private int _abandoned;
    private int _unsure;

    /// <param name="config">In force at once, as if configured; <see cref="FibConfig.Enabled"/> false touches nothing.</param>
    /// <param name="seed">Seeds the hash of prefixes.</param>
    public FibReconciler(FibConfig config, ulong seed = 0)
    {
        _table = new FibTable(seed);
        _forwardings = new ForwardingTable(_retired);
        _marks = config;
        _nextConfig = config;
    }

    private enum Activity : byte
    {
        Idle,
        Batch,
        Dump,
        ApplyingDump,
        Moving,
    }

    /// <summary>Prefixes that shall be in the kernel.</summary>
    public int RouteCount => _wanted;

    /// <summary>Prefixes whose route in the kernel is not yet what it shall be.</summary>
    public int PendingCount => _isEnabled && !_isFlushing ? _pending : _present;

    /// <summary>Prefixes whose last write the kernel refused.</summary>
    public int ErrorCount => _failing;

    /// <summary>After <see cref="FibInputKind.Flush"/>: nothing owned is left or in flight, but for what the kernel refused to remove.</summary>
    public bool IsFlushed => _isFlushing && _activity == Activity.Idle && _nextConfig is null
        && (_hasGivenUp || (!_isDumpWanted && _walk < 0 && _firstDirty < 0 && _present == _abandoned && _strays.Count == 0 && _retired.Count == 0));

    /// <summary>When to call again at the latest: <see cref="Instant.Zero"/> is at once, <c>null</c> when there is news.</summary>
    public Instant? NextDeadline
    {
        get
        {
            if (_activity is Activity.Batch or Activity.Dump)
            {
                return _notices.Deadline;
            }

            if (_activity != Activity.Idle || CanMove || _walk >= 0 || _hastened is not null || (_isAdopted && (_firstDirty >= 0 || HasStrayWork || _retired.Count > 0)))
            {
                return Instant.Zero;
            }

            var deadline = Instant.Earlier(_notices.Deadline, Instant.Earlier(_refused.Earliest, _disputed.Earliest));
            deadline = Instant.Earlier(deadline, Instant.Earlier(_calmAt, _strayRetryAt));
            deadline = Instant.Earlier(deadline, _isDumpWanted && !_hasGivenUp ? _dumpNotBefore : null);
            return Instant.Earlier(deadline, _isHasteWanted ? _hasteNotBefore : null);
        }
    }

    public void Apply(in FibInput input, Instant now, EffectBuffer<FibEffect> effects)
    {
        switch (input.Kind)
        {
            case FibInputKind.Route:
                SetDesired(input.Prefix, input.Forwarding, input.Metric);
                break;
            case FibInputKind.BatchDone:
                FinishBatch(input.Result!, now, effects);
                break;
            case FibInputKind.DumpDone:
                FinishDump(input.Dump, now, effects);
                break;
            case FibInputKind.RouteEvent:
                Hear(input.Event!, now, effects);
                break;
            case FibInputKind.KernelChanged:
                _isHasteWanted = true;
                break;
            case FibInputKind.Uncertain:
                WantDump();
                break;
            case FibInputKind.SweepAllowed:
                _isSweepAllowed = true;
                StartWalk(forgetsRefusals: false);
                break;
            case FibInputKind.Configure:
                _nextConfig = _isFlushing ? null : input.Config;
                break;
            case FibInputKind.Flush:
                _isFlushing = true;
                StartWalk(forgetsRefusals: true);
                break;
            case FibInputKind.Tick:
                Advance(now, effects);
                break;
            default:
                throw new UnreachableException($"FIB input {input.Kind}");
        }
    }

    /// <summary>How a prefix stands; false where it is neither wanted nor in the kernel.</summary>
    public bool TryGet(in IpPrefix prefix, out FibRouteStatus status)
    {
        var slot = _table.Find(prefix);
        status = slot < 0 ? default : Describe(slot);
        return slot >= 0;
    }

    /// <summary>Appends up to <paramref name="max"/> prefixes from <paramref name="cursor"/> (0 at first) in no particular order; not a snapshot.</summary>
    /// <returns>The cursor to go on with, −1 at the end.</returns>
    public int ReadSlice(int cursor, int max, List<FibRouteStatus> into)
    {
        var budget = VisitLimit;
        while (max > 0 && (cursor = _table.Next(cursor, ref budget)) >= 0 && budget > 0)
        {
            into.Add(Describe(cursor++));
            max--;
            budget--;
        }

        return cursor;
    }

    /// <summary>Nothing native is held; what was desired is forgotten and the kernel keeps its routes.</summary>
    public void Dispose() => _strays.Clear();

    private void Advance(Instant now, EffectBuffer<FibEffect> effects)
    {
        _notices.Tick(now, effects);
        TakeRetries(now);
        _strayRetryAt = _strayRetryAt <= now ? null : _strayRetryAt;
        if (_activity == Activity.Idle && CanMove)
        {
            StartMove();
        }

        if (_activity == Activity.Moving)
        {
            ContinueMove(now);
        }
        else if (_activity == Activity.ApplyingDump)
        {
            ContinueDump(now, effects);
        }

        if (_activity != Activity.Idle)
        {
            return;
        }

        // While writing is off, only what may still have to be removed is worth a dump.
        _isDumpWanted &= _isEnabled || _present > 0 || _unsure > 0;
        if (_isDumpWanted && now >= _dumpNotBefore && !_hasGivenUp)
        {
            RequestDump(now, effects);
            return;
        }

        ContinueWalk(now);
        if (_isAdopted)
        {
            SubmitBatch(now, effects);
        }
    }

    private void SetDesired(in IpPrefix prefix, Forwarding? forwarding, uint metric)
    {
        var slot = forwarding is null ? _table.Find(prefix) : _table.FindOrAdd(prefix);
        if (slot < 0)
        {
            return;
        }

        ref var record = ref _table[slot];
        Count(record, -1);
        var desired = forwarding is null ? FibRecord.Absent : _forwardings.Acquire(Canonical(forwarding));
        _forwardings.Release(record.Desired);
        if (record.Desired != desired || (forwarding is not null && record.Metric != metric))
        {
            record.Desired = desired;
            record.Metric = forwarding is null ? record.Metric : metric;
            ForgetRefusals(ref record);
        }

        record.Flags &= ~FibFlags.Stale;
        Count(record, 1);
        Review(slot);
    }

    /// <summary>The kernel keeps no weight of an only way, so none is compared.</summary>
    private static Forwarding Canonical(Forwarding forwarding) =>
        forwarding.Hops is [{ Weight: not 1 } hop] ? new Forwarding([hop with { Weight = 1 }]) : forwarding;

    /// <summary>What this record's route shall be by the number of its forwarding, all things considered.</summary>
    private int Wanted(in FibRecord record) => _isEnabled && !_isFlushing ? record.Desired : FibRecord.Absent;

    /// <summary>What to write for a record, if anything, by what is known now.</summary>
    private FibVerb? Decide(in FibRecord record)
    {
        var wanted = Wanted(record);
        if (wanted != FibRecord.Absent)
        {
            return record.Actual == FibRecord.Absent ? FibVerb.Add
                : record.Actual != wanted || (record.Flags & FibFlags.Inherited) != 0 ? FibVerb.Replace
                : null;
        }

        var isKept = (record.Flags & FibFlags.Stale) != 0 && !_isSweepAllowed && _isEnabled && !_isFlushing;
        return record.Actual == FibRecord.Absent || isKept || (record.Flags & FibFlags.Abandoned) != 0 ? null : FibVerb.Delete;
    }

    /// <summary>Lists a record as dirty if it is to be written and nothing stands against it, and frees it when nothing is left of it.</summary>
    private void Review(int slot)
    {
        ref var record = ref _table[slot];
        if ((record.Flags & (FibFlags.Dirty | FibFlags.InFlight | FibFlags.Waiting | FibFlags.Unsure)) != 0)
        {
            return;
        }

        if (!TryAlign(slot))
        {
            return;
        }

        if (Decide(record) is not null)
        {
            record.Flags |= FibFlags.Dirty;
            record.NextDirty = -1;
            if (_lastDirty < 0)
            {
                _firstDirty = slot;
            }
            else
            {
                _table[_lastDirty].NextDirty = slot;
            }

            _lastDirty = slot;
        }
        else if (record is { Desired: FibRecord.Absent, Actual: FibRecord.Absent, Disputes: 0 })
        {
            Count(record, -1);
            _table.Remove(slot);
        }
    }

    private int TakeDirty()
    {
        var slot = _firstDirty;
        if (slot >= 0)
        {
            ref var record = ref _table[slot];
            record.Flags &= ~FibFlags.Dirty;
            _firstDirty = record.NextDirty;
            _lastDirty = _firstDirty < 0 ? -1 : _lastDirty;
        }

        return slot;
    }

    /// <summary>Takes a record out of the sums (−1) before it changes, or puts it in (1) after.</summary>
    private void Count(in FibRecord record, int sign)
    {
        _wanted += record.Desired != FibRecord.Absent ? sign : 0;
        _present += record.Actual != FibRecord.Absent ? sign : 0;
        _failing += record.Error != 0 ? sign : 0;
        _unsure += (record.Flags & FibFlags.Unsure) != 0 ? sign : 0;
        _abandoned += (record.Flags & FibFlags.Abandoned) != 0 ? sign : 0;
        var isElsewhere = record.Desired != FibRecord.Absent && record.Actual != FibRecord.Absent && record.Metric != record.Held;
        var isPending = isElsewhere || (record.Desired != record.Actual && (record.Flags & FibFlags.Stale) == 0) || (record.Flags & (FibFlags.Unsure | FibFlags.Inherited)) != 0;
        _pending += isPending ? sign : 0;
    }

    private FibRouteStatus Describe(int slot)
    {
        ref var record = ref _table[slot];
        var prefix = _table.PrefixOf(slot);
        var shown = record.Desired != FibRecord.Absent ? record.Desired : record.Actual;
        var metric = KeyOf(record.Desired != FibRecord.Absent ? record.Metric : record.Held, prefix);
        return new FibRouteStatus(
            prefix,
            shown >= ForwardingTable.First ? _forwardings[shown] : null,
            Wanted(record) != FibRecord.Absent,
            record.Actual == shown && shown != FibRecord.Absent && (record.Flags & (FibFlags.Unsure | FibFlags.Inherited)) == 0 && metric == KeyOf(record.Held, prefix),
            _marks.Table,
            metric,
            _errors.Text(record.Error));
    }

    /// <summary>The kernel takes an IPv6 metric of 0 as 1024 (IP6_RT_PRIO_USER).</summary>
    private uint MetricOf(in IpPrefix prefix) => _marks.Metric == 0 && prefix.Address.IsV6 ? 1024 : _marks.Metric;
}
