using Bgp.Protocol;

namespace Bgp.Engine;

/// <summary>
/// What others do to our routes. A route that is taken away or changed is put back: at once the first few times, then with growing delays, so that two programs that fight over a route do not
/// burn the machine. Events and our own writes come without a common order; wherever it matters a dump decides.
/// </summary>
public sealed partial class FibReconciler
{
    /// <summary>How often within about a minute a route is put back at once.</summary>
    private const int FreeDisputes = 3;

    private void Hear(FibRouteEvent told, Instant now, EffectBuffer<FibEffect> effects)
    {
        var route = told.Route;
        if (!_isAdopted && _activity is not (Activity.Dump or Activity.ApplyingDump))
        {
            return;
        }

        if (route.Table != _marks.Table)
        {
            return;
        }

        var isOurs = route.Protocol == _marks.Protocol;
        if (_activity is Activity.Dump or Activity.ApplyingDump or Activity.Moving)
        {
            _isDumpOutdated = true;
            return;
        }

        var slot = _table.Find(route.Prefix);
        if (route.Metric != KeyOf(slot < 0 ? 0 : _table[slot].Held, route.Prefix))
        {
            if (isOurs && !told.IsRemoved)
            {
                WantDump();
            }

            return;
        }

        if (!isOurs)
        {
            HearOfRival(slot, told.IsRemoved);
        }
        else if (slot >= 0)
        {
            HearOfOurs(slot, told, now, effects);
        }
        else if (!told.IsRemoved && _isEnabled)
        {
            HearOfUnknown(route.Prefix, now, effects);
        }
    }

    /// <summary>A route of another protocol came to the key, perhaps in place of ours, or left it.</summary>
    private void HearOfRival(int slot, bool isRemoved)
    {
        if (slot < 0)
        {
            return;
        }

        ref var record = ref _table[slot];
        if (isRemoved)
        {
            if (_errors.Errno(record.Error) == ErrnoExists)
            {
                EndWait(slot, FibFlags.None);
            }
        }
        else if ((record.Flags & FibFlags.InFlight) != 0)
        {
            record.Flags |= FibFlags.Touched;
        }
        else if (record.Actual != FibRecord.Absent)
        {
            Doubt(ref record);
        }
    }

    private void HearOfOurs(int slot, FibRouteEvent told, Instant now, EffectBuffer<FibEffect> effects)
    {
        ref var record = ref _table[slot];
        var content = FibDump.Read(told.Route, _marks);
        if ((record.Flags & FibFlags.InFlight) != 0)
        {
            // Where both do the same, their order does not matter, unless ours is refused.
            var target = _inFlight.Find(entry => entry.Slot == slot).Target;
            if (told.IsRemoved && target != FibRecord.Absent && Is(record.Actual, content) && !Is(target, content))
            {
                // What our replacement was to replace went before it came, else it would be gone by now: so it finds nothing, and says so.
                return;
            }

            var isSame = told.IsRemoved ? target == FibRecord.Absent : Is(target, content);
            record.Flags |= isSame ? FibFlags.Preempted : FibFlags.Touched;
            return;
        }

        if ((record.Flags & FibFlags.Unsure) != 0 || (record.Actual == FibRecord.Absent && told.IsRemoved))
        {
            return;
        }

        var isAsKnown = Is(record.Actual, content);
        if (!told.IsRemoved)
        {
            if (!isAsKnown)
            {
                Count(record, -1);
                record.Flags |= record is { Desired: FibRecord.Absent, Actual: FibRecord.Absent } ? FibFlags.Stale : FibFlags.None;
                Hold(ref record, FibRecord.Other);
                Count(record, 1);
                Dispute(slot, "route was changed by another program and is put right", now, effects);
            }
        }
        else if (isAsKnown || record.Actual == FibRecord.Other)
        {
            SetActual(ref record, FibRecord.Absent);
            if (told.IsByKernel)
            {
                // Links may come and go often: that must not slow the route down as a quarrel does.
                Review(slot);
                return;
            }

            Dispute(slot, "route was removed by another program and is put back", now, effects);
        }
        else
        {
            // One way of several, or one of several routes of the key: what is left is not said.
            Doubt(ref record);
        }
    }

    /// <summary>A route with our marks that we did not write: another daemon uses them too, or an earlier run's is still at work.</summary>
    private void HearOfUnknown(in IpPrefix prefix, Instant now, EffectBuffer<FibEffect> effects)
    {
        var slot = _table.FindOrAdd(prefix);
        ref var record = ref _table[slot];
        Count(record, -1);
        record.Flags |= FibFlags.Stale;
        record.Actual = FibRecord.Other;
        Count(record, 1);
        Dispute(slot, "another program writes routes with our protocol number", now, effects);
    }

    private bool Is(int id, Forwarding? content) => content is not null && id >= ForwardingTable.First && content.Equals(_forwardings[id]);

    private void Doubt(ref FibRecord record)
    {
        Count(record, -1);
        record.Flags |= FibFlags.Unsure;
        Count(record, 1);
        WantDump();
    }

    private void Dispute(int slot, string text, Instant now, EffectBuffer<FibEffect> effects)
    {
        ref var record = ref _table[slot];
        record.Disputes = (byte)Math.Min(record.Disputes + 1, byte.MaxValue);
        _calmAt ??= now + CalmInterval;
        if (Decide(record) is null)
        {
            Review(slot);
            return;
        }

        _notices.Give(_table.PrefixOf(slot), text, now, effects);
        if (record.Disputes <= FreeDisputes)
        {
            Review(slot);
        }
        else if ((record.Flags & (FibFlags.Waiting | FibFlags.Dirty)) == 0)
        {
            record.Flags |= FibFlags.Waiting | FibFlags.Disputed;
            _disputed.Add(slot, record.Disputes - FreeDisputes, now);
        }
    }
}
