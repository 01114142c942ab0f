using System.Runtime.InteropServices;

namespace Bgp.Linux;

/// <summary>Attributes of link messages (IFLA_…).</summary>
internal static class LinkAttribute
{
    public const ushort HardwareAddress = 1;
    public const ushort Name = 3;
    public const ushort Mtu = 4;
    public const ushort Master = 10;
    public const ushort LinkInfo = 18;
    public const ushort NamespaceFile = 28;
    public const ushort ExtendedMask = 29;
    public const ushort InfoKind = 1;
    public const ushort InfoData = 2;
    public const ushort VethPeer = 1;

    /// <summary>RTEXT_FILTER_SKIP_STATS.</summary>
    public const uint SkipStatistics = 8;
}

/// <summary>Attributes of address messages (IFA_…).</summary>
internal static class AddressAttribute
{
    public const ushort Address = 1;
    public const ushort Local = 2;
    public const ushort Broadcast = 4;
    public const ushort Flags = 8;
}

/// <summary>struct ifinfomsg.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct LinkHeader
{
    public byte Family;
    public byte Padding;
    public ushort HardwareType;
    public int Index;
    public uint Flags;
    public uint ChangeMask;
}

/// <summary>struct ifaddrmsg.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct AddressHeader
{
    public byte Family;
    public byte PrefixLength;
    public byte Flags;
    public byte Scope;
    public int InterfaceIndex;
}
