using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Bgp.Protocol;

namespace Bgp.Linux;

/// <summary>Route messages: <see cref="KernelRoute"/> to RTM_NEWROUTE and RTM_DELROUTE, and back.</summary>
internal static class RouteCodec
{
    private const int FixedPart = 160;
    private const int NextHopPart = 36;

    /// <summary>An upper bound of a message's length in bytes.</summary>
    public static int MaxLength(in KernelRoute route) => FixedPart + (route.NextHops.Count * NextHopPart);

    public static void Write(ref NetlinkMessageWriter writer, RouteOperation operation, in KernelRoute route, ushort flags, uint sequence)
    {
        var (type, operationFlags) = operation switch
        {
            RouteOperation.Create => (NetlinkType.NewRoute, NetlinkFlags.Create | NetlinkFlags.Exclusive),
            RouteOperation.Replace => (NetlinkType.NewRoute, NetlinkFlags.Create | NetlinkFlags.Replace),
            RouteOperation.Change => (NetlinkType.NewRoute, NetlinkFlags.Replace),
            RouteOperation.Append => (NetlinkType.NewRoute, NetlinkFlags.Create | NetlinkFlags.Append),
            _ => (NetlinkType.DeleteRoute, 0),
        };
        writer.BeginMessage(type, (ushort)(flags | operationFlags | NetlinkFlags.Request), sequence);
        var deletes = operation == RouteOperation.Delete;
        writer.Structure(new RouteHeader
        {
            Family = AddressFamilies.Of(route.Prefix.Address),
            DestinationLength = route.Prefix.Length,
            Table = CompatTable(route.Table),
            Protocol = (byte)route.Protocol,
            Scope = (byte)(deletes ? RouteScope.Nowhere : route.Scope),
            Type = deletes ? (byte)0 : (byte)route.Type,
            Flags = deletes || route.NextHops.Count != 1 ? 0 : (uint)route.NextHops[0].Flags & (uint)NextHopFlags.OnLink,
        });
        writer.Attribute(RouteAttribute.Destination, route.Prefix.Address);
        writer.Attribute(RouteAttribute.Table, route.Table);
        if (route.Metric != 0)
        {
            writer.Attribute(RouteAttribute.Priority, route.Metric);
        }

        if (!deletes)
        {
            WriteWhereTo(ref writer, route);
        }

        writer.EndMessage();
    }

    /// <summary>A dump request. The kernel, asked strictly, filters by all that the header and the table say.</summary>
    public static void WriteDump(ref NetlinkMessageWriter writer, RouteFilter filter, uint sequence)
    {
        writer.BeginMessage(NetlinkType.GetRoute, NetlinkFlags.Request | NetlinkFlags.Dump, sequence);
        writer.Structure(new RouteHeader
        {
            Family = filter.Afi == Afi.Ipv4 ? (byte)Libc.AfInet : (byte)Libc.AfInet6,
            Protocol = (byte)filter.Protocol,
        });
        if (filter.Table != 0)
        {
            writer.Attribute(RouteAttribute.Table, filter.Table);
        }

        writer.EndMessage();
    }

    /// <summary>Reads a route message; false for what is not an IPv4 or IPv6 unicast table's route (multicast routing, cached exceptions).</summary>
    public static bool TryRead(in NetlinkMessageReader reader, out KernelRoute route)
    {
        route = default;
        if (!reader.TryStructure(out RouteHeader header)
            || header.Family is not (Libc.AfInet or Libc.AfInet6)
            || (header.Flags & RouteHeader.Cloned) != 0)
        {
            return false;
        }

        var destination = AddressFamilies.Unspecified(header.Family);
        var hop = new KernelNextHop(IpAddress.None, 0, 1, (NextHopFlags)(byte)header.Flags);
        var read = new KernelRoute
        {
            Table = header.Table,
            Protocol = (RouteProtocol)header.Protocol,
            Type = (KernelRouteType)header.Type,
            Scope = (RouteScope)header.Scope,
        };
        var attributes = reader.Attributes(Unsafe.SizeOf<RouteHeader>());
        while (attributes.Read())
        {
            switch (attributes.Type)
            {
                case RouteAttribute.Destination:
                    destination = attributes.AsAddress();
                    break;
                case RouteAttribute.Table:
                    read = read with { Table = attributes.AsUInt32() };
                    break;
                case RouteAttribute.Priority:
                    read = read with { Metric = attributes.AsUInt32() };
                    break;
                case RouteAttribute.PreferredSource:
                    read = read with { PreferredSource = attributes.AsAddress() };
                    break;
                case RouteAttribute.NextHopId:
                    read = read with { NextHopId = attributes.AsUInt32() };
                    break;
                case RouteAttribute.Multipath:
                    read = read with { NextHops = ReadMultipath(attributes.Value) };
                    break;
                default:
                    hop = ReadNextHopAttribute(attributes, hop);
                    break;
            }
        }

        if (destination.BitLength < header.DestinationLength)
        {
            return false;
        }

        var single = read.NextHops.Count == 0 && !read.Drops && (hop.InterfaceIndex != 0 || !hop.Gateway.IsNone);
        route = read with
        {
            Prefix = new IpPrefix(destination, header.DestinationLength),
            NextHops = single ? [hop] : read.Drops ? default : read.NextHops,
        };
        return true;
    }

