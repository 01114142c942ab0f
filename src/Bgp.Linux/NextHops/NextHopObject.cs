using Bgp.Protocol;

namespace Bgp.Linux;

/// <summary>
/// A nexthop object of the kernel: one next hop, a blackhole, or a group of such with weights. Many routes refer to one object, and replacing
/// it moves them all at once.
/// </summary>
/// <remarks>A device that goes down or away takes its objects along, and their routes, without a word about either.</remarks>
public sealed record NextHopObject
{
    /// <summary>The object's number, not 0.</summary>
    public required uint Id { get; init; }

    public RouteProtocol Protocol { get; init; }

    public RouteScope Scope { get; init; }

    /// <summary>The gateway, or none for a destination on the link. An IPv6 gateway may serve IPv4 routes.</summary>
    public IpAddress Gateway { get; init; }

    /// <summary>The family where the gateway is none (device only, blackhole); else the gateway's.</summary>
    public Afi Afi { get; init; } = Afi.Ipv4;

    public int InterfaceIndex { get; init; }

    public NextHopFlags Flags { get; init; }

    public bool IsBlackhole { get; init; }

    /// <summary>The members; empty for a single next hop.</summary>
    public IReadOnlyList<NextHopMember> Members { get; init; } = [];

    public bool IsGroup => Members.Count > 0;
}
