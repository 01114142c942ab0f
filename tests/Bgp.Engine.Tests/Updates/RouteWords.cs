using Bgp.Protocol;

namespace Bgp.Engine.Tests;

/// <summary>A route as one line, made from what the engine shows of it or from canonical bytes: equal lines, equal routes.</summary>
internal static class RouteWords
{
    public static string Of(RouteView view) =>
        $"{view.Prefix} {view.NextHop} <{view.AsPath}> {view.Origin} med={view.Med} pref={view.LocalPref} c={List(view.Communities?.AsEnumerable())} l={List(view.LargeCommunities?.AsEnumerable())} "
        + $"e={List(view.ExtendedCommunities?.AsEnumerable())} o={view.OriginatorId} k={List(view.ClusterList?.AsEnumerable())} a={view.AtomicAggregate} {view.Aggregator}";

    public static string Of(IpPrefix prefix, ReadOnlySpan<byte> canonical)
    {
        var set = new PathAttributes(canonical);
        List<string> communities = [], large = [], extended = [], clusters = [];
        foreach (var attribute in set)
        {
            switch (attribute.Type)
            {
                case AttributeType.Communities:
                    for (var at = 0; at < set.Communities.Count; at++)
                    {
                        communities.Add(set.Communities[at].ToString());
                    }

                    break;
                case AttributeType.LargeCommunities:
                    for (var at = 0; at < set.LargeCommunities.Count; at++)
                    {
                        large.Add(set.LargeCommunities[at].ToString());
                    }

                    break;
                case AttributeType.ExtendedCommunities:
                    for (var at = 0; at < set.ExtendedCommunities.Count; at++)
                    {
                        extended.Add(set.ExtendedCommunities[at].ToString());
                    }

                    break;
                case AttributeType.ClusterList:
                    for (var at = 0; at < set.ClusterList.Count; at++)
                    {
                        clusters.Add(set.ClusterList[at].ToString());
                    }

                    break;
            }
        }

        var aggregator = set.Aggregator is { } maker ? $"{maker.Asn} {maker.Address}" : null;
        return $"{prefix} {set.NextHop} <{set.AsPath.ToString()}> {set.Origin} med={set.Med} pref={set.LocalPref} c={List(communities)} l={List(large)} "
            + $"e={List(extended)} o={set.OriginatorId} k={List(clusters)} a={set.AtomicAggregate} {aggregator}";
    }

    private static string List<T>(IEnumerable<T>? members) => members is null ? "" : string.Join(',', members);
}
