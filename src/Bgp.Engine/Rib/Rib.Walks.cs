namespace Bgp.Engine;

/// <summary>Walks over all destinations, a bounded number at a time.</summary>
internal sealed partial class Rib<TBits>
{
    /// <summary>With two sweeps of a session still to be done, its four refresh numbers are all in use.</summary>
    private const int MaxPendingSweeps = 2;

    private readonly LinkedList<RibWalk> _walks = new();
    private readonly List<PathEntry> _reimported = [];

    public override bool HasWork => DirtyCount > 0 || _isDefaultDue || _unsettled.Count > 0 || _walks.Count > 0 || HasWalkableCatchUp();

    public override void Work()
    {
        var budget = _context.Limits.DestinationsPerStep;
        budget -= ExportDirty(budget);
        budget -= SettleAggregates(budget);
        if (budget > 0 && _walks.First is { } first)
        {
            // Walks take turns: a long one does not hold back the others.
            _walks.RemoveFirst();
            var walk = first.Value;
            var end = _table.End;
            for (; budget > 0 && walk.Cursor < end; walk.Cursor++, budget--)
            {
                _context.Visited++;
                Visit(walk, walk.Cursor);
            }

            if (walk.Cursor < end)
            {
                _walks.AddLast(walk);
            }
            else
            {
                Finish(walk);
            }
        }

        // What a walk marked dirty is exported before its catch-ups go on, so that they see the groups' present state.
        if (DirtyCount == 0)
        {
            WorkOnCatchUps(ref budget);
        }

        WakeMembers();
    }

    public override bool TryBeginRefresh(PeerSlot slot, PeerFamily family)
    {
        var next = (byte)((family.RefreshEpoch + 1) & (byte)PathFlags.RefreshMask);
        var pending = _walks.Count(walk => walk.Kind == RibWalkKind.SweepRefresh && walk.Slots.Contains(slot.Number));
        if (pending >= MaxPendingSweeps)
        {
            return false;
        }

        foreach (var walk in _walks.Where(walk => walk.Kind == RibWalkKind.SweepRefresh && walk.Slots.Contains(slot.Number)))
        {
            walk.StaleEpochs &= ~(1 << next);
        }

        family.RefreshEpoch = next;
        return true;
    }

    public override void SweepRefresh(PeerSlot slot, PeerFamily family)
    {
        var walk = new RibWalk(RibWalkKind.SweepRefresh) { StaleEpochs = ~(1 << family.RefreshEpoch) };
        walk.Slots.Add(slot.Number);
        _walks.AddLast(walk);
    }

    public override void Reimport(PeerSlot slot) => Walk(RibWalkKind.Reimport, slot.Number);

    public override void Reexport(PeerSlot slot) => Walk(RibWalkKind.Reexport, slot.Number);

    public override void Redecide(IReadOnlyCollection<int>? nextHops) =>
        _walks.AddLast(new RibWalk(RibWalkKind.Redecide) { NextHops = nextHops is null ? null : [.. nextHops] });

    /// <summary>A walk that has not started yet takes the session along: a reload changes many at once, and sessions end together.</summary>
    private void Walk(RibWalkKind kind, ushort slot)
    {
        foreach (var waiting in _walks)
        {
            if (waiting.Kind == kind && waiting.Cursor == 1)
            {
                waiting.Slots.Add(slot);
                return;
            }
        }

        var walk = new RibWalk(kind);
        walk.Slots.Add(slot);
        _walks.AddLast(walk);
    }

    private bool HasWalkableCatchUp()
    {
        foreach (var group in _groups)
        {
            foreach (var catchUp in group.CatchUps)
            {
                if (CanWalk(catchUp))
                {
                    return true;
                }
            }
        }

        return false;
    }

