using Bgp.Protocol;

namespace Bgp.Engine;

/// <summary>
/// Routes with a metric of their own. The metric is part of the kernel's key, so one that changes is another route: what the kernel has becomes a stray, the new one is added, and the stray goes
/// after that. Nothing is forwarded elsewhere in between.
/// </summary>
public sealed partial class FibReconciler
{
    /// <summary>The metric of the kernel's key for one of a record's, which has 0 for that of the marks.</summary>
    private uint KeyOf(uint metric, in IpPrefix prefix) => metric != 0 ? metric : MetricOf(prefix);

    /// <summary>A metric of the kernel's as a record has it.</summary>
    private uint AsHeld(uint metric, in IpPrefix prefix) => metric == MetricOf(prefix) ? 0 : metric;

    /// <summary>The marks under which the kernel has a record's route.</summary>
    private static FibConfig MarksOf(in FibRecord record, FibConfig marks) => record.Held == 0 ? marks : marks with { Metric = record.Held };

    /// <summary>Brings what is known of the kernel under the metric that is wanted; not while anything about the record is in flight or unsure.</summary>
    /// <returns>False where nobody knows what the kernel has there: a route that we left under this metric before may be on its way out, and another program's may be in its place.</returns>
    private bool TryAlign(int slot)
    {
        ref var record = ref _table[slot];
        if (Wanted(record) == FibRecord.Absent)
        {
            return true;
        }

        var prefix = _table.PrefixOf(slot);
        var mayBeThere = record.Actual != FibRecord.Absent || (record.Flags & FibFlags.Written) != 0;
        if (KeyOf(record.Held, prefix) != KeyOf(record.Metric, prefix) && mayBeThere)
        {
            var marks = (record.Flags & FibFlags.Inherited) != 0 ? _inheritedMarks! : _marks;
            _strays.Add(MarksOf(record, marks), prefix);
            _strayLooks = _strays.Count;
            SetActual(ref record, FibRecord.Absent);
            record.Flags &= ~FibFlags.Written;
        }

        if (record.Held != record.Metric)
        {
            Count(record, -1);
            record.Held = record.Metric;
            Count(record, 1);
        }

        if (record.Actual == FibRecord.Absent && _strays.Count > 0 && _strays.Contains(MarksOf(record, _marks), prefix))
        {
            Doubt(ref record);
            return false;
        }

        return true;
    }
}
