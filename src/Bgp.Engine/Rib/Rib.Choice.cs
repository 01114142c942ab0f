namespace Bgp.Engine;

/// <summary>
/// Which path of a destination is best after one of them came, changed or went (RFC 4271 §9.1.2): challenger against best where the order of paths is one of pairs, among all of them where it is
/// not. The best stands first.
/// </summary>
internal sealed partial class Rib<TBits>
{
    /// <summary>Decides after paths are gone, the best among them or one that shared its traffic.</summary>
    private void DecideWithout(uint index, ref Destination<TBits> destination, bool wasBest, bool wasMultipath)
    {
        if (wasBest || !_decision.IsPairwise)
        {
            if (Reselect(ref destination, _table.Paths(ref destination)) || wasBest)
            {
                MarkDirty(index);
                return;
            }
        }

        if (wasMultipath || destination.PathCount == 0 || LosersMatter(destination))
        {
            MarkDirty(index);
        }
    }

    /// <summary>Whether others see paths that are not best: groups that choose among all of them, and next hops that the destination may lead to, which none of its paths may need.</summary>
    private bool LosersMatter(in Destination<TBits> destination) => _looksAtAll || (_context.NextHops.HasDistant(Family.Afi) && _context.NextHops.MayLead(DestinationTable<TBits>.PrefixOf(destination)));

    /// <summary>Decides after the path at <paramref name="at"/> is new or changed. True when what others see of the destination may have changed.</summary>
    private bool Choose(ref Destination<TBits> destination, Span<PathEntry> paths, int at)
    {
        if (destination.HasBest && (at == 0 || !_decision.IsPairwise))
        {
            return Reselect(ref destination, paths) | (at == 0) | SharesTraffic;
        }

        if (!_decision.IsEligible(paths[at]))
        {
            return false;
        }

        // A best path whose session is down, or whose next hop is, waits for its walk: the new one is not alone in following it.
        if (!destination.HasBest || !_decision.IsEligible(paths[0]))
        {
            return Reselect(ref destination, paths);
        }

        if (_decision.Compare(paths[at], paths[0], out _) < 0)
        {
            (paths[0], paths[at]) = (paths[at], paths[0]);
            return true;
        }

        return SharesTraffic && _decision.IsMultipath(paths[0], paths[at]);
    }

    /// <summary>Chooses among all paths and puts the best first. True when it is another path than before, or there is none now where one was.</summary>
    private bool Reselect(ref Destination<TBits> destination, Span<PathEntry> paths)
    {
        var best = _decision.Select(paths);
        if (best < 0)
        {
            var had = destination.HasBest;
            destination.Flags &= ~DestinationFlags.HasBest;
            return had;
        }

        var isSame = best == 0 && destination.HasBest;
        destination.Flags |= DestinationFlags.HasBest;
        if (best != 0)
        {
            (paths[0], paths[best]) = (paths[best], paths[0]);
        }

        return !isSame;
    }
}
