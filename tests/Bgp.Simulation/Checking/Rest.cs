namespace Bgp.Simulation;

/// <summary>Whether a network is at rest: every session that can be up is, nothing is under way, no lane and no kernel has work.</summary>
public static class Rest
{
    private static readonly TimeSpan Moment = TimeSpan.FromSeconds(1);

    /// <summary>Runs until the network is at rest.</summary>
    /// <exception cref="SimulationException">It did not come to rest in time; the message says what is missing.</exception>
    public static void Await(Simulator simulator, TimeSpan limit)
    {
        ArgumentNullException.ThrowIfNull(simulator);
        var until = simulator.Now + limit;
        while (true)
        {
            if (!simulator.RunUntil(() => Missing(simulator) is null, until - simulator.Now))
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

            simulator.RunFor(TimeSpan.FromMilliseconds(100));
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

            if (state.PendingRoutes > 0)
            {
                return $"{node.Name} has {state.PendingRoutes} routes that are not in its kernel";
            }
        }

        return null;
    }

    private static int ExpectedSessions(Simulator simulator, SimNode node) => node.Config.Neighbors.Count(neighbor =>
        !neighbor.Shutdown
        && simulator.Network.Find(neighbor.Key.Address) is { IsRunning: true } other
        && node.Spec.InterfaceTo(neighbor.Key.Address) is { } way
        && !simulator.Network.IsBlocked(way.AddressLike(neighbor.Key.Address), neighbor.Key.Address)
        && other.Config.Neighbors.Any(back => node.Addresses.Contains(back.Key.Address) && !back.Shutdown));
}
