using Bgp.Engine;
using Bgp.Protocol;

namespace Bgp.Simulation;

/// <summary>
/// Follows packets for every block from every running node through the kernels' routes, hop by hop and over each of several ways: none may come back to where it was, and each ends at a node
/// that originates the block, or discards what an aggregate of its own draws to it. Where packets end that follow a default route is a matter of who configured it.
/// </summary>
internal sealed class ForwardingCheck(Simulator simulator, List<string> violations)
{
    public void Run()
    {
        var prefixes = simulator.Nodes.SelectMany(node => node.Kernel.Routes).Select(route => route.Prefix).Where(prefix => prefix.Length > 0).Distinct().Order().ToList();
        foreach (var prefix in prefixes)
        {
            foreach (var node in simulator.Nodes.Where(node => node.IsRunning))
            {
                Follow(node, prefix, []);
            }
        }
    }

    private void Follow(SimNode node, IpPrefix prefix, List<SimNode> visited)
    {
        if (visited.Contains(node))
        {
            Violate(prefix, "loops", [.. visited, node]);
            return;
        }

        var route = node.Kernel.Routes.Where(candidate => candidate.Prefix.Contains(prefix)).OrderByDescending(candidate => candidate.Prefix.Length).FirstOrDefault();
        if (route is { Prefix.Length: 0 } || (route?.Prefix != prefix && OwnPrefixes.Of(node).Contains(prefix)))
        {
            // A node has the addresses of its own blocks, whatever an aggregate that covers them says.
            return;
        }

        if (route is null || route.Kind != KernelRouteKind.Unicast)
        {
            if (visited.Count > 0 && !IsDiscarded(node, route) && !OwnPrefixes.Of(node).Contains(prefix))
            {
                Violate(prefix, "ends where nobody originates it", [.. visited, node]);
            }

            return;
        }

        foreach (var hop in route.Hops)
        {
            var way = node.Spec.Interfaces[hop.InterfaceIndex - SimKernel.LinkIndex];
            if (way.IsOnLink(hop.Gateway) && simulator.Network.Find(hop.Gateway) is { } next)
            {
                Follow(next, prefix, [.. visited, node]);
            }
            else
            {
                Violate(prefix, $"goes to {hop.Gateway}, which is not there", [.. visited, node]);
            }
        }
    }

    private static bool IsDiscarded(SimNode node, KernelRoute? route) =>
        route is { Kind: KernelRouteKind.Blackhole } && node.Config.Aggregates.Any(aggregate => aggregate.Prefix == route.Prefix);

    private void Violate(IpPrefix prefix, string what, IEnumerable<SimNode> path) =>
        violations.Add($"{simulator.Now} a packet for {prefix} {what}: {string.Join(" to ", path.Select(at => at.Name))}");
}
