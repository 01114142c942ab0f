using System.Collections.Immutable;
using Bgp.Protocol;

namespace Bgp.Engine.Tests;

/// <summary>A route as the plain evaluation sees it.</summary>
internal sealed record ModelRoute(IpPrefix Prefix)
{
    public uint? LocalPref { get; init; }

    public uint? Med { get; init; }

    public uint? KernelMetric { get; init; }

    /// <summary>The MED is what the present list of policies set.</summary>
    public bool HasMedOfPolicy { get; init; }

    public Origin Origin { get; init; }

    public ImmutableArray<uint> Path { get; init; } = [];

    public ImmutableSortedSet<uint> Communities { get; init; } = [];
}

/// <summary>A second, plain implementation of policies for the comparison with the compiled one: no programs, no caches, one rule after the other as the configuration has them.</summary>
internal static class PolicyModel
{
    /// <summary>The route after the list, or null where it is rejected.</summary>
    public static ModelRoute? Apply(IEnumerable<PolicyConfig> policies, ModelRoute route, bool isExport)
    {
        route = route with { HasMedOfPolicy = false };
        foreach (var policy in policies)
        {
            foreach (var rule in policy.Rules)
            {
                if (!Matches(rule, route, isExport))
                {
                    continue;
                }

                route = rule.Action == PolicyAction.Reject ? route : Change(rule.Set, route);
                if (rule.Action is PolicyAction.Accept or PolicyAction.Reject)
                {
                    return rule.Action == PolicyAction.Accept ? route : null;
                }

                if (rule.Action == PolicyAction.Next)
                {
                    break;
                }
            }
        }

        return null;
    }

    private static bool Matches(PolicyRule rule, ModelRoute route, bool isExport)
    {
        var match = rule.Match ?? new RouteMatch();
        var path = string.Join(' ', route.Path);
        bool[] conditions =
        [
            rule.Prefixes.IsDefault || rule.Prefixes.Any(prefix => prefix.Matches(route.Prefix)),
            rule.Family is null || rule.Family == AddressFamily.Of(route.Prefix),
            match.Communities.IsDefault || match.Communities.Any(pattern => route.Communities.Any(community => pattern.Matches(new Community(community)))),
            match.LocalPref is not { } localPref || localPref.Contains(route.LocalPref ?? 100),
            match.Med is not { } med || (route.Med is { } value && med.Contains(value)),
            match.KernelMetric is not { } metrics || (route.KernelMetric is { } metric && metrics.Contains(metric)),
            match.AsPathLength is not { } length || length.Contains((uint)route.Path.Length),
            match.OriginAs.IsDefault || (route.Path.Length > 0 && match.OriginAs.Contains(new Asn(route.Path[^1]))),
            match.AsPathPrefix.IsDefault || (route.Path.Length >= match.AsPathPrefix.Length && match.AsPathPrefix.Select(asn => asn.Value).SequenceEqual(route.Path.Take(match.AsPathPrefix.Length))),
            match.AsPath is null || path.Split(' ').Contains(match.AsPath.Text.Trim('_')),
            match.To.PeerType is not { } to || (isExport && to == PeerType.Ebgp),
            match.From.PeerType is not { } from || from == PeerType.Ebgp,
        ];
        return conditions.All(holds => holds);
    }

    private static ModelRoute Change(RouteChanges? set, ModelRoute route)
    {
        if (set is null)
        {
            return route;
        }

        var communities = set.Communities.IsDefault ? route.Communities : [.. set.Communities.Select(community => community.Value)];
        if (!set.RemoveCommunities.IsDefault)
        {
            communities = [.. communities.Where(community => !set.RemoveCommunities.Any(pattern => pattern.Matches(new Community(community))))];
        }

        return route with
        {
            LocalPref = set.LocalPref ?? route.LocalPref,
            Med = set.Med ?? route.Med,
            KernelMetric = set.KernelMetric ?? route.KernelMetric,
            HasMedOfPolicy = set.Med is not null || route.HasMedOfPolicy,
            Origin = set.Origin ?? route.Origin,
            Path = set.Prepend.IsDefault ? route.Path : [.. set.Prepend.Select(asn => asn.Value), .. route.Path],
            Communities = set.AddCommunities.IsDefault ? communities : communities.Union(set.AddCommunities.Select(community => community.Value)),
        };
    }
}
