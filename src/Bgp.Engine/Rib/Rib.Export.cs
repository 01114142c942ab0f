namespace Bgp.Engine;

/// <summary>
/// From dirty destinations to forwarding effects and encoded UPDATEs (RFC 4271 §9.1.3, §9.2).
/// <para>
/// For each dirty destination each group's wanted entry is compared with the one that it was sent. The differences are sorted by source and attribute set, encoded once into the group's log and
/// marked in the maps of its catch-ups. When a destination's source changes from A to B, everybody but B gets the announcement (also A, even where the attributes are equal), and B gets a
/// withdrawal if it had the route.
/// </para>
/// </summary>
internal sealed partial class Rib<TBits>
{
    private readonly List<UpdateGroup> _groups = [];
    private readonly List<uint> _emptied = [];

    private int ExportDirty(int budget)
    {
        _emptied.Clear();
        var visited = ExportDefaults();
        _isExporting = true;
        for (; visited < budget && _dirtyHead < _dirtyEnd; visited++)
        {
            _context.Visited++;
            FetchDirty(_dirtyHead);
            var index = _dirty[_dirtyHead++];
            ref var destination = ref _table[index];
            destination.Flags &= ~DestinationFlags.Dirty;
            ExportForwarding(ref destination);
            TellWhoDepends(destination);
            Contribute(index, ref destination);
            foreach (var group in _groups)
            {
                Export(group, index, ref destination);
            }

            if (destination.PathCount == 0)
            {
                _emptied.Add(index);
            }
        }

        if (_dirtyHead == _dirtyEnd)
        {
            _dirtyHead = _dirtyEnd = 0;
        }

        _isExporting = false;
        foreach (var group in _groups)
        {
            ForgetExport(group);
            Flush(group);
        }

        for (var at = 0; at < _emptied.Count; at++)
        {
            if (at + Ahead < _emptied.Count)
            {
                _table.PrefetchHome(_emptied[at + Ahead]);
            }

            FreeIfUnused(_emptied[at]);
        }

        return visited;
    }

    /// <summary>Next hops and conditions that may depend on the prefix. There are none as a rule: then the prefix is not even made.</summary>
    private void TellWhoDepends(in Destination<TBits> destination)
    {
        if (_context.NextHops.HasDistant(Family.Afi))
        {
            _context.Recursion?.Touch(DestinationTable<TBits>.PrefixOf(destination));
        }

        if (_context.Conditions is { IsEmpty: false } conditions)
        {
            conditions.Tell(DestinationTable<TBits>.PrefixOf(destination), destination.HasBest);
        }
    }

    private void Export(UpdateGroup group, uint index, ref Destination<TBits> destination)
    {
        if (group.HasAddPath)
        {
            ExportPathsTo(group, index, ref destination);
        }
        else
        {
            ExportTo(group, index, ref destination);
        }
    }

    private void ExportTo(UpdateGroup group, uint index, ref Destination<TBits> destination)
    {
        var had = group.Entry(index);
        var wanted = Wanted(group, ref destination);
        if (wanted == had)
        {
            ReleaseEntry(wanted);
            return;
        }

        group.SetEntry(index, wanted);
        AddChange(group, group.Changes, index, 0, had, wanted);
        TellWalks(group, index);
        ReleaseEntry(had);
    }

    private static void TellWalks(UpdateGroup group, uint index)
    {
        foreach (var catchUp in group.CatchUps)
        {
            catchUp.Mark(index);
        }

        foreach (var move in group.Movers)
        {
            move.Doubt(index);
        }
    }

    private void AddChange(UpdateGroup group, List<OutChange> changes, uint index, uint pathId, OutEntry had, OutEntry wanted)
    {
        changes.Add(ChangeOf(index, pathId, wanted.IsNone ? had with { Attributes = 0 } : wanted, AudienceOf(wanted.IsNone ? had : wanted)));
        if (!wanted.IsNone && !had.IsNone)
        {
            WithdrawFromNewlyExcluded(group, index, pathId, had, wanted);
        }
    }

    private void WithdrawFromNewlyExcluded(UpdateGroup group, uint index, uint pathId, OutEntry had, OutEntry wanted)
    {
        var before = AudienceOf(had);
        var after = AudienceOf(wanted);
        if (after.Except > 0 && before.Includes(after.Except))
        {
            group.Targeted.Add(((ushort)after.Except, Withdrawal(index, pathId)));
        }

        if (after.ExceptToo >= 0 && after.ExceptToo != after.Except && before.Includes(after.ExceptToo))
        {
            group.Targeted.Add(((ushort)after.ExceptToo, Withdrawal(index, pathId)));
        }
    }

    private static OutChange ChangeOf(uint index, uint pathId, OutEntry entry, OutputAudience audience) =>
        new(index, pathId, entry.Attributes, entry.Source, (ushort)Math.Max(0, audience.ExceptToo));

    private static OutChange Withdrawal(uint index, uint pathId) => new(index, pathId, 0, 0, 0);

    private OutputAudience AudienceOf(OutEntry entry) => OutputAudience.AllBut(entry.Source, _context.OwnerOfNextHop(entry.Attributes));

    private void ReleaseEntry(OutEntry entry)
    {
        if (!entry.IsNone)
        {
            _context.Attributes.Release(entry.Attributes);
        }
    }

    /// <summary>Gives the destination back when nothing refers to it any more: no path, no group's entry, no catch-up.</summary>
    private void FreeIfUnused(uint index)
    {
        ref var destination = ref _table[index];
        if (destination.PathCount > 0 || (destination.Flags & (DestinationFlags.Dirty | DestinationFlags.Live)) != DestinationFlags.Live)
        {
            return;
        }

        foreach (var group in _groups)
        {
            if (group.Has(index))
            {
                return;
            }

            foreach (var catchUp in group.CatchUps)
            {
                if (catchUp.Needs(index))
                {
                    return;
                }
            }
        }

        _table.Remove(index);
        if (_highestPathIds.Get(index) != 0)
        {
            _highestPathIds.Slot(index) = 0;
        }
    }
}
