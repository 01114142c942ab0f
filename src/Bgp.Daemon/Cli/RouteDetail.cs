using System.Text.Json;

namespace Bgp.Daemon;

/// <summary>
/// All about the paths of one prefix, for people: what <c>bgp show routes PREFIX</c> prints under the rows. Attributes stand as the table has them; in an Adj-RIB-In also as import policy left them,
/// where that is something else.
/// </summary>
internal static class RouteDetail
{
    private const string Absent = "-";

    /// <summary>One path.</summary>
    /// <param name="route">It.</param>
    /// <param name="isSent">Whether it is of an Adj-RIB-Out.</param>
    public static TextTable Of(JsonElement route, bool isSent)
    {
        var table = new TextTable(Text(route, "prefix"), isSent ? Sent(route) : Standing(route));
        if (!isSent && WhyNot(route) is { } reason)
        {
            table.Add("why not", reason);
        }

        AddIf(table, "suppressed by", route, "suppressedBy");
        table.Add("from", Text(route, "peerType") == "local" ? "this router" : $"{Text(route, "neighbor")} ({Text(route, "peerType")})");
        AddIf(table, isSent ? "path id, ours" : "path id", route, "pathId");
        table.Add("AS path", Value(route, "asPath"));
        table.Add("origin", Value(route, "origin"));
        table.Add("next hop", NextHop(route));
        if (route.TryGetProperty("nextHopVia", out var ways) && route.GetProperty("nextHop").ValueKind != JsonValueKind.Null)
        {
            table.Add("reached", Reached(route, ways));
        }

        table.Add("local pref", Value(route, "localPref"));
        table.Add("MED", Value(route, "med"));
        if (Value(route, "weight") is not "0" and var weight)
        {
            table.Add("weight", weight);
        }

        table.Add("communities", Value(route, "communities"));
        table.Add("large communities", Value(route, "largeCommunities"));
        table.Add("ext. communities", Value(route, "extendedCommunities"));
        table.Add("originator id", Text(route, "originatorId"));
        table.Add("cluster list", List(route.GetProperty("clusterList")));
        AddIf(table, "aggregator", route, "aggregator");
        if (route.GetProperty("atomicAggregate").GetBoolean())
        {
            table.Add("atomic aggregate", "yes");
        }

        if (route.TryGetProperty("imported", out _))
        {
            table.Add("import policy", ShowTables.PolicyOf(route));
        }

        table.Add("age", route.GetProperty("stale").GetBoolean() ? $"{ShowTables.Age(route)}, stale" : ShowTables.Age(route));
        return table;
    }

    private static string Sent(JsonElement route) => route.GetProperty("best").GetBoolean() ? "sent, made of the best path" : "sent, made of another path than the best";

    private static string Standing(JsonElement route)
    {
        var installed = route.GetProperty("installed").GetBoolean() ? ", in the kernel" : "";
        if (!route.GetProperty("valid").GetBoolean())
        {
            return "cannot be used";
        }

        return (route.GetProperty("best").GetBoolean(), route.GetProperty("multipath").GetBoolean()) switch
        {
            (true, true) => $"best, shares its traffic{installed}",
            (true, false) => $"best{installed}",
            (false, true) => $"shares the best one's traffic{installed}",
            _ => "not best",
        };
    }

    private static string? WhyNot(JsonElement route) => route.GetProperty("reason").GetString() is not { } reason ? null
        : RouteReasons.MeaningOf(reason) is { } meaning ? $"{reason}: {meaning}"
        : reason;

    private static string NextHop(JsonElement route)
    {
        var nextHop = Value(route, "nextHop");
        return route.GetProperty("nextHopInterface").GetString() is { } zone ? $"{nextHop}%{zone}" : nextHop;
    }

    private static string Reached(JsonElement route, JsonElement ways)
    {
        if (route.GetProperty("nextHopFault").GetString() is { } fault)
        {
            return RouteReasons.MeaningOfFault(fault) is { } meaning ? $"no, {fault}: {meaning}" : $"no, {fault}";
        }

        var nextHop = Text(route, "nextHop");
        var hops = ways.EnumerateArray().Select(way => way.GetProperty("address").GetString() is { } gateway && gateway != nextHop
            ? $"via {gateway} on {Text(way, "interface")}"
            : $"directly on {Text(way, "interface")}").ToList();
        var through = route.GetProperty("nextHopThrough").GetString() is { } prefix ? $"by the BGP route {prefix}, " : "";
        var cost = route.GetProperty("nextHopCost") is { ValueKind: JsonValueKind.Number } metric ? $", cost {metric}" : "";
        return $"{through}{(hops.Count > 0 ? string.Join(", ", hops) : "yes")}{cost}";
    }

    /// <summary>An attribute, and what import policy made of it where that is another value.</summary>
    private static string Value(JsonElement route, string name)
    {
        var received = Print(route.GetProperty(name));
        return route.TryGetProperty("imported", out var imported) && imported.ValueKind == JsonValueKind.Object && Print(imported.GetProperty(name)) is var after && after != received
            ? $"{received}, after import policy {after}"
            : received;
    }

    private static string Print(JsonElement value) => value.ValueKind == JsonValueKind.Array ? List(value)
        : value.ToString() is { Length: > 0 } text ? text
        : Absent;

    private static string List(JsonElement values) =>
        values.ValueKind == JsonValueKind.Array && values.GetArrayLength() > 0 ? string.Join(' ', values.EnumerateArray().Select(value => value.GetString())) : Absent;

    private static void AddIf(TextTable table, string label, JsonElement route, string name)
    {
        if (Text(route, name) is not Absent and var text)
        {
            table.Add(label, text);
        }
    }

    private static string Text(JsonElement route, string name) => ShowTables.Text(route, name);
}
