using System.Text.Json;

namespace Bgp.Interop.Tests;

/// <summary>Reads what `bgpctl -j show rib in neighbor ADDRESS detail` prints.</summary>
internal static class OpenBgpdOutput
{
    public static Route? Route(string prefix, JsonElement output) => Paths(prefix, output).SingleOrDefault();

    public static IReadOnlyList<Route> Paths(string prefix, JsonElement output) => output.TryGetProperty("rib", out var rib)
        ? [.. rib.EnumerateArray().Where(route => route.GetProperty("prefix").GetString() == prefix).Select(route => Read(prefix, route))]
        : [];

    private static Route Read(string prefix, JsonElement route) => new(prefix)
    {
        Origin = (route.GetProperty("origin").GetString() ?? "").ToLowerInvariant(),
        AsPath = route.GetProperty("aspath").GetString() ?? "",
        NextHop = route.GetProperty("exit_nexthop").GetString(),
        // It shows a MED of 0 where there is none.
        Med = route.GetProperty("metric").GetUInt32() is not 0 and var med ? med : null,
        LocalPref = route.GetProperty("localpref").GetUInt32(),
        Communities = Texts(route, "communities"),
        LargeCommunities = Texts(route, "large_communities"),
        ExtendedCommunities = [.. Texts(route, "extended_communities").Select(text => text.Replace(' ', ':'))],
        OriginatorId = Attribute(route, "originator")?.GetString(),
        OnlyToCustomer = OnlyToCustomer(route),
        ClusterList = Attribute(route, "cluster_list") is { } list ? [.. list.EnumerateArray().Select(item => item.GetString() ?? "")] : [],
    };

    private static uint? OnlyToCustomer(JsonElement route) => route.TryGetProperty("attributes", out var list)
        ? list.EnumerateArray().Where(attribute => attribute.GetProperty("type").GetString() == "OTC").Select(attribute => (uint?)attribute.GetProperty("as").GetUInt32()).SingleOrDefault()
        : null;

    /// <summary>Attributes without a field of their own are in a list, each under the name of its value.</summary>
    private static JsonElement? Attribute(JsonElement route, string name) => route.TryGetProperty("attributes", out var list)
        ? list.EnumerateArray().Select(attribute => attribute.TryGetProperty(name, out var value) ? value : (JsonElement?)null).FirstOrDefault(value => value is not null)
        : null;

    private static string[] Texts(JsonElement route, string name) => route.TryGetProperty(name, out var value)
        ? [.. value.EnumerateArray().Select(item => item.GetString() ?? "")]
        : [];
}
