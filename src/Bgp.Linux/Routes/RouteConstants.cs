using System.Runtime.InteropServices;

namespace Bgp.Linux;

/// <summary>Attributes of route messages (RTA_…).</summary>
internal static class RouteAttribute
{
    public const ushort Destination = 1;
    public const ushort OutputInterface = 4;
    public const ushort Gateway = 5;
    public const ushort Priority = 6;
    public const ushort PreferredSource = 7;
    public const ushort Multipath = 9;
    public const ushort Table = 15;
    public const ushort Via = 18;
    public const ushort NextHopId = 30;
}

/// <summary>struct rtmsg.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct RouteHeader
{
    public const byte CompatTable = 252;
    public const uint Cloned = 0x200;

    public byte Family;
    public byte DestinationLength;
    public byte SourceLength;
    public byte TypeOfService;
    public byte Table;
    public byte Protocol;
    public byte Scope;
    public byte Type;
    public uint Flags;
}

/// <summary>struct rtnexthop: one entry of RTA_MULTIPATH, its attributes behind it.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct MultipathHeader
{
    public ushort Length;
    public byte Flags;
    public byte Hops;
    public int InterfaceIndex;
}
