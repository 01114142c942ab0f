using Bgp.Engine;
using Bgp.Protocol;

namespace Bgp.Simulation;

/// <summary>
/// What a speaker should choose, written a second time, from the RFC and as plainly as can be: RFC 4271 §9.1.2 and §9.1.2.2 with RFC 4456 §8 and §9 and
/// RFC 5065 §4 and §5, and the aggregates of RFC 4271 §9.2.2.2, over copies of the Adj-RIB-Ins. It
/// shares no code with the engine.
/// </summary>
internal sealed class DecisionOracle
{
    private const uint Unreached = uint.MaxValue;

    private readonly NodeState _state;
    private readonly Dictionary<IpPrefix, List<Candidate>> _candidates = [];
    private readonly HashSet<IpPrefix> _suppressed = [];

    public DecisionOracle(NodeState state)
    {
        _state = state;
        foreach (var prefix in OwnPrefixes.Of(state.Node))
        {
            var own = new RouteView { Prefix = prefix, AsPath = "", Origin = OwnPrefixes.OriginOf(state.Node, prefix) };
            Add(new Candidate(null, PolicyOracle.Changed(own, state.Config.Networks.FirstOrDefault(network => network.Prefix == prefix)?.Set), 0));
        }

        foreach (var peer in state.Established)
        {
            foreach (var route in state.AdjRibIn(peer.Peer))
            {
                var cost = CostOf(route.NextHop);
                if (cost != Unreached && Passes(peer, route) && PolicyOracle.Apply(peer.Config, route, isImport: true, state.Config.EbgpRequiresPolicy) is { } imported)
                {
                    Add(new Candidate(peer, imported, cost));
                }
            }
        }

        // The longest first: whether a shorter one has a contributor depends on what the longer ones are.
        foreach (var aggregate in state.Config.Aggregates.OrderByDescending(aggregate => aggregate.Prefix.Length))
        {
            AddAggregate(aggregate);
        }
    }

    /// <summary>Whether an aggregate is announced in the place of a prefix.</summary>
    public bool IsSuppressed(IpPrefix prefix) => _suppressed.Contains(prefix);

    /// <summary>Prefixes that have a best path, with that path's neighbor (<c>null</c> is the speaker itself).</summary>
    public IEnumerable<(IpPrefix Prefix, Candidate Best)> Bests() =>
        _candidates.OrderBy(entry => entry.Key).Select(entry => (entry.Key, Choose(entry.Value)));

    public IEnumerable<IpPrefix> Prefixes => _candidates.Keys.Order();

    /// <summary>All paths of a prefix that may be chosen: the best, then what would be the best without it, and so on.</summary>
    public IEnumerable<Candidate> Ranked(IpPrefix prefix)
    {
        for (var left = _candidates[prefix].ToList(); left.Count > 0;)
        {
            var best = Choose(left);
            left.Remove(best);
            yield return best;
        }
    }

    /// <summary>The next hops that share a prefix' traffic: those of all paths equal to the best through step e.</summary>
    public IReadOnlyList<IpAddress> NextHops(IpPrefix prefix)
    {
        var candidates = _candidates[prefix];
        var best = Choose(candidates);
        return
        [
            .. candidates.Where(candidate => candidate == best || (Width(best) > 1 && SharesWith(best, candidate))).Select(candidate => candidate.Route.NextHop).Distinct().Order(),
        ];
    }

    /// <summary>RFC 4271 §9.2.2.2: what is within it, is best and is no aggregate itself contributes, where the policy accepts it; the aggregate's ORIGIN is the worst of theirs.</summary>
    private void AddAggregate(AggregateConfig aggregate)
    {
        var contributors = _candidates.Keys.Where(prefix =>
            prefix != aggregate.Prefix
            && aggregate.Prefix.Contains(prefix)
            && Choose(_candidates[prefix]) is not { Peer: null, Route.AtomicAggregate: true }
            && (aggregate.Policy is not { } policy || PolicyOracle.Apply([policy], Choose(_candidates[prefix]).Route) is not null)).ToList();
        if (contributors.Count == 0)
        {
            return;
        }

        if (aggregate.SummaryOnly)
        {
            _suppressed.UnionWith(contributors);
        }

        if (!_state.Config.Networks.Any(network => network.Prefix == aggregate.Prefix))
        {
            var origin = contributors.Max(prefix => Choose(_candidates[prefix]).Route.Origin);
            var aggregator = $"{OutsideAsn} {_state.Config.RouterId}";
            // It goes before what the kernel has of the same prefix.
            _candidates.GetValueOrDefault(aggregate.Prefix)?.RemoveAll(candidate => candidate.Peer is null);
            Add(new Candidate(null, new RouteView { Prefix = aggregate.Prefix, AsPath = "", Origin = origin, AtomicAggregate = true, Aggregator = aggregator }, 0));
        }
    }

    private void Add(Candidate candidate)
    {
        if (!_candidates.TryGetValue(candidate.Route.Prefix, out var list))
        {
            _candidates[candidate.Route.Prefix] = list = [];
        }

        list.Add(candidate);
    }

    /// <summary>Whether import lets the route in before any policy: no loop (RFC 4271 §9.1.2, RFC 4456 §8).</summary>
    private bool Passes(PeerStatus peer, RouteView route)
    {
        var isInternal = peer.Config.Type == SessionType.Internal;
        var isLoop = OwnNumbers(route) > peer.Config.AllowLocalAs
            || (isInternal && route.OriginatorId == _state.Config.RouterId)
            || (isInternal && (route.ClusterList?.Any(IsOwnCluster) ?? false));
        var first = (peer.Config.IsMember ? PathWords.Members(route.AsPath) : PathWords.OutsideAsns(route.AsPath)).FirstOrDefault();
        var isStrange = !isInternal && peer.Config.EnforceFirstAs && first != peer.Config.RemoteAsn.ToString();
        return !isLoop && !isStrange;
    }

