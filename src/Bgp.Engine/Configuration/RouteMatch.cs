using System.Collections.Immutable;
using Bgp.Protocol;

namespace Bgp.Engine;

/// <summary>Conditions on a route besides its prefix, all of which must hold. A default array and <c>null</c> are "not given".</summary>
public sealed record RouteMatch
{
    public SourceMatch From { get; init; }

    /// <summary>Holds in export policies only.</summary>
    public TargetMatch To { get; init; }

    /// <summary>The next hop lies in any of these.</summary>
    public ImmutableArray<IpPrefix> NextHops { get; init; }

    /// <summary>The route has a community that any of these matches.</summary>
    public ImmutableArray<CommunityPattern> Communities { get; init; }

    public ImmutableArray<LargeCommunityPattern> LargeCommunities { get; init; }

    public ImmutableArray<ExtendedCommunityPattern> ExtendedCommunities { get; init; }

    public AsPathPattern? AsPath { get; init; }

    /// <summary>The path begins with these AS numbers.</summary>
    public ImmutableArray<Asn> AsPathPrefix { get; init; }

    /// <summary>The length as the decision counts it (RFC 4271 §9.1.2.2 a).</summary>
    public ValueRange? AsPathLength { get; init; }

    /// <summary>The last AS of the path is any of these.</summary>
    public ImmutableArray<Asn> OriginAs { get; init; }

    /// <summary>LOCAL_PREF; the default one where the route has none.</summary>
    public ValueRange? LocalPref { get; init; }

    /// <summary>MED; a route without one does not match.</summary>
    public ValueRange? Med { get; init; }

    /// <summary>The metric in the kernel; a route that has none there does not match.</summary>
    public ValueRange? KernelMetric { get; init; }
}

/// <summary>What kind of session a route came over or goes to.</summary>
public enum PeerType : byte
{
    Ebgp,

    /// <summary>Also from and to other member ASes of a confederation (RFC 5065 §5.3).</summary>
    Ibgp,

    /// <summary>What this router originates; no session.</summary>
    Local,
}

/// <summary>Where a route came from; <c>null</c> is "not given".</summary>
/// <param name="Neighbor">The neighbor's address.</param>
/// <param name="PeerType">The kind of its session, or local.</param>
/// <param name="IsLocal">Whether this router originates it.</param>
/// <param name="Interface">The interface that it came in by, with <c>*</c> for any text: of the neighbor where that is on a link of ours, of a redistributed route's way.</param>
public readonly record struct SourceMatch(IpAddress? Neighbor, PeerType? PeerType, bool? IsLocal, string? Interface = null);

/// <summary>Whom a route goes to; <c>null</c> is "not given".</summary>
/// <param name="Neighbor">The neighbor's address.</param>
/// <param name="PeerType">The kind of its session.</param>
public readonly record struct TargetMatch(IpAddress? Neighbor, PeerType? PeerType);

/// <summary>Bounds of a number, inclusive.</summary>
public readonly record struct ValueRange(uint Min, uint Max)
{
    public bool Contains(uint value) => value >= Min && value <= Max;
}
