using System.Text.Json;

namespace Bgp.Interop.Tests;

/// <summary>Reads what `bgp show routes -o json` prints.</summary>
internal static class DaemonOutput
{
    /// <summary>The only route of the list, or null when the list is empty.</summary>
    public static Route? Route(JsonElement list)
    {
        var routes = list.EnumerateArray().ToList();
        return routes switch
        {
            [] => null,
            [var route] => Route(route.GetProperty("prefix").GetString() ?? "", route),
            _ => throw new AssertionException($"one route was asked for, {routes.Count} came: {list}"),
        };
    }

    /// <summary>All paths of the list, which is one of a single prefix.</summary>
    public static IReadOnlyList<Route> Paths(JsonElement list) => [.. list.EnumerateArray().Select(route => Route(route.GetProperty("prefix").GetString() ?? "", route))];

    private static Route Route(string prefix, JsonElement route) => new(prefix)
    {
        Origin = route.GetProperty("origin").GetString() ?? "",
        AsPath = route.GetProperty("asPath").GetString() ?? "",
        NextHop = route.GetProperty("nextHop").GetString(),
        Med = Number(route.GetProperty("med")),
        LocalPref = Number(route.GetProperty("localPref")),
        Communities = Texts(route.GetProperty("communities")),
        LargeCommunities = Texts(route.GetProperty("largeCommunities")),
        ExtendedCommunities = Texts(route.GetProperty("extendedCommunities")),
        OriginatorId = route.GetProperty("originatorId").GetString(),
        ClusterList = Texts(route.GetProperty("clusterList")),
    };

    private static uint? Number(JsonElement element) => element.ValueKind == JsonValueKind.Null ? null : element.GetUInt32();

    private static string[] Texts(JsonElement element) =>
        element.ValueKind == JsonValueKind.Null ? [] : [.. element.EnumerateArray().Select(text => text.GetString() ?? "")];
}
