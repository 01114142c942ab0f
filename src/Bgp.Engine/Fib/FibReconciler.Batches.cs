using System.Collections.Immutable;
using System.Diagnostics;
using System.Globalization;
using Bgp.Protocol;

namespace Bgp.Engine;

/// <summary>Batches: what goes into one, how its outcome is read, and when what was refused is tried again.</summary>
public sealed partial class FibReconciler
{
    private const int ErrnoNoEntry = 2;
    private const int ErrnoNoSuchProcess = 3;
    private const int ErrnoExists = 17;

    // How soon one change of the kernel after another may hasten what was refused.
    private static readonly TimeSpan HasteGap = TimeSpan.FromMilliseconds(200);

    // The batch in flight: the slot of each request and the number of its forwarding (held), or the prefixes of strays and their marks.
    private readonly List<(int Slot, int Target)> _inFlight = [];
    private readonly List<IpPrefix> _straysInFlight = [];

    // What no record holds any more and the kernel leaf has not been told of.
    private readonly HashSet<Forwarding> _retired = [];
    private FibConfig? _strayMarks;

    // Strays are looked at once around after each thing that may let them go.
    private int _strayLooks;
    private bool _isStrayTurn;
    private Instant? _strayRetryAt;
    private int _strayFailures;

    // Whether the kernel changed; when that may hasten again; and what waits since when is being hastened now.
    private bool _isHasteWanted;
    private Instant _hasteNotBefore;
    private Instant? _hastened;

    private bool HasStrayWork => _strayLooks > 0 && _strays.Count > 0 && _strayRetryAt is null;

    private void SubmitBatch(Instant now, EffectBuffer<FibEffect> effects)
    {
        // Strays wait for the routes that take their place, but a steady stream of changes must not keep them for ever: they get every other batch.
        if (_isStrayTurn && SubmitStrays(now, effects))
        {
            _isStrayTurn = false;
            return;
        }

        // Where routes come one by one, each is a batch.
        var requests = ImmutableArray.CreateBuilder<FibRequest>(initialCapacity: 1);
        for (var visits = VisitLimit; visits > 0 && requests.Count < BatchLimit && TakeDirty() is var slot and >= 0; visits--)
        {
            if (Request(slot) is { } request)
            {
                requests.Add(request);
            }
        }

        if (requests.Count > 0)
        {
            _isStrayTurn = true;
            Submit(requests.DrainToImmutable(), effects);
        }
        else if (!SubmitStrays(now, effects) && _retired.Count > 0)
        {
            Submit([], effects);
        }
    }

    private void Submit(ImmutableArray<FibRequest> requests, EffectBuffer<FibEffect> effects)
    {
        // Their order matters to nobody, but must be the same in every run.
        ImmutableArray<Forwarding> retired = [.. _retired.Order(ForwardingOrder.Instance)];
        _retired.Clear();
        _activity = Activity.Batch;
        effects.Add(new FibEffect(FibEffectKind.Submit) { Batch = new FibBatch(_marks, requests) { Retired = retired } });
    }

    private FibRequest? Request(int slot)
    {
        ref var record = ref _table[slot];
        var prefix = _table.PrefixOf(slot);
        var verb = (record.Flags & (FibFlags.Waiting | FibFlags.Unsure)) == 0 && TryAlign(slot) ? Decide(record) : null;
        if (verb == FibVerb.Delete && (record.Flags & FibFlags.Inherited) != 0)
        {
            // It carries the protocol of the configuration before, so a deletion by our marks would not find it.
            _strays.Add(MarksOf(record, _inheritedMarks!), prefix);
            _strayLooks = _strays.Count;
            SetActual(ref record, FibRecord.Absent);
            verb = null;
        }

        if (verb is null)
        {
            Review(slot);
            return null;
        }

        record.Flags |= verb == FibVerb.Delete ? FibFlags.InFlight : FibFlags.InFlight | FibFlags.Written;
        var target = verb == FibVerb.Delete ? FibRecord.Absent : _forwardings.Share(record.Desired);
        _inFlight.Add((slot, target));
        return new FibRequest(verb.Value, prefix, target == FibRecord.Absent ? null : _forwardings[target]) { Metric = record.Held == 0 ? null : record.Held };
    }

