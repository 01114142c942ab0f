using System.Collections.Immutable;
using System.Globalization;
using Bgp.Protocol;

namespace Bgp.Daemon;

/// <summary>
/// The plan of a lab: segments, the routers on them with their pods, and who speaks BGP with whom. A pure value; <see cref="LabNetwork"/> builds it, <see cref="LabRouterFile"/> writes
/// what each daemon is told, and <see cref="LabNumbering"/> has the addresses and AS numbers.
/// <para>
/// Routers have a session over each segment that they share, where the shape wants one, and each family has a session of its own, over its own addresses. The nodes are the first routers.
/// </para>
/// </summary>
internal sealed record LabTopology
{
    /// <summary>Pods of each node: two, so that also pods of one node are seen to reach each other.</summary>
    public const int PodsPerNode = 2;

    private const string FabricSegment = "fabric";
    private const string TransitSegment = "transit";

    /// <summary>The shape in words, such as "3 nodes with 2 pods each".</summary>
    public required string Description { get; init; }

    /// <summary>Layer-2 segments; each becomes a bridge.</summary>
    public required ImmutableArray<string> Segments { get; init; }

    public required ImmutableArray<LabRouter> Routers { get; init; }

    public IEnumerable<LabPod> Pods => Routers.SelectMany(router => router.Pods);

    /// <summary>The shape that was asked for: reflectors or racks, not both.</summary>
    public static LabTopology Of(LabOptions options) => options switch
    {
        { Reflectors: > 0 } => Reflected(options.Nodes, options.Reflectors, options.Ipv6),
        { Racks: > 0 } => Racks(options.Nodes, options.Racks, options.Ipv6),
        _ => FullMesh(options.Nodes, options.Ipv6),
    };

    /// <summary>Nodes on one segment, each with an iBGP session to every other.</summary>
    public static LabTopology FullMesh(int nodes, bool ipv6) => new()
    {
        Description = Describe(nodes),
        Segments = [FabricSegment],
        Routers = Connect(NodesOnFabric(nodes, ipv6), (_, _) => true),
    };

    /// <summary>
    /// Nodes and route reflectors on one segment. The nodes are clients of every reflector and peer with nobody else; the reflectors peer with each other as non-clients. A reflector's
    /// cluster id is its router id, as is the default, so that each is a cluster of its own. They carry no pods and no traffic, and their kernels get no routes.
    /// </summary>
    public static LabTopology Reflected(int nodes, int reflectors, bool ipv6) => new()
    {
        Description = string.Create(CultureInfo.InvariantCulture, $"{Describe(nodes)} and {Count(reflectors, "reflector")}"),
        Segments = [FabricSegment],
        Routers = Connect(
            NodesOnFabric(nodes, ipv6).Concat(Numbers(reflectors).Select(number => NewReflector(number, ipv6))),
            (one, other) => one.Role == LabRole.Reflector || other.Role == LabRole.Reflector),
    };

    /// <summary>
    /// Nodes dealt out to racks, each rack a segment of its own with a ToR router. A node has eBGP with its ToR, the ToR routers with each other over a segment between them. Within a rack
    /// the next hop stays the node (RFC 4271 §5.1.3, a third party on the shared subnet), so that only what leaves the rack crosses a ToR.
    /// </summary>
    public static LabTopology Racks(int nodes, int racks, bool ipv6) => new()
    {
        Description = string.Create(CultureInfo.InvariantCulture, $"{Describe(nodes)} in {Count(racks, "rack")} with a ToR router each"),
        Segments = [.. Numbers(racks).Select(SegmentOf), TransitSegment],
        Routers = Connect(
            Numbers(nodes).Select(number => NewRackedNode(number, ((number - 1) % racks) + 1, ipv6)).Concat(Numbers(racks).Select(number => NewTor(number, ipv6))),
            (one, other) => one.Role == LabRole.Tor || other.Role == LabRole.Tor),
    };

    /// <summary>The prefixes that the daemon of a router has to bring into its kernel: every block there is, its own as blackhole; of a reflector none.</summary>
    public ImmutableArray<IpPrefix> ExpectedRoutes(LabRouter router) => !router.WritesRoutes ? [] :
        [.. Routers.SelectMany(other => other.Blocks).Where(block => !router.Blocks.Contains(block)), .. router.Blocks];

