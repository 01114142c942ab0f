using System.Collections.Immutable;
using System.Globalization;
using Bgp.Protocol;

namespace Bgp.Simulation;

/// <summary>The nodes of a network, as a value: change what is to be different with <c>with</c>.</summary>
public sealed partial record Topology(string Name, ImmutableArray<NodeSpec> Nodes)
{
    /// <summary>How many nodes a ready-made topology may have: their addresses and blocks have places for so many.</summary>
    public const int MaxNodes = 1000;

    /// <summary>10.128.0.0.</summary>
    private const uint FirstBlock = 0x0a800000;

    private static readonly Asn Fabric = new(64512);
    private static readonly Asn FirstTor = new(65000);

    /// <summary>Every node speaks iBGP with every other one, and originates its blocks.</summary>
    public static Topology Mesh(int nodes, TopologyOptions? options = null)
    {
        var builder = new TopologyBuilder(options ?? new TopologyOptions());
        AddMesh(builder, nodes);
        return builder.Build(string.Create(CultureInfo.InvariantCulture, $"mesh of {nodes}"));
    }

    /// <summary>A mesh whose members also speak eBGP with one top-of-rack router on the same segment, which is the last node.</summary>
    public static Topology MeshWithTor(int nodes, TopologyOptions? options = null)
    {
        var builder = new TopologyBuilder(options ?? new TopologyOptions());
        AddMesh(builder, nodes);
        var tor = builder.Add("tor", FirstTor, 0);
        for (var node = 0; node < nodes; node++)
        {
            builder.Peer(node, tor, 0);
        }

        return builder.Build(string.Create(CultureInfo.InvariantCulture, $"mesh of {nodes} with a ToR"));
    }

    /// <summary>The IPv4 address of a node of a ready-made topology on one of its segments.</summary>
    public static IpAddress AddressV4(int node, int segment = 0) => IpAddress.V4(0x0a000001 + ((uint)segment << 16) + (uint)node);

    /// <summary>Its IPv6 address there.</summary>
    public static IpAddress AddressV6(int node, int segment = 0) => IpAddress.V6(0xfd00_0000_0000_0000 + (ulong)segment, 1 + (ulong)node);

    /// <summary>One of its IPv4 blocks.</summary>
    public static IpPrefix BlockV4(int node, int block = 0) => new(IpAddress.V4(FirstBlock + ((uint)node << 12) + ((uint)block << 8)), 24);

    /// <summary>Whose first IPv4 block a prefix is; more than there are nodes where it is no such block.</summary>
    public static int NodeOfBlockV4(in IpPrefix prefix) =>
        prefix.Address.V4Bits is var bits && prefix.Length == 24 && prefix.Address.IsV4 && bits >= FirstBlock && (bits & 0xfff) == 0 ? (int)((bits - FirstBlock) >> 12) : int.MaxValue;

    /// <summary>One of its IPv6 blocks.</summary>
    public static IpPrefix BlockV6(int node, int block = 0) => new(IpAddress.V6(0xfd01_0000_0000_0000 + ((ulong)node << 16) + (ulong)block, 0), 64);

    /// <summary>The block that several nodes originate (<see cref="TopologyOptions.AnycastNodes"/>).</summary>
    public static IpPrefix Anycast { get; } = IpPrefix.Parse("192.0.2.0/24");

    private static void AddMesh(TopologyBuilder builder, int nodes)
    {
        for (var node = 0; node < nodes; node++)
        {
            builder.Add("node", Fabric, 0);
            for (var other = 0; other < node; other++)
            {
                builder.Peer(other, node, 0);
            }
        }
    }
}