    private void Visit(RibWalk walk, uint index)
    {
        if (walk.Kind == RibWalkKind.Dissolve)
        {
            ReleaseEntry(walk.Group!.Entry(index));
            ReleasePaths(walk.Group!.Paths(index));
            FreeIfUnused(index);
            return;
        }

        if (walk.Kind == RibWalkKind.Reap)
        {
            FreeIfUnused(index);
            return;
        }

        ref var destination = ref _table[index];
        if ((destination.Flags & DestinationFlags.Live) == 0)
        {
            return;
        }

        if (walk.Kind == RibWalkKind.Redecide)
        {
            Redecide(walk, index, ref destination);
            return;
        }

        if (walk.Kind == RibWalkKind.Contribute)
        {
            if (Contribute(index, ref destination))
            {
                MarkDirty(index);
            }

            return;
        }

        if (walk.Kind == RibWalkKind.Reimport)
        {
            Reimport(walk, index, ref destination);
            return;
        }

        if (walk.Kind == RibWalkKind.Reexport)
        {
            Reexport(walk, index, ref destination);
            return;
        }

        Remove(walk, index, ref destination);
    }

    /// <summary>Takes out all paths that the walk is for, then decides once: a decision in between would change the order of what is still to be looked at.</summary>
    private void Remove(RibWalk walk, uint index, ref Destination<TBits> destination)
    {
        var (isAny, wasBest, wasMultipath) = (false, false, false);
        for (var at = destination.PathCount - 1; at >= 0; at--)
        {
            var path = _table.Paths(ref destination)[at];
            if (!walk.Slots.Contains(path.Slot))
            {
                continue;
            }

            var family = _context.Slots[path.Slot]!.FamilyOf(Family);
            var epoch = (int)(path.Flags & PathFlags.RefreshMask);
            if (walk.Kind == RibWalkKind.Purge || (walk.StaleEpochs & (1 << epoch)) != 0)
            {
                isAny = true;
                wasBest |= at == 0 && destination.HasBest;
                wasMultipath |= (path.Flags & PathFlags.Multipath) != 0;
                Detach(ref destination, at, family);
            }
        }

        if (isAny)
        {
            DecideWithout(index, ref destination, wasBest, wasMultipath);
        }
    }

    private void Reimport(RibWalk walk, uint index, ref Destination<TBits> destination)
    {
        // Copied first: each decision may change the order.
        _reimported.Clear();
        foreach (ref readonly var path in _table.Paths(ref destination))
        {
            if (walk.Slots.Contains(path.Slot))
            {
                _reimported.Add(path);
            }
        }

        foreach (var path in _reimported)
        {
            var slot = _context.Slots[path.Slot]!;
            if (slot.FamilyOf(Family) is { } family)
            {
                var loop = slot.Loops.Judge(_context.Attributes.View(path.Received));
                var (reason, effective) = loop != PathReason.None
                    ? (loop, path.Received)
                    : Judge(family.Import, DestinationTable<TBits>.PrefixOf(destination), path.Received, slot);
                Put(index, path with { Effective = effective, Reason = reason, Flags = path.Flags & PathFlags.RefreshMask }, family);
            }
        }
    }

    private void Reexport(RibWalk walk, uint index, ref Destination<TBits> destination)
    {
        foreach (ref readonly var path in _table.Paths(ref destination))
        {
            if (walk.Slots.Contains(path.Slot))
            {
                MarkDirty(index);
                return;
            }
        }
    }

    private void Redecide(RibWalk walk, uint index, ref Destination<TBits> destination)
    {
        var paths = _table.Paths(ref destination);
        if (walk.NextHops is { } nextHops)
        {
            var isConcerned = false;
            foreach (ref readonly var path in paths)
            {
                isConcerned |= nextHops.Contains(_context.Attributes[path.Effective].NextHop);
            }

            if (!isConcerned)
            {
                return;
            }
        }

        if (!paths.IsEmpty)
        {
            Reselect(ref destination, paths);
            MarkDirty(index);
        }
    }

    private void Finish(RibWalk walk)
    {
        switch (walk.Kind)
        {
            case RibWalkKind.Purge:
                foreach (var slot in walk.Slots)
                {
                    _context.Slots[slot]!.PendingPurges--;
                }

                break;
            case RibWalkKind.Contribute:
                FinishContribution(walk);
                break;
            case RibWalkKind.Dissolve:
                walk.Group!.Dispose();
                break;
        }
    }
}
