using System.Globalization;
using System.Text.Json;

namespace Bgp.Daemon;

/// <summary>The API's documents as tables for people.</summary>
internal static class ShowTables
{
    private const string Absent = "-";

    private static readonly string[] RouteColumns = ["", "Prefix", "Next hop", "Pref", "MED", "AS path", "Origin", "From", "Age", "Why not"];

    public static TextTable Summary(JsonElement summary)
    {
        var table = new TextTable("bgp", Text(summary, "version"));
        table.Add("router id", Text(summary, "routerId"));
        table.Add("AS", Text(summary, "asn"));
        table.Add("up", Duration(summary.GetProperty("uptimeSeconds").GetInt64()));
        var neighbors = summary.GetProperty("neighbors");
        var dynamic = neighbors.GetProperty("dynamic").GetInt64() > 0 ? $" and {Text(neighbors, "dynamic")} dynamic" : "";
        table.Add("neighbors", $"{Text(neighbors, "established")} established of {Text(neighbors, "configured")} configured{dynamic}");
        foreach (var family in summary.GetProperty("routes").EnumerateObject())
        {
            table.Add(family.Name, $"{Text(family.Value, "prefixes")} prefixes, {Text(family.Value, "paths")} paths");
        }

        var fib = summary.GetProperty("fib");
        table.Add("kernel routes", $"{Text(fib, "routes")}, {Text(fib, "pending")} pending, {Text(fib, "errors")} errors");
        table.Add("memory", string.Create(CultureInfo.InvariantCulture, $"{summary.GetProperty("memoryBytes").GetInt64() / 1_048_576} MiB"));
        return table;
    }

    public static TextTable Neighbors(JsonElement neighbors)
    {
        var table = new TextTable("Neighbor", "AS", "State", "Up", "Received", "Accepted", "Advertised", "Flaps", "Last error");
        foreach (var neighbor in neighbors.EnumerateArray())
        {
            var families = neighbor.GetProperty("families");
            table.Add(
                NameOf(neighbor),
                Text(neighbor, "asn"),
                neighbor.GetProperty("adminDown").GetBoolean() ? $"{Text(neighbor, "state")} (down)" : Text(neighbor, "state"),
                neighbor.GetProperty("uptimeSeconds") is { ValueKind: JsonValueKind.Number } up ? Duration(up.GetInt64()) : Absent,
                Sum(families, "received"),
                Sum(families, "accepted"),
                Sum(families, "advertised"),
                Text(neighbor, "flaps"),
                Text(neighbor, "state") == "Established" ? Absent : Text(neighbor, "lastError"));
        }

        return table;
    }

    /// <summary>The address, and what else the neighbor is known by.</summary>
    internal static string NameOf(JsonElement neighbor)
    {
        var name = neighbor.GetProperty("name").GetString() ?? (neighbor.GetProperty("dynamic").GetBoolean() ? "dynamic" : null);
        return name is null ? Text(neighbor, "address") : $"{Text(neighbor, "address")} ({name})";
    }

    /// <summary>What stands under a table of routes.</summary>
    public const string Legend = "Marks: * can be used, > the best, = has a part of the best one's traffic; without a mark: cannot be used.";

    /// <summary>Marks as usual, see <see cref="Legend"/>.</summary>
    public static TextTable Routes(JsonElement routes)
    {
        var table = new TextTable([.. RouteColumns]);
        foreach (var route in routes.EnumerateArray())
        {
            table.Add(RouteCells(route));
        }

        return table;
    }

    /// <summary>An Adj-RIB-In: as received, and what import policy made of it.</summary>
    public static TextTable ReceivedRoutes(JsonElement routes)
    {
        var table = new TextTable([.. RouteColumns, "Policy"]);
        foreach (var route in routes.EnumerateArray())
        {
            table.Add([.. RouteCells(route), PolicyOf(route)]);
        }

        return table;
    }

