using System.Text.Json;
using Bgp.Engine;
using Bgp.Linux;

namespace Bgp.Daemon;

/// <summary>A route of the FIB as <c>bgp show fib -o json</c> prints it; a blackhole has no next hops. Fields may be added, never changed.</summary>
internal static class FibJson
{
    /// <param name="json">Where to.</param>
    /// <param name="route">What the reconciler knows of it.</param>
    /// <param name="names">Names of interfaces by index, filled as they are asked for.</param>
    public static void Write(Utf8JsonWriter json, in FibRouteStatus route, Dictionary<int, string?> names)
    {
        json.WriteStartObject();
        json.WriteString("prefix"u8, route.Prefix.ToString());
        WriteHops(json, "nextHops"u8, route.Forwarding, names);
        json.WriteBoolean("blackhole"u8, route.Forwarding is { IsBlackhole: true });
        json.WriteNumber("metric"u8, route.Metric);
        json.WriteNumber("table"u8, route.Table);
        json.WriteBoolean("wanted"u8, route.IsWanted);
        json.WriteBoolean("installed"u8, route.IsInstalled);
        json.WriteString("error"u8, route.Error);
        json.WriteEndObject();
    }

    /// <summary>The ways of a route or a next hop, as an array under a name.</summary>
    public static void WriteHops(Utf8JsonWriter json, ReadOnlySpan<byte> name, Forwarding? forwarding, Dictionary<int, string?> names)
    {
        json.WriteStartArray(name);
        foreach (var hop in forwarding?.Hops ?? [])
        {
            if (!names.TryGetValue(hop.InterfaceIndex, out var link))
            {
                names[hop.InterfaceIndex] = link = InterfaceNames.NameOf(hop.InterfaceIndex);
            }

            json.WriteStartObject();
            json.WriteString("address"u8, hop.Gateway.IsNone ? null : hop.Gateway.ToString());
            json.WriteString("interface"u8, link);
            json.WriteNumber("weight"u8, hop.Weight);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }
}
