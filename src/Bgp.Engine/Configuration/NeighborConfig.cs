using System.Collections.Immutable;
using Bgp.Protocol;

namespace Bgp.Engine;

/// <summary>
/// A neighbor's identity: address, zone (of a link-local address, else empty) and port. One that is configured by its interface has no address in its configuration, only the zone.
/// </summary>
public readonly record struct NeighborKey(IpAddress Address, string Zone, ushort Port)
{
    public override string ToString() => Zone.Length == 0 ? Address.ToString() : Address.IsNone ? Zone : $"{Address}%{Zone}";
}

/// <summary>What we set as the next hop of a route that we announce (RFC 4271 §5.1.3).</summary>
public enum NextHopMode : byte
{
    /// <summary>iBGP keeps it; single-hop eBGP keeps a third party's on the shared subnet, else our own; multihop eBGP sets our own.</summary>
    Auto,

    /// <summary>Our own, but for reflected routes.</summary>
    Self,

    /// <summary>Our own for every route.</summary>
    SelfAll,

    /// <summary>As received.</summary>
    Keep,
}

/// <summary>One neighbor, its group's fields merged in and all defaults applied.</summary>
public sealed record NeighborConfig
{
    public required NeighborKey Key { get; init; }

    /// <summary>The neighbor's AS number; <see cref="AnyExternal"/> takes any but <see cref="LocalAsn"/>.</summary>
    public required Asn RemoteAsn { get; init; }

    /// <summary>The AS number that we speak with towards this neighbor.</summary>
    public required Asn LocalAsn { get; init; }

    /// <summary>What it does to AS paths where it is not the router's.</summary>
    public LocalAsnMode LocalAsnMode { get; init; }

    public string? Name { get; init; }

    public string Description { get; init; } = "";

    public string? Group { get; init; }

    /// <summary>The interface on whose other end the neighbor is to be found; <c>null</c> for one whose address is known. Its key's zone is the same.</summary>
    public string? Interface { get; init; }

    /// <summary>The range (<see cref="NeighborRange"/>) that a dynamic neighbor came out of; <c>null</c> for a configured one.</summary>
    public IpPrefix? Range { get; init; }

    public bool IsDynamic => Range is not null;

    /// <summary>The source address of connections that we open; <see cref="IpAddress.None"/> leaves it to the kernel.</summary>
    public IpAddress LocalAddress { get; init; }

    /// <summary>Never connects, only accepts.</summary>
    public bool Passive { get; init; }

    /// <summary>Administratively down.</summary>
    public bool Shutdown { get; init; }

    /// <summary>RFC 9003 text that goes with a shutdown.</summary>
    public string? ShutdownMessage { get; init; }

    /// <summary>Zero means no keepalives and no hold timer (RFC 4271 §4.2).</summary>
    public TimeSpan HoldTime { get; init; } = TimeSpan.FromSeconds(90);

    /// <summary><c>null</c>: a third of the negotiated hold time.</summary>
    public TimeSpan? Keepalive { get; init; }

    /// <summary><c>null</c>: the greater of 8 minutes and twice the negotiated hold time (RFC 9687 §5).</summary>
    public TimeSpan? SendHoldTime { get; init; }