    public static TextTable Fib(JsonElement fib)
    {
        var table = new TextTable("Prefix", "Next hops", "Metric", "Table", "Installed", "Error");
        foreach (var route in fib.EnumerateArray())
        {
            var hops = route.GetProperty("nextHops").EnumerateArray().Select(hop => $"{Text(hop, "address")} {Text(hop, "interface")}").ToList();
            table.Add(
                Text(route, "prefix"),
                hops.Count > 0 ? string.Join(", ", hops) : route.GetProperty("blackhole").GetBoolean() ? "blackhole" : Absent,
                Text(route, "metric"),
                Text(route, "table"),
                route.GetProperty("installed").GetBoolean() ? "yes" : "no",
                Text(route, "error"));
        }

        return table;
    }

    /// <summary>The neighbor; with ADD-PATH (RFC 7911) also the path identifier.</summary>
    private static string From(JsonElement route) =>
        Text(route, "peerType") == "local" ? "local"
        : route.GetProperty("pathId") is { ValueKind: JsonValueKind.Number } pathId ? $"{Text(route, "neighbor")} path {pathId}"
        : Text(route, "neighbor");

    private static string[] RouteCells(JsonElement route) =>
    [
        (route.GetProperty("valid").GetBoolean() ? "*" : " ")
            + (route.GetProperty("best").GetBoolean() ? ">" : route.GetProperty("multipath").GetBoolean() ? "=" : " "),
        Text(route, "prefix"),
        route.GetProperty("nextHopInterface").GetString() is { } zone ? $"{Text(route, "nextHop")}%{zone}" : Text(route, "nextHop"),
        Text(route, "localPref"),
        Text(route, "med"),
        Text(route, "asPath"),
        Text(route, "origin"),
        From(route),
        Age(route),
        WhyNot(route),
    ];

    internal static string Age(JsonElement route) => route.GetProperty("ageSeconds") is { ValueKind: JsonValueKind.Number } age ? Duration(age.GetInt64()) : Absent;

    internal static string PolicyOf(JsonElement route)
    {
        var imported = route.GetProperty("imported");
        if (imported.ValueKind == JsonValueKind.Null)
        {
            // A route that has been here, say, was put aside before any policy.
            return Text(route, "reason") == "rejectedByPolicy" ? "rejected" : Absent;
        }

        return imported.EnumerateObject().All(attribute => JsonElement.DeepEquals(attribute.Value, route.GetProperty(attribute.Name))) ? "accepted" : "changed";
    }

    internal static string Duration(long seconds) => seconds switch
    {
        < 60 => string.Create(CultureInfo.InvariantCulture, $"{seconds}s"),
        < 3600 => string.Create(CultureInfo.InvariantCulture, $"{seconds / 60}m{seconds % 60}s"),
        < 86400 => string.Create(CultureInfo.InvariantCulture, $"{seconds / 3600}h{seconds % 3600 / 60}m"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{seconds / 86400}d{seconds % 86400 / 3600}h"),
    };

    /// <summary>What makes a route unusable, the step of the decision that it lost, or what keeps the best one from being announced.</summary>
    private static string WhyNot(JsonElement route)
    {
        var reason = route.GetProperty("reason").GetString() ?? "";
        var fault = reason == "nextHopUnresolved" ? $": {Text(route, "nextHopFault")}" : "";
        var suppressed = route.GetProperty("suppressedBy").GetString() is { } aggregate && route.GetProperty("valid").GetBoolean() ? $"suppressed by {aggregate}" : "";
        return reason.Length > 0 && suppressed.Length > 0 ? $"{reason}, {suppressed}" : $"{reason}{fault}{suppressed}";
    }

    private static string Sum(JsonElement families, string name)
    {
        var counts = families.EnumerateArray().Select(family => family.GetProperty(name)).Where(count => count.ValueKind == JsonValueKind.Number).ToList();
        return counts.Count == 0 ? Absent : counts.Sum(count => count.GetInt64()).ToString(CultureInfo.InvariantCulture);
    }

    internal static string Text(JsonElement parent, string name)
    {
        var text = parent.GetProperty(name).ToString();
        return text.Length == 0 ? Absent : text;
    }
}
