using System.Collections.Immutable;
using Bgp.Protocol;

namespace Bgp.Engine;

/// <summary>
/// What changed in the kernel that next hops depend on: links, addresses, and routes that are not ours. Immutable. A snapshot replaces all that was known.
/// </summary>
public sealed record KernelUpdate
{
    public bool IsSnapshot { get; init; }

    /// <summary>Links that appeared or changed.</summary>
    public ImmutableArray<KernelLink> Links { get; init; } = [];

    /// <summary>Interface indices of links that are gone.</summary>
    public ImmutableArray<int> RemovedLinks { get; init; } = [];

    public ImmutableArray<KernelAddress> Addresses { get; init; } = [];

    public ImmutableArray<KernelAddress> RemovedAddresses { get; init; } = [];

    public ImmutableArray<KernelRoute> Routes { get; init; } = [];

    public ImmutableArray<KernelRoute> RemovedRoutes { get; init; } = [];
}

/// <summary>A network interface. <paramref name="IsUp"/>: administratively up with carrier.</summary>
public sealed record KernelLink(int Index, string Name, bool IsUp);

/// <summary>An address with the length of its on-link prefix.</summary>
public sealed record KernelAddress(int InterfaceIndex, IpAddress Address, byte PrefixLength);

/// <summary>What a kernel route does with a packet.</summary>
public enum KernelRouteKind : byte
{
    Unicast,

    /// <summary>An address of this host, or broadcast or multicast: of no use as a way to a next hop.</summary>
    Local,
    Blackhole,
    Unreachable,
    Prohibit,
}

/// <summary>A route in the kernel, ours or not. An on-link route has hops without a gateway.</summary>
public sealed record KernelRoute
{
    public required IpPrefix Prefix { get; init; }

    public required KernelRouteKind Kind { get; init; }

    /// <summary>rtm_protocol.</summary>
    public required byte Protocol { get; init; }

    public required uint Table { get; init; }

    public uint Metric { get; init; }

    public IpAddress PreferredSource { get; init; }

    public ImmutableArray<KernelHop> Hops { get; init; } = [];

    /// <summary>Whether it makes a subnet of one interface reached without a gateway.</summary>
    internal bool IsOnLink => Kind == KernelRouteKind.Unicast && Hops is [{ Gateway.IsNone: true }];
}

/// <summary>One way of a kernel route. <paramref name="Gateway"/> may be of the other family (RFC 8950) or absent.</summary>
public readonly record struct KernelHop(IpAddress Gateway, int InterfaceIndex, int Weight, bool IsOnLink, bool IsDown);
