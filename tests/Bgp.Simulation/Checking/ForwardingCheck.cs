using Bgp.Engine;
using Bgp.Protocol;

namespace Bgp.Simulation;

/// <summary>Follows packets for every block from every node through the kernels' routes, over each of several ways: none may come back to where it was.</summary>
internal sealed class ForwardingCheck(Simulator simulator, List<string> violations)
{
    public void Run()
    {
        var prefixes = simulator.Nodes.SelectMany(node => node.Kernel.Routes).Select(route => route.Prefix).Distinct().Order().ToList();
        foreach (var prefix in prefixes)
        {
            foreach (var node in simulator.Nodes)
            {
                Follow(node, prefix, []);
            }
        }
    }

    private void Follow(SimNode node, IpPrefix prefix, List<SimNode> visited)
    {
        if (visited.Contains(node))
        {
            violations.Add($"{simulator.Now} a packet for {prefix} loops: {string.Join(" to ", visited.Append(node).Select(at => at.Name))}");
            return;
        }

        var route = node.Kernel.Routes.Where(candidate => candidate.Prefix.Contains(prefix)).OrderByDescending(candidate => candidate.Prefix.Length).FirstOrDefault();
        if (route is null || route.Kind != KernelRouteKind.Unicast)
        {
            return;
        }

        foreach (var hop in route.Hops)
        {
            if (simulator.Network.Find(hop.Gateway) is { } next)
            {
                Follow(next, prefix, [.. visited, node]);
            }
        }
    }
}
