using System.Collections.Immutable;
using Bgp.Engine;
using Bgp.Protocol;

namespace Bgp.Simulation;

/// <summary>What a list of policies makes of a route, rule by rule as it is written. Of what rules may look at and change it knows prefixes, families and communities.</summary>
internal static class PolicyOracle
{
    /// <summary>The route as the policies leave it; <c>null</c> where they reject it.</summary>
    public static RouteView? Apply(NeighborConfig neighbor, RouteView route, bool isImport, bool ebgpRequiresPolicy)
    {
        var family = neighbor.Families.First(candidate => candidate.Family == AddressFamily.Of(route.Prefix));
        var policies = isImport ? family.ImportPolicy : family.ExportPolicy;
        return !policies.IsEmpty ? Apply(policies, route) : neighbor.Type != SessionType.External || !ebgpRequiresPolicy ? route : null;
    }

    /// <summary>The same of a list that is not empty.</summary>
    public static RouteView? Apply(ImmutableArray<PolicyConfig> policies, RouteView route)
    {
        foreach (var policy in policies)
        {
            foreach (var rule in policy.Rules.Where(rule => Matches(rule, route)))
            {
                if (rule.Action == PolicyAction.Reject)
                {
                    return null;
                }

                route = Changed(route, rule.Set);
                if (rule.Action == PolicyAction.Accept)
                {
                    return route;
                }

                if (rule.Action == PolicyAction.Next)
                {
                    break;
                }
            }
        }

        return null;
    }

    /// <summary>The route with what is set on it.</summary>
    public static RouteView Changed(RouteView route, RouteChanges? set)
    {
        if (set is null)
        {
            return route;
        }

        var communities = set.Communities.IsDefault ? Communities(route) : [.. set.Communities];
        communities.RemoveWhere(community => !set.RemoveCommunities.IsDefault && set.RemoveCommunities.Any(pattern => pattern.Matches(community)));
        communities.UnionWith(set.AddCommunities.IsDefault ? [] : set.AddCommunities);
        return route with { Communities = communities.Count == 0 ? null : [.. communities.OrderBy(community => community.Value).Select(community => community.ToString())] };
    }

    private static HashSet<Community> Communities(RouteView route) => [.. (route.Communities ?? []).Select(text => Community.TryParse(text, out var community) ? community : throw new FormatException(text))];

    private static bool Matches(PolicyRule rule, RouteView route) =>
        (rule.Family is not { } family || family == AddressFamily.Of(route.Prefix))
        && (rule.Prefixes.IsDefault || rule.Prefixes.Any(match => Matches(match, route.Prefix)))
        && (rule.Match is not { Communities: { IsDefault: false } patterns } || Communities(route).Any(community => patterns.Any(pattern => pattern.Matches(community))));

    private static bool Matches(PrefixMatch match, IpPrefix prefix)
    {
        var isIn = prefix.Length >= match.MinLength && prefix.Length <= match.MaxLength && IsWithin(match.Prefix, prefix);
        return match.Operator switch
        {
            PrefixOperator.In => isIn,
            PrefixOperator.NotIn => !isIn,
            PrefixOperator.Equal => prefix == match.Prefix,
            _ => prefix != match.Prefix,
        };
    }

    private static bool IsWithin(IpPrefix wide, IpPrefix narrow) =>
        wide.Address.IsV4 == narrow.Address.IsV4 && wide.Length <= narrow.Length && new IpPrefix(narrow.Address, wide.Length) == wide;
}
