using System.Runtime.InteropServices;

namespace Bgp.Linux;

/// <summary>Attributes of nexthop object messages (NHA_…).</summary>
internal static class NextHopAttribute
{
    public const ushort Id = 1;
    public const ushort Group = 2;
    public const ushort Blackhole = 4;
    public const ushort OutputInterface = 5;
    public const ushort Gateway = 6;
}

/// <summary>struct nhmsg.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct NextHopHeader
{
    public byte Family;
    public byte Scope;
    public byte Protocol;
    public byte Reserved;
    public uint Flags;
}

/// <summary>struct nexthop_grp: the weight less one, its upper byte behind the lower.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct GroupEntry
{
    public uint Id;
    public byte Weight;
    public byte WeightHigh;
    public ushort Reserved;
}