    private bool SubmitStrays(Instant now, EffectBuffer<FibEffect> effects)
    {
        if (!HasStrayWork)
        {
            return false;
        }

        var budget = Math.Min(_strayLooks, VisitLimit);
        _strayLooks -= budget;
        _strayMarks = _strays.Take(BatchLimit, ref budget, MayStrayGo, _straysInFlight);
        _strayLooks += budget;
        if (_strayMarks is null)
        {
            return false;
        }

        var requests = ImmutableArray.CreateBuilder<FibRequest>(_straysInFlight.Count);
        foreach (var prefix in _straysInFlight)
        {
            requests.Add(new FibRequest(FibVerb.Delete, prefix, null));
        }

        _activity = Activity.Batch;
        effects.Add(new FibEffect(FibEffectKind.Submit) { Batch = new FibBatch(_strayMarks, requests.MoveToImmutable()) });
        return true;
    }

    /// <summary>A stray goes once the route that takes its place was written or refused; where none does, with the sweep.</summary>
    private bool MayStrayGo(IpPrefix prefix)
    {
        var slot = _table.Find(prefix);
        return slot >= 0 && Wanted(_table[slot]) != FibRecord.Absent
            ? (_table[slot].Flags & (FibFlags.Dirty | FibFlags.Unsure)) == 0
            : _isSweepAllowed || !_isEnabled || _isFlushing;
    }

    private void FinishBatch(FibBatchResult result, Instant now, EffectBuffer<FibEffect> effects)
    {
        Debug.Assert(_activity == Activity.Batch, "an outcome without a batch");
        _activity = Activity.Idle;
        if (_strayMarks is not null)
        {
            FinishStrays(result, now, effects);
            return;
        }

        var failures = new FibFailure?[_inFlight.Count];
        foreach (var failure in result.Failures)
        {
            failures[failure.Index] = failure;
        }

        for (var index = 0; index < _inFlight.Count; index++)
        {
            var (slot, target) = _inFlight[index];
            ref var record = ref _table[slot];
            Count(record, -1);
            var isDoubtful = (record.Flags & FibFlags.Touched) != 0 || ((record.Flags & FibFlags.Preempted) != 0 && failures[index] is not null);
            if (result.IsUnknown || isDoubtful)
            {
                record.Flags |= FibFlags.Unsure;
                WantDump();
            }

            record.Flags &= ~(FibFlags.InFlight | FibFlags.Touched | FibFlags.Preempted);
            if (!result.IsUnknown)
            {
                Conclude(slot, ref record, target, failures[index], now, effects);
            }

            _forwardings.Release(target);
            Count(record, 1);
            Review(slot);
        }

        _inFlight.Clear();
        _strayLooks = _strays.Count;
    }

    /// <summary>Reads the outcome of one request; the record is out of the sums meanwhile.</summary>
    private void Conclude(int slot, ref FibRecord record, int target, in FibFailure? outcome, Instant now, EffectBuffer<FibEffect> effects)
    {
        var isDelete = target == FibRecord.Absent;
        if (outcome is not { } failure || (isDelete && failure.Errno is ErrnoNoEntry or ErrnoNoSuchProcess))
        {
            Hold(ref record, target);
            record.Flags &= isDelete ? ~(FibFlags.Inherited | FibFlags.Written) : ~FibFlags.Inherited;
            ForgetRefusals(ref record);
            return;
        }

        var wasThere = record.Actual != FibRecord.Absent;
        if (wasThere && !isDelete && failure.Errno == ErrnoNoEntry)
        {
            // A replacement found nothing to replace: it is added at once.
            Hold(ref record, FibRecord.Absent);
            record.Flags &= ~FibFlags.Inherited;
            return;
        }

        if (target != Wanted(record))
        {
            // What was refused is not what is wanted any more.
            ForgetRefusals(ref record);
            return;
        }

        record.Error = _errors.Add(failure.Errno, failure.Text);
        record.Attempts = (byte)Math.Min(record.Attempts + 1, byte.MaxValue);
        record.Flags |= FibFlags.Waiting;
        _refused.Add(slot, record.Attempts, now);
        if (record.Attempts == 1)
        {
            if (failure.Errno == ErrnoExists)
            {
                // Somebody else's, or ours after an event that got lost.
                record.Flags |= FibFlags.Unsure;
                WantDump();
            }

            var what = isDelete ? "removed" : wasThere ? "changed" : "added";
            Notify(slot, string.Create(CultureInfo.InvariantCulture, $"route cannot be {what} in table {_marks.Table}: {failure.Text}"), now, effects);
        }

        if (_isFlushing && isDelete && record.Attempts >= FlushAttempts)
        {
            record.Flags |= FibFlags.Abandoned;
        }
    }

