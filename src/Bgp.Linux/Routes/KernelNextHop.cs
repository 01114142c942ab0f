using Bgp.Protocol;

namespace Bgp.Linux;

/// <summary>One next hop of a kernel route.</summary>
/// <param name="Gateway">The gateway, of either family (RFC 8950); none for a destination on the link.</param>
/// <param name="InterfaceIndex">The device, or 0 to let the kernel find it by the gateway (not with a link-local gateway).</param>
/// <param name="Weight">Share of the traffic, 1 to 256; 0 counts as 1.</param>
/// <param name="Flags">State as read; of those only <see cref="NextHopFlags.OnLink"/> can be asked for.</param>
public readonly record struct KernelNextHop(IpAddress Gateway, int InterfaceIndex, int Weight = 1, NextHopFlags Flags = NextHopFlags.None)
    : IComparable<KernelNextHop>
{
    public const int MaxWeight = 256;

    /// <summary>By gateway, then by device.</summary>
    public int CompareTo(KernelNextHop other)
    {
        var byGateway = Gateway.CompareTo(other.Gateway);
        return byGateway != 0 ? byGateway : InterfaceIndex.CompareTo(other.InterfaceIndex);
    }

    public static bool operator <(KernelNextHop left, KernelNextHop right) => left.CompareTo(right) < 0;
    public static bool operator >(KernelNextHop left, KernelNextHop right) => left.CompareTo(right) > 0;
    public static bool operator <=(KernelNextHop left, KernelNextHop right) => left.CompareTo(right) <= 0;
    public static bool operator >=(KernelNextHop left, KernelNextHop right) => left.CompareTo(right) >= 0;
}
