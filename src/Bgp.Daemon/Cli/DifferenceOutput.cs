using System.CommandLine;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Bgp.Daemon;

/// <summary>A difference between configurations as commands print it: a line a neighbor for people, the daemon's document for programs.</summary>
internal static class DifferenceOutput
{
    /// <summary>The effects of the router's own fields, the strongest first.</summary>
    private static readonly string[] RouterEffects = ["reset", "refresh", "listener", "nothing"];

    public static Option<string> CreateOption()
    {
        var output = new Option<string>("--output", "-o") { Description = "text or json.", HelpName = "FORMAT", DefaultValueFactory = _ => "text" };
        output.AcceptOnlyFromAmong("text", "json");
        return output;
    }

    public static void Print(TextWriter output, byte[] body, bool isJson)
    {
        if (isJson)
        {
            output.WriteLine(Encoding.UTF8.GetString(body));
            return;
        }

        using var document = JsonDocument.Parse(body);
        Print(output, document.RootElement);
    }

    private static void Print(TextWriter output, JsonElement difference)
    {
        var table = new TextTable("Neighbor", "Effect", "Fields");
        foreach (var effect in RouterEffects)
        {
            if (Fields(difference.GetProperty("router"), effect) is { Length: > 0 } fields)
            {
                table.Add("(router)", effect, fields);
            }
        }

        foreach (var neighbor in difference.GetProperty("neighbors").EnumerateArray())
        {
            var effect = neighbor.GetProperty("effect").GetString() ?? "";
            table.Add(Name(neighbor), effect, Fields(neighbor.GetProperty("fields"), effect));
        }

        if (table.Rows.Count == 0)
        {
            output.WriteLine("Nothing differs from the running configuration.");
            return;
        }

        table.WriteTo(output);
        Count(output, "Neighbors refreshed by a change of the router", difference.GetProperty("refreshedByRouter").GetInt32());
        Count(output, "Unchanged neighbors", difference.GetProperty("unchanged").GetInt32());
    }

    private static void Count(TextWriter output, string what, int count)
    {
        if (count > 0)
        {
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{what}: {count}"));
        }
    }

    private static string Name(JsonElement neighbor)
    {
        var address = neighbor.GetProperty("address").GetString() ?? "";
        return neighbor.GetProperty("port").GetInt32() is var port && port == Protocol.BgpConstants.Port ? address : string.Create(CultureInfo.InvariantCulture, $"{address} port {port}");
    }

    /// <summary>The fields that have this effect.</summary>
    private static string Fields(JsonElement fields, string effect) => string.Join(", ", fields.EnumerateArray()
        .Where(field => field.GetProperty("effect").ValueEquals(effect))
        .Select(field => field.GetProperty("field").GetString()));
}
