using System.Globalization;
using System.Text.Json;

namespace Bgp.Interop.Tests;

/// <summary>Reads what `gobgp neighbor ADDRESS adj-in -j` prints: for each prefix its paths, with attributes by their numbers on the wire.</summary>
internal static class GoBgpOutput
{
    private static readonly string[] Origins = ["igp", "egp", "incomplete"];

    public static Route? Route(string prefix, JsonElement output) => Paths(prefix, output) is [var first, ..] ? first : null;

    // An empty table is an empty list.
    public static IReadOnlyList<Route> Paths(string prefix, JsonElement output) => output.ValueKind == JsonValueKind.Object && output.TryGetProperty(prefix, out var paths)
        ? [.. paths.EnumerateArray().Select(path => Route(prefix, path.GetProperty("attrs").EnumerateArray().ToDictionary(attribute => attribute.GetProperty("type").GetInt32())))]
        : [];

    private static Route Route(string prefix, Dictionary<int, JsonElement> attributes) => new(prefix)
    {
        Origin = Origins[attributes[1].GetProperty("value").GetInt32()],
        AsPath = AsPath(attributes[2]),
        NextHop = (attributes.TryGetValue(3, out var nextHop) ? nextHop : attributes[14]).GetProperty("nexthop").GetString(),
        Med = attributes.TryGetValue(4, out var med) ? med.GetProperty("metric").GetUInt32() : null,
        LocalPref = attributes.TryGetValue(5, out var localPref) ? localPref.GetProperty("value").GetUInt32() : null,
        Communities = List(attributes, 8, "communities", item => $"{item.GetUInt32() >> 16}:{item.GetUInt32() & 0xffff}"),
        OriginatorId = attributes.TryGetValue(9, out var originator) ? originator.GetProperty("value").GetString() : null,
        ClusterList = List(attributes, 10, "value", item => item.GetString() ?? ""),
        ExtendedCommunities = List(attributes, 16, "value", item => $"{(item.GetProperty("subtype").GetInt32() == 2 ? "rt" : "soo")}:{item.GetProperty("value").GetString()}"),
        LargeCommunities = List(attributes, 32, "value", item => $"{item.GetProperty("ASN")}:{item.GetProperty("LocalData1")}:{item.GetProperty("LocalData2")}"),
    };

    private static string AsPath(JsonElement attribute) => attribute.TryGetProperty("as_paths", out var segments) && segments.ValueKind == JsonValueKind.Array
        ? string.Join(' ', segments.EnumerateArray().Select(Segment))
        : "";

    private static string Segment(JsonElement segment)
    {
        var numbers = segment.GetProperty("asns").EnumerateArray().Select(asn => asn.GetUInt32().ToString(CultureInfo.InvariantCulture));

        // RFC 5065 §3: AS_CONFED_SEQUENCE.
        return segment.GetProperty("segment_type").GetInt32() == 3 ? $"({string.Join(' ', numbers)})" : string.Join(' ', numbers);
    }

    private static string[] List(Dictionary<int, JsonElement> attributes, int type, string name, Func<JsonElement, string> text) =>
        attributes.TryGetValue(type, out var attribute) ? [.. attribute.GetProperty(name).EnumerateArray().Select(text)] : [];
}
