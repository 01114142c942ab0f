using Bgp.Protocol;

namespace Bgp.Engine;

/// <summary>
/// One established session in the route engine. Paths name it by its slot number, so each generation of a neighbor has a slot of its own until its last path is purged. Slot 0 is
/// the speaker itself.
/// </summary>
internal sealed class PeerSlot
{
    public required ushort Number { get; init; }

    public required PeerId Peer { get; init; }

    public required SessionGeneration Generation { get; init; }

    /// <summary><c>null</c> for the speaker itself.</summary>
    public required NegotiatedSession? Session { get; init; }

    /// <summary><c>null</c> for the speaker itself; follows reloads.</summary>
    public required NeighborConfig? Neighbor { get; set; }

    public RouteSource Source { get; init; }

    /// <summary>The peer's BGP identifier as the decision compares it.</summary>
    public uint RouterId { get; init; }

    public IpAddress Address { get; init; }

    /// <summary>The interface on which the peer is, 0 where it is behind a router: link-local next hops that it sends are there.</summary>
    public int InterfaceIndex { get; init; }

    /// <summary>The cluster in which the peer is our client (RFC 4456 §7); <c>null</c> for others. It follows reloads.</summary>
    public RouterId? Cluster { get; set; }

    /// <summary>An AS number of ours that the path of each received route gets in front, where the session has one of its own.</summary>
    public Asn? ImportPrepend
    {
        get;
        set
        {
            field = value;
            Prepending = new RouteChanges { Prepend = value is { } asn ? [asn] : default };
        }
    }

    /// <summary>What <see cref="ImportPrepend"/> makes of a route, made once: it is asked for with every UPDATE.</summary>
    public RouteChanges Prepending { get; private set; } = new();

    /// <summary>What a route gets that comes without ONLY_TO_CUSTOMER where our role asks for it (RFC 9234 §5), made once as well.</summary>
    public RouteChanges Marking => field ??= new RouteChanges { OnlyToCustomer = Session?.RemoteAsn };

    /// <summary>What a route gets whose next hop is a link-local address alone.</summary>
    public RouteChanges Placing => field ??= new RouteChanges { InterfaceIndex = InterfaceIndex };

    /// <summary>Our role on the session, <c>null</c> where there is none (RFC 9234).</summary>
    public BgpRole? Role => Session is { Type: SessionType.External } ? Neighbor?.Role : null;

    /// <summary>The checks of its routes before policy, as the configuration has them now; default for the speaker itself.</summary>
    public LoopRules Loops { get; set; }

    /// <summary>The session is over: its paths are no longer eligible and wait for the purge.</summary>
    public bool IsDown { get; set; }

    /// <summary>A fatal error was found: what else arrives of this generation is returned undecoded.</summary>
    public bool IsPoisoned { get; set; }

    /// <summary>How many families still have a purge to do.</summary>
    public int PendingPurges { get; set; }

    public PeerFamily? Ipv4 { get; set; }

    public PeerFamily? Ipv6 { get; set; }

    public bool IsLocal => Session is null;

    public PeerFamily? FamilyOf(AddressFamily family) =>
        family == AddressFamily.Ipv4Unicast ? Ipv4 : family == AddressFamily.Ipv6Unicast ? Ipv6 : null;
}

/// <summary>One family of one session.</summary>
internal sealed class PeerFamily(AddressFamily family)
{
    public AddressFamily Family { get; } = family;

    public required PolicyProgram Import { get; set; }

    public bool AddPathReceive { get; init; }

    /// <summary>Paths of the peer that are held, rejected ones included.</summary>
    public int Received { get; set; }

    /// <summary>Those that policy and the loop checks left.</summary>
    public int Accepted { get; set; }

    /// <summary>How many paths the peer may have here.</summary>
    public MaxPrefixesConfig MaxPrefixes { get; set; }

    /// <summary>It has more, and that was said.</summary>
    public bool IsOverLimit { get; set; }

    /// <summary>The number of the peer's present refresh, modulo four (RFC 7313).</summary>
    public byte RefreshEpoch { get; set; }

    /// <summary>Between the peer's BoRR and EoRR.</summary>
    public bool IsRefreshing { get; set; }

    /// <summary>Why nothing can be announced in this family, where that is so: for instance no address of our own to be the next hop.</summary>
    public string? DownReason { get; set; }
}
