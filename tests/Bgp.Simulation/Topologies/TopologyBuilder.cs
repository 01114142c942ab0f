using System.Globalization;
using Bgp.Engine;
using Bgp.Protocol;

namespace Bgp.Simulation;

/// <summary>Puts a ready-made topology together: nodes on segments, then sessions between them.</summary>
internal sealed class TopologyBuilder(TopologyOptions options)
{
    private readonly List<Draft> _drafts = [];

    /// <summary>Adds a node with an interface on each segment, and returns its number.</summary>
    public int Add(string role, Asn asn, params ReadOnlySpan<int> segments)
    {
        var node = _drafts.Count;
        _drafts.Add(new Draft(string.Create(CultureInfo.InvariantCulture, $"{role}{node}"), asn, [.. segments]));
        return node;
    }

    /// <summary>A session between two nodes over a segment. With <paramref name="isClient"/> the right one is the left one's client.</summary>
    public void Peer(int left, int right, int segment, bool isClient = false, bool allowsOwnAs = false)
    {
        var known = Neighbor(left, right, segment) with { RouteReflectorClient = isClient };
        if (isClient && options.HasDynamicClients)
        {
            _drafts[left].Range ??= new NeighborRange(InterfaceSpec.SubnetOf(known.Key.Address), Topology.MaxNodes, known with { Passive = true });
        }
        else
        {
            _drafts[left].Neighbors.Add(known);
        }

        _drafts[right].Neighbors.Add(Neighbor(right, left, segment) with { AllowLocalAs = allowsOwnAs ? 1 : 0 });
    }

    /// <summary>The nodes' AS is a member of a confederation. Comes before their sessions.</summary>
    public void Join(ReadOnlySpan<int> nodes, Asn confederation)
    {
        foreach (var node in nodes)
        {
            _drafts[node].Confederation = confederation;
        }
    }

    /// <summary>The nodes are one cluster, where the options say so.</summary>
    public void ShareCluster(ReadOnlySpan<int> nodes)
    {
        foreach (var node in nodes)
        {
            _drafts[node].Cluster = options.SharesClusterId ? nodes[0] : node;
        }
    }

    public Topology Build(string name) => new(name, [.. _drafts.Select(Spec)]);

    private NodeSpec Spec(Draft draft, int node)
    {
        var config = new SpeakerConfig
        {
            LocalAsn = draft.Asn,
            ConfederationId = draft.Confederation,
            RouterId = new RouterId(Topology.AddressV4(node).V4Bits),
            ClusterId = new RouterId(Topology.AddressV4(draft.Cluster ?? node).V4Bits),
            EbgpRequiresPolicy = false,
            Networks = [.. Networks(node)],
            Neighbors = [.. draft.Neighbors],
            Ranges = draft.Range is { } range ? [range] : [],
        };
        return new NodeSpec(
            draft.Name,
            [.. draft.Segments.Select(segment => new InterfaceSpec(segment, Topology.AddressV4(node, segment), options.HasIpv6 ? Topology.AddressV6(node, segment) : IpAddress.None))],
            config);
    }

    private IEnumerable<NetworkConfig> Networks(int node)
    {
        for (var block = 0; block < options.BlocksPerNode; block++)
        {
            yield return new NetworkConfig(Topology.BlockV4(node, block), Blackhole: true);
            if (options.HasIpv6)
            {
                yield return new NetworkConfig(Topology.BlockV6(node, block), Blackhole: true);
            }
        }

        if (node < options.AnycastNodes)
        {
            yield return new NetworkConfig(Topology.Anycast, Blackhole: false);
        }
    }

    private NeighborConfig Neighbor(int node, int other, int segment) => new()
    {
        Key = new NeighborKey(Topology.AddressV4(other, segment), "", 179),
        RemoteAsn = _drafts[other].ShownTo(_drafts[node]),
        LocalAsn = _drafts[node].ShownTo(_drafts[other]),
        IsMember = _drafts[node].IsInsideWith(_drafts[other]) && _drafts[node].Asn != _drafts[other].Asn,
        HoldTime = options.HoldTime,
        ConnectRetry = options.ConnectRetry,
        Families = options.HasIpv6
            ? [Family(node, AddressFamily.Ipv4Unicast), Family(node, AddressFamily.Ipv6Unicast)]
            : [Family(node, AddressFamily.Ipv4Unicast)],
    };

    private FamilyConfig Family(int node, AddressFamily family) => node < options.AddPathNodes
        ? new FamilyConfig(family) { AddPathReceive = true, AddPathSend = options.AddPathSend }
        : new FamilyConfig(family);

    private sealed record Draft(string Name, Asn Asn, int[] Segments)
    {
        public List<NeighborConfig> Neighbors { get; } = [];

        public NeighborRange? Range { get; set; }

        public int? Cluster { get; set; }

        public Asn? Confederation { get; set; }

        public bool IsInsideWith(Draft other) => Confederation is { } own && own == other.Confederation;

        /// <summary>The AS number by which another node knows this one (RFC 5065 §4).</summary>
        public Asn ShownTo(Draft other) => IsInsideWith(other) ? Asn : Confederation ?? Asn;
    }
}
