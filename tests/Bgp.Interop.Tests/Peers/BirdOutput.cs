using System.Globalization;
using System.Text.RegularExpressions;

namespace Bgp.Interop.Tests;

/// <summary>Reads what `birdc show route PREFIX all` prints: a line per attribute, `BGP.name: value`.</summary>
internal static partial class BirdOutput
{
    public static Route? Route(string prefix, string output)
    {
        var attributes = Attribute().Matches(output).ToDictionary(match => match.Groups["name"].Value, match => match.Groups["value"].Value.Trim());
        return attributes.Count == 0
            ? null
            : new Route(prefix)
            {
                Origin = attributes["origin"].ToLowerInvariant(),
                AsPath = attributes["as_path"],
                // IPv6: the global address, then perhaps the link-local one.
                NextHop = attributes["next_hop"].Split(' ')[0],
                Med = Number(attributes, "med"),
                LocalPref = Number(attributes, "local_pref"),
                Communities = Communities(attributes, "community"),
                LargeCommunities = Communities(attributes, "large_community"),
                // Site of origin (RFC 4360 §5) is `ro` to BIRD and `soo` to most others.
                ExtendedCommunities = [.. Communities(attributes, "ext_community").Select(text => text.StartsWith("ro:", StringComparison.Ordinal) ? "soo" + text[2..] : text)],
                OriginatorId = attributes.GetValueOrDefault("originator_id"),
                OnlyToCustomer = Number(attributes, "otc"),
                ClusterList = attributes.TryGetValue("cluster_list", out var list) ? list.Split(' ') : [],
            };
    }

    /// <summary>All paths of the prefix; each begins with a line such as `unicast [to_left 12:00:00.000] (100) [i]`, the first with the prefix before it.</summary>
    public static IReadOnlyList<Route> Paths(string prefix, string output) => [.. PathStart().Split(output).Select(path => Route(prefix, path)).OfType<Route>()];

    private static uint? Number(Dictionary<string, string> attributes, string name) =>
        attributes.TryGetValue(name, out var value) ? uint.Parse(value, CultureInfo.InvariantCulture) : null;

    /// <summary>`(64512, 1, 2) (64512, 1, 3)` as `64512:1:2` and `64512:1:3`.</summary>
    private static string[] Communities(Dictionary<string, string> attributes, string name) =>
        attributes.TryGetValue(name, out var value)
            ? [.. Parenthesised().Matches(value).Select(match => match.Groups[1].Value.Replace(" ", "", StringComparison.Ordinal).Replace(',', ':'))]
            : [];

    [GeneratedRegex(@"^\s+BGP\.(?<name>\w+):(?<value>.*)$", RegexOptions.Multiline)]
    private static partial Regex Attribute();

    [GeneratedRegex(@"^(?=.*\s\w+ \[)", RegexOptions.Multiline)]
    private static partial Regex PathStart();

    [GeneratedRegex(@"\(([^)]*)\)")]
    private static partial Regex Parenthesised();
}
