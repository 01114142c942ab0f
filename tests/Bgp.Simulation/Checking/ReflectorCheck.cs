using Bgp.Engine;
using Bgp.Protocol;

namespace Bgp.Simulation;

/// <summary>
/// What <see cref="RestCheck"/> checks, for two reflectors with very many clients, whose routes are too many to be compared as words: every path of every node, attribute by attribute, whether it
/// may be used and whether it is the best; every Adj-RIB-Out entry of the reflectors; every kernel route. All is compared with a <see cref="ReflectorModel"/> of the sessions that are up, and so
/// with each other.
/// </summary>
internal sealed class ReflectorCheck
{
    /// <summary>So many violations are worth reading.</summary>
    public const int MaxViolations = 50;

    private readonly Simulator _simulator;
    private readonly List<string> _violations = [];
    private readonly ReflectorModel _model;
    private readonly NodeState?[] _reflectors;

    private ReflectorCheck(Simulator simulator)
    {
        _simulator = simulator;
        _reflectors = [.. simulator.Nodes.Take(ReflectorModel.Reflectors).Select(node => node.IsRunning ? NodeState.Of(node) : null)];
        _model = new ReflectorModel(simulator.Nodes, [.. _reflectors.Select(Up)]);
    }

    /// <summary>All that is violated in a network at rest, up to <see cref="MaxViolations"/>; empty is what one hopes for.</summary>
    public static IReadOnlyList<string> Run(Simulator simulator)
    {
        var check = new ReflectorCheck(simulator);
        foreach (var state in check._reflectors.OfType<NodeState>())
        {
            check.Check(state);
            check.CheckAdvertisements(state);
        }

        foreach (var node in simulator.Nodes.Skip(ReflectorModel.Reflectors).Where(node => node.IsRunning))
        {
            check.Check(NodeState.Of(node));
        }

        return check._violations;
    }

    private void Check(NodeState state)
    {
        CheckSessions(state);
        CheckPaths(state);
        CheckKernel(state);
        foreach (var leftover in state.Leftovers())
        {
            Violate(leftover);
        }
    }

    private bool[] Up(NodeState? state)
    {
        var isUp = new bool[_simulator.Nodes.Count];
        foreach (var peer in state?.Established ?? [])
        {
            isUp[IndexOf(peer)] = true;
        }

        return isUp;
    }

    /// <summary>A session is up at both ends or at none.</summary>
    private void CheckSessions(NodeState state)
    {
        var node = state.Node;
        foreach (var peer in state.Established)
        {
            var other = IndexOf(peer);
            if (node.Index >= ReflectorModel.Reflectors ? !_model.IsUp(other, node.Index) : other < ReflectorModel.Reflectors && !_model.IsUp(other, node.Index))
            {
                Violate($"{node.Name} holds a session up with {_simulator.Nodes[other].Name}, which does not");
            }
        }

        var expected = Enumerable.Range(0, ReflectorModel.Reflectors).Count(reflector => _model.IsUp(reflector, node.Index));
        if (node.Index >= ReflectorModel.Reflectors && state.Established.Count() != expected)
        {
            Violate($"{node.Name} holds {state.Established.Count()} sessions up, and {expected} reflectors hold one with it");
        }
    }

    /// <summary>Every path that the model asks for is there, as it should be, and no other.</summary>
    private void CheckPaths(NodeState state)
    {
        var node = state.Node.Index;
        var bySlot = state.Peers.ToDictionary(peer => peer.Peer, IndexOf);
        var seen = new HashSet<(int From, int Origin)>();
        foreach (var route in state.LocRib)
        {
            var origin = OriginOf(route.Prefix);
            var from = route.Peer == PeerId.Local ? node : bySlot[route.Peer];
            var isOwn = from == node && origin == node;
            var wanted = isOwn || origin < 0 || from == node ? null : _model.Received(node, from, origin);
            if ((!isOwn && wanted is null) || !seen.Add((from, origin)))
            {
                Violate($"{state.Node.Name} has {route.Prefix} from {_simulator.Nodes[from].Name}, which it was not to have");
                continue;
            }

            if (wanted is not null && !IsSame(route, wanted))
            {
                Violate($"{state.Node.Name} has from {_simulator.Nodes[from].Name} {Words.Describe(route)}, not {Describe(wanted)}");
            }

            if (route.IsBest != (_model.Best(node, origin) == from) || route.IsValid != (isOwn || !_model.IsLoop(node, wanted!)))
            {
                Violate($"{state.Node.Name} takes {route.Prefix} from {_simulator.Nodes[from].Name} as {(route.IsBest ? "" : "not the ")}best, {route.Reason}");
            }
        }

        for (var origin = 0; origin < _model.NodeCount; origin++)
        {
            foreach (var from in (ReadOnlySpan<int>)[0, 1, origin])
            {
                if ((from == node ? origin == node : _model.Received(node, from, origin) is not null) && seen.Add((from, origin)))
                {
                    Violate($"{state.Node.Name} does not have {Topology.BlockV4(origin)} from {_simulator.Nodes[from].Name}");
                }
            }
        }
    }