    /// <summary>Gives the routers their sessions: with those that they share a segment with, where the two peer.</summary>
    private static ImmutableArray<LabRouter> Connect(IEnumerable<LabRouter> routers, Func<LabRouter, LabRouter, bool> peer)
    {
        ImmutableArray<LabRouter> all = [.. routers];
        return [.. all.Select(router => router with
        {
            Sessions = [.. all.Where(other => other != router && peer(router, other)).SelectMany(other => SessionsWith(router, other))],
        })];
    }

    private static IEnumerable<LabSession> SessionsWith(LabRouter router, LabRouter other) =>
        from uplink in other.Uplinks
        where router.Uplinks.Any(own => own.Segment == uplink.Segment)
        from entry in uplink.Addresses
        select new LabSession(entry.Address, other.Asn, entry.Address.IsV4 ? other.Name : $"{other.Name}-v6")
        {
            IsClient = router.Role == LabRole.Reflector && other.Role == LabRole.Node,
        };

    private static IEnumerable<LabRouter> NodesOnFabric(int nodes, bool ipv6) =>
        Numbers(nodes).Select(number => NewNode(number, LabNumbering.NodeAsn, FabricSegment, LabNumbering.Fabric, ipv6));

    private static LabRouter NewRackedNode(int number, int rack, bool ipv6) =>
        NewNode(number, LabNumbering.AsnOfRackedNode(number), SegmentOf(rack), (byte)rack, ipv6);

    private static LabRouter NewNode(int number, Asn asn, string segment, byte segmentNumber, bool ipv6)
    {
        var blocks = LabNumbering.BlocksOf(number, ipv6);
        return NewRouter(Name("node", number), LabRole.Node, asn, [new LabUplink(segment, "eth0", LabNumbering.AddressesOf(segmentNumber, number, ipv6))]) with
        {
            Blocks = blocks,
            PodGateways = [.. blocks.Select(block => LabNumbering.Host(block, 1))],
            Pods = [.. Numbers(PodsPerNode).Select(pod => NewPod(number, pod, blocks))],
        };
    }

    private static LabPod NewPod(int node, int pod, ImmutableArray<IpPrefix> blocks) => new(
        string.Create(CultureInfo.InvariantCulture, $"pod{node}-{pod}"),
        Name("pod", pod),
        [.. blocks.Select(block => LabNumbering.Host(block, (uint)pod + 1))]);

    private static LabRouter NewReflector(int number, bool ipv6) => NewRouter(
        Name("reflector", number),
        LabRole.Reflector,
        LabNumbering.NodeAsn,
        [new LabUplink(FabricSegment, "eth0", LabNumbering.AddressesOf(LabNumbering.Fabric, LabNumbering.HostOfReflector(number), ipv6))]);

    private static LabRouter NewTor(int rack, bool ipv6) => NewRouter(
        Name("tor", rack),
        LabRole.Tor,
        LabNumbering.AsnOfTor(rack),
        [
            new LabUplink(TransitSegment, "eth0", LabNumbering.AddressesOf(LabNumbering.Transit, rack, ipv6)),
            new LabUplink(SegmentOf(rack), "eth1", LabNumbering.AddressesOf((byte)rack, LabNumbering.TorHost, ipv6)),
        ]);

    /// <summary>Its router id is the IPv4 address of its first device.</summary>
    private static LabRouter NewRouter(string name, LabRole role, Asn asn, ImmutableArray<LabUplink> uplinks) => new()
    {
        Name = name,
        Role = role,
        Asn = asn,
        RouterId = new RouterId(uplinks[0].Addresses[0].Address.V4Bits),
        Uplinks = uplinks,
    };

    private static string SegmentOf(int rack) => Name("rack", rack);

    private static string Name(string kind, int number) => string.Create(CultureInfo.InvariantCulture, $"{kind}{number}");

    private static IEnumerable<int> Numbers(int count) => Enumerable.Range(1, count);

    private static string Describe(int nodes) => string.Create(CultureInfo.InvariantCulture, $"{Count(nodes, "node")} with {PodsPerNode} pods each");

    private static string Count(int count, string what) => string.Create(CultureInfo.InvariantCulture, $"{count} {what}{(count == 1 ? "" : "s")}");
}
