using Bgp.Engine;
using Bgp.Protocol;

namespace Bgp.Simulation;

/// <summary>
/// What must hold when a network is at rest. Each violation is one line. In comes a simulation in which nothing is under way; nothing happens in it meanwhile.
/// </summary>
internal sealed class RestCheck
{
    // Buffers that a speaker at rest may hold for each family: one for each group, and no more groups than neighbors.
    private const int Families = 2;

    private readonly Simulator _simulator;
    private readonly List<NodeState> _states;
    private readonly List<string> _violations = [];

    private RestCheck(Simulator simulator)
    {
        _simulator = simulator;
        _states = [.. simulator.Nodes.Where(node => node.IsRunning).Select(NodeState.Of)];
    }

    /// <summary>All that is violated; empty is what one hopes for.</summary>
    public static IReadOnlyList<string> Run(Simulator simulator)
    {
        var check = new RestCheck(simulator);
        foreach (var state in check._states)
        {
            check.CheckAdvertisements(state);
            check.CheckDecision(state);
            check.CheckKernel(state);
            check.CheckLeftovers(state);
        }

        check.CheckCompleteness();
        new ForwardingCheck(simulator, check._violations).Run();
        return check._violations;
    }

    /// <summary>What A announced to B is what B has from A, attribute by attribute.</summary>
    private void CheckAdvertisements(NodeState state)
    {
        foreach (var peer in state.Established)
        {
            var other = _states.Find(candidate => candidate.Node.Addresses.Contains(peer.Config.Key.Address));
            if (other?.PeerOn(state.Node) is not { State: SessionState.Established } back)
            {
                Violate($"{state.Node.Name} holds a session up with {peer.Config.Key}, which does not");
                continue;
            }

            var sent = state.AdjRibOut(peer.Peer).Select(Words.DescribePath);
            var received = other.AdjRibIn(back.Peer).Select(Words.DescribePath);
            Violate(Words.Differences(sent, $"in what {state.Node.Name} announced to {other.Node.Name}", received, $"in what {other.Node.Name} has from {state.Node.Name}"));
        }
    }

    /// <summary>The best paths are the oracle's, and what is announced is what follows from them.</summary>
    private void CheckDecision(NodeState state)
    {
        var oracle = new DecisionOracle(state);
        var bests = oracle.Bests().ToList();
        var expected = bests.Select(entry => $"{entry.Prefix} from {entry.Best.Peer?.Peer ?? PeerId.Local} path id {entry.Best.Route.PathId}");
        var chosen = state.LocRib.Where(route => route.IsBest).Select(route => $"{route.Prefix} from {route.Peer} path id {route.PathId}");
        Violate(Words.Differences(expected, $"best for {state.Node.Name} by the RFC", chosen, $"best in {state.Node.Name}'s Loc-RIB"));
        var export = new ExportOracle(state);
        foreach (var peer in state.Established.Where(peer => !peer.Config.IsExternal))
        {
            var due = export.RoutesFor(peer, oracle).Select(Words.Describe);
            var sent = state.AdjRibOut(peer.Peer).Select(Words.Describe);
            Violate(Words.Differences(due, $"due from {state.Node.Name} to {peer.Config.Key} by the RFC", sent, $"in {state.Node.Name}'s Adj-RIB-Out for {peer.Config.Key}"));
        }
    }

    /// <summary>The kernel has what follows from the best paths, and nothing else that is ours.</summary>
    private void CheckKernel(NodeState state)
    {
        var oracle = new DecisionOracle(state);
        var expected = new List<string>();
        foreach (var (prefix, best) in oracle.Bests())
        {
            if (best.Peer is not null)
            {
                expected.Add($"{prefix} via {string.Join(' ', oracle.NextHops(prefix))}");
            }
            else if (state.Config.Networks.Any(network => network.Prefix == prefix && network.Blackhole))
            {
                expected.Add($"{prefix} blackhole");
            }
        }

        var marks = state.Config.Fib;
        var actual = state.Node.Kernel.Dump(marks).Entries.Select(entry => entry.Forwarding switch
        {
            null => $"{entry.Prefix} as nobody would write it",
            { IsBlackhole: true } => $"{entry.Prefix} blackhole",
            { } ways => $"{entry.Prefix} via {string.Join(' ', ways.Hops.Select(hop => hop.Gateway))}",
        });
        Violate(Words.Differences(expected, $"due in {state.Node.Name}'s kernel", actual, $"in {state.Node.Name}'s kernel"));
    }

    private void CheckLeftovers(NodeState state)
    {
        if (state.LentBatches > 0)
        {
            Violate($"{state.Node.Name} has not given back {state.LentBatches} batches");
        }

        if (state.OutputBuffers > Families * (state.Peers.Count + 1))
        {
            Violate($"{state.Node.Name} holds {state.OutputBuffers} output buffers at rest");
        }
    }

    /// <summary>Where no policy stands in the way and all sessions are up, every node has every running node's networks, and nobody else's.</summary>
    private void CheckCompleteness()
    {
        if (_states.Exists(state => state.Config.Neighbors.Any(HasPolicy)))
        {
            return;
        }

        foreach (var state in _states)
        {
            var reachable = Reachable(state);
            var expected = reachable.SelectMany(other => other.Config.Networks).Select(network => network.Prefix).Distinct().Where(prefix => Carries(state, prefix));
            var present = state.LocRib.Where(route => route.IsBest).Select(route => route.Prefix.ToString());
            Violate(Words.Differences(expected.Select(prefix => prefix.ToString()), $"originated for {state.Node.Name}", present, $"known to {state.Node.Name}"));
        }
    }

    /// <summary>The running nodes whose routes reach this one by the rules of iBGP: neighbors, and over a reflector the neighbors of that one.</summary>
    private List<NodeState> Reachable(NodeState to)
    {
        var reached = new List<NodeState> { to };
        var queue = new Queue<(NodeState At, NodeState? Receiver)>();
        var seen = new HashSet<(NodeState, NodeState?)>();
        queue.Enqueue((to, null));
        while (queue.TryDequeue(out var step))
        {
            var (at, receiver) = step;
            foreach (var peer in at.Established)
            {
                var other = _states.Find(candidate => candidate.Node.Addresses.Contains(peer.Config.Key.Address));
                var isPassedOn = receiver is null
                    || (peer.Config.RouteReflectorClient ? !IsClientOf(receiver, at) || at.Config.ClientToClient : IsClientOf(receiver, at));
                if (other is not null && other != receiver && other != to && isPassedOn && seen.Add((other, at)))
                {
                    queue.Enqueue((other, at));
                    reached.Add(other);
                }
            }
        }

        return [.. reached.Distinct()];
    }

    private static bool IsClientOf(NodeState node, NodeState reflector) => reflector.PeerOn(node.Node)?.Config.RouteReflectorClient ?? false;

    private static bool Carries(NodeState state, IpPrefix prefix) =>
        prefix.Address.IsV4 || state.Config.Networks.Any(network => network.Prefix == prefix) || !state.Node.Spec.AddressV6.IsNone;

    private static bool HasPolicy(NeighborConfig neighbor) => neighbor.Families.Any(family => !family.ImportPolicy.IsEmpty || !family.ExportPolicy.IsEmpty);

    private void Violate(string what) => _violations.Add($"{_simulator.Now} {what}");

    private void Violate(IEnumerable<string> what)
    {
        foreach (var line in what)
        {
            Violate(line);
        }
    }
}