    private static void WriteWhereTo(ref NetlinkMessageWriter writer, in KernelRoute route)
    {
        if (!route.PreferredSource.IsNone)
        {
            writer.Attribute(RouteAttribute.PreferredSource, route.PreferredSource);
        }

        if (route.NextHopId != 0)
        {
            writer.Attribute(RouteAttribute.NextHopId, route.NextHopId);
            return;
        }

        var isV4 = route.Prefix.Address.IsV4;
        if (route.NextHops.Count == 1)
        {
            var hop = route.NextHops[0];
            WriteGateway(ref writer, hop.Gateway, isV4);
            if (hop.InterfaceIndex != 0)
            {
                writer.Attribute(RouteAttribute.OutputInterface, hop.InterfaceIndex);
            }
        }
        else if (route.NextHops.Count > 1)
        {
            var multipath = writer.BeginNested(RouteAttribute.Multipath);
            foreach (var hop in route.NextHops)
            {
                var entry = writer.Length;
                writer.Structure(new MultipathHeader
                {
                    Flags = (byte)(hop.Flags & NextHopFlags.OnLink),
                    Hops = (byte)(Math.Clamp(hop.Weight, 1, KernelNextHop.MaxWeight) - 1),
                    InterfaceIndex = hop.InterfaceIndex,
                });
                WriteGateway(ref writer, hop.Gateway, isV4);
                writer.EndNested(entry);
            }

            writer.EndNested(multipath);
        }
    }

    private static void WriteGateway(ref NetlinkMessageWriter writer, IpAddress gateway, bool routeIsV4)
    {
        if (gateway.IsNone)
        {
            return;
        }

        if (gateway.IsV4 == routeIsV4)
        {
            writer.Attribute(RouteAttribute.Gateway, gateway);
        }
        else
        {
            writer.Via(RouteAttribute.Via, gateway);
        }
    }

    private static KernelNextHop ReadNextHopAttribute(in NetlinkAttributeReader attribute, in KernelNextHop hop) => attribute.Type switch
    {
        RouteAttribute.Gateway => hop with { Gateway = attribute.AsAddress() },
        RouteAttribute.Via => hop with { Gateway = attribute.AsVia() },
        RouteAttribute.OutputInterface => hop with { InterfaceIndex = attribute.AsInt32() },
        _ => hop,
    };

    private static KernelNextHops ReadMultipath(ReadOnlySpan<byte> entries)
    {
        var size = Unsafe.SizeOf<MultipathHeader>();
        var hops = new List<KernelNextHop>(entries.Length / 16);
        while (MemoryMarshal.TryRead(entries, out MultipathHeader header)
            && header.Length >= size
            && header.Length <= entries.Length
            && hops.Count < KernelNextHops.MaxCount)
        {
            var hop = new KernelNextHop(IpAddress.None, header.InterfaceIndex, header.Hops + 1, (NextHopFlags)header.Flags);
            var attributes = new NetlinkAttributeReader(entries[size..header.Length]);
            while (attributes.Read())
            {
                hop = ReadNextHopAttribute(attributes, hop);
            }

            hops.Add(hop);
            entries = entries[Math.Min((header.Length + 3) & ~3, entries.Length)..];
        }

        return KernelNextHops.Create(CollectionsMarshal.AsSpan(hops));
    }

    private static byte CompatTable(uint table) => table < 256 ? (byte)table : RouteHeader.CompatTable;
}
