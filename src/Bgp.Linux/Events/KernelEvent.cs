namespace Bgp.Linux;

/// <summary>One piece of news from the kernel. Only the property that <see cref="Kind"/> names has a meaning.</summary>
/// <remarks>
/// What the kernel does not tell, or tells otherwise than one would think (Linux 6.18): a link that goes down takes its IPv4 routes, its nexthop objects and
/// their routes along without an event about them, but tells each next hop of its IPv6 routes as a removed route. A removed IPv6 route may be one next
/// hop of several: the others stay, and nothing says so. A lost carrier removes no route. A removed address takes along IPv4 routes that prefer it as
/// source, and tells them; IPv6 routes silently lose their preferred source. So after news of these kinds, read the routes.
/// </remarks>
public readonly record struct KernelEvent
{
    public KernelEventKind Kind { get; init; }

    public KernelChange Change { get; init; }

    /// <summary>The netlink port of whoever asked for the change; 0 for the kernel itself.</summary>
    public uint PortId { get; init; }

    public KernelRoute Route { get; init; }

    public KernelAddress Address { get; init; }

    public KernelLink? Link { get; init; }

    public NextHopObject? NextHop { get; init; }
}
