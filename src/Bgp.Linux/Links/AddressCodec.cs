using System.Runtime.CompilerServices;
using Bgp.Protocol;

namespace Bgp.Linux;

/// <summary>Address messages: <see cref="KernelAddress"/> to RTM_NEWADDR and RTM_DELADDR, and back.</summary>
internal static class AddressCodec
{
    public static void Write(ref NetlinkMessageWriter writer, bool deletes, in KernelAddress address, ushort flags, uint sequence)
    {
        var type = deletes ? NetlinkType.DeleteAddress : NetlinkType.NewAddress;
        var operation = deletes ? 0 : NetlinkFlags.Create | NetlinkFlags.Exclusive;
        writer.BeginMessage(type, (ushort)(NetlinkFlags.Request | operation | flags), sequence);
        writer.Structure(new AddressHeader
        {
            Family = AddressFamilies.Of(address.Address),
            PrefixLength = address.PrefixLength,
            Scope = (byte)address.Scope,
            InterfaceIndex = address.InterfaceIndex,
        });
        writer.Attribute(AddressAttribute.Local, address.Address);
        writer.Attribute(AddressAttribute.Address, address.Peer.IsNone ? address.Address : address.Peer);
        if (!deletes)
        {
            writer.Attribute(AddressAttribute.Flags, (uint)address.Flags);
            if (address.Peer.IsNone && address.Address.IsV4 && address.PrefixLength < 31)
            {
                writer.Attribute(AddressAttribute.Broadcast, BroadcastOf(address));
            }
        }

        writer.EndMessage();
    }

    public static void WriteDump(ref NetlinkMessageWriter writer, int interfaceIndex, uint sequence)
    {
        writer.BeginMessage(NetlinkType.GetAddress, NetlinkFlags.Request | NetlinkFlags.Dump, sequence);
        writer.Structure(new AddressHeader { InterfaceIndex = interfaceIndex });
        writer.EndMessage();
    }

    public static bool TryRead(in NetlinkMessageReader reader, out KernelAddress address)
    {
        address = default;
        if (!reader.TryStructure(out AddressHeader header) || header.Family is not (Libc.AfInet or Libc.AfInet6))
        {
            return false;
        }

        var local = IpAddress.None;
        var remote = IpAddress.None;
        var flags = (uint)header.Flags;
        var attributes = reader.Attributes(Unsafe.SizeOf<AddressHeader>());
        while (attributes.Read())
        {
            switch (attributes.Type)
            {
                case AddressAttribute.Local:
                    local = attributes.AsAddress();
                    break;
                case AddressAttribute.Address:
                    remote = attributes.AsAddress();
                    break;
                case AddressAttribute.Flags:
                    flags = attributes.AsUInt32();
                    break;
                default:
                    break;
            }
        }

        // IPv6 gives IFA_LOCAL only where there is a peer.
        var own = local.IsNone ? remote : local;
        address = new KernelAddress(own, header.PrefixLength, header.InterfaceIndex)
        {
            Scope = (RouteScope)header.Scope,
            Flags = (AddressFlags)flags,
            Peer = remote == own ? IpAddress.None : remote,
        };
        return own.BitLength >= header.PrefixLength && !own.IsNone;
    }

    private static IpAddress BroadcastOf(in KernelAddress address) =>
        IpAddress.V4(address.Address.V4Bits | (uint.MaxValue >> address.PrefixLength));
}
