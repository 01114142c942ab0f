using Bgp.Engine;
using Bgp.Protocol;

namespace Bgp.Config;

/// <summary>The conditions of a rule, all of which must hold; <c>null</c> is no condition. Of a list, any member may hold.</summary>
public sealed record PolicyMatch
{
    public EquatableArray<PrefixCondition>? Prefix { get; init; }

    public AddressFamily? Family { get; init; }

    public SourceCondition From { get; init; } = new();

    public TargetMatch To { get; init; }

    public EquatableArray<IpPrefix>? NextHop { get; init; }

    public EquatableArray<CommunityTerm>? Communities { get; init; }

    public EquatableArray<LargeCommunityPattern>? LargeCommunities { get; init; }

    public EquatableArray<ExtendedCommunityPattern>? ExtendedCommunities { get; init; }

    public AsPathPattern? AsPath { get; init; }

    /// <summary>The first AS numbers of the path, in this order: all of them must be there.</summary>
    public EquatableArray<Asn>? AsPathPrefix { get; init; }

    public ValueRange? AsPathLength { get; init; }

    public EquatableArray<Asn>? OriginAs { get; init; }

    public ValueRange? LocalPref { get; init; }

    public ValueRange? Med { get; init; }

    public ValueRange? KernelMetric { get; init; }
}
