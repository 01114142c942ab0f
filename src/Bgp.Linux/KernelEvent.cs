namespace Bgp.Linux;

/// <summary>What an event is about.</summary>
public enum KernelEventKind
{
    Link,
    Address,
    Route,
    NextHop,
}

/// <summary>What happened to it.</summary>
public enum KernelChange
{
    /// <summary>It is there, or it changed: links and addresses say their whole state each time.</summary>
    Added,

    /// <summary>A route that took the place of one with the same prefix, table and metric. No removal of that one is told.</summary>
    Replaced,

    /// <summary>A route beside others of the same prefix, table and metric.</summary>
    Appended,

    Removed,
}

/// <summary>One piece of news from the kernel. Only the property that <see cref="Kind"/> names has a meaning.</summary>
/// <remarks>A link that goes down takes routes and nexthop objects along without an event about them: only the link's own comes.</remarks>
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
