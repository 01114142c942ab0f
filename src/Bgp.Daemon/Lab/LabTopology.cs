using System.Collections.Immutable;
using System.Globalization;
using Bgp.Protocol;

namespace Bgp.Daemon;

/// <summary>
/// The plan of a lab: segments, the routers on them with their pods, and who speaks BGP with whom. A pure value; <see cref="LabNetwork"/> builds it and <see cref="LabRouterFile"/> writes
/// what each daemon is told.
/// <para>
/// Node N is 10.0.0.N and fd00:10::N on the segment, its pod blocks are 10.244.N.0/24 and fd00:10:244:N::/64. A node's address towards its pods is the first of the block, the pods
/// have the next ones. Each family has sessions of its own, over its own addresses.
/// </para>
/// </summary>
internal sealed record LabTopology
{
    /// <summary>The AS of the nodes, which is also Kubernetes' usual one.</summary>
    public static readonly Asn NodeAsn = new(64512);

    /// <summary>Pods of each node: two, so that also pods of one node are seen to reach each other.</summary>
    public const int PodsPerNode = 2;

    /// <summary>Layer-2 segments; each becomes a bridge.</summary>
    public required ImmutableArray<string> Segments { get; init; }

    public required ImmutableArray<LabRouter> Routers { get; init; }

    public IEnumerable<LabPod> Pods => Routers.SelectMany(router => router.Pods);

    /// <summary>Nodes on one segment, each with an iBGP session to every other.</summary>
    public static LabTopology FullMesh(int nodes, bool ipv6)
    {
        const string Segment = "fabric";
        var routers = ImmutableArray.CreateBuilder<LabRouter>(nodes);
        for (var number = 1; number <= nodes; number++)
        {
            var own = number;
            routers.Add(NewNode(number, Segment, ipv6) with
            {
                Sessions = [.. Enumerable.Range(1, nodes).Where(other => other != own).SelectMany(other => SessionsWith(other, ipv6))],
            });
        }

        return new LabTopology { Segments = [Segment], Routers = routers.MoveToImmutable() };
    }

    /// <summary>The prefixes that the daemon of a router has to bring into its kernel: every block there is, its own as blackhole.</summary>
    public ImmutableArray<IpPrefix> ExpectedRoutes(LabRouter router) =>
        [.. Routers.SelectMany(other => other.Blocks).Where(block => !router.Blocks.Contains(block)), .. router.Blocks];

    private static LabRouter NewNode(int number, string segment, bool ipv6)
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"node{number}");
        var blocks = BlocksOf(number, ipv6);
        return new LabRouter
        {
            Name = name,
            Asn = NodeAsn,
            RouterId = new RouterId(AddressOf(number, v6: false).V4Bits),
            Uplinks = [new LabUplink(segment, "eth0", [.. AddressesOf(number, ipv6).Select(address => new LabAddress(address, (byte)(address.IsV4 ? 24 : 64)))])],
            Blocks = blocks,
            PodGateways = [.. blocks.Select(block => Host(block, 1))],
            Pods = [.. Enumerable.Range(1, PodsPerNode).Select(pod => NewPod(number, pod, blocks))],
        };
    }

    private static LabPod NewPod(int node, int pod, ImmutableArray<IpPrefix> blocks) => new(
        string.Create(CultureInfo.InvariantCulture, $"pod{node}-{pod}"),
        string.Create(CultureInfo.InvariantCulture, $"pod{pod}"),
        [.. blocks.Select(block => Host(block, (uint)pod + 1))]);

    private static IEnumerable<LabSession> SessionsWith(int node, bool ipv6) => AddressesOf(node, ipv6).Select(address =>
        new LabSession(address, NodeAsn, string.Create(CultureInfo.InvariantCulture, $"node{node}{(address.IsV4 ? "" : "-v6")}")));

    private static IEnumerable<IpAddress> AddressesOf(int node, bool ipv6) =>
        ipv6 ? [AddressOf(node, v6: false), AddressOf(node, v6: true)] : [AddressOf(node, v6: false)];

    private static IpAddress AddressOf(int node, bool v6) =>
        v6 ? IpAddress.V6(0xfd00_0010_0000_0000, (ulong)node) : IpAddress.V4(0x0a00_0000 | (uint)node);

    /// <summary>The decimal number of the node is written into the address as it reads: fd00:10:244:12::/64 is node 12's.</summary>
    private static ImmutableArray<IpPrefix> BlocksOf(int node, bool ipv6)
    {
        var v4 = new IpPrefix(IpAddress.V4(0x0af4_0000 | ((uint)node << 8)), 24);
        return ipv6 ? [v4, IpPrefix.Parse(string.Create(CultureInfo.InvariantCulture, $"fd00:10:244:{node}::/64"))] : [v4];
    }

    private static IpAddress Host(in IpPrefix block, uint host) =>
        block.Address.IsV4 ? IpAddress.V4(block.Address.V4Bits + host) : IpAddress.V6(block.Address.High, block.Address.Low + host);
}
