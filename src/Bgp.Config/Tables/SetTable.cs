using Bgp.Engine;
using Bgp.Protocol;

namespace Bgp.Config;

/// <summary>What a policy's rule, or a network, sets on a route.</summary>
internal static class SetTable
{
    /// <summary>A segment of an AS path holds no more.</summary>
    private const int MaxPrepend = 255;

    private static readonly ValueKind<uint?> Number = new OptionalValueKind<uint>(Kinds.UInt(0, uint.MaxValue));

    public static readonly SchemaTable<PolicySet> Table = new(
        "set",
        new PolicySet(),
        [
            new Field<PolicySet, uint?>("localPref", Number, s => s.LocalPref, (s, v) => s with { LocalPref = v })
            {
                Reload = ReloadClass.Refresh, Summary = "LOCAL_PREF; it leaves to iBGP neighbors only.",
            },
            new Field<PolicySet, uint?>("med", Number, s => s.Med, (s, v) => s with { Med = v })
            {
                Reload = ReloadClass.Refresh, Summary = "MED. One that an export policy sets also leaves for another AS, a received one does not.",
            },
            new Field<PolicySet, uint?>(
                "kernelMetric", new OptionalValueKind<uint>(Kinds.UInt(1, uint.MaxValue)), s => s.KernelMetric, (s, v) => s with { KernelMetric = v })
            {
                Reload = ReloadClass.Refresh, Summary = "The metric of the route in our kernel: acts in import policies and `fib.policy`, and in a network's `set` for its blackhole.",
            },
            new Field<PolicySet, Origin?>("origin", new OptionalValueKind<Origin>(PolicyKinds.Origin), s => s.Origin, (s, v) => s with { Origin = v })
            {
                Reload = ReloadClass.Refresh, Summary = "ORIGIN.",
            },
            new Field<PolicySet, NextHopChange?>(
                "nextHop", new OptionalValueKind<NextHopChange>(PolicyKinds.NextHop), s => s.NextHop, (s, v) => s with { NextHop = v })
            {
                Reload = ReloadClass.Refresh, Summary = "`self`: our address on the session, `keep`: as it is; both act on export only. Or an address.",
            },
            new Field<PolicySet, EquatableArray<CommunityTerm>?>(
                "communities", ListOf(CommunityKinds.ExactTerm), s => s.Communities, (s, v) => s with { Communities = v })
            {
                Reload = ReloadClass.Refresh, Summary = "Exactly these communities; `[]` removes all.",
            },
            new Field<PolicySet, EquatableArray<CommunityTerm>?>(
                "addCommunities", ListOf(CommunityKinds.ExactTerm), s => s.AddCommunities, (s, v) => s with { AddCommunities = v })
            {
                Reload = ReloadClass.Refresh, Summary = "These communities as well.",
            },
            new Field<PolicySet, EquatableArray<CommunityTerm>?>(
                "removeCommunities", ListOf(CommunityKinds.Term), s => s.RemoveCommunities, (s, v) => s with { RemoveCommunities = v })
            {
                Reload = ReloadClass.Refresh, Summary = "None of these communities; `*` stands for any whole number.",
            },
            new Field<PolicySet, EquatableArray<LargeCommunity>?>(
                "largeCommunities", ListOf(CommunityKinds.Large), s => s.LargeCommunities, (s, v) => s with { LargeCommunities = v })
            {
                Reload = ReloadClass.Refresh, Summary = "Exactly these large communities; `[]` removes all.",
            },
            new Field<PolicySet, EquatableArray<LargeCommunity>?>(
                "addLargeCommunities", ListOf(CommunityKinds.Large), s => s.AddLargeCommunities, (s, v) => s with { AddLargeCommunities = v })
            {
                Reload = ReloadClass.Refresh, Summary = "These large communities as well.",
            },
            new Field<PolicySet, EquatableArray<LargeCommunityPattern>?>(
                "removeLargeCommunities", ListOf(CommunityKinds.LargePattern), s => s.RemoveLargeCommunities, (s, v) => s with { RemoveLargeCommunities = v })
            {
                Reload = ReloadClass.Refresh, Summary = "None of these large communities.",
            },
            new Field<PolicySet, EquatableArray<ExtendedCommunity>?>(
                "extendedCommunities", ListOf(CommunityKinds.Extended), s => s.ExtendedCommunities, (s, v) => s with { ExtendedCommunities = v })
            {
                Reload = ReloadClass.Refresh, Summary = "Exactly these extended communities; `[]` removes all.",
            },
            new Field<PolicySet, EquatableArray<ExtendedCommunity>?>(
                "addExtendedCommunities", ListOf(CommunityKinds.Extended), s => s.AddExtendedCommunities, (s, v) => s with { AddExtendedCommunities = v })
            {
                Reload = ReloadClass.Refresh, Summary = "These extended communities as well.",
            },
            new Field<PolicySet, EquatableArray<ExtendedCommunityPattern>?>(
                "removeExtendedCommunities", ListOf(CommunityKinds.ExtendedPattern), s => s.RemoveExtendedCommunities, (s, v) => s with { RemoveExtendedCommunities = v })
            {
                Reload = ReloadClass.Refresh, Summary = "None of these extended communities.",
            },
            new Field<PolicySet, EquatableArray<Asn>?>("prepend", ListOf(NetworkKinds.Asn, MaxPrepend), s => s.Prepend, (s, v) => s with { Prepend = v })
            {
                Reload = ReloadClass.Refresh, Summary = "AS numbers in front of the path, the first of them foremost. On export our own goes before them.",
            },
            new Field<PolicySet, uint?>("weight", Number, s => s.Weight, (s, v) => s with { Weight = v })
            {
                Reload = ReloadClass.Refresh, Summary = "Compared before all else in the decision, the greater the better; never leaves this router. Without: 0.",
            },
            new Field<PolicySet, int?>("ecmpWeight", new OptionalValueKind<int>(Kinds.Int(1, 256)), s => s.EcmpWeight, (s, v) => s with { EcmpWeight = v })
            {
                Reload = ReloadClass.Refresh, Summary = "The share of traffic among equal paths; never leaves this router. Without: 1.",
            },
            new Field<PolicySet, bool?>("blackhole", new OptionalValueKind<bool>(Kinds.Bool), s => s.Blackhole, (s, v) => s with { Blackhole = v })
            {
                Reload = ReloadClass.Refresh, Summary = "`true` has the kernel drop what goes to the destination, whatever the next hop: acts in import policies and `fib.policy`.",
            },
        ]);

    private static OptionalValueKind<EquatableArray<T>> ListOf<T>(ValueKind<T> item, int most = int.MaxValue) => new(new OneOrManyKind<T>(item, allowsNone: true, most));
}
