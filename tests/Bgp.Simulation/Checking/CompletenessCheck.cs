using Bgp.Engine;
using Bgp.Protocol;

namespace Bgp.Simulation;

/// <summary>
/// Nothing is lost that should have been kept: where nobody has configured otherwise, every node has the networks of every running node from which the rules let routes through, and nobody
/// else's. A route is followed from where it is originated over all sessions that are up, by the rules of RFC 4271 §9.2 and RFC 4456 §6 alone; between the members of a confederation they are those of other ASes.
/// </summary>
internal sealed class CompletenessCheck(IReadOnlyList<NodeState> states, Action<IEnumerable<string>> violate)
{
    public void Run()
    {
        if (!states.All(IsPlain))
        {
            return;
        }

        var reached = states.ToDictionary(state => state, _ => new List<NodeState>());
        foreach (var origin in states)
        {
            foreach (var state in ReachedFrom(origin))
            {
                reached[state].Add(origin);
            }
        }

        foreach (var state in states)
        {
            var expected = reached[state].SelectMany(other => OwnPrefixes.Of(other.Node)).Distinct().Where(prefix => Carries(state, prefix));
            var present = state.LocRib.Where(route => route.IsBest).Select(route => route.Prefix.ToString());
            violate(Words.Differences(expected.Select(prefix => prefix.ToString()), $"originated for {state.Node.Name}", present, $"known to {state.Node.Name}"));
        }
    }

    private HashSet<NodeState> ReachedFrom(NodeState origin)
    {
        var reached = new HashSet<NodeState> { origin };
        var queue = new Queue<(NodeState At, PeerStatus? From)>([(origin, null)]);
        var seen = new HashSet<(NodeState, NodeState)>();
        while (queue.TryDequeue(out var step))
        {
            foreach (var to in step.At.Established)
            {
                var other = states.FirstOrDefault(candidate => candidate.Node.Addresses.Contains(to.Config.Key.Address));
                if (other?.PeerOn(step.At.Node) is { } back && Passes(step.At, step.From, to) && seen.Add((other, step.At)))
                {
                    reached.Add(other);
                    queue.Enqueue((other, back));
                }
            }
        }

        return reached;
    }

    private static bool Passes(NodeState at, PeerStatus? from, PeerStatus to)
    {
        if (from is not { Config.Type: SessionType.Internal } || to.Config.Type != SessionType.Internal)
        {
            return from?.Peer != to.Peer;
        }

        return from.Peer != to.Peer
            && (from.Config.RouteReflectorClient ? !to.Config.RouteReflectorClient || at.Config.ClientToClient : to.Config.RouteReflectorClient);
    }

    /// <summary>Whether nothing of the node's configuration may keep a route from where the topology would bring it.</summary>
    private static bool IsPlain(NodeState state) =>
        state.Config.ClientToClient
        && state.Config.Aggregates.IsEmpty
        && state.Config.Neighbors.All(neighbor => neighbor.DefaultRoute is null)
        && state.Config.EbgpRequiresPolicy == state.Node.Spec.Config.EbgpRequiresPolicy
        && state.Config.Ranges.SequenceEqual(state.Node.Spec.Config.Ranges)
        && state.Config.Neighbors.All(neighbor => state.Node.Spec.Config.Neighbors.FirstOrDefault(wanted => wanted.Key == neighbor.Key) is { } wanted
            && neighbor.RouteReflectorClient == wanted.RouteReflectorClient
            && neighbor.AllowLocalAs >= wanted.AllowLocalAs
            && neighbor.Families.Length == wanted.Families.Length
            && neighbor.Families.All(family => family.ImportPolicy.IsEmpty && family.ExportPolicy.IsEmpty));

    private static bool Carries(NodeState state, IpPrefix prefix) =>
        prefix.Address.IsV4 || OwnPrefixes.Of(state.Node).Contains(prefix) || !state.Node.Spec.AddressV6.IsNone;
}
