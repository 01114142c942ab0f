using Bgp.Engine;
using Bgp.Protocol;

namespace Bgp.Config;

/// <summary>The conditions of a policy's rule.</summary>
internal static class MatchTable
{
    private static readonly ValueKind<ValueRange?> Range = new OptionalValueKind<ValueRange>(PolicyKinds.Range);

    private static readonly SchemaTable<SourceCondition> From = new(
        "from",
        new SourceCondition(),
        [
            new Field<SourceCondition, IpAddress?>(
                "neighbor", new OptionalValueKind<IpAddress>(PolicyKinds.SessionAddress), f => f.Neighbor, (f, v) => f with { Neighbor = v })
            {
                Reload = ReloadClass.Refresh, Summary = "The neighbor that announced it, by address.",
            },
            new Field<SourceCondition, PeerType?>(
                "peerType", new OptionalValueKind<PeerType>(PolicyKinds.SourceType), f => f.PeerType, (f, v) => f with { PeerType = v })
            {
                Reload = ReloadClass.Refresh, Summary = "The kind of session that it came over; `local` is none: this router originates it.",
            },
            new Field<SourceCondition, bool?>("source", new OptionalValueKind<bool>(PolicyKinds.Source), f => f.IsLocal, (f, v) => f with { IsLocal = v })
            {
                Reload = ReloadClass.Refresh, Summary = "`local`: this router originates it. `remote`: a neighbor announced it.",
            },
            new Field<SourceCondition, string?>(
                "interface", new OptionalKind<string>(Kinds.InterfacePattern), f => f.Interface, (f, v) => f with { Interface = v })
            {
                Reload = ReloadClass.Refresh, Summary = "The interface that it came in by, `*` for any text: the one whose subnet the neighbor is on, or the one over which a redistributed route leads.",
            },
        ])
    {
        Check = CheckSource,
    };

    private static readonly SchemaTable<TargetMatch> To = new(
        "to",
        default,
        [
            new Field<TargetMatch, IpAddress?>(
                "neighbor", new OptionalValueKind<IpAddress>(PolicyKinds.SessionAddress), t => t.Neighbor, (t, v) => t with { Neighbor = v })
            {
                Reload = ReloadClass.Refresh, Summary = "The neighbor that it is announced to, by address.",
            },
            new Field<TargetMatch, PeerType?>(
                "peerType", new OptionalValueKind<PeerType>(PolicyKinds.TargetType), t => t.PeerType, (t, v) => t with { PeerType = v })
            {
                Reload = ReloadClass.Refresh, Summary = "The kind of session that it is announced over.",
            },
        ]);

