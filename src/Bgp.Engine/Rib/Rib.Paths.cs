using System.Runtime.InteropServices;

namespace Bgp.Engine;

/// <summary>
/// What groups with ADD-PATH are sent: several paths of a destination (RFC 7911).
/// <para>
/// Which: all eligible paths are ranked by the decision process, repeated without the ones already ranked; those that may not pass to the group (reflection rules, export policy, well-known
/// communities, a set that it cannot carry) drop out, and the first N of the rest are sent. So the best path is always among them where it may pass, and the choice does not depend on the
/// member: one whose own paths are among the N is sent the others, fewer than N. A route server's client is alone in its group, so its own paths take no place.
/// </para>
/// <para>
/// Local path identifiers belong to the group and the destination. A path (its source and the identifier that it came with) keeps its own while it is sent, also when its attributes change; a new
/// path takes the lowest free one. That may be the one of a path that goes at the same moment: then the announcement replaces the old path (RFC 7911 §3), and who is not sent the new one is
/// sent a withdrawal, as where a destination's only path changes its source. Nobody can take the new path for the old one: who reads the group's log reads both changes in order; who is fed by
/// a walk is told the present state of every identifier that was ever in use at the destination (<see cref="_highestPathIds"/>), a path or a withdrawal, before it goes over to the log.
/// </para>
/// </summary>
internal sealed partial class Rib<TBits>
{
    /// <summary>
    /// The highest local path identifier that any group has used for a destination, 0 for none. It never falls while the destination lives: members that are behind, or come from another group, may
    /// hold any path up to it. A destination is freed only when no walk has to tell of it any more.
    /// </summary>
    private readonly IndexedArray<ushort> _highestPathIds = new();

    private readonly List<OutPath> _wantedPaths = [];
    private readonly List<OutPath> _placedPaths = [];
    private PathEntry[] _ranked = new PathEntry[16];

    /// <summary>Some group has ADD-PATH or is a route server's client: changes of paths that are not best matter as well.</summary>
    private bool _looksAtAll;

    private void ExportPathsTo(UpdateGroup group, uint index, ref Destination<TBits> destination)
    {
        CollectWanted(group, ref destination);
        var had = group.Paths(index);
        if (!PlaceWanted(had))
        {
            ReleasePaths(CollectionsMarshal.AsSpan(_wantedPaths));
            return;
        }

        for (var at = 0; at < _placedPaths.Count; at++)
        {
            var before = at < had.Length ? had[at].Entry : default;
            if (before != _placedPaths[at].Entry)
            {
                AddChange(group, group.Changes, index, LocalId(at), before, _placedPaths[at].Entry);
            }
        }

        ReplacePaths(group, index, had);
        TellWalks(group, index);
    }

    /// <summary>Sets what the group is sent, without a change in its log; paths keep the identifiers that they have in the group which the members came from.</summary>
    private void BuildPaths(UpdateGroup group, UpdateGroup? like, uint index, ref Destination<TBits> destination)
    {
        CollectWanted(group, ref destination);
        var had = group.Paths(index);
        PlaceWanted(had.IsEmpty && like is not null ? like.Paths(index) : had);
        ReplacePaths(group, index, had);
    }

    private void ReplacePaths(UpdateGroup group, uint index, ReadOnlySpan<OutPath> had)
    {
        var placed = CollectionsMarshal.AsSpan(_placedPaths);
        group.RecountPaths(had, placed);
        ReleasePaths(had);
        group.SetPaths(index, placed);
        if (placed.Length > _highestPathIds.Get(index))
        {
            _highestPathIds.Slot(index) = (ushort)placed.Length;
        }
    }

