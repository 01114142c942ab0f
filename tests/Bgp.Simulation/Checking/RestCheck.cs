using Bgp.Engine;

namespace Bgp.Simulation;

/// <summary>
/// What must hold when a network is at rest. Each violation is one line. In comes a simulation in which nothing is under way; nothing happens in it meanwhile.
/// </summary>
public sealed class RestCheck
{
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
        ArgumentNullException.ThrowIfNull(simulator);
        var check = new RestCheck(simulator);
        foreach (var state in check._states)
        {
            check.CheckAdvertisements(state);
            check.CheckDecision(state);
            check.CheckKernel(state);
            check.Violate(state.Leftovers());
        }

        new CompletenessCheck(check._states, check.Violate).Run();
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

            if (state.AdvertisedTo(peer.Peer) != state.AdjRibOut(peer.Peer).Count)
            {
                Violate($"{state.Node.Name} counts {state.AdvertisedTo(peer.Peer)} routes announced to {other.Node.Name}, which has {state.AdjRibOut(peer.Peer).Count}");
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
        foreach (var peer in state.Established)
        {
            var due = Words.Counted(export.RoutesFor(peer, oracle).Select(Words.Describe));
            var sent = Words.Counted(state.AdjRibOut(peer.Peer).Select(Words.Describe));
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
                expected.Add($"{prefix} via {string.Join(' ', oracle.NextHops(prefix))} metric {MetricOf(best.Route, state.Config)}");
            }
            else if (best.Route.AtomicAggregate || state.Config.Networks.Any(network => network.Prefix == prefix && network.Blackhole))
            {
                expected.Add($"{prefix} blackhole");
            }
        }

        var marks = state.Config.Fib;
        var actual = state.Node.Kernel.Dump(marks).Entries.Select(entry => entry.Forwarding switch
        {
            null => $"{entry.Prefix} as nobody would write it",
            { IsBlackhole: true } => $"{entry.Prefix} blackhole",
            { } ways => $"{entry.Prefix} via {string.Join(' ', ways.Hops.Select(hop => hop.Gateway))} metric {entry.Metric}",
        });
        Violate(Words.Differences(expected, $"due in {state.Node.Name}'s kernel", actual, $"in {state.Node.Name}'s kernel"));
    }

    private static uint MetricOf(RouteView best, SpeakerConfig config) =>
        config.Fib.MetricFromLocalPref ? int.MaxValue - (best.LocalPref ?? config.DefaultLocalPref) : config.Fib.Metric;

    private void Violate(string what) => _violations.Add($"{_simulator.Now} {what}");

    private void Violate(IEnumerable<string> what)
    {
        foreach (var line in what)
        {
            Violate(line);
        }
    }
}
