using System.Net.NetworkInformation;

namespace Bgp.Linux;

public sealed partial class Rtnetlink
{
    /// <summary>The longest name of a device, in bytes.</summary>
    public const int MaxLinkName = 15;

    /// <summary>All devices of the namespace.</summary>
    /// <exception cref="NetlinkException">The kernel refused.</exception>
    public IReadOnlyList<KernelLink> ReadLinks() => ReadAll<KernelLink>(
        (ref writer, sequence) => LinkCodec.WriteDump(ref writer, sequence),
        (in message, found) =>
        {
            if (message.Type == NetlinkType.NewLink && LinkCodec.TryRead(message, out var link) && link is not null)
            {
                found.Add(link);
            }
        },
        "read links");

    /// <summary>The device of that name, or null.</summary>
    /// <exception cref="NetlinkException">The kernel refused.</exception>
    public KernelLink? FindLink(string name) => ReadLinks().FirstOrDefault(link => link.Name == name);

    /// <summary>The index of the device of that name.</summary>
    /// <exception cref="NetlinkException">There is none (ENODEV), or the kernel refused.</exception>
    public int LinkIndex(string name) => FindLink(name)?.Index ?? throw new NetlinkException($"find link {name}", Errno.ENODEV);

    /// <summary>Makes a pair of veths, both down; the peer may be born in another namespace. Returns the index of the first.</summary>
    /// <exception cref="NetlinkException">The kernel refused: EEXIST where a name is taken.</exception>
    public int CreateVeth(string name, string peerName, NetworkNamespace? peerNamespace = null)
    {
        var sequence = _socket.NextSequence();
        var writer = NewRequest();
        LinkCodec.WriteCreateVeth(ref writer, name, peerName, peerNamespace?.Handle, sequence);
        Execute(writer, sequence, $"create veth {name}");
        return LinkIndex(name);
    }

    /// <summary>Makes a bridge, down. Returns its index.</summary>
    /// <exception cref="NetlinkException">The kernel refused: EEXIST where the name is taken.</exception>
    public int CreateBridge(string name)
    {
        var sequence = _socket.NextSequence();
        var writer = NewRequest();
        LinkCodec.WriteCreate(ref writer, "bridge", name, sequence);
        Execute(writer, sequence, $"create bridge {name}");
        return LinkIndex(name);
    }

    /// <summary>Removes a device; a veth's peer goes with it.</summary>
    /// <exception cref="NetlinkException">The kernel refused.</exception>
    public void DeleteLink(int index)
    {
        var sequence = _socket.NextSequence();
        var writer = NewRequest();
        LinkCodec.WriteDelete(ref writer, index, sequence);
        Execute(writer, sequence, $"delete link {index}");
    }

    /// <exception cref="NetlinkException">The kernel refused.</exception>
    public void SetLinkUp(int index) => ChangeLink(index, LinkFlags.Up, LinkFlags.Up, "bring up", null);

    /// <exception cref="NetlinkException">The kernel refused.</exception>
    public void SetLinkDown(int index) => ChangeLink(index, LinkFlags.None, LinkFlags.Up, "bring down", null);

    /// <summary>Makes the device a port of a bridge, or of none where the master is 0.</summary>
    /// <exception cref="NetlinkException">The kernel refused.</exception>
    public void SetLinkMaster(int index, int masterIndex) => ChangeLink(
        index, LinkFlags.None, LinkFlags.None, "set the master of", (ref writer, _) => writer.Attribute(LinkAttribute.Master, masterIndex));

    /// <summary>Gives the device another name; most must be down for it.</summary>
    /// <exception cref="NetlinkException">The kernel refused.</exception>
    public void RenameLink(int index, string name) => ChangeLink(
        index, LinkFlags.None, LinkFlags.None, "rename", (ref writer, _) => writer.Attribute(LinkAttribute.Name, name));

    /// <summary>Sets the largest packet, in bytes.</summary>
    /// <exception cref="NetlinkException">The kernel refused.</exception>
    public void SetLinkMtu(int index, int mtu) => ChangeLink(
        index, LinkFlags.None, LinkFlags.None, "set the MTU of", (ref writer, _) => writer.Attribute(LinkAttribute.Mtu, mtu));

    /// <exception cref="NetlinkException">The kernel refused.</exception>
    public void SetLinkHardwareAddress(int index, PhysicalAddress address) => ChangeLink(
        index,
        LinkFlags.None,
        LinkFlags.None,
        "set the hardware address of",
        (ref writer, _) => writer.Attribute(LinkAttribute.HardwareAddress, address.GetAddressBytes()));

    /// <summary>Moves the device to another namespace; there it is down, without addresses, and may have another index.</summary>
    /// <exception cref="NetlinkException">The kernel refused.</exception>
    public void MoveLink(int index, NetworkNamespace target) => ChangeLink(
        index,
        LinkFlags.None,
        LinkFlags.None,
        "move",
        (ref writer, _) => writer.Attribute(LinkAttribute.NamespaceFile, (int)target.Handle.DangerousGetHandle()));

    /// <summary>All addresses of the namespace, or of one device.</summary>
    /// <exception cref="NetlinkException">The kernel refused.</exception>
    public IReadOnlyList<KernelAddress> ReadAddresses(int interfaceIndex = 0) => ReadAll<KernelAddress>(
        (ref writer, sequence) => AddressCodec.WriteDump(ref writer, interfaceIndex, sequence),
        (in message, found) =>
        {
            if (message.Type == NetlinkType.NewAddress && AddressCodec.TryRead(message, out var address))
            {
                found.Add(address);
            }
        },
        "read addresses");

    /// <summary>Adds an address. IPv6 without <see cref="AddressFlags.NoDad"/> is tentative for a second or more.</summary>
    /// <exception cref="NetlinkException">The kernel refused: EEXIST where the device has it.</exception>
    public void AddAddress(in KernelAddress address) => ChangeAddress(deletes: false, address);

    /// <exception cref="NetlinkException">The kernel refused: EADDRNOTAVAIL where the device does not have it.</exception>
    public void DeleteAddress(in KernelAddress address) => ChangeAddress(deletes: true, address);

    private void ChangeAddress(bool deletes, in KernelAddress address)
    {
        var sequence = _socket.NextSequence();
        var writer = NewRequest();
        AddressCodec.Write(ref writer, deletes, address, NetlinkFlags.Ack, sequence);
        Execute(writer, sequence, $"{(deletes ? "delete" : "add")} address {address.Address}/{address.PrefixLength}");
    }

    private void ChangeLink(int index, LinkFlags flags, LinkFlags mask, string operation, RequestWriter? attributes)
    {
        var sequence = _socket.NextSequence();
        var writer = NewRequest();
        LinkCodec.BeginChange(ref writer, index, flags, mask, sequence);
        attributes?.Invoke(ref writer, sequence);
        writer.EndMessage();
        Execute(writer, sequence, $"{operation} link {index}");
    }
}
