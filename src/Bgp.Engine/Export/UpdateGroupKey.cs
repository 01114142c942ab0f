using Bgp.Protocol;

namespace Bgp.Engine;

/// <summary>
/// All that the bytes sent to a member depend on, but for whom they came from: members with equal keys share one group, one Adj-RIB-Out and one encoding. Compared by value; the policy is
/// named by the number of its hash-consed program.
/// </summary>
internal readonly record struct UpdateGroupKey
{
    public required PolicyProgram Export { get; init; }

    public required CodecProfile Profile { get; init; }

    public required SessionType Session { get; init; }

    /// <summary>iBGP: the cluster in which the members are clients of this reflector (RFC 4456); <c>null</c> for others.</summary>
    public required RouterId? Cluster { get; init; }

    /// <summary>Whether clients are sent what clients of the same cluster announce.</summary>
    public required bool ClientToClient { get; init; }

    /// <summary>What happens to AS paths on their way to another AS; default on iBGP.</summary>
    public required AsPathRules AsPath { get; init; }

    /// <summary>The session of a route server's client, which has a choice of its own among the paths (RFC 7947 §2.3.2); 0 for others.</summary>
    public ushort RouteServerClient { get; init; }

    /// <summary>Our role on the session (RFC 9234); <c>null</c> is none.</summary>
    public BgpRole? Role { get; init; }

    public required NextHopMode NextHop { get; init; }

    /// <summary>Our own next hop in this family on the session.</summary>
    public required IpAddress Self { get; init; }

    /// <summary>The link-local address that goes with it on a shared subnet (RFC 2545 §3).</summary>
    public required IpAddress SelfLinkLocal { get; init; }

    /// <summary>Single-hop eBGP: the interface whose subnet both ends share; else 0.</summary>
    public required int SharedInterface { get; init; }

    public required uint DefaultLocalPref { get; init; }

    /// <summary>A default route that the members are sent in the place of the Loc-RIB's; <c>null</c> is none.</summary>
    public DefaultRouteConfig? DefaultRoute { get; init; }

    /// <summary>How many paths of a destination are sent at most: 1 where the profile has no ADD-PATH in this family (RFC 7911).</summary>
    public required int PathLimit { get; init; }
}
