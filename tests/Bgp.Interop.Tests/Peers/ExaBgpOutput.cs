using System.Globalization;
using System.Text.Json;

namespace Bgp.Interop.Tests;

/// <summary>What ExaBGP has said about one neighbor: a line of JSON for each UPDATE, NOTIFICATION and change of the session, brought to a table.</summary>
internal sealed class ExaBgpOutput
{
    private readonly Dictionary<(string Prefix, string? PathId), Route> _routes = [];
    private readonly List<string> _notifications = [];

    public ExaBgpOutput(string neighbor, IEnumerable<string> lines)
    {
        // The last line may not be whole yet.
        foreach (var line in lines.Where(line => line.StartsWith('{') && line.EndsWith('}')))
        {
            // The words of a ROUTE-REFRESH stand in two pairs of quotes, which is no JSON.
            if (line.Contains("\"type\": \"refresh\"", StringComparison.Ordinal))
            {
                var isDemarcation = line.Contains("\"\"begin\"\"", StringComparison.Ordinal) || line.Contains("\"\"end\"\"", StringComparison.Ordinal);
                Demarcations += isDemarcation && line.Contains("\"direction\": \"receive\"", StringComparison.Ordinal) && line.Contains($"\"peer\": \"{neighbor}\"", StringComparison.Ordinal) ? 1 : 0;
                continue;
            }

            // The length octet of a shutdown message (RFC 9003) stands raw in its text.
            var said = JsonElement.Parse(string.Concat(line.Where(character => !char.IsControl(character))));
            var about = said.GetProperty("neighbor");
            if (about.GetProperty("address").GetProperty("peer").GetString() == neighbor)
            {
                Take(said.GetProperty("type").GetString(), about);
            }
        }
    }

    public bool IsUp { get; private set; }

    public int Sessions { get; private set; }

    public int Received { get; private set; }

    public int Sent { get; private set; }

    public int Demarcations { get; private set; }

    public IReadOnlyCollection<Route> Routes => _routes.Values;

    public IReadOnlyList<string> Notifications => _notifications;

    private void Take(string? type, JsonElement about)
    {
        switch (type)
        {
            case "state":
                TakeState(about.GetProperty("state").GetString(), about);
                break;
            case "update":
                var isSent = about.GetProperty("direction").GetString() == "send";
                Sent += isSent ? 1 : 0;
                Received += isSent ? 0 : 1;
                if (!isSent && about.GetProperty("message").TryGetProperty("update", out var update))
                {
                    TakeUpdate(update);
                }

                break;
        }
    }

    private void TakeState(string? state, JsonElement about)
    {
        IsUp = state == "up";
        Sessions += IsUp ? 1 : 0;
        if (state == "down")
        {
            _routes.Clear();
            var reason = about.GetProperty("reason").GetString() ?? "";
            if (reason.Contains("notification received", StringComparison.Ordinal))
            {
                _notifications.Add(reason);
            }
        }
    }

    private void TakeUpdate(JsonElement update)
    {
        foreach (var path in Families(update, "withdraw").SelectMany(Paths))
        {
            _routes.Remove(path);
        }

        foreach (var family in Families(update, "announce"))
        {
            // Of IPv6's two next hops the global address comes first.
            var hop = family.EnumerateObject().First();
            foreach (var path in Paths(hop.Value))
            {
                _routes[path] = Route(path.Prefix, hop.Name, update.GetProperty("attribute"));
            }
        }
    }

    private static IEnumerable<JsonElement> Families(JsonElement update, string what) =>
        update.TryGetProperty(what, out var families) ? families.EnumerateObject().Select(family => family.Value) : [];

    private static IEnumerable<(string Prefix, string? PathId)> Paths(JsonElement list) => list.EnumerateArray().Select(item =>
        (item.GetProperty("nlri").GetString() ?? "", item.TryGetProperty("path-information", out var id) ? id.GetString() : null));

    private static Route Route(string prefix, string nextHop, JsonElement attributes) => new(prefix)
    {
        Origin = attributes.GetProperty("origin").GetString() ?? "",
        AsPath = string.Join(' ', List(attributes, "as-path").Select(asn => asn.GetUInt32())),
        NextHop = nextHop,
        Med = Number(attributes, "med"),
        LocalPref = Number(attributes, "local-preference"),
        Communities = [.. List(attributes, "community").Select(Joined)],
        LargeCommunities = [.. List(attributes, "large-community").Select(Joined)],
        ExtendedCommunities = [.. List(attributes, "extended-community").Select(item => Extended(item.GetProperty("value").GetUInt64()))],
        OriginatorId = attributes.TryGetProperty("originator-id", out var originator) ? originator.GetString() : null,
        ClusterList = [.. List(attributes, "cluster-list").Select(item => item.GetString() ?? "")],
    };

    private static uint? Number(JsonElement attributes, string name) => attributes.TryGetProperty(name, out var value) ? value.GetUInt32() : null;

    private static JsonElement[] List(JsonElement attributes, string name) =>
        attributes.TryGetProperty(name, out var list) ? [.. list.EnumerateArray()] : [];

    private static string Joined(JsonElement parts) => string.Join(':', parts.EnumerateArray().Select(part => part.GetUInt32()));

    /// <summary>The eight octets of RFC 4360 §3.1: type 0, subtype 2 or 3, an AS number of two octets and a number of four. Its text for them is an address.</summary>
    private static string Extended(ulong value) => string.Create(
        CultureInfo.InvariantCulture, $"{(value >> 48) switch { 2 => "rt", 3 => "soo", var other => $"type {other}" }}:{(value >> 32) & 0xffff}:{(uint)value}");
}
