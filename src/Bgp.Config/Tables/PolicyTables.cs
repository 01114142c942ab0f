using System.Collections.Immutable;
using Bgp.Engine;
using Bgp.Protocol;

namespace Bgp.Config;

/// <summary>The sections <c>policies</c> and <c>sets</c>.</summary>
internal static class PolicyTables
{
    /// <summary>The built-in policies, which a file cannot define again.</summary>
    public static readonly ImmutableArray<string> BuiltIn = [PolicyConfig.AcceptAll.Name, PolicyConfig.RejectAll.Name];

    private static readonly ImmutableArray<(string Name, string Summary)> PendingMatches =
    [
        ("from", "Where the route came from: `{neighbor, peerType: ebgp|ibgp|local, source: remote|local, interface}`."),
        ("to", "Whom it goes to: `{neighbor, peerType}`."),
        ("nextHop", "Its next hop."),
        ("communities", "Any of these communities: `*` wildcards, well-known names, sets."),
        ("largeCommunities", "Any of these large communities."),
        ("extendedCommunities", "Any of these extended communities."),
        ("asPath", "A regular expression over the AS numbers, `_` as in FRR."),
        ("asPathPrefix", "The first AS numbers of the path."),
        ("asPathLength", "Bounds of the path's length."),
        ("originAs", "The last AS of the path."),
        ("localPref", "Its LOCAL_PREF."),
        ("med", "Its MED."),
        ("kernelMetric", "Its metric in the kernel."),
    ];

    private static readonly ImmutableArray<(string Name, string Summary)> PendingSets =
    [
        ("localPref", "LOCAL_PREF."),
        ("med", "MED."),
        ("kernelMetric", "The metric in the kernel."),
        ("origin", "ORIGIN."),
        ("nextHop", "`self`, `keep` or an address."),
        ("communities", "Exactly these communities."),
        ("addCommunities", "These communities as well."),
        ("removeCommunities", "Not these communities."),
        ("largeCommunities", "Exactly these large communities."),
        ("addLargeCommunities", "These large communities as well."),
        ("removeLargeCommunities", "Not these large communities."),
        ("extendedCommunities", "Exactly these extended communities."),
        ("addExtendedCommunities", "These extended communities as well."),
        ("removeExtendedCommunities", "Not these extended communities."),
        ("prepend", "AS numbers in front of the path."),
        ("weight", "Step 0 of the decision, local to this router."),
        ("ecmpWeight", "The share of traffic among equal paths."),
    ];

    private static readonly SchemaTable<PolicyMatch> Match = new(
        "match",
        new PolicyMatch(),
        [
            new Field<PolicyMatch, EquatableArray<PrefixCondition>?>(
                "prefix", new OptionalValueKind<EquatableArray<PrefixCondition>>(new PrefixConditionsKind()), m => m.Prefix, (m, v) => m with { Prefix = v })
            {
                Reload = ReloadClass.Refresh,
                DescribesInside = false,
                Summary = "`{in: 10.0.0.0/8, length: 24..28}`, or with `equal`, `notIn`, `notEqual`; the name of a set; or a list of these, any of which may hold.",
            },
            new Field<PolicyMatch, AddressFamily?>(
                "family", new OptionalValueKind<AddressFamily>(NetworkKinds.Family), m => m.Family, (m, v) => m with { Family = v })
            {
                Reload = ReloadClass.Refresh, Summary = "The route's family.",
            },
            .. PendingMatches.Select(static pending => new Field<PolicyMatch, string?>(
                pending.Name, new PendingKind(), m => m.Pending.Find(pending.Name), (m, v) => m with { Pending = m.Pending.With(pending.Name, v) })
            {
                Reload = ReloadClass.Refresh, Support = Support.NotYet, Summary = pending.Summary,
            }),
        ]);

    public static readonly SchemaTable<PolicySet> Set = new(
        "set",
        new PolicySet(),
        [
            .. PendingSets.Select(static pending => new Field<PolicySet, string?>(
                pending.Name, new PendingKind(), s => s.Pending.Find(pending.Name), (s, v) => s with { Pending = s.Pending.With(pending.Name, v) })
            {
                Reload = ReloadClass.Refresh, Support = Support.NotYet, Summary = pending.Summary,
            }),
        ]);

    private static readonly ValueKind<PolicyAction> Action = Kinds.OneOf(
        ("accept", PolicyAction.Accept), ("reject", PolicyAction.Reject), ("next", PolicyAction.Next));

    private static readonly SchemaTable<RoutePolicyRule> Rule = new(
        "a rule",
        new RoutePolicyRule(),
        [
            new Field<RoutePolicyRule, PolicyMatch>("match", new RecordKind<PolicyMatch>(Match), r => r.Match, (r, v) => r with { Match = v })
            {
                Reload = ReloadClass.Refresh, Support = Support.Partly, Summary = "The conditions, all of which must hold; without any the rule holds for every route.",
            },
            new Field<RoutePolicyRule, PolicySet>("set", new RecordKind<PolicySet>(Set), r => r.Set, (r, v) => r with { Set = v })
            {
                Reload = ReloadClass.Refresh, Support = Support.Partly, Summary = "What the rule changes. No setting is supported by this build yet.",
            },
            new Field<RoutePolicyRule, PolicyAction?>(
                "action",
                new OptionalValueKind<PolicyAction>(Action),
                r => r.Action == PolicyAction.Continue ? null : r.Action,
                (r, v) => r with { Action = v ?? PolicyAction.Continue })
            {
                Reload = ReloadClass.Refresh, Summary = "`accept`, `reject`, or `next` for the next policy of the list; without one the next rule is tried.",
            },
        ]);

    public static readonly ValueKind<EquatableArray<Named<EquatableArray<RoutePolicyRule>>>> Policies =
        new NamedMapKind<EquatableArray<RoutePolicyRule>>("policy", new ListKind<RoutePolicyRule>(new RecordKind<RoutePolicyRule>(Rule)), BuiltIn);

    private static readonly SchemaTable<NamedSets> SetsTable = new(
        "sets",
        new NamedSets(),
        [
            new Field<NamedSets, EquatableArray<Named<EquatableArray<PrefixRange>>>>(
                "prefixes",
                new NamedMapKind<EquatableArray<PrefixRange>>("set", new ListKind<PrefixRange>(PrefixRangeKind.Instance)),
                s => s.Prefixes,
                (s, v) => s with { Prefixes = v })
            {
                Reload = ReloadClass.Refresh, Summary = "Sets of prefixes by name: `10.0.0.0/8` is exactly that prefix, `10.0.0.0/8 16..24` those within it of these lengths.",
            },
            new Field<NamedSets, EquatableArray<Named<EquatableArray<string>>>>(
                "communities",
                new NamedMapKind<EquatableArray<string>>("set", new ListKind<string>(Kinds.Name)),
                s => s.Communities,
                (s, v) => s with { Communities = v })
            {
                Reload = ReloadClass.Refresh, Summary = "Sets of communities by name.",
            },
        ]);

    public static readonly ValueKind<NamedSets> Sets = new RecordKind<NamedSets>(SetsTable);
}
