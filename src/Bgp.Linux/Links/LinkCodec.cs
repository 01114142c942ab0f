using System.Net.NetworkInformation;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Bgp.Linux;

/// <summary>Link messages: requests that make and change devices, and <see cref="KernelLink"/> from RTM_NEWLINK and RTM_DELLINK.</summary>
internal static class LinkCodec
{
    private const ushort CreateFlags = NetlinkFlags.Request | NetlinkFlags.Ack | NetlinkFlags.Create | NetlinkFlags.Exclusive;
    private const ushort ChangeFlags = NetlinkFlags.Request | NetlinkFlags.Ack;

    /// <summary>A device of a kind that needs no more, such as <c>bridge</c>.</summary>
    public static void WriteCreate(ref NetlinkMessageWriter writer, string kind, string name, uint sequence)
    {
        writer.BeginMessage(NetlinkType.NewLink, CreateFlags, sequence);
        writer.Structure(default(LinkHeader));
        writer.Attribute(LinkAttribute.Name, name);
        var info = writer.BeginNested(LinkAttribute.LinkInfo);
        writer.Attribute(LinkAttribute.InfoKind, kind);
        writer.EndNested(info);
        writer.EndMessage();
    }

    /// <summary>A pair of veths; the peer is born in the namespace of <paramref name="peerNamespace"/>, or beside the first where that is null.</summary>
    public static void WriteCreateVeth(ref NetlinkMessageWriter writer, string name, string peerName, SafeHandle? peerNamespace, uint sequence)
    {
        writer.BeginMessage(NetlinkType.NewLink, CreateFlags, sequence);
        writer.Structure(default(LinkHeader));
        writer.Attribute(LinkAttribute.Name, name);
        var info = writer.BeginNested(LinkAttribute.LinkInfo);
        writer.Attribute(LinkAttribute.InfoKind, "veth");
        var data = writer.BeginNested(LinkAttribute.InfoData);
        var peer = writer.BeginNested(LinkAttribute.VethPeer);
        writer.Structure(default(LinkHeader));
        writer.Attribute(LinkAttribute.Name, peerName);
        if (peerNamespace is not null)
        {
            writer.Attribute(LinkAttribute.NamespaceFile, (int)peerNamespace.DangerousGetHandle());
        }

        writer.EndNested(peer);
        writer.EndNested(data);
        writer.EndNested(info);
        writer.EndMessage();
    }

    /// <summary>Starts a change of a device; the caller adds attributes and ends the message.</summary>
    public static void BeginChange(ref NetlinkMessageWriter writer, int index, LinkFlags flags, LinkFlags mask, uint sequence)
    {
        writer.BeginMessage(NetlinkType.NewLink, ChangeFlags, sequence);
        writer.Structure(new LinkHeader { Index = index, Flags = (uint)flags, ChangeMask = (uint)mask });
    }

    public static void WriteDelete(ref NetlinkMessageWriter writer, int index, uint sequence)
    {
        writer.BeginMessage(NetlinkType.DeleteLink, ChangeFlags, sequence);
        writer.Structure(new LinkHeader { Index = index });
        writer.EndMessage();
    }

    /// <summary>All devices, without their counters.</summary>
    public static void WriteDump(ref NetlinkMessageWriter writer, uint sequence)
    {
        writer.BeginMessage(NetlinkType.GetLink, NetlinkFlags.Request | NetlinkFlags.Dump, sequence);
        writer.Structure(default(LinkHeader));
        writer.Attribute(LinkAttribute.ExtendedMask, LinkAttribute.SkipStatistics);
        writer.EndMessage();
    }

    /// <summary>Reads a link message; false for a bridge's message about a port (family AF_BRIDGE), which says nothing of the device's own state.</summary>
    public static bool TryRead(in NetlinkMessageReader reader, out KernelLink? link)
    {
        link = null;
        if (!reader.TryStructure(out LinkHeader header) || header.Family != Libc.AfUnspec)
        {
            return false;
        }

        var read = new KernelLink { Index = header.Index, Name = "", Flags = (LinkFlags)header.Flags };
        var attributes = reader.Attributes(Unsafe.SizeOf<LinkHeader>());
        while (attributes.Read())
        {
            read = attributes.Type switch
            {
                LinkAttribute.Name => read with { Name = attributes.AsString() },
                LinkAttribute.Mtu => read with { Mtu = attributes.AsInt32() },
                LinkAttribute.Master => read with { MasterIndex = attributes.AsInt32() },
                LinkAttribute.HardwareAddress => read with { HardwareAddress = new PhysicalAddress(attributes.Value.ToArray()) },
                LinkAttribute.LinkInfo => read with { Kind = ReadKind(attributes.AsNested()) },
                _ => read,
            };
        }

        link = read;
        return true;
    }

    private static string ReadKind(NetlinkAttributeReader info)
    {
        while (info.Read())
        {
            if (info.Type == LinkAttribute.InfoKind)
            {
                return info.AsString();
            }
        }

        return "";
    }
}
