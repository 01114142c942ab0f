using System.Collections.Immutable;
using System.Globalization;
using Bgp.Protocol;

namespace Bgp.Daemon;

/// <summary>
/// The numbers of a lab. Host H of segment S is 10.0.S.H/24 and fd00:10:0:S::H/64 (S and H in hexadecimal); the fabric is segment 0, rack R is segment R. Node N is host N wherever
/// it is, and its pod blocks are 10.244.N.0/24 and fd00:10:244:N::/64: a node's address towards its pods is the first of the block, the pods have the next ones.
/// </summary>
internal static class LabNumbering
{
    /// <summary>The segment of all nodes where there are no racks.</summary>
    public const byte Fabric = 0;

    /// <summary>The segment between the ToR routers.</summary>
    public const byte Transit = 255;

    /// <summary>The host number of a ToR router in its rack.</summary>
    public const byte TorHost = 254;

    private const byte FirstReflectorHost = 201;
    private const uint FirstTorAsn = 65001;

    /// <summary>The AS of nodes that peer with each other or with reflectors, which is also Kubernetes' usual one.</summary>
    public static readonly Asn NodeAsn = new(64512);

    /// <summary>
    /// The AS of a node that peers with its ToR: its own, so that a path from one node to another never holds the receiver's AS and is never refused as a loop, without exceptions in any
    /// router's configuration.
    /// </summary>
    public static Asn AsnOfRackedNode(int node) => new(NodeAsn.Value + (uint)node);

    public static Asn AsnOfTor(int rack) => new(FirstTorAsn + (uint)rack - 1);

    public static byte HostOfReflector(int reflector) => (byte)(FirstReflectorHost + reflector - 1);

    public static ImmutableArray<LabAddress> AddressesOf(byte segment, int host, bool ipv6)
    {
        var v4 = new LabAddress(IpAddress.V4(0x0a00_0000 | ((uint)segment << 8) | (uint)host), 24);
        return ipv6 ? [v4, new LabAddress(IpAddress.V6(0xfd00_0010_0000_0000 | segment, (ulong)host), 64)] : [v4];
    }

    /// <summary>The decimal number of the node is written into the address as it reads: fd00:10:244:12::/64 is node 12's.</summary>
    public static ImmutableArray<IpPrefix> BlocksOf(int node, bool ipv6)
    {
        var v4 = new IpPrefix(IpAddress.V4(0x0af4_0000 | ((uint)node << 8)), 24);
        return ipv6 ? [v4, IpPrefix.Parse(string.Create(CultureInfo.InvariantCulture, $"fd00:10:244:{node}::/64"))] : [v4];
    }

    /// <summary>An address of a pod block.</summary>
    public static IpAddress Host(in IpPrefix block, uint host) =>
        block.Address.IsV4 ? IpAddress.V4(block.Address.V4Bits + host) : IpAddress.V6(block.Address.High, block.Address.Low + host);
}
