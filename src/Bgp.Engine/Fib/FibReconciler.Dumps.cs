using System.Globalization;

namespace Bgp.Engine;

/// <summary>Dumps: when one is asked for, how it is applied in slices, and the walks over all records that go on between batches.</summary>
public sealed partial class FibReconciler
{
    private static readonly TimeSpan LeastDumpGap = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan GreatestDumpGap = TimeSpan.FromSeconds(10);

    /// <summary>How many times as long as it took from request to end a dump keeps the next away.</summary>
    private const int DumpGapFactor = 10;

    private static readonly TimeSpan CalmInterval = TimeSpan.FromMinutes(1);

    // Whether a dump showed what an earlier run left; nothing is written before.
    private bool _isAdopted;
    private bool _isDumpWanted;

    // Something happened while a dump was under way: it may be older than that.
    private bool _isDumpOutdated;
    private Instant _dumpNotBefore;
    private Instant _dumpStart;
    private int _dumpFailures;

    // The dump being applied: the next entry, then (once all are through) the next slot to look for what it does not have.
    private FibDump? _dump;
    private int _dumpEntry;
    private int _dumpSlot;
    private int _dumpMissing;

    // The slot at which the walk over all records goes on, −1 for none.
    private int _walk = -1;
    private bool _walkForgetsRefusals;
    private bool _walkCalms;
    private Instant? _calmAt;

    private void WantDump()
    {
        // Before the first dump one is wanted anyway.
        _isDumpWanted |= _isAdopted;
        _isDumpOutdated |= _activity is Activity.Dump or Activity.ApplyingDump;
    }

    private void RequestDump(Instant now, EffectBuffer<FibEffect> effects)
    {
        _isDumpWanted = false;
        _isDumpOutdated = false;
        _dumpStart = now;
        _activity = Activity.Dump;
        effects.Add(new FibEffect(FibEffectKind.RequestDump) { Marks = _marks });
    }

    private void FinishDump(FibDump? dump, Instant now, EffectBuffer<FibEffect> effects)
    {
        if (dump is not null)
        {
            _dump = dump;
            _dumpEntry = 0;
            _dumpSlot = 0;
            _dumpMissing = 0;
            _dumpFailures = 0;
            if (_isEnabled)
            {
                _strays.Forget(_marks.Table, _marks.Protocol);
            }

            _activity = Activity.ApplyingDump;
            return;
        }

        _activity = Activity.Idle;
        _isDumpWanted = true;
        _dumpNotBefore = now + RetryQueue.DelayAfter(++_dumpFailures);
        if (_dumpFailures == 1)
        {
            _notices.Give(default, "the kernel's routes cannot be read; trying again", now, effects);
        }

        if (_isFlushing && _dumpFailures >= FlushAttempts)
        {
            _hasGivenUp = true;
            _notices.Give(default, "the kernel's routes cannot be read, so what is ours is left in place", now, effects);
        }
    }

    private void ContinueDump(Instant now, EffectBuffer<FibEffect> effects)
    {
        var budget = VisitLimit;
        for (; budget > 0 && _dumpEntry < _dump!.Entries.Length; _dumpEntry++, budget--)
        {
            Adopt(_dump.Entries[_dumpEntry]);
        }

        while (budget > 0 && (_dumpSlot = _table.Next(_dumpSlot, ref budget)) >= 0 && budget > 0)
        {
            Compare(_dumpSlot++);
            budget--;
        }

        if (_dumpSlot >= 0)
        {
            return;
        }

        if (_isAdopted && _dumpMissing > 0)
        {
            _notices.Give(default, string.Create(CultureInfo.InvariantCulture, $"{_dumpMissing} routes were no longer in the kernel"), now, effects);
        }

        _activity = Activity.Idle;
        _dump = null;
        _isAdopted = true;
        _isDumpWanted |= _isDumpOutdated;
        _strayLooks = _strays.Count;
        var gap = (now - _dumpStart) * DumpGapFactor;
        _dumpNotBefore = now + (gap < LeastDumpGap ? LeastDumpGap : gap > GreatestDumpGap ? GreatestDumpGap : gap);
    }

