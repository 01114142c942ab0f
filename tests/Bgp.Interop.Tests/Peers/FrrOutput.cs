using System.Text.Json;

namespace Bgp.Interop.Tests;

/// <summary>Reads what `show bgp FAMILY unicast PREFIX json` prints: all paths of the prefix, each with the peer it came from.</summary>
internal static class FrrOutput
{
    public static Route? Route(string prefix, string neighbor, JsonElement output) => Paths(prefix, neighbor, output).SingleOrDefault();

    public static IReadOnlyList<Route> Paths(string prefix, string neighbor, JsonElement output) => output.TryGetProperty("paths", out var paths)
        ? [.. paths.EnumerateArray().Where(path => path.GetProperty("peer").GetProperty("peerId").GetString() == neighbor).Select(path => Route(prefix, path))]
        : [];

    private static Route Route(string prefix, JsonElement path) => new(prefix)
    {
        Origin = (path.GetProperty("origin").GetString() ?? "").ToLowerInvariant(),
        AsPath = path.GetProperty("aspath").GetProperty("string").GetString() is { } text and not "Local" ? text : "",
        // IPv6: the global address, then perhaps the link-local one.
        NextHop = path.GetProperty("nexthops")[0].GetProperty("ip").GetString(),
        Med = Number(path, "metric"),
        LocalPref = Number(path, "locPrf"),
        Communities = Texts(path, "community"),
        LargeCommunities = Texts(path, "largeCommunity"),
        ExtendedCommunities = path.TryGetProperty("extendedCommunity", out var extended)
            ? (extended.GetProperty("string").GetString() ?? "").ToLowerInvariant().Split(' ')
            : [],
        OriginatorId = path.TryGetProperty("originatorId", out var originator) ? originator.GetString() : null,
        OnlyToCustomer = Number(path, "otc"),
        ClusterList = Texts(path, "clusterList"),
    };

    private static uint? Number(JsonElement path, string name) => path.TryGetProperty(name, out var value) ? value.GetUInt32() : null;

    private static string[] Texts(JsonElement path, string name) =>
        path.TryGetProperty(name, out var value) ? [.. value.GetProperty("list").EnumerateArray().Select(item => item.GetString() ?? "")] : [];
}