    public static readonly SchemaTable<PolicyMatch> Table = new(
        "match",
        new PolicyMatch(),
        [
            new Field<PolicyMatch, EquatableArray<PrefixCondition>?>(
                "prefix", new OptionalValueKind<EquatableArray<PrefixCondition>>(new PrefixConditionsKind()), m => m.Prefix, (m, v) => m with { Prefix = v })
            {
                Reload = ReloadClass.Refresh, DescribesInside = false, Summary = "`{in: 10.0.0.0/8, length: 24..28}`, or with `equal`, `notIn`, `notEqual`; the name of a set; or a list of these, any of which may hold.",
            },
            new Field<PolicyMatch, AddressFamily?>(
                "family", new OptionalValueKind<AddressFamily>(NetworkKinds.Family), m => m.Family, (m, v) => m with { Family = v })
            {
                Reload = ReloadClass.Refresh, Summary = "The route's family.",
            },
            new Field<PolicyMatch, SourceCondition>("from", new RecordKind<SourceCondition>(From), m => m.From, (m, v) => m with { From = v })
            {
                Reload = ReloadClass.Refresh, Summary = "Where the route came from.",
            },
            new Field<PolicyMatch, TargetMatch>("to", new RecordKind<TargetMatch>(To), m => m.To, (m, v) => m with { To = v })
            {
                Reload = ReloadClass.Refresh, Summary = "Whom it goes to; never holds in an import policy.",
            },
            new Field<PolicyMatch, EquatableArray<IpPrefix>?>("nextHop", AnyOf(PolicyKinds.AddressOrPrefix), m => m.NextHop, (m, v) => m with { NextHop = v })
            {
                Reload = ReloadClass.Refresh, Summary = "Its next hop is, or lies in, any of these.",
            },
            new Field<PolicyMatch, EquatableArray<CommunityTerm>?>(
                "communities", AnyOf(CommunityKinds.Term), m => m.Communities, (m, v) => m with { Communities = v })
            {
                Reload = ReloadClass.Refresh, Summary = "It has any of these communities; `*` stands for any whole number.",
            },
            new Field<PolicyMatch, EquatableArray<LargeCommunityPattern>?>(
                "largeCommunities", AnyOf(CommunityKinds.LargePattern), m => m.LargeCommunities, (m, v) => m with { LargeCommunities = v })
            {
                Reload = ReloadClass.Refresh, Summary = "It has any of these large communities (RFC 8092).",
            },
            new Field<PolicyMatch, EquatableArray<ExtendedCommunityPattern>?>(
                "extendedCommunities", AnyOf(CommunityKinds.ExtendedPattern), m => m.ExtendedCommunities, (m, v) => m with { ExtendedCommunities = v })
            {
                Reload = ReloadClass.Refresh, Summary = "It has any of these extended communities (RFC 4360).",
            },
            new Field<PolicyMatch, AsPathPattern?>(
                "asPath", new OptionalKind<AsPathPattern>(PolicyKinds.AsPath), m => m.AsPath, (m, v) => m with { AsPath = v })
            {
                Reload = ReloadClass.Refresh, Summary = "The expression matches somewhere in the AS path; `_` is the path's begin or end, or what stands between numbers.",
            },
            new Field<PolicyMatch, EquatableArray<Asn>?>("asPathPrefix", AnyOf(PolicyKinds.PathAsn), m => m.AsPathPrefix, (m, v) => m with { AsPathPrefix = v })
            {
                Reload = ReloadClass.Refresh, Summary = "The AS path begins with these numbers, in this order.",
            },
            new Field<PolicyMatch, ValueRange?>("asPathLength", Range, m => m.AsPathLength, (m, v) => m with { AsPathLength = v })
            {
                Reload = ReloadClass.Refresh, Summary = "The length of the AS path as the decision counts it: a set is 1.",
            },
            new Field<PolicyMatch, EquatableArray<Asn>?>("originAs", AnyOf(PolicyKinds.PathAsn), m => m.OriginAs, (m, v) => m with { OriginAs = v })
            {
                Reload = ReloadClass.Refresh, Summary = "The last AS of the path is any of these; a path that is empty or ends in a set has none.",
            },
            new Field<PolicyMatch, ValueRange?>("localPref", Range, m => m.LocalPref, (m, v) => m with { LocalPref = v })
            {
                Reload = ReloadClass.Refresh, Summary = "Its LOCAL_PREF, or the router's `defaultLocalPref` where it has none.",
            },
            new Field<PolicyMatch, ValueRange?>("med", Range, m => m.Med, (m, v) => m with { Med = v })
            {
                Reload = ReloadClass.Refresh, Summary = "Its MED; a route without one does not match.",
            },
            new Field<PolicyMatch, ValueRange?>("kernelMetric", Range, m => m.KernelMetric, (m, v) => m with { KernelMetric = v })
            {
                Reload = ReloadClass.Refresh, Summary = "The metric that a route redistributed from the kernel has there; a route without one does not match.",
            },
        ]);

    private static OptionalValueKind<EquatableArray<T>> AnyOf<T>(ValueKind<T> item) => new(new OneOrManyKind<T>(item));

    /// <summary>What this router originates comes from no neighbor.</summary>
    private static void CheckSource(SourceCondition from, MapNode map, BindContext context)
    {
        var isLocal = from.IsLocal == true || from.PeerType == PeerType.Local;
        var isRemote = from.IsLocal == false || from.PeerType is PeerType.Ebgp or PeerType.Ibgp || from.Neighbor is not null;
        if (isLocal && isRemote)
        {
            context.Faults.Add(map, "holds for no route: what is local comes from no neighbor; leave one of neighbor, peerType and source out");
        }
    }
}
