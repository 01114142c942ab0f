using Bgp.Protocol;

namespace Bgp.Simulation;

/// <summary>Whether a network is at rest: every session that can be up is, nothing is under way, no lane and no kernel has work.</summary>
public static class Rest
{
    private static readonly TimeSpan Moment = TimeSpan.FromSeconds(1);

    /// <summary>Runs until the network is at rest.</summary>
    /// <exception cref="SimulationException">It did not come to rest in time; the message says what is missing.</exception>
    /// <param name="simulator">The simulation.</param>
    /// <param name="limit">How long it may take.</param>
    /// <param name="every">How often to look, which takes long where there are many nodes; by default every 20 ms.</param>
    public static void Await(Simulator simulator, TimeSpan limit, TimeSpan? every = null)
    {
        ArgumentNullException.ThrowIfNull(simulator);
        var until = simulator.Now + limit;
        while (true)
        {
            if (!simulator.RunUntil(() => Missing(simulator) is null, until - simulator.Now, every))
            {
                throw new SimulationException($"not at rest after {limit}: {Missing(simulator)}");
            }

            if (Unfinished(simulator) is not { } reason)
            {
                return;
            }

            if (simulator.Now >= until)
            {
                throw new SimulationException($"not at rest after {limit}: {reason}");
            }

            simulator.RunFor(every ?? TimeSpan.FromMilliseconds(100));
        }
    }

    /// <summary>What can be told without asking the speakers.</summary>
    private static string? Missing(Simulator simulator)
    {
        foreach (var node in simulator.Nodes)
        {
            if (node.Process is { } process)
            {
                // Routes of an earlier run stay until the sweep.
                if (simulator.Now < process.StartedAt + node.Spec.RestartTime + Moment)
                {
                    return $"{node.Name} may still keep routes of an earlier run";
                }

                var expected = ExpectedSessions(simulator, node);
                if (process.EstablishedCount != expected)
                {
                    return $"{node.Name} has {process.EstablishedCount} of {expected} sessions";
                }

                if (process.IsBusy || process.Transport.IsBusy || node.Kernel.IsBusy)
                {
                    return $"{node.Name} is at work";
                }
            }
        }

        return simulator.Network.IsBusy ? "bytes are under way" : null;
    }

    private static string? Unfinished(Simulator simulator)
    {
        foreach (var node in simulator.Nodes.Where(node => node.IsRunning))
        {
            var state = NodeState.Of(node);
            if (state.HasWork)
            {
                return $"{node.Name}'s route engine has work";
            }

            // As many as expected may be the wrong ones: one held with a node that is gone, in the place of one that is not up yet.
            if (state.Established.FirstOrDefault(peer => !IsWanted(simulator, node, peer.Config.Key.Address)) is { } gone)
            {
                return $"{node.Name} still holds its session with {gone.Config.Key}";
            }

            if (state.PendingRoutes > 0)
            {
                return $"{node.Name} has {state.PendingRoutes} routes that are not in its kernel";
            }
        }

        return null;
    }

    /// <summary>The sessions that both ends want, one of them by name, and that nothing stands in the way of.</summary>
    private static int ExpectedSessions(Simulator simulator, SimNode node)
    {
        var configured = node.Config.Neighbors.Count(neighbor => !neighbor.Shutdown && IsWanted(simulator, node, neighbor.Key.Address));
        return node.Config.Ranges.IsEmpty ? configured : configured + simulator.Nodes.Count(other =>
            other.IsRunning && other.Config.Neighbors.Any(back => !back.Shutdown && IsDynamic(simulator, other, back.Key.Address, node)));
    }

    /// <summary>Whether the node would not come to know the other one but by its connection.</summary>
    private static bool IsDynamic(Simulator simulator, SimNode other, IpAddress own, SimNode node) =>
        node.Addresses.Contains(own)
        && other.Spec.InterfaceTo(own)?.AddressLike(own) is { } remote
        && node.NeighborAt(remote) is null
        && IsWanted(simulator, other, own);

    /// <summary>Whether who has the address runs, can be reached and takes the node for a neighbor.</summary>
    private static bool IsWanted(Simulator simulator, SimNode node, IpAddress address) =>
        simulator.Network.Find(address) is { IsRunning: true } other
        && node.Spec.InterfaceTo(address)?.AddressLike(address) is { } own
        && !simulator.Network.IsBlocked(own, address)
        && Takes(other, own);

    private static bool Takes(SimNode node, IpAddress address) => node.NeighborAt(address) is { } named
        ? !named.Shutdown
        : node.Config.Ranges.Any(range => range.Prefix.Contains(address) && !range.Template.Shutdown);
}
