using Bgp.Protocol;

namespace Bgp.Linux;

/// <summary>
/// A route of the kernel's tables. The kernel's key is prefix, table and metric (and, for IPv4, type of service, here always 0): another metric
/// is another route.
/// </summary>
/// <remarks>As read back: an IPv6 route of metric 0 has become 1024, an IPv6 route that drops lists no next hop (the kernel says <c>dev lo</c>).</remarks>
public readonly record struct KernelRoute
{
    /// <summary>The table <c>main</c>.</summary>
    public const uint MainTable = 254;

    public KernelRoute()
    {
    }

    public KernelRoute(IpPrefix prefix)
    {
        Prefix = prefix;
    }

    public IpPrefix Prefix { get; init; }

    public uint Table { get; init; } = MainTable;

    public RouteProtocol Protocol { get; init; }

    public KernelRouteType Type { get; init; } = KernelRouteType.Unicast;

    public RouteScope Scope { get; init; }

    /// <summary>The priority: the lowest wins.</summary>
    public uint Metric { get; init; }

    /// <summary>The source address of packets that this machine sends by the route; none leaves it to the kernel.</summary>
    public IpAddress PreferredSource { get; init; }

    /// <summary>The next hops; empty where the route drops or refers to a nexthop object (unless read in nexthop_compat_mode 1, which lists both).</summary>
    public KernelNextHops NextHops { get; init; }

    /// <summary>The nexthop object, or 0.</summary>
    public uint NextHopId { get; init; }

    /// <summary>Whether packets are dropped: blackhole, unreachable, prohibit.</summary>
    public bool Drops => Type is KernelRouteType.Blackhole or KernelRouteType.Unreachable or KernelRouteType.Prohibit;
}
