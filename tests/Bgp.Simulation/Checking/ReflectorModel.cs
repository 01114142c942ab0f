using System.Collections.Immutable;
using Bgp.Protocol;

namespace Bgp.Simulation;

/// <summary>A route as it must be: everything else of it is what a block has at its originator.</summary>
/// <param name="NextHop">The originator's address: reflectors leave it as it is.</param>
/// <param name="Originator">RFC 4456 §8: who brought it into iBGP; <c>null</c> where no reflector passed it on.</param>
/// <param name="Clusters">RFC 4456 §8: the clusters that it passed, the last first.</param>
internal sealed record ReflectedPath(IpAddress NextHop, RouterId? Originator, ImmutableArray<RouterId> Clusters);

/// <summary>
/// What two reflectors and their clients must hold, from the sessions that are up and from RFC 4456 §6 to §8 alone: every node originates its one block, the reflectors (nodes 0 and 1) speak with
/// each other as equals. Worked out once for all clients, which are sent the same: all but their own.
/// </summary>
internal sealed class ReflectorModel
{
    public const int Reflectors = 2;

    private readonly IReadOnlyList<SimNode> _nodes;
    private readonly bool[][] _isUp;
    private readonly ReflectedPath?[][] _sent;

    /// <param name="nodes">All nodes of the network, the reflectors first.</param>
    /// <param name="isUp">By reflector and node, whether the session between the two is up.</param>
    public ReflectorModel(IReadOnlyList<SimNode> nodes, bool[][] isUp)
    {
        _nodes = nodes;
        _isUp = isUp;
        _sent = [.. Enumerable.Range(0, Reflectors).Select(reflector => nodes.Select(origin => Sent(reflector, origin.Index)).ToArray())];
    }

    public int NodeCount => _nodes.Count;

    public bool IsUp(int reflector, int node) => _isUp[reflector][node];

    /// <summary>What a reflector sends to its clients of the block of <paramref name="origin"/>, who is sent nothing of it itself.</summary>
    public ReflectedPath? SentToClients(int reflector, int origin) => _sent[reflector][origin];

    /// <summary>What a reflector sends to the other one: its own block, and those of its clients that it has from them.</summary>
    public ReflectedPath? SentToOther(int reflector, int origin) => origin == reflector ? Own(origin)
        : origin >= Reflectors && _isUp[reflector][origin] ? Reflected(origin, [Cluster(reflector)])
        : null;

    /// <summary>What a node has from a neighbor of the block of <paramref name="origin"/>.</summary>
    public ReflectedPath? Received(int node, int from, int origin)
    {
        if (node >= Reflectors)
        {
            return from < Reflectors && IsUp(from, node) && origin != node ? SentToClients(from, origin) : null;
        }

        return !IsUp(node, from) ? null
            : from < Reflectors ? SentToOther(from, origin)
            : origin == from ? Own(origin)
            : null;
    }

    /// <summary>From whom a node takes its best path for a block: itself, a neighbor, or nobody (<c>null</c>). RFC 4456 §9: the ORIGINATOR_IDs being equal, fewer clusters, then the lower address.</summary>
    public int? Best(int node, int origin)
    {
        if (origin == node)
        {
            return node;
        }

        int? best = null;
        var least = int.MaxValue;
        foreach (var from in node < Reflectors ? [origin, 1 - node] : (ReadOnlySpan<int>)[0, 1])
        {
            if (from != best && Received(node, from, origin) is { } path && !IsLoop(node, path) && path.Clusters.Length < least)
            {
                (best, least) = (from, path.Clusters.Length);
            }
        }

        return best;
    }

    /// <summary>RFC 4456 §8: a route that passed the own cluster, or came from here, is not used.</summary>
    public bool IsLoop(int node, ReflectedPath path) => path.Originator == Id(node) || path.Clusters.Contains(Cluster(node));

    private ReflectedPath? Sent(int reflector, int origin)
    {
        var other = 1 - reflector;
        if (origin == reflector)
        {
            return Own(origin);
        }

        if (origin >= Reflectors && _isUp[reflector][origin])
        {
            return Reflected(origin, [Cluster(reflector)]);
        }

        return _isUp[reflector][other] && SentToOther(other, origin) is { } path && !IsLoop(reflector, path)
            ? Reflected(origin, [Cluster(reflector), .. path.Clusters])
            : null;
    }

    private ReflectedPath Own(int origin) => new(_nodes[origin].Spec.AddressV4, null, []);

    private ReflectedPath Reflected(int origin, ImmutableArray<RouterId> clusters) => new(_nodes[origin].Spec.AddressV4, Id(origin), clusters);

    private RouterId Id(int node) => _nodes[node].Config.RouterId;

    private RouterId Cluster(int node) => _nodes[node].Config.ClusterId;
}
