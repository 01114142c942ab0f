namespace Bgp.Engine;

/// <summary>Where the traffic of a destination goes: over the best path, over those that share its traffic with it, or nowhere.</summary>
internal sealed partial class Rib<TBits>
{
    private readonly List<WeightedNextHop> _ways = [];

    private void ExportForwarding(ref Destination<TBits> destination)
    {
        if (!_context.HasForwarded)
        {
            return;
        }

        var metric = 0u;
        ForgetShares(_table.Paths(ref destination));
        var forwarding = _context.Config.Fib.Enabled ? ForwardingOf(ref destination, marks: true, out metric) : null;
        _context.Effects.Add(new EngineEffect(EngineEffectKind.Fib)
        {
            Prefix = DestinationTable<TBits>.PrefixOf(destination),
            Family = Family,
            Forwarding = forwarding,
            Metric = metric,
        });
    }

    /// <summary>Where the traffic goes, <c>null</c> for nowhere, and the route's own metric in the kernel, 0 for the configured one.</summary>
    /// <param name="destination">Whose traffic.</param>
    /// <param name="marks">Whether the paths are marked that share it: what is shown of them is what the kernel was told, so only who tells it does that.</param>
    /// <param name="metric">The metric.</param>
    private Forwarding? ForwardingOf(ref Destination<TBits> destination, bool marks, out uint metric)
    {
        metric = 0;
        var prefix = DestinationTable<TBits>.PrefixOf(destination);
        if (_context.Statics?.ForwardingOf(prefix) is { } configured)
        {
            return configured;
        }

        if (!destination.HasBest)
        {
            return null;
        }

        var paths = _table.Paths(ref destination);
        var source = _context.Slots[paths[0].Slot]!;
        if (source.IsLocal)
        {
            metric = _context.Attributes[paths[0].Effective].KernelMetric;
            return _context.Locals is { } locals && locals.IsBlackhole(prefix) ? Forwarding.Blackhole : null;
        }

        if (!_context.Policy.TryApply(_context.FibPolicy, prefix, paths[0].Effective, source, out var judged))
        {
            return null;
        }

        ref readonly var set = ref _context.Attributes[judged];
        metric = set.KernelMetric != 0 || !_context.Config.Fib.MetricFromLocalPref ? set.KernelMetric : Complement(set.HasLocalPref ? set.LocalPref : _context.Config.DefaultLocalPref);
        if ((set.Flags & AttributeSetFlags.Blackhole) != 0)
        {
            return Forwarding.Blackhole;
        }

        Share(paths, source.Source == RouteSource.External ? _context.Config.Multipath.Ebgp : _context.Config.Multipath.Ibgp, marks);
        return _ways.Count == 1 ? _context.NextHops[_ways[0].NextHop].Ways : _context.Combine(_ways);
    }

    /// <summary>The metric for a LOCAL_PREF, the greater the less, as Calico has it; never 0, which IPv6 takes for 1024.</summary>
    private static uint Complement(uint localPref) => localPref < int.MaxValue ? int.MaxValue - localPref : 1;

    private static void ForgetShares(Span<PathEntry> paths)
    {
        foreach (ref var path in paths)
        {
            path.Flags &= ~PathFlags.Multipath;
        }
    }

    /// <summary>Gathers the next hops that share the traffic with the best path, that one first.</summary>
    private void Share(Span<PathEntry> paths, int limit, bool marks)
    {
        _ways.Clear();
        _ways.Add(WayOf(paths[0]));
        for (var at = 1; at < paths.Length; at++)
        {
            ref var path = ref paths[at];
            var shares = _ways.Count < limit && _decision.IsEligible(path) && _decision.IsMultipath(paths[0], path)
                && (_context.Attributes[path.Effective].Flags & AttributeSetFlags.Blackhole) == 0;
            var way = WayOf(path);
            if (shares && !HasWay(way.NextHop))
            {
                path.Flags |= marks ? PathFlags.Multipath : PathFlags.None;
                _ways.Add(way);
            }
        }

        paths[0].Flags |= _ways.Count > 1 && marks ? PathFlags.Multipath : PathFlags.None;
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
