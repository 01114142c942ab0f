using System.Diagnostics.CodeAnalysis;
using Bgp.Engine;
using Bgp.Protocol;

namespace Bgp.Simulation;

/// <summary>A routing table with the kernel's keys. It is sorted only for whoever looks at all of it: thousands of nodes write a thousand routes each, and few are asked for them.</summary>
internal sealed class KernelRoutes
{
    private readonly Dictionary<(uint Table, IpPrefix Prefix, uint Metric), KernelRoute> _routes = [];
    private KernelRoute[]? _sorted;

    public int Count => _routes.Count;

    /// <summary>By table, prefix and metric; a copy, which stays as it is.</summary>
    public IReadOnlyList<KernelRoute> Sorted => _sorted ??= [.. _routes.OrderBy(entry => entry.Key).Select(entry => entry.Value)];

    public bool TryGet(uint table, in IpPrefix prefix, uint metric, [NotNullWhen(true)] out KernelRoute? route) => _routes.TryGetValue((table, prefix, metric), out route);

    public void Set(KernelRoute route)
    {
        _routes[(route.Table, route.Prefix, route.Metric)] = route;
        _sorted = null;
    }

    public bool Remove(uint table, in IpPrefix prefix, uint metric)
    {
        _sorted = null;
        return _routes.Remove((table, prefix, metric));
    }

    public void Clear()
    {
        _routes.Clear();
        _sorted = null;
    }
}
