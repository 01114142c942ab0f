using System.Collections.Immutable;
using System.Diagnostics;
using Bgp.Engine;
using Bgp.Protocol;

namespace Bgp.Config;

/// <summary>
/// Policies → the engine's records: names of sets become their members. What a rule does not give is <c>null</c> or a default array there, while a named set without members
/// is an empty array, which holds for no route.
/// </summary>
internal static class PolicyMapping
{
    /// <summary>Every policy by its name, the built-in ones too, each made once.</summary>
    public static Dictionary<string, PolicyConfig> Policies(RouterConfig config)
    {
        var policies = new Dictionary<string, PolicyConfig>(StringComparer.Ordinal)
        {
            [PolicyConfig.AcceptAll.Name] = PolicyConfig.AcceptAll,
            [PolicyConfig.RejectAll.Name] = PolicyConfig.RejectAll,
        };
        foreach (var policy in config.Policies)
        {
            policies[policy.Name] = new PolicyConfig(policy.Name, [.. policy.Value.Items.Select(rule => MapRule(rule, config.Sets))]);
        }

        return policies;
    }

    /// <summary>What is set on a route; <c>null</c> when nothing is.</summary>
    public static RouteChanges? Changes(PolicySet set, NamedSets sets) => set == new PolicySet() ? null : new RouteChanges
    {
        LocalPref = set.LocalPref,
        Med = set.Med,
        Origin = set.Origin,
        NextHop = set.NextHop,
        Communities = Exactly(Patterns(set.Communities, sets)),
        AddCommunities = Exactly(Patterns(set.AddCommunities, sets)),
        RemoveCommunities = Patterns(set.RemoveCommunities, sets),
        LargeCommunities = Items(set.LargeCommunities),
        AddLargeCommunities = Items(set.AddLargeCommunities),
        RemoveLargeCommunities = Items(set.RemoveLargeCommunities),
        ExtendedCommunities = Items(set.ExtendedCommunities),
        AddExtendedCommunities = Items(set.AddExtendedCommunities),
        RemoveExtendedCommunities = Items(set.RemoveExtendedCommunities),
        Prepend = Items(set.Prepend),
        Weight = set.Weight,
        EcmpWeight = (ushort?)set.EcmpWeight,
        KernelMetric = set.KernelMetric,
        Blackhole = set.Blackhole,
    };

    private static PolicyRule MapRule(RoutePolicyRule rule, NamedSets sets) => new()
    {
        Prefixes = rule.Match.Prefix is { } conditions ? [.. conditions.Items.SelectMany(condition => MapCondition(condition, sets))] : default,
        Family = rule.Match.Family,
        Match = MapMatch(rule.Match, sets),
        Set = Changes(rule.Set, sets),
        Action = rule.Action,
    };

    private static RouteMatch? MapMatch(PolicyMatch match, NamedSets sets) => match with { Prefix = null, Family = null } == new PolicyMatch() ? null : new RouteMatch
    {
        From = new SourceMatch(match.From.Neighbor, match.From.PeerType, match.From.IsLocal, match.From.Interface),
        To = match.To,
        NextHops = Items(match.NextHop),
        Communities = Patterns(match.Communities, sets),
        LargeCommunities = Items(match.LargeCommunities),
        ExtendedCommunities = Items(match.ExtendedCommunities),
        AsPath = match.AsPath,
        AsPathPrefix = Items(match.AsPathPrefix),
        AsPathLength = match.AsPathLength,
        OriginAs = Items(match.OriginAs),
        LocalPref = match.LocalPref,
        Med = match.Med,
        KernelMetric = match.KernelMetric,
    };

    private static IEnumerable<PrefixMatch> MapCondition(PrefixCondition condition, NamedSets sets)
    {
        if (condition.Set is null)
        {
            var prefix = condition.Prefix;
            return [new PrefixMatch(condition.Operator, prefix, condition.Lengths?.Min ?? prefix.Length, condition.Lengths?.Max ?? (byte)prefix.Address.BitLength)];
        }

        return Members(sets.Prefixes, condition.Set).Items.Select(static range => new PrefixMatch(PrefixOperator.In, range.Prefix, range.MinLength, range.MaxLength));
    }

    private static ImmutableArray<CommunityPattern> Patterns(EquatableArray<CommunityTerm>? terms, NamedSets sets) => terms is not { } given
        ? default
        : [.. given.Items.SelectMany(term => term.Set is null ? [term.Pattern] : Members(sets.Communities, term.Set)).Distinct()];

    /// <summary>Of patterns that are known to have no wildcards.</summary>
    private static ImmutableArray<Community> Exactly(ImmutableArray<CommunityPattern> patterns) => patterns.IsDefault
        ? default
        : [.. patterns.Select(static pattern => CommunityKinds.IsExact(pattern) ? new Community(pattern.Value) : throw new UnreachableException($"the wildcard '{pattern}' was not refused"))];

    private static ImmutableArray<T> Items<T>(EquatableArray<T>? items) => items?.Items ?? default;

    private static EquatableArray<T> Members<T>(EquatableArray<Named<EquatableArray<T>>> sets, string name)
    {
        var set = sets.Items.FirstOrDefault(named => string.Equals(named.Name, name, StringComparison.Ordinal));
        return set.Name is null ? throw new UnreachableException($"the set '{name}' is not defined") : set.Value;
    }
}
