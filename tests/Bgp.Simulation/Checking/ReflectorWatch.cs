using Bgp.Engine;

namespace Bgp.Simulation;

/// <summary>
/// What must hold at every moment, looked at once a second: every route that any kernel was ever given is for the block of a node and leads straight to it, so that none is for what nobody
/// originates and none loops; and who is not touched by the chaos keeps the routes to all who are not.
/// </summary>
internal sealed class ReflectorWatch(Simulator simulator, ReflectorChaos chaos, List<string> violations)
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private int _seenRoutes;
    private bool _isOver;

    /// <summary>Whether the network was complete at the start, so that routes may be missing only where something happened.</summary>
    public bool LooksForLosses { get; init; } = true;

    public void Start() => Look();

    public void Stop()
    {
        LookAtRoutes();
        _isOver = true;
    }

    private void Look()
    {
        if (_isOver || violations.Count >= ReflectorCheck.MaxViolations)
        {
            return;
        }

        LookAtRoutes();
        foreach (var node in simulator.Nodes.Skip(ReflectorModel.Reflectors).Where(node => LooksForLosses && !chaos.Touched.Contains(node)))
        {
            // Every route is for the block of a node, so the count tells how many are missing.
            if (node.Kernel.RouteCount < simulator.Nodes.Count - chaos.Touched.Count - ReflectorModel.Reflectors)
            {
                violations.Add($"{simulator.Now} {node.Name} has lost routes of nodes that nothing happened to: it has {node.Kernel.RouteCount}, and {chaos.Touched.Count} clients were touched");
            }
        }

        simulator.After(Interval, Look);
    }

    private void LookAtRoutes()
    {
        for (; _seenRoutes < simulator.KernelRoutes.Made.Count; _seenRoutes++)
        {
            var route = simulator.KernelRoutes.Made[_seenRoutes];
            var origin = Topology.NodeOfBlockV4(route.Prefix);
            var isStraight = origin < simulator.Nodes.Count
                && (route.Kind == KernelRouteKind.Blackhole || (route.Hops is [var hop] && hop.Gateway == simulator.Nodes[origin].Spec.AddressV4));
            if (!isStraight)
            {
                violations.Add($"{simulator.Now} a kernel was given {route.Prefix} {route.Kind} via {string.Join(' ', route.Hops.Select(hop => hop.Gateway))}, which does not lead to who originates it");
            }
        }
    }
}
