using Bgp.Engine;
using Bgp.Protocol;

namespace Bgp.Config;

/// <summary>What a rule, or a network, sets on a route; <c>null</c> leaves it as it is. An empty list of communities removes all of its kind.</summary>
public sealed record PolicySet
{
    public uint? LocalPref { get; init; }

    public uint? Med { get; init; }

    public uint? KernelMetric { get; init; }

    public Origin? Origin { get; init; }

    public NextHopChange? NextHop { get; init; }

    /// <summary>Without wildcards, and so are the sets named here.</summary>
    public EquatableArray<CommunityTerm>? Communities { get; init; }

    /// <summary>Without wildcards, and so are the sets named here.</summary>
    public EquatableArray<CommunityTerm>? AddCommunities { get; init; }

    public EquatableArray<CommunityTerm>? RemoveCommunities { get; init; }

    public EquatableArray<LargeCommunity>? LargeCommunities { get; init; }

    public EquatableArray<LargeCommunity>? AddLargeCommunities { get; init; }

    public EquatableArray<LargeCommunityPattern>? RemoveLargeCommunities { get; init; }

    public EquatableArray<ExtendedCommunity>? ExtendedCommunities { get; init; }

    public EquatableArray<ExtendedCommunity>? AddExtendedCommunities { get; init; }

    public EquatableArray<ExtendedCommunityPattern>? RemoveExtendedCommunities { get; init; }

    public EquatableArray<Asn>? Prepend { get; init; }

    public uint? Weight { get; init; }

    /// <summary>1 to 256.</summary>
    public int? EcmpWeight { get; init; }

    public bool? Blackhole { get; init; }
}
