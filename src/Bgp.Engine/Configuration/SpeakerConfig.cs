using System.Collections.Immutable;
using Bgp.Protocol;

namespace Bgp.Engine;

/// <summary>
/// The whole configuration of a speaker as the engine wants it: names resolved, groups merged, defaults applied. Immutable; a reload hands in another one.
/// Array members are compared by reference: whoever needs value equality compares their elements.
/// </summary>
public sealed record SpeakerConfig
{
    /// <summary>In a confederation the number of our member AS.</summary>
    public required Asn LocalAsn { get; init; }

    /// <summary>The number of the confederation that our AS is a member of (RFC 5065); <c>null</c> is none. Which neighbors are in it stands with each of them.</summary>
    public Asn? ConfederationId { get; init; }

    /// <summary>Our AS number as other ASes see it: the confederation's where there is one.</summary>
    public Asn OutsideAsn => ConfederationId ?? LocalAsn;

    public required RouterId RouterId { get; init; }

    /// <summary>RFC 4456 §7; the router id unless configured.</summary>
    public required RouterId ClusterId { get; init; }

    /// <summary>Whether a reflector passes routes from client to client of one cluster.</summary>
    public bool ClientToClient { get; init; } = true;

    /// <summary>The LOCAL_PREF of routes that came without one.</summary>
    public uint DefaultLocalPref { get; init; } = 100;

    public MultipathConfig Multipath { get; init; } = new(16, 16);

    public BestPathConfig BestPath { get; init; } = new(false, false);

    /// <summary>RFC 8212: without a policy an eBGP session neither accepts nor announces.</summary>
    public bool EbgpRequiresPolicy { get; init; } = true;

    public ImmutableArray<NetworkConfig> Networks { get; init; } = [];

    /// <summary>Routes for the kernel and for next hops, announced to nobody; several of one prefix share its traffic.</summary>
    public ImmutableArray<StaticRouteConfig> StaticRoutes { get; init; } = [];

    /// <summary>Which routes of the kernel this router announces as its own; the first that takes one decides.</summary>
    public ImmutableArray<RedistributionConfig> Redistributions { get; init; } = [];

    public ImmutableArray<AggregateConfig> Aggregates { get; init; } = [];

    public ImmutableArray<NeighborConfig> Neighbors { get; init; } = [];

    /// <summary>Where neighbors that are not configured may come from; no prefix twice.</summary>
    public ImmutableArray<NeighborRange> Ranges { get; init; } = [];

    public FibConfig Fib { get; init; } = new();

    /// <summary>Which of the neighbors' best routes go into the kernel; empty is all.</summary>
    public ImmutableArray<PolicyConfig> FibPolicy { get; init; } = [];
}

/// <summary>How many equal paths may share a destination's traffic; 1 is no multipath.</summary>
public readonly record struct MultipathConfig(int Ebgp, int Ibgp);

/// <summary>Knobs of the decision (RFC 4271 §9.1.2.2 step c).</summary>
public readonly record struct BestPathConfig(bool AlwaysCompareMed, bool MissingMedWorst);

/// <summary>A route that this router originates; with <see cref="Blackhole"/> the kernel keeps a blackhole route for it.</summary>
public sealed record NetworkConfig(IpPrefix Prefix, bool Blackhole, RouteChanges? Set = null);

/// <summary>A way to a prefix over a gateway of either family.</summary>
public readonly record struct StaticRouteConfig(IpPrefix Prefix, IpAddress Via);

/// <summary>What the FIB writer may write and how its routes are marked.</summary>
public sealed record FibConfig
{
    public bool Enabled { get; init; } = true;

    /// <summary>The kernel's routing table number.</summary>
    public uint Table { get; init; } = 254;

    /// <summary>RTA_PRIORITY of every installed route that has no metric of its own.</summary>
    public uint Metric { get; init; } = 1024;

    /// <summary>Whether a neighbor's route has 2147483647 − LOCAL_PREF as metric, at least 1, where no policy gave it one; else <see cref="Metric"/>.</summary>
    public bool MetricFromLocalPref { get; init; }

    /// <summary>Whether routes may have metrics of their own, so that rivals for the kernel's keys are to be heard of at any metric.</summary>
    public bool VariesMetric { get; init; }

    /// <summary>rtm_protocol: 186 is RTPROT_BGP, 12 is RTPROT_BIRD.</summary>
    public byte Protocol { get; init; } = 186;

    /// <summary>Preferred source of installed routes by family; <see cref="IpAddress.None"/> leaves it to the kernel.</summary>
    public IpAddress SourceV4 { get; init; }

    public IpAddress SourceV6 { get; init; }

    /// <summary>Whether routes may point at nexthop objects; false writes each gateway into the route itself.</summary>
    public bool NexthopObjects { get; init; } = true;
}