    private void Adopt(in FibDumpEntry entry)
    {
        var known = _table.Find(entry.Prefix);
        if (!_isEnabled && (known < 0 || entry.Metric != KeyOf(_table[known].Held, entry.Prefix)))
        {
            // Writing is off: what we did not write ourselves is another's.
            return;
        }

        if (known >= 0 && entry.Metric != ExpectedMetric(_table[known], entry))
        {
            _strays.Add(_marks with { Metric = entry.Metric }, entry.Prefix);
            return;
        }

        var slot = known >= 0 ? known : _table.FindOrAdd(entry.Prefix);
        ref var record = ref _table[slot];
        if ((record.Flags & FibFlags.Seen) != 0)
        {
            // The kernel can hold several of one key (appended by somebody); the first is the one in use.
            return;
        }

        if ((record.Flags & FibFlags.Inherited) != 0 && entry.Metric != KeyOf(record.Held, entry.Prefix))
        {
            // What is under the former protocol at another metric is not in this dump.
            _strays.Add(MarksOf(record, _inheritedMarks!), entry.Prefix);
        }

        Count(record, -1);
        if (record is { Desired: FibRecord.Absent, Actual: FibRecord.Absent })
        {
            record.Flags |= FibFlags.Stale;
        }

        var actual = entry.Forwarding is null ? FibRecord.Other : _forwardings.Acquire(entry.Forwarding);
        _forwardings.Release(record.Actual);
        record.Actual = actual;
        record.Held = AsHeld(entry.Metric, entry.Prefix);
        record.Flags = (record.Flags | FibFlags.Seen | FibFlags.Written) & ~FibFlags.Inherited;
        if (record.Actual == record.Desired || _errors.Errno(record.Error) == ErrnoExists)
        {
            // It is right, or it is ours after all that stood in the way.
            ForgetRefusals(ref record);
        }

        Count(record, 1);
    }

    /// <summary>The metric at which a dumped route is the prefix's own: the wanted one, else the one that is known, else that of the first.</summary>
    private uint ExpectedMetric(in FibRecord record, in FibDumpEntry entry) =>
        Wanted(record) != FibRecord.Absent ? KeyOf(record.Metric, entry.Prefix)
        : record.Actual != FibRecord.Absent ? KeyOf(record.Held, entry.Prefix)
        : entry.Metric;

    /// <summary>Settles one record after all entries are through: what was not seen is gone, but for what still carries another protocol and so cannot have been seen.</summary>
    private void Compare(int slot)
    {
        ref var record = ref _table[slot];
        Count(record, -1);
        if ((record.Flags & (FibFlags.Inherited | FibFlags.Unsure)) == (FibFlags.Inherited | FibFlags.Unsure))
        {
            // No dump of our protocol can tell whether it is still there; so it is removed under its own and added anew, lest another's be replaced.
            _strays.Add(MarksOf(record, _inheritedMarks!), _table.PrefixOf(slot));
            record.Flags &= ~FibFlags.Inherited;
            Hold(ref record, FibRecord.Absent);
        }

        if ((record.Flags & (FibFlags.Seen | FibFlags.Inherited)) == 0 && record.Actual != FibRecord.Absent)
        {
            Hold(ref record, FibRecord.Absent);
            _dumpMissing++;
        }

        record.Flags &= ~(FibFlags.Seen | FibFlags.Unsure);
        Count(record, 1);
        Review(slot);
    }

    private void StartWalk(bool forgetsRefusals)
    {
        _walk = 0;
        _walkForgetsRefusals |= forgetsRefusals;
        _strayLooks = _strays.Count;
    }

    /// <summary>Reviews all records a slice at a time, because something about all of them changed.</summary>
    private void ContinueWalk(Instant now)
    {
        if (_calmAt <= now)
        {
            _calmAt = null;
            _walkCalms = true;
            _walk = _walk < 0 ? 0 : _walk;
        }

        var budget = VisitLimit;
        while (_walk >= 0 && budget > 0 && (_walk = _table.Next(_walk, ref budget)) >= 0 && budget > 0)
        {
            Visit(_walk++, now);
            budget--;
        }

        if (_walk < 0)
        {
            _walkForgetsRefusals = false;
            _walkCalms = false;
        }
    }

    private void Visit(int slot, Instant now)
    {
        ref var record = ref _table[slot];
        if (_walkForgetsRefusals)
        {
            Count(record, -1);
            record.Flags &= ~FibFlags.Disputed;
            ForgetRefusals(ref record);
            Count(record, 1);
        }

        if (_walkCalms && record.Disputes > 0)
        {
            record.Disputes >>= 1;
            _calmAt ??= now + CalmInterval;
        }

        Review(slot);
    }
}
