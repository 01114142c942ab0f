using Bgp.Engine;
using Bgp.Protocol;

namespace Bgp.Simulation;

/// <summary>What a node should originate: its networks, and what its redistributions (without policies and interfaces here) take from its kernel.</summary>
internal static class OwnPrefixes
{
    public static IEnumerable<IpPrefix> Of(SimNode node) => node.Config.Networks.Select(network => network.Prefix)
        .Concat(node.Config.Redistributions.Where(one => one.Source == RedistributionSource.Kernel)
            .SelectMany(one => node.Kernel.ForeignRoutes.Where(route => route.Table == one.Table && route.Protocol != node.Config.Fib.Protocol).Select(route => route.Prefix)))
        .Distinct();

    /// <summary>A network of the configuration goes before a route of the kernel.</summary>
    public static Origin OriginOf(SimNode node, IpPrefix prefix) => node.Config.Networks.Any(network => network.Prefix == prefix) ? Origin.Igp : Origin.Incomplete;
}
