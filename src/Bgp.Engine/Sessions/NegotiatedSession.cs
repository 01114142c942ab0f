using System.Collections.Immutable;
using Bgp.Protocol;

namespace Bgp.Engine;

/// <summary>What both OPENs agreed on, for the life of one established session. Immutable.</summary>
public sealed record NegotiatedSession
{
    public required Asn LocalAsn { get; init; }

    public required Asn RemoteAsn { get; init; }

    public required RouterId RemoteRouterId { get; init; }

    public required ConnectionEnds Ends { get; init; }

    /// <summary>The lesser of both offers; zero means neither keepalives nor hold timer.</summary>
    public required TimeSpan HoldTime { get; init; }

    public required TimeSpan Keepalive { get; init; }

    /// <summary>The families that both sides offered, in our order.</summary>
    public required ImmutableArray<AddressFamily> Families { get; init; }

    /// <summary>How the peer's UPDATEs are coded.</summary>
    public required CodecProfile Receive { get; init; }

    /// <summary>How ours to the peer are coded.</summary>
    public required CodecProfile Send { get; init; }

    public bool RouteRefresh { get; init; }

    public bool EnhancedRouteRefresh { get; init; }

    /// <summary>The peer's capabilities as it sent them.</summary>
    public required CapabilitySet RemoteCapabilities { get; init; }

    public required SessionType Type { get; init; }
}