    private void FinishStrays(FibBatchResult result, Instant now, EffectBuffer<FibEffect> effects)
    {
        var refused = 0;
        foreach (var failure in result.Failures)
        {
            if (failure.Errno is not (ErrnoNoEntry or ErrnoNoSuchProcess))
            {
                refused++;
                _strays.Add(_strayMarks!, _straysInFlight[failure.Index]);
                _notices.Give(_straysInFlight[failure.Index], "route of an earlier configuration cannot be removed: " + failure.Text, now, effects);
            }
        }

        if (result.IsUnknown)
        {
            // To delete again does no harm.
            foreach (var prefix in _straysInFlight)
            {
                _strays.Add(_strayMarks!, prefix);
            }
        }

        _strayMarks = null;
        _straysInFlight.Clear();
        _strayLooks = _strays.Count;
        _strayFailures = refused > 0 || result.IsUnknown ? _strayFailures + 1 : 0;
        _strayRetryAt = _strayFailures > 0 ? now + RetryQueue.DelayAfter(_strayFailures) : null;
        if (_isFlushing && _strayFailures >= FlushAttempts)
        {
            _strays.Clear();
        }
    }

    /// <summary>Lists what has waited long enough, or what a change of the kernel hastens.</summary>
    private void TakeRetries(Instant now)
    {
        if (_isHasteWanted && now >= _hasteNotBefore)
        {
            _isHasteWanted = false;
            _hasteNotBefore = now + HasteGap;
            _hastened = now;
        }

        var visits = VisitLimit;
        while (visits > 0 && _refused.TryTake(now, _hastened, out var slot))
        {
            EndWait(slot, FibFlags.None);
            visits--;
        }

        _hastened = visits > 0 ? null : _hastened;

        while (visits > 0 && _disputed.TryTake(now, null, out var slot))
        {
            EndWait(slot, FibFlags.Disputed);
            visits--;
        }
    }

    /// <summary>Ends the wait of a record if it still waits for that reason; the entry may be out of date and its slot used anew, which costs an early attempt at worst.</summary>
    private void EndWait(int slot, FibFlags reason)
    {
        ref var record = ref _table[slot];
        if ((record.Flags & (FibFlags.Used | FibFlags.Waiting | FibFlags.Disputed)) == (FibFlags.Used | FibFlags.Waiting | reason))
        {
            record.Flags &= ~(FibFlags.Waiting | FibFlags.Disputed);
            Review(slot);
        }
    }

    private static void ForgetRefusals(ref FibRecord record)
    {
        record.Error = 0;
        record.Attempts = 0;
        if ((record.Flags & FibFlags.Disputed) == 0)
        {
            record.Flags &= ~FibFlags.Waiting;
        }
    }

    /// <summary>Sets what the kernel has, outside the sums.</summary>
    private void Hold(ref FibRecord record, int actual)
    {
        _forwardings.Share(actual);
        _forwardings.Release(record.Actual);
        record.Actual = actual;
    }

    private void SetActual(ref FibRecord record, int actual)
    {
        Count(record, -1);
        Hold(ref record, actual);
        if (actual == FibRecord.Absent)
        {
            record.Flags &= ~FibFlags.Inherited;
        }

        Count(record, 1);
    }

    private void Notify(int slot, string text, Instant now, EffectBuffer<FibEffect> effects) => _notices.Give(_table.PrefixOf(slot), text, now, effects);
}
