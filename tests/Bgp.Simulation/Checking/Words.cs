using System.Globalization;
using Bgp.Engine;

namespace Bgp.Simulation;

/// <summary>Routes in words: equal words, equal routes.</summary>
internal static class Words
{
    /// <summary>The prefix and everything that travels in an UPDATE.</summary>
    public static string Describe(RouteView route) => string.Create(
        CultureInfo.InvariantCulture,
        $"{route.Prefix} via {route.NextHop} path [{route.AsPath}] {route.Origin} pref {route.LocalPref} med {route.Med} communities {List(route.Communities)} "
        + $"{List(route.LargeCommunities)} {List(route.ExtendedCommunities)} originator {route.OriginatorId} clusters {List(route.ClusterList)} "
        + $"{route.AtomicAggregate} {route.Aggregator}");

    /// <summary>A path: its route, and by which identifier it goes (RFC 7911).</summary>
    public static string DescribePath(RouteView path) => $"{Describe(path)} path id {path.PathId?.ToString() ?? "-"}";

    /// <summary>Tells equal descriptions apart by how often they came before: with ADD-PATH two paths may be one route, by another identifier each.</summary>
    public static IEnumerable<string> Counted(IEnumerable<string> words) =>
        words.GroupBy(word => word).SelectMany(same => same.Select((word, before) => before == 0 ? word : string.Create(CultureInfo.InvariantCulture, $"{word}, {before} times before")));

    /// <summary>What is in one list and not in the other, in words; empty where both are equal.</summary>
    public static IEnumerable<string> Differences(IEnumerable<string> left, string leftName, IEnumerable<string> right, string rightName)
    {
        var leftSet = left.ToList();
        var rightSet = right.ToList();
        foreach (var only in leftSet.Except(rightSet).Order(StringComparer.Ordinal))
        {
            yield return $"only {leftName}: {only}";
        }

        foreach (var only in rightSet.Except(leftSet).Order(StringComparer.Ordinal))
        {
            yield return $"only {rightName}: {only}";
        }

        if (leftSet.Count != leftSet.Distinct().Count() || rightSet.Count != rightSet.Distinct().Count())
        {
            yield return $"a route stands twice in {leftName} or {rightName}";
        }
    }

    private static string List<T>(System.Collections.Immutable.ImmutableArray<T>? items) => items is { } present ? $"({string.Join(' ', present)})" : "-";
}
