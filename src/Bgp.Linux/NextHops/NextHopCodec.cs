using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Bgp.Protocol;

namespace Bgp.Linux;

/// <summary>Nexthop object messages: <see cref="NextHopObject"/> to RTM_NEWNEXTHOP and RTM_DELNEXTHOP, and back.</summary>
internal static class NextHopCodec
{
    private const int FixedPart = 80;

    /// <summary>An upper bound of a message's length in bytes.</summary>
    public static int MaxLength(NextHopObject nextHop) => FixedPart + (nextHop.Members.Count * Unsafe.SizeOf<GroupEntry>());

    /// <summary>Adds the object (EEXIST where its number is taken), or replaces the one with its number.</summary>
    public static void Write(ref NetlinkMessageWriter writer, NextHopObject nextHop, bool replaces, ushort flags, uint sequence)
    {
        var writeFlags = NetlinkFlags.Request | NetlinkFlags.Create | (replaces ? NetlinkFlags.Replace : NetlinkFlags.Exclusive);
        writer.BeginMessage(NetlinkType.NewNextHop, (ushort)(flags | writeFlags), sequence);
        writer.Structure(new NextHopHeader
        {
            Family = Family(nextHop),
            Protocol = (byte)nextHop.Protocol,
            Flags = (uint)(nextHop.Flags & NextHopFlags.OnLink),
        });
        writer.Attribute(NextHopAttribute.Id, nextHop.Id);
        if (nextHop.IsGroup)
        {
            WriteMembers(ref writer, nextHop.Members);
        }
        else if (nextHop.IsBlackhole)
        {
            writer.Attribute(NextHopAttribute.Blackhole);
        }
        else
        {
            writer.Attribute(NextHopAttribute.OutputInterface, nextHop.InterfaceIndex);
            if (!nextHop.Gateway.IsNone)
            {
                writer.Attribute(NextHopAttribute.Gateway, nextHop.Gateway);
            }
        }

        writer.EndMessage();
    }

    /// <summary>Removes an object. The kernel wants every other field to be 0, the protocol too.</summary>
    public static void WriteDelete(ref NetlinkMessageWriter writer, uint id, ushort flags, uint sequence)
    {
        writer.BeginMessage(NetlinkType.DeleteNextHop, (ushort)(flags | NetlinkFlags.Request), sequence);
        writer.Structure(default(NextHopHeader));
        writer.Attribute(NextHopAttribute.Id, id);
        writer.EndMessage();
    }

    public static void WriteDump(ref NetlinkMessageWriter writer, uint sequence)
    {
        writer.BeginMessage(NetlinkType.GetNextHop, NetlinkFlags.Request | NetlinkFlags.Dump, sequence);
        writer.Structure(default(NextHopHeader));
        writer.EndMessage();
    }

    public static bool TryRead(in NetlinkMessageReader reader, out NextHopObject? nextHop)
    {
        nextHop = null;
        if (!reader.TryStructure(out NextHopHeader header))
        {
            return false;
        }

        nextHop = new NextHopObject
        {
            Id = 0,
            Protocol = (RouteProtocol)header.Protocol,
            Scope = (RouteScope)header.Scope,
            Flags = (NextHopFlags)(byte)header.Flags,
            Afi = header.Family == Libc.AfInet6 ? Afi.Ipv6 : Afi.Ipv4,
        };
        var attributes = reader.Attributes(Unsafe.SizeOf<NextHopHeader>());
        while (attributes.Read())
        {
            nextHop = attributes.Type switch
            {
                NextHopAttribute.Id => nextHop with { Id = attributes.AsUInt32() },
                NextHopAttribute.Gateway => nextHop with { Gateway = attributes.AsAddress() },
                NextHopAttribute.OutputInterface => nextHop with { InterfaceIndex = attributes.AsInt32() },
                NextHopAttribute.Blackhole => nextHop with { IsBlackhole = true },
                NextHopAttribute.Group => nextHop with { Members = ReadMembers(attributes.Value) },
                _ => nextHop,
            };
        }

        return nextHop.Id != 0;
    }

    private static byte Family(NextHopObject nextHop) => nextHop switch
    {
        { IsGroup: true } => Libc.AfUnspec,
        { Gateway.IsNone: false } => AddressFamilies.Of(nextHop.Gateway),
        { Afi: Afi.Ipv6 } => Libc.AfInet6,
        _ => Libc.AfInet,
    };

    private static void WriteMembers(ref NetlinkMessageWriter writer, IReadOnlyList<NextHopMember> members)
    {
        var group = writer.BeginNested(NextHopAttribute.Group);
        for (var i = 0; i < members.Count; i++)
        {
            var weight = Math.Clamp(members[i].Weight, 1, KernelNextHop.MaxWeight) - 1;
            writer.Structure(new GroupEntry { Id = members[i].Id, Weight = (byte)weight });
        }

        writer.EndNested(group);
    }

    private static List<NextHopMember> ReadMembers(ReadOnlySpan<byte> entries)
    {
        var size = Unsafe.SizeOf<GroupEntry>();
        var members = new List<NextHopMember>(entries.Length / size);
        while (MemoryMarshal.TryRead(entries, out GroupEntry entry))
        {
            members.Add(new(entry.Id, entry.Weight + (entry.WeightHigh << 8) + 1));
            entries = entries[size..];
        }

        return members;
    }
}