    /// <summary>The kernel has a blackhole for the own block and the way to every originator of another one, and nothing else that is ours.</summary>
    private void CheckKernel(NodeState state)
    {
        var kernel = state.Node.Kernel;
        var expected = 0;
        for (var origin = 0; origin < _model.NodeCount; origin++)
        {
            var best = _model.Best(state.Node.Index, origin);
            expected += best is null ? 0 : 1;
            var route = kernel.Find(Topology.BlockV4(origin), state.Config.Fib);
            var isRight = best is null ? route is null
                : best == state.Node.Index ? route is { Kind: KernelRouteKind.Blackhole }
                : route is { Kind: KernelRouteKind.Unicast, Hops: [var hop] } && hop.Gateway == _simulator.Nodes[origin].Spec.AddressV4;
            if (!isRight)
            {
                Violate($"{state.Node.Name}'s kernel has {(route is null ? "nothing" : $"{route.Kind} {string.Join(' ', route.Hops)}")} for {Topology.BlockV4(origin)}, and its best path is {best switch
                {
                    null => "none",
                    { } from => "from " + _simulator.Nodes[from].Name,
                }}");
            }
        }

        if (kernel.RouteCount != expected)
        {
            Violate($"{state.Node.Name}'s kernel has {kernel.RouteCount} routes, not {expected}");
        }
    }

    /// <summary>What a reflector has announced to each neighbor is what the model says that the neighbor has.</summary>
    private void CheckAdvertisements(NodeState state)
    {
        var reflector = state.Node.Index;
        foreach (var peer in state.Established)
        {
            var to = IndexOf(peer);
            var left = 0;
            for (var origin = 0; origin < _model.NodeCount; origin++)
            {
                left += Due(to, reflector, origin) is null ? 0 : 1;
            }

            foreach (var route in state.ReadAdjRibOut(peer.Peer))
            {
                var wanted = OriginOf(route.Prefix) is >= 0 and var origin ? Due(to, reflector, origin) : null;
                left--;
                if (wanted is null || !IsSame(route, wanted))
                {
                    Violate($"{state.Node.Name} has announced to {_simulator.Nodes[to].Name} {Words.Describe(route)}, not {(wanted is null ? "nothing" : Describe(wanted))}");
                }
            }

            if (left != 0)
            {
                Violate($"{state.Node.Name} has announced to {_simulator.Nodes[to].Name} {-left} routes more than it was to");
            }
        }
    }

    private ReflectedPath? Due(int to, int reflector, int origin) => to < ReflectorModel.Reflectors ? _model.SentToOther(reflector, origin)
        : origin == to ? null
        : _model.SentToClients(reflector, origin);

    private static bool IsSame(RouteView route, ReflectedPath wanted) =>
        route.NextHop == wanted.NextHop
        && route.OriginatorId == wanted.Originator
        && (route.ClusterList is { } clusters ? clusters.AsSpan().SequenceEqual(wanted.Clusters.AsSpan()) && clusters.Length > 0 : wanted.Clusters.IsEmpty)
        && route is { AsPath: "", Origin: Origin.Igp, LocalPref: 100, Med: null, Weight: 0, Communities: null, LargeCommunities: null, ExtendedCommunities: null, AtomicAggregate: false, Aggregator: null, PathId: null };

    private static string Describe(ReflectedPath path) => $"via {path.NextHop} originator {path.Originator} clusters ({string.Join(' ', path.Clusters)})";

    private int IndexOf(PeerStatus peer) => _simulator.Network.Find(peer.Config.Key.Address)!.Index;

    /// <summary>Whose block a prefix is; −1 where nobody has it.</summary>
    private int OriginOf(in IpPrefix prefix)
    {
        var node = Topology.NodeOfBlockV4(prefix);
        return node < _model.NodeCount ? node : -1;
    }

    private void Violate(string what)
    {
        if (_violations.Count < MaxViolations)
        {
            _violations.Add($"{_simulator.Now} {what}");
        }
    }
}
