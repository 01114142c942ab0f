using System.Text.Json;

namespace Bgp.Daemon;

/// <summary>All about one neighbor, for people: <c>bgp show neighbors ADDR</c>.</summary>
internal static class NeighborDetail
{
    public static TextTable Of(JsonElement neighbor)
    {
        var table = new TextTable("neighbor", ShowTables.NameOf(neighbor));
        table.Add("description", Text("description"));
        table.Add("group", Text("group"));
        table.Add("session", $"{Text("sessionType")}, AS {Text("localAsn")} with AS {Text("asn")}");
        table.Add("state", State(neighbor));
        table.Add("last error", LastError(neighbor));
        table.Add("flaps", Text("flaps"));
        table.Add("addresses", $"{Text("localAddress")} with {Text("address")} port {Text("port")}");
        table.Add("router id", Text("routerId"));
        table.Add("timers", $"hold time {Seconds("holdTime")}, keepalive {Seconds("keepalive")}, connect retry {Seconds("connectRetry")}");
        table.Add("reflection", neighbor.GetProperty("clusterId").GetString() is { } cluster ? $"our client in the cluster {cluster}" : "no client");
        table.Add("TCP MD5", neighbor.GetProperty("md5").GetBoolean() ? "on" : "off");
        table.Add("capabilities", List(neighbor.GetProperty("capabilities")));
        table.Add("messages", Counts("messages"));
        table.Add("UPDATEs", Counts("updates"));
        foreach (var family in neighbor.GetProperty("families").EnumerateArray())
        {
            table.Add(ShowTables.Text(family, "family"), Family(family));
            table.Add("  import policy", List(family.GetProperty("importPolicy")));
            table.Add("  export policy", List(family.GetProperty("exportPolicy")));
        }

        return table;

        string Text(string name) => ShowTables.Text(neighbor, name);

        string Seconds(string name) => neighbor.GetProperty(name).ValueKind == JsonValueKind.Null ? "-" : $"{Text(name)}s";

        string Counts(string name) => $"{ShowTables.Text(neighbor.GetProperty(name), "received")} received, {ShowTables.Text(neighbor.GetProperty(name), "sent")} sent";
    }

    private static string State(JsonElement neighbor)
    {
        var since = ShowTables.Duration(neighbor.GetProperty("stateSeconds").GetInt64());
        var state = ShowTables.Text(neighbor, "state") is var name && name == "Established" ? $"{name} for {since}" : $"{name}, not established for {since}";
        return neighbor.GetProperty("adminDown").GetBoolean() ? $"{state}, administratively down" : state;
    }

    private static string LastError(JsonElement neighbor) => neighbor.GetProperty("lastErrorSeconds") is { ValueKind: JsonValueKind.Number } ago
        ? $"{ShowTables.Text(neighbor, "lastError")}, {ShowTables.Duration(ago.GetInt64())} ago"
        : "-";

    private static string Family(JsonElement family)
    {
        var counts = $"{ShowTables.Text(family, "received")} received, {ShowTables.Text(family, "accepted")} accepted, {ShowTables.Text(family, "advertised")} advertised";
        return family.GetProperty("addPaths").GetString() is { } direction ? $"{counts}; several paths of a prefix: {direction}" : counts;
    }

    private static string List(JsonElement names) => names.GetArrayLength() == 0 ? "-" : string.Join(", ", names.EnumerateArray().Select(name => name.GetString()));
}
