using Bgp.Engine;
using Bgp.Protocol;

namespace Bgp.Simulation;

/// <summary>The routes that speakers write, each once for all kernels of a simulation: a thousand nodes on one segment write the same ones.</summary>
internal sealed class KernelRoutePool
{
    private readonly Dictionary<Key, KernelRoute> _routes = [];
    private readonly List<KernelRoute> _made = [];

    /// <summary>All that any kernel was ever given, in the order of its first time.</summary>
    public IReadOnlyList<KernelRoute> Made => _made;

    public KernelRoute Of(FibConfig marks, uint metric, in IpPrefix prefix, Forwarding forwarding)
    {
        var source = forwarding.IsBlackhole ? IpAddress.None : prefix.Address.IsV4 ? marks.SourceV4 : marks.SourceV6;
        var key = new Key(prefix, forwarding, metric, marks.Table, marks.Protocol, source);
        if (!_routes.TryGetValue(key, out var route))
        {
            _routes.Add(key, route = Make(key));
            _made.Add(route);
        }

        return route;
    }

    private static KernelRoute Make(in Key key) => new()
    {
        Prefix = key.Prefix,
        Kind = key.Forwarding.IsBlackhole ? KernelRouteKind.Blackhole : KernelRouteKind.Unicast,
        Protocol = key.Protocol,
        Table = key.Table,
        Metric = key.Metric,
        PreferredSource = key.Source,
        Hops = [.. key.Forwarding.Hops.Select(hop => new KernelHop(hop.Gateway, hop.InterfaceIndex, hop.Weight, hop.IsOnLink, false))],
    };

    private readonly record struct Key(IpPrefix Prefix, Forwarding Forwarding, uint Metric, uint Table, byte Protocol, IpAddress Source);
}
