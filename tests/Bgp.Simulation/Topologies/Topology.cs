using System.Collections.Immutable;
using System.Globalization;
using Bgp.Engine;
using Bgp.Protocol;

namespace Bgp.Simulation;

/// <summary>What the nodes of a ready-made topology have in common.</summary>
public sealed record TopologyOptions
{
    /// <summary>Whether nodes also have IPv6 addresses and blocks; the sessions stay on IPv4.</summary>
    public bool HasIpv6 { get; init; }

    /// <summary>Blocks that each node originates, of each family.</summary>
    public int BlocksPerNode { get; init; } = 1;

    /// <summary>Nodes, from the first on, that all originate one shared block as well.</summary>
    public int AnycastNodes { get; init; }

    /// <summary>Nodes, from the first on, that offer ADD-PATH (RFC 7911) on all their sessions, both ways: it is in use where both ends do.</summary>
    public int AddPathNodes { get; init; }

    /// <summary>How many paths of a prefix they send.</summary>
    public int AddPathSend { get; init; } = int.MaxValue;

    public TimeSpan HoldTime { get; init; } = TimeSpan.FromSeconds(9);

    public TimeSpan ConnectRetry { get; init; } = TimeSpan.FromSeconds(5);
}

/// <summary>The nodes of a network, as a value: change what is to be different with <c>with</c>.</summary>
public sealed record Topology(string Name, ImmutableArray<NodeSpec> Nodes)
{
    /// <summary>How many nodes a ready-made topology may have: their addresses and blocks have places for so many.</summary>
    public const int MaxNodes = 1000;

    private static readonly Asn Fabric = new(64512);

    /// <summary>Every node speaks iBGP with every other one, and originates its blocks.</summary>
    public static Topology Mesh(int nodes, TopologyOptions? options = null)
    {
        var settings = options ?? new TopologyOptions();
        var specs = ImmutableArray.CreateBuilder<NodeSpec>(nodes);
        NeighborConfig[] all = [.. Enumerable.Range(0, nodes).Select(other => Internal(other, isClient: false, settings))];
        for (var node = 0; node < nodes; node++)
        {
            var neighbors = all.Where((_, other) => other != node);
            specs.Add(Node(node, "node", neighbors, settings));
        }

        return new Topology(string.Create(CultureInfo.InvariantCulture, $"mesh of {nodes}"), specs.MoveToImmutable());
    }

    /// <summary>
    /// Clients that speak with each of several reflectors and with nobody else; the reflectors speak with each other, each a cluster of its own (RFC 4456 §7). The reflectors are the first nodes.
    /// </summary>
    public static Topology Reflectors(int reflectors, int clients, TopologyOptions? options = null)
    {
        var settings = options ?? new TopologyOptions();
        var specs = ImmutableArray.CreateBuilder<NodeSpec>(reflectors + clients);
        for (var reflector = 0; reflector < reflectors; reflector++)
        {
            var neighbors = Enumerable.Range(0, reflectors + clients).Where(other => other != reflector).Select(other => Internal(other, other >= reflectors, settings));
            specs.Add(Node(reflector, "reflector", neighbors, settings));
        }

        for (var client = reflectors; client < reflectors + clients; client++)
        {
            var neighbors = Enumerable.Range(0, reflectors).Select(other => Internal(other, isClient: false, settings));
            specs.Add(Node(client, "client", neighbors, settings));
        }

        return new Topology(string.Create(CultureInfo.InvariantCulture, $"{reflectors} reflectors with {clients} clients"), specs.MoveToImmutable());
    }

    /// <summary>The IPv4 address of a node of a ready-made topology.</summary>
    public static IpAddress AddressV4(int node) => IpAddress.V4(0x0a000001 + (uint)node);

    /// <summary>Its IPv6 address.</summary>
    public static IpAddress AddressV6(int node) => IpAddress.V6(0xfd00_0000_0000_0000, 1 + (ulong)node);

    /// <summary>One of its IPv4 blocks.</summary>
    public static IpPrefix BlockV4(int node, int block = 0) => new(IpAddress.V4(0x0a800000 + ((uint)node << 12) + ((uint)block << 8)), 24);

    /// <summary>One of its IPv6 blocks.</summary>
    public static IpPrefix BlockV6(int node, int block = 0) => new(IpAddress.V6(0xfd01_0000_0000_0000 + ((ulong)node << 16) + (ulong)block, 0), 64);

    /// <summary>The block that several nodes originate (<see cref="TopologyOptions.AnycastNodes"/>).</summary>
    public static IpPrefix Anycast { get; } = IpPrefix.Parse("192.0.2.0/24");

    private static NodeSpec Node(int node, string role, IEnumerable<NeighborConfig> neighbors, TopologyOptions options)
    {
        var config = new SpeakerConfig
        {
            LocalAsn = Fabric,
            RouterId = new RouterId(AddressV4(node).V4Bits),
            ClusterId = new RouterId(AddressV4(node).V4Bits),
            Networks = [.. Networks(node, options)],
            Neighbors = [.. neighbors.Select(neighbor => node < options.AddPathNodes ? WithAddPaths(neighbor, options) : neighbor)],
        };
        var v6 = options.HasIpv6 ? AddressV6(node) : IpAddress.None;
        return new NodeSpec(string.Create(CultureInfo.InvariantCulture, $"{role}{node}"), AddressV4(node), v6, config);
    }

    private static NeighborConfig WithAddPaths(NeighborConfig neighbor, TopologyOptions options) => neighbor with
    {
        Families = [.. neighbor.Families.Select(family => family with { AddPathReceive = true, AddPathSend = options.AddPathSend })],
    };

    private static IEnumerable<NetworkConfig> Networks(int node, TopologyOptions options)
    {
        for (var block = 0; block < options.BlocksPerNode; block++)
        {
            yield return new NetworkConfig(BlockV4(node, block), Blackhole: true);
            if (options.HasIpv6)
            {
                yield return new NetworkConfig(BlockV6(node, block), Blackhole: true);
            }
        }

        if (node < options.AnycastNodes)
        {
            yield return new NetworkConfig(Anycast, Blackhole: false);
        }
    }

    private static NeighborConfig Internal(int other, bool isClient, TopologyOptions options) => new()
    {
        Key = new NeighborKey(AddressV4(other), "", 179),
        RemoteAsn = Fabric,
        LocalAsn = Fabric,
        HoldTime = options.HoldTime,
        ConnectRetry = options.ConnectRetry,
        RouteReflectorClient = isClient,
        Families = options.HasIpv6
            ? [new FamilyConfig(AddressFamily.Ipv4Unicast), new FamilyConfig(AddressFamily.Ipv6Unicast)]
            : [new FamilyConfig(AddressFamily.Ipv4Unicast)],
    };
}
