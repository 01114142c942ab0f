using System.Collections.Immutable;
using Bgp.Protocol;

namespace Bgp.Engine;

/// <summary>Which table a <see cref="RouteQuery"/> reads.</summary>
public enum RouteTable : byte
{
    /// <summary>Every path of every destination, the best marked.</summary>
    LocRib,

    /// <summary>What <see cref="RouteQuery.Peer"/> sent, rejected routes included.</summary>
    AdjRibIn,

    /// <summary>What <see cref="RouteQuery.Peer"/> was sent.</summary>
    AdjRibOut,
}

/// <summary>How a query's prefix selects destinations.</summary>
public enum PrefixScope : byte
{
    Exact,

    /// <summary>The prefix and its more specifics.</summary>
    Longer,

    /// <summary>The prefix and its less specifics.</summary>
    Covering,

    /// <summary>The longest of these that has a route.</summary>
    Longest,
}

/// <summary>What to read of the routes. With no prefix: all.</summary>
public sealed record RouteQuery(AddressFamily Family, RouteTable Table = RouteTable.LocRib)
{
    /// <summary>Needed for the Adj-RIBs; in the Loc-RIB it keeps the paths of one neighbor.</summary>
    public PeerId? Peer { get; init; }

    public IpPrefix? Prefix { get; init; }

    public PrefixScope Scope { get; init; }
}

/// <summary>Where a path came from.</summary>
public enum RouteSource : byte
{
    Local,
    Internal,

    /// <summary>Another member AS of the confederation.</summary>
    Confederation,
    External,
}

/// <summary>One path as an operator sees it: a copy. A missing attribute is <c>null</c>.</summary>
public sealed record RouteView
{
    public required IpPrefix Prefix { get; init; }

    public bool IsBest { get; init; }

    /// <summary>The best path and others share the traffic, and this one has a part of it: its next hop is among those that the kernel was told, and adds a way to them.</summary>
    public bool IsMultipath { get; init; }

    /// <summary><see cref="IpAddress.None"/> for what the speaker originates.</summary>
    public IpAddress NextHop { get; init; }

    /// <summary>As <c>65001 {65002,65003}</c>.</summary>
    public required string AsPath { get; init; }

    /// <summary>The interface that a link-local next hop is on; <c>null</c> for others, and in an Adj-RIB-Out.</summary>
    public string? NextHopInterface { get; init; }

    public Origin Origin { get; init; }

    public uint? LocalPref { get; init; }

    public uint? Med { get; init; }

    /// <summary>What a policy gave it for step 0 of the decision.</summary>
    public uint Weight { get; init; }

    public ImmutableArray<string>? Communities { get; init; }

    public ImmutableArray<string>? LargeCommunities { get; init; }

    public ImmutableArray<string>? ExtendedCommunities { get; init; }

    public RouterId? OriginatorId { get; init; }

    public ImmutableArray<RouterId>? ClusterList { get; init; }

    public bool AtomicAggregate { get; init; }

    public string? Aggregator { get; init; }

    /// <summary>The neighbor that sent it, or in an Adj-RIB-Out query the neighbor of the best path; <see cref="PeerId.Local"/> for our own.</summary>
    public PeerId Peer { get; init; }

    public RouteSource Source { get; init; }

    /// <summary>The peer's path identifier, in an Adj-RIB-Out query our own; <c>null</c> where ADD-PATH is not in use.</summary>
    public PathId? PathId { get; init; }

    /// <summary>In an Adj-RIB-In: the route as import policy left it, the same as this one where it changed nothing; <c>null</c> where it rejected it or was not asked because the route is a loop, and in other tables.</summary>
    public RouteView? Imported { get; init; }

    /// <summary>Whether the decision may choose it.</summary>
    public bool IsValid { get; init; }

    public bool IsStale { get; init; }

    /// <summary>Why it is not best; <see cref="PathReason.None"/> for the best.</summary>
    public PathReason Reason { get; init; }

    /// <summary>The aggregate that is announced in the place of routes of this prefix; <c>null</c> where none is.</summary>
    public IpPrefix? SuppressedBy { get; init; }

    /// <summary>What is wrong with its next hop; <see cref="NextHopFault.None"/> where it is reached.</summary>
    public NextHopFault Fault { get; init; }

    /// <summary>The BGP route that its next hop is reached by, <c>null</c> where the kernel's routes lead there.</summary>
    public IpPrefix? Through { get; init; }

    /// <summary>The gateways that lead to its next hop; <c>null</c> where it is not reached, and in an Adj-RIB-Out.</summary>
    public Forwarding? Ways { get; init; }

    /// <summary>The IGP cost of its next hop as the decision takes it; <c>null</c> where it is not reached, and in an Adj-RIB-Out.</summary>
    public uint? NextHopCost { get; init; }

    /// <summary>When the path came or last changed, since the engine's start, in an Adj-RIB-Out too; <c>null</c> for what is made for a neighbor only, such as its default route.</summary>
    public Instant? ReceivedAt { get; init; }
}

/// <summary>Why a path is not the best one: what makes it ineligible, or the step of the decision that it lost (RFC 4271 §9.1.2, RFC 4456 §9).</summary>
public enum PathReason : byte
{
    None,
    RejectedByPolicy,
    AsLoop,
    OriginatorLoop,
    ClusterLoop,
    NextHopUnresolved,
    NextHopIsOwn,
    FirstAsMismatch,
    RouteLeak,
    SessionDown,
    LowerWeight,
    NotLocal,
    LowerLocalPref,
    LongerAsPath,
    WorseOrigin,
    HigherMed,
    InternalPeer,
    HigherIgpCost,

    /// <summary>It passed more member ASes of our confederation.</summary>
    LongerConfederationPath,
    HigherRouterId,
    LongerClusterList,
    HigherPeerAddress,
    HigherPathId,
}

/// <summary>Counts of one family, whole router.</summary>
public readonly record struct RibCounts(AddressFamily Family, int Prefixes, int Paths);

/// <summary>Counts of one neighbor's family: routes received, those that policy and the loop checks left, and those announced to it.</summary>
public readonly record struct PeerRouteCounts(AddressFamily Family, int Received, int Accepted, int Advertised);