    private bool IsOwnCluster(RouterId cluster) =>
        cluster == _state.Config.ClusterId || _state.Config.Neighbors.Any(neighbor => neighbor.RouteReflectorClient && neighbor.ClusterId == cluster);

    /// <summary>In a confederation its identifier is ours outside of confederation segments, our AS number within them (RFC 5065 §4).</summary>
    private int OwnNumbers(RouteView route) =>
        PathWords.Members(route.AsPath).Count(asn => asn == _state.Config.LocalAsn.ToString())
        + PathWords.OutsideAsns(route.AsPath).Count(asn => asn == OutsideAsn);

    private string OutsideAsn => (_state.Config.ConfederationId ?? _state.Config.LocalAsn).ToString();

    /// <summary>A next hop is a neighbor on a link at no cost, or not reached at all.</summary>
    private uint CostOf(IpAddress nextHop)
    {
        var node = _state.Node;
        var number = node.Spec.Interfaces.ToList().FindIndex(one => one.IsOnLink(nextHop));
        return number >= 0 && node.Kernel.IsLinkUp(number) && !node.Addresses.Contains(nextHop) ? 0 : Unreached;
    }

    private Candidate Choose(List<Candidate> candidates)
    {
        // Degree of preference: what is originated here first, then LOCAL_PREF.
        var left = Keep(candidates, candidate => candidate.Peer is null ? 0 : 1);
        left = Keep(left, candidate => -(long)(candidate.Route.LocalPref ?? _state.Config.DefaultLocalPref));

        // Ties, RFC 4271 §9.1.2.2 a) to g), with the steps of RFC 4456 §9 in their places.
        left = Keep(left, candidate => PathLength(candidate.Route));
        left = Keep(left, candidate => (long)candidate.Route.Origin);
        left = [.. left.Where(candidate => !left.Exists(other => NeighborAs(other) == NeighborAs(candidate) && Med(other) < Med(candidate)))];
        left = Keep(left, candidate => IsFromInternal(candidate) ? 1 : 0);
        left = Keep(left, candidate => candidate.Cost);
        left = Keep(left, candidate => PathWords.Members(candidate.Route.AsPath).Count());
        left = Keep(left, candidate => candidate.Peer is { Config.Type: SessionType.Internal } ? 1 : 0);
        left = Keep(left, candidate => (candidate.Route.OriginatorId ?? candidate.Peer?.Session!.RemoteRouterId ?? _state.Config.RouterId).Value);
        left = Keep(left, candidate => candidate.Route.ClusterList?.Length ?? 0);
        return left.OrderBy(candidate => candidate.Peer?.Config.Key.Address ?? IpAddress.None).ThenBy(candidate => candidate.Route.PathId?.Value).First();
    }

    /// <summary>How many ways may share the traffic. The ready-made topologies have fewer equal paths than any bound but 1.</summary>
    private int Width(Candidate best) => IsFromInternal(best) ? _state.Config.Multipath.Ibgp : _state.Config.Multipath.Ebgp;

    private bool SharesWith(Candidate best, Candidate other) =>
        best.Peer is not null
        && other.Peer is not null
        && (best.Route.LocalPref ?? _state.Config.DefaultLocalPref) == (other.Route.LocalPref ?? _state.Config.DefaultLocalPref)
        && PathLength(best.Route) == PathLength(other.Route)
        && best.Route.Origin == other.Route.Origin
        && (NeighborAs(best) != NeighborAs(other) || Med(best) == Med(other))
        && best.Peer.Config.Type == other.Peer.Config.Type
        && PathWords.Members(best.Route.AsPath).Count() == PathWords.Members(other.Route.AsPath).Count()
        && best.Cost == other.Cost;

    private static List<Candidate> Keep(List<Candidate> candidates, Func<Candidate, long> measure)
    {
        var least = candidates.Min(measure);
        return [.. candidates.Where(candidate => measure(candidate) == least)];
    }

    /// <summary>A set counts as one, however many numbers are in it; member ASes do not count (RFC 5065 §5.3).</summary>
    private static int PathLength(RouteView route)
    {
        var path = PathWords.Outside(route.AsPath);
        var length = 0;
        for (var at = 0; at < path.Length; at++)
        {
            var set = path[at] == '{' ? path.IndexOf('}', at) : -1;
            var starts = at == 0 || path[at - 1] == ' ';
            length += starts ? 1 : 0;
            at = set > at ? set : at;
        }

        return length;
    }

    /// <summary>Ours where no other AS leads the path (RFC 5065 §5.3).</summary>
    private string NeighborAs(Candidate candidate) => PathWords.Outside(candidate.Route.AsPath).Split(' ')[0] is { Length: > 0 } first && !first.StartsWith('{') ? first : OutsideAsn;

    private static uint Med(Candidate candidate) => candidate.Route.Med ?? 0;

    private static bool IsFromInternal(Candidate candidate) => candidate.Peer is { Config.Type: not SessionType.External };

    /// <summary>A route that may be chosen, whom it came from and what the way to its next hop costs.</summary>
    internal sealed record Candidate(PeerStatus? Peer, RouteView Route, uint Cost);
}