    /// <summary>Collects the paths that the group should be sent, each with a reference on its attributes.</summary>
    private void CollectWanted(UpdateGroup group, ref Destination<TBits> destination)
    {
        _wantedPaths.Clear();
        if (IsOriginatedFor(group, destination))
        {
            _wantedPaths.Add(new OutPath(new OutEntry(OriginatedFor(group), 0), 0));
            return;
        }

        var limit = group.Key.PathLimit;
        if (group.Key.Export.Shape == PolicyShape.RejectsAll || (destination.Flags & DestinationFlags.Suppressed) != 0)
        {
            return;
        }

        // Where all of them may go their rank means nothing to anybody.
        var eligible = Eligible(_table.Paths(ref destination));
        var isRanked = eligible.Length > limit;
        var prefix = DestinationTable<TBits>.PrefixOf(destination);
        for (var at = 0; at < eligible.Length && _wantedPaths.Count < limit; at++)
        {
            if (isRanked)
            {
                var best = at + _decision.Select(eligible[at..]);
                (eligible[at], eligible[best]) = (eligible[best], eligible[at]);
            }

            var exported = ExportedTo(group, prefix, eligible[at]);
            if (exported != 0)
            {
                _wantedPaths.Add(new OutPath(new OutEntry(exported, eligible[at].Slot), eligible[at].PathId));
            }
        }
    }

    private Span<PathEntry> Eligible(ReadOnlySpan<PathEntry> paths)
    {
        if (_ranked.Length < paths.Length)
        {
            _ranked = new PathEntry[paths.Length * 2];
        }

        var count = 0;
        foreach (ref readonly var path in paths)
        {
            if (_decision.IsEligible(path))
            {
                _ranked[count++] = path;
            }
        }

        return _ranked.AsSpan(0, count);
    }

    /// <summary>Gives each wanted path its place, by local path identifier. False when everything is as it was.</summary>
    private bool PlaceWanted(ReadOnlySpan<OutPath> had)
    {
        _placedPaths.Clear();
        CollectionsMarshal.SetCount(_placedPaths, had.Length);
        CollectionsMarshal.AsSpan(_placedPaths).Clear();
        var isChanged = false;
        var isNew = 0;
        foreach (var path in _wantedPaths)
        {
            var place = PlaceOf(had, path);
            if (place < 0)
            {
                isNew++;
                continue;
            }

            isChanged |= had[place] != path;
            _placedPaths[place] = path;
        }

        for (int at = 0, place = 0; isNew > 0; at++)
        {
            if (PlaceOf(had, _wantedPaths[at]) >= 0)
            {
                continue;
            }

            while (place < _placedPaths.Count && !_placedPaths[place].IsNone)
            {
                place++;
            }

            if (place == _placedPaths.Count)
            {
                _placedPaths.Add(default);
            }

            _placedPaths[place] = _wantedPaths[at];
            isChanged = true;
            isNew--;
        }

        return isChanged || CountOf(had) != _wantedPaths.Count;
    }

    private static int PlaceOf(ReadOnlySpan<OutPath> had, in OutPath path)
    {
        for (var at = 0; at < had.Length; at++)
        {
            if (had[at].IsSamePath(path))
            {
                return at;
            }
        }

        return -1;
    }

    private static int CountOf(ReadOnlySpan<OutPath> paths)
    {
        var count = 0;
        foreach (ref readonly var path in paths)
        {
            count += path.IsNone ? 0 : 1;
        }

        return count;
    }

    /// <summary>Tells the members of a walk the destination's paths; with <paramref name="isAll"/> also which identifiers name none, for members that may have something from before.</summary>
    private void TellPaths(UpdateGroup group, CatchUp catchUp, uint index, bool isAll)
    {
        var paths = group.Paths(index);
        for (var at = 0; at < paths.Length; at++)
        {
            if (!paths[at].IsNone)
            {
                Tell(group, catchUp, index, LocalId(at), paths[at].Entry, isAll);
            }
        }

        var highest = isAll ? _highestPathIds.Get(index) : 0;
        for (var at = 0; at < highest; at++)
        {
            if (at >= paths.Length || paths[at].IsNone)
            {
                Tell(group, catchUp, index, LocalId(at), default, isAll);
            }
        }
    }

    private void ReleasePaths(ReadOnlySpan<OutPath> paths)
    {
        foreach (ref readonly var path in paths)
        {
            ReleaseEntry(path.Entry);
        }
    }

    private static uint LocalId(int place) => (uint)place + 1;
}
