namespace Bgp.Interop.Tests;

/// <summary>
/// One side's view of a session to configure; both families run on it. The hold time is in seconds; a client is a route reflector client of this side.
/// Without four-octet AS numbers this side does not offer the capability (RFC 6793).
/// </summary>
internal sealed record Session(
    Host Neighbor, uint NeighborAsn, Family Transport, int HoldTime = 90, bool IsClient = false, bool FourOctetAs = true)
{
    public string NeighborAddress => IsLinkLocal ? $"{Neighbor.LinkLocal}%eth0" : Neighbor.Address(Transport);

    /// <summary>Over link-local addresses, with IPv4 routes by IPv6 next hops (RFC 8950).</summary>
    public bool IsLinkLocal { get; init; }

    /// <summary>The cluster in which the neighbor is this side's client (RFC 4456 §7), where that is not this side's router id. FRR has one for all.</summary>
    public string? ClusterId { get; init; }

    /// <summary>Offers ADD-PATH (RFC 7911) both ways, for all paths of both families.</summary>
    public bool AddPaths { get; init; }

    /// <summary>The key of TCP MD5 (RFC 2385).</summary>
    public string? Password { get; init; }

    /// <summary>Sends with a TTL of 255, and takes nothing with less (RFC 5082).</summary>
    public bool TtlSecurity { get; init; }

    /// <summary>Offers messages of up to 65,535 octets (RFC 8654) where that is not the program's default.</summary>
    public bool ExtendedMessages { get; init; }

    /// <summary>Offers enhanced route refresh (RFC 7313) where that is not the program's default.</summary>
    public bool EnhancedRefresh { get; init; }

    /// <summary>Offers IPv6 next hops for IPv4 (RFC 8950) on a session between global addresses.</summary>
    public bool ExtendedNextHop { get; init; }

    /// <summary>This side's role (RFC 9234), without which the other side is refused.</summary>
    public SessionRole? Role { get; init; }

    /// <summary>How many routes of a family the neighbor may announce before the session is ended.</summary>
    public int? MaxPrefixes { get; init; }

    /// <summary>This side is a route server, the neighbor its client (RFC 7947).</summary>
    public bool IsRouteServerClient { get; init; }

    /// <summary>What this side learns goes into its kernel, where the program does so only when it is told to.</summary>
    public bool ToKernel { get; init; }

    /// <summary>Announces a default route of this side's own.</summary>
    public bool DefaultOriginate { get; init; }

    /// <summary>The neighbor is a route server: its own AS number need not stand first in a path.</summary>
    public bool IsRouteServer { get; init; }

    /// <summary>Further settings of the neighbor in the words of this side's program: for our daemon `name: value`, for BIRD a statement of the protocol.</summary>
    public IReadOnlyList<string> Options { get; init; } = [];
}