    public TimeSpan ConnectRetry { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>The families to offer, each at most once.</summary>
    public required ImmutableArray<FamilyConfig> Families { get; init; }

    public bool ExtendedMessages { get; init; } = true;

    /// <summary>RFC 8950, offered when both families are on and the transport is IPv6.</summary>
    public bool ExtendedNextHop { get; init; } = true;

    /// <summary>TTL of an eBGP multihop session; <c>null</c> is single-hop.</summary>
    public int? Multihop { get; init; }

    /// <summary>GTSM (RFC 5082): how many hops away the peer may be; <c>null</c> is off.</summary>
    public int? TtlSecurity { get; init; }

    /// <summary>The TCP MD5 key (RFC 2385), never printed.</summary>
    public string? Password { get; init; }

    public bool RouteReflectorClient { get; init; }

    /// <summary>The cluster that it is a client in, where that is not the router's.</summary>
    public RouterId? ClusterId { get; init; }

    public NextHopMode NextHop { get; init; } = NextHopMode.Auto;

    /// <summary>Our next hops on this session in the place of the session's own address; <see cref="IpAddress.None"/> leaves it.</summary>
    public IpAddress NextHopV4 { get; init; }

    public IpAddress NextHopV6 { get; init; }

    /// <summary>The neighbor's AS number is replaced by ours in announced paths.</summary>
    public bool AsOverride { get; init; }

    /// <summary>What happens to private AS numbers in announced paths (RFC 6996).</summary>
    public RemovePrivateAsMode RemovePrivateAs { get; init; }

    /// <summary>How often our own AS number may stand in a received AS_PATH.</summary>
    public int AllowLocalAs { get; init; }

    /// <summary>eBGP: the first AS of a received AS_PATH must be the neighbor's (RFC 4271 §6.3).</summary>
    public bool EnforceFirstAs { get; init; } = true;

    /// <summary>We are its route server (RFC 7947): routes of other clients reach it as they are, and one that it may not have does not hide the next best.</summary>
    public bool RouteServerClient { get; init; }

    /// <summary>A default route of each family that it is sent, whatever the Loc-RIB has; <c>null</c> is none.</summary>
    public DefaultRouteConfig? DefaultRoute { get; init; }

    /// <summary>Our role on an eBGP session (RFC 9234); <c>null</c> is none.</summary>
    public BgpRole? Role { get; init; }

    /// <summary>The neighbor must tell its role too (RFC 9234 §4.2).</summary>
    public bool RoleStrict { get; init; }

    /// <summary>The settings of a family, <c>null</c> where it is not offered.</summary>
    public FamilyConfig? FamilyOf(AddressFamily family) => Families.FirstOrDefault(candidate => candidate.Family == family);

    /// <summary>A neighbor on an interface, found at an address or (<see cref="IpAddress.None"/>) not found: then there is nobody to dial.</summary>
    public NeighborConfig FoundAt(IpAddress address) => this with { Key = Key with { Address = address }, Passive = Passive || address.IsNone };

    /// <summary>The neighbor is in another member AS of our confederation (RFC 5065).</summary>
    public bool IsMember { get; init; }

    /// <summary>The member ASes of our confederation, ours among them, where <see cref="RemoteAsn"/> is <see cref="AnyExternal"/>: they are not external.</summary>
    public ImmutableArray<Asn> MemberAsns { get; init; } = [];

    public SessionType Type => IsMember ? SessionType.Confederation : RemoteAsn == LocalAsn ? SessionType.Internal : SessionType.External;

    /// <summary>Stands for any AS number but ours; 0 is nobody's (RFC 7607).</summary>
    public static Asn AnyExternal => default;

    /// <summary>Whether a neighbor with this AS number may be at the other end.</summary>
    public bool AcceptsAsn(Asn remote) => RemoteAsn == AnyExternal
        ? remote != LocalAsn && remote != AnyExternal && !MemberAsns.Contains(remote)
        : remote == RemoteAsn;
}

/// <summary>What a neighbor may exchange in one family, and through which policies. An empty policy list accepts within an AS and a confederation; see RFC 8212 for eBGP.</summary>
public sealed record FamilyConfig(AddressFamily Family)
{
    public ImmutableArray<PolicyConfig> ImportPolicy { get; init; } = [];

    public ImmutableArray<PolicyConfig> ExportPolicy { get; init; } = [];

    /// <summary>ADD-PATH (RFC 7911): accept several paths of a prefix.</summary>
    public bool AddPathReceive { get; init; }

    public MaxPrefixesConfig MaxPrefixes { get; init; }

    /// <summary>ADD-PATH: announce up to this many paths of a prefix; 0 is off, <see cref="int.MaxValue"/> is all.</summary>
    public int AddPathSend { get; init; }
}
