namespace Bgp.Engine;

/// <summary>
/// What will be looked at soon, fetched ahead: with a full table next to nothing is in a cache, and one after the other the fetches would take most of the time. Each line leads to the next, so
/// there is one distance for each.
/// </summary>
internal sealed partial class Rib<TBits>
{
    private const int FarAhead = 12;
    private const int Ahead = 8;
    private const int NearAhead = 4;

    /// <summary>For a prefix that will be announced: the set of the path that the new one has to beat.</summary>
    private void FetchRival(ulong hash)
    {
        if (_table.Home(hash) is var index and not 0 && _table[index].HasBest)
        {
            _context.Attributes.Prefetch(_table.Paths(ref _table[index])[0].Effective);
        }
    }

    /// <summary>For the dirty destinations that follow: the line, the entries of groups, the sets of both, and the octets that export reads.</summary>
    private void FetchDirty(int at)
    {
        if (at + FarAhead < _dirtyEnd)
        {
            var index = _dirty[at + FarAhead];
            _table.PrefetchAt(index);
            foreach (var group in _groups)
            {
                group.PrefetchEntry(index);
            }
        }

        if (at + Ahead < _dirtyEnd)
        {
            var index = _dirty[at + Ahead];
            if (_table[index].HasBest)
            {
                _context.Attributes.Prefetch(_table.Paths(ref _table[index])[0].Effective);
            }

            foreach (var group in _groups)
            {
                if (group.Entry(index) is { IsNone: false } had)
                {
                    _context.Attributes.Prefetch(had.Attributes);
                }
            }
        }

        if (at + NearAhead < _dirtyEnd)
        {
            ref var destination = ref _table[_dirty[at + NearAhead]];
            if (destination.HasBest)
            {
                _context.Attributes.PrefetchBytes(_table.Paths(ref destination)[0].Effective);
            }
        }
    }

    /// <summary>For the changes that will be packed: their destinations.</summary>
    private void FetchChanged(ReadOnlySpan<OutChange> changes, int from, int count)
    {
        for (var at = from; at < changes.Length && at < from + count; at++)
        {
            _table.PrefetchAt(changes[at].Destination);
        }
    }
}
