namespace Bgp.Engine;

/// <summary>Where the traffic of a destination goes: over the best path, over those that share its traffic with it, or nowhere.</summary>
internal sealed partial class Rib<TBits>
{
    private readonly List<WeightedNextHop> _ways = [];

    private void ExportForwarding(ref Destination<TBits> destination)
    {
        if (!_context.Config.Fib.Enabled)
        {
            return;
        }

        _context.Effects.Add(new EngineEffect(EngineEffectKind.Fib)
        {
            Prefix = DestinationTable<TBits>.PrefixOf(destination),
            Family = Family,
            Forwarding = ForwardingOf(ref destination),
        });
    }

    private Forwarding? ForwardingOf(ref Destination<TBits> destination)
    {
        if (!destination.HasBest)
        {
            return null;
        }

        var paths = _table.Paths(ref destination);
        if (_context.Slots[paths[0].Slot]!.IsLocal)
        {
            return _context.Locals is { } locals && locals.IsBlackhole(DestinationTable<TBits>.PrefixOf(destination)) ? Forwarding.Blackhole : null;
        }

        var source = _context.Slots[paths[0].Slot]!;
        if (!_context.Policy.TryApply(_context.FibPolicy, DestinationTable<TBits>.PrefixOf(destination), paths[0].Effective, source, out _))
        {
            return null;
        }

        _ways.Clear();
        _ways.Add(WayOf(paths[0]));
        var limit = source.Source == RouteSource.External ? _context.Config.Multipath.Ebgp : _context.Config.Multipath.Ibgp;
        for (var at = 1; at < paths.Length; at++)
        {
            ref var path = ref paths[at];
            var shares = _ways.Count < limit && _decision.IsEligible(path) && _decision.IsMultipath(paths[0], path);
            path.Flags = shares ? path.Flags | PathFlags.Multipath : path.Flags & ~PathFlags.Multipath;
            var way = WayOf(path);
            if (shares && !HasWay(way.NextHop))
            {
                _ways.Add(way);
            }
        }

        paths[0].Flags = _ways.Count > 1 ? paths[0].Flags | PathFlags.Multipath : paths[0].Flags & ~PathFlags.Multipath;
        return _ways.Count == 1 ? _context.NextHops[_ways[0].NextHop].Ways : _context.Combine(_ways);
    }

    private bool HasWay(int nextHop)
    {
        foreach (var way in _ways)
        {
            if (way.NextHop == nextHop)
            {
                return true;
            }
        }

        return false;
    }

    private WeightedNextHop WayOf(in PathEntry path)
    {
        ref readonly var set = ref _context.Attributes[path.Effective];
        return new WeightedNextHop(set.NextHop, Math.Max(1, (int)set.EcmpWeight));
    }
}
