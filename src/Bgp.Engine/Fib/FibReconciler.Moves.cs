
namespace Bgp.Engine;

/// <summary>
/// Moves to another configuration. A new table or metric is a new key: the routes are added there and the old ones, as strays, go after. A new protocol keeps the key: the routes are replaced
/// in place, and until then are "inherited". A new source replaces them too; a change of <see cref="FibConfig.NexthopObjects"/> alone replaces nothing, because what stands does the same either
/// way. Writing that is switched off removes what is ours under the marks that it has.
/// </summary>
public sealed partial class FibReconciler
{
    private const int UnreadableAfter = 3;

    // The marks that inherited records still carry.
    private FibConfig? _inheritedMarks;
    private FibConfig? _formerInheritedMarks;
    private FibConfig? _moveTo;
    private int _moveSlot;

    /// <summary>
    /// Whether another configuration waits and may come: what the present one finds in the kernel is to be known first, unless it cannot be read.
    /// </summary>
    private bool CanMove => _nextConfig is not null && (!_isEnabled || _isAdopted || _dumpFailures >= UnreadableAfter);

    private void StartMove()
    {
        var config = _nextConfig!;
        _nextConfig = null;
        if (!config.Enabled)
        {
            if (_isEnabled)
            {
                // What is known to be ours goes even where the kernel could not be read.
                _isEnabled = false;
                _isDumpWanted &= _isAdopted;
                _isAdopted = true;
                StartWalk(forgetsRefusals: true);
            }

            return;
        }

        var isSameMarks = config == _marks with { NexthopObjects = config.NexthopObjects, MetricFromLocalPref = config.MetricFromLocalPref, VariesMetric = config.VariesMetric };
        if (_isEnabled && isSameMarks)
        {
            var hearsMore = config.VariesMetric && !_marks.VariesMetric;
            _marks = config;
            if (hearsMore)
            {
                // Of rivals at other metrics nothing was told till now; whoever tells takes the marks from the request.
                WantDump();
            }

            return;
        }

        var isProtocolOnly = config.Table == _marks.Table && config.Metric == _marks.Metric && config.Protocol != _marks.Protocol;
        _formerInheritedMarks = _inheritedMarks;
        _inheritedMarks = isProtocolOnly ? _marks : null;
        _moveTo = config;
        _moveSlot = 0;
        _activity = Activity.Moving;
    }

    private void ContinueMove(Instant now)
    {
        var budget = VisitLimit;
        while (budget > 0 && (_moveSlot = _table.Next(_moveSlot, ref budget)) >= 0 && budget > 0)
        {
            Move(_moveSlot++);
            budget--;
        }

        if (_moveSlot >= 0)
        {
            return;
        }

        _marks = _moveTo!;
        _moveTo = null;
        _isEnabled = true;
        _isAdopted = false;
        _isDumpWanted = true;
        _dumpNotBefore = now;
        _activity = Activity.Idle;
        StartWalk(forgetsRefusals: true);
    }

    private void Move(int slot)
    {
        ref var record = ref _table[slot];
        var prefix = _table.PrefixOf(slot);
        // A metric of its own stays, but where the protocol and more changes at once nothing does.
        var isSameKey = _moveTo!.Table == _marks.Table
            && (record.Held == 0 ? _moveTo.Metric == _marks.Metric : _moveTo.Protocol == _marks.Protocol || _inheritedMarks is not null);
        if (record.Actual == FibRecord.Absent && (record.Flags & FibFlags.Unsure) == 0)
        {
            // An event may have been older than our last write, so what seems absent may be there; to remove it once too often does no harm.
            if (!isSameKey || _inheritedMarks is not null)
            {
                _strays.Add(MarksOf(record, _marks), prefix);
            }

            return;
        }

        var isKept = isSameKey && (record.Flags & FibFlags.Inherited) == 0 && (_inheritedMarks is null || record.Desired != FibRecord.Absent);
        if (!isKept && (record.Flags & FibFlags.Inherited) != 0)
        {
            _strays.Add(MarksOf(record, _formerInheritedMarks!), prefix);
        }

        if (!isKept && (record.Flags & (FibFlags.Inherited | FibFlags.Unsure)) != FibFlags.Inherited)
        {
            // Where the outcome of a replacement is unknown, it may carry either protocol.
            _strays.Add(MarksOf(record, _marks), prefix);
        }

        Count(record, -1);
        if (!isKept)
        {
            Hold(ref record, FibRecord.Absent);
            record.Flags &= ~(FibFlags.Inherited | FibFlags.Unsure);
        }
        else if (_inheritedMarks is not null)
        {
            Hold(ref record, FibRecord.Other);
            record.Flags = (record.Flags | FibFlags.Inherited) & ~FibFlags.Unsure;
        }
        else if (record.Actual != FibRecord.Absent)
        {
            Hold(ref record, FibRecord.Other);
        }

        Count(record, 1);
        Review(slot);
    }
}
