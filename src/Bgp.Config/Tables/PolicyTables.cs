using System.Collections.Immutable;
using Bgp.Engine;

namespace Bgp.Config;

/// <summary>The sections <c>policies</c> and <c>sets</c>.</summary>
internal static class PolicyTables
{
    /// <summary>The built-in policies, which a file cannot define again.</summary>
    public static readonly ImmutableArray<string> BuiltIn = [PolicyConfig.AcceptAll.Name, PolicyConfig.RejectAll.Name];

    private static readonly ValueKind<PolicyAction> Action = Kinds.OneOf(
        ("accept", PolicyAction.Accept), ("reject", PolicyAction.Reject), ("next", PolicyAction.Next));

    private static readonly SchemaTable<RoutePolicyRule> Rule = new(
        "a rule",
        new RoutePolicyRule(),
        [
            new Field<RoutePolicyRule, PolicyMatch>("match", new RecordKind<PolicyMatch>(MatchTable.Table), r => r.Match, (r, v) => r with { Match = v })
            {
                Reload = ReloadClass.Refresh, Summary = "The conditions, all of which must hold; without any the rule holds for every route.",
            },
            new Field<RoutePolicyRule, PolicySet>("set", new RecordKind<PolicySet>(SetTable.Table), r => r.Set, (r, v) => r with { Set = v })
            {
                Reload = ReloadClass.Refresh, Summary = "What the rule changes.",
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
                new NamedMapKind<EquatableArray<PrefixRange>>("set", new ListKind<PrefixRange>(PolicyKinds.PrefixRange)),
                s => s.Prefixes,
                (s, v) => s with { Prefixes = v })
            {
                Reload = ReloadClass.Refresh, Summary = "Sets of prefixes by name: `10.0.0.0/8` is exactly that prefix, `10.0.0.0/8 16..24` those within it of these lengths.",
            },
            new Field<NamedSets, EquatableArray<Named<EquatableArray<CommunityPattern>>>>(
                "communities",
                new NamedMapKind<EquatableArray<CommunityPattern>>("set", new ListKind<CommunityPattern>(CommunityKinds.Pattern)),
                s => s.Communities,
                (s, v) => s with { Communities = v })
            {
                Reload = ReloadClass.Refresh, Summary = "Sets of communities by name; with wildcards in `match` and `removeCommunities` only.",
            },
        ])
    {
        Check = CheckNames,
    };

    public static readonly ValueKind<NamedSets> Sets = new RecordKind<NamedSets>(SetsTable);

    /// <summary>A set is named where a community may stand too, and must not be taken for one.</summary>
    private static void CheckNames(NamedSets sets, MapNode map, BindContext context)
    {
        foreach (var entry in map.Find("communities") is MapNode communities ? communities.Entries : [])
        {
            if (CommunityKinds.IsCommunityText(entry.Key))
            {
                context.Faults.Add(entry.KeyAt, entry.Value.Path, "has the name of a community; give this set another name");
            }
        }
    }
}
