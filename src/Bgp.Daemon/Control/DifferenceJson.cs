using System.Text.Json;
using Bgp.Config;

namespace Bgp.Daemon;

/// <summary>What a reload did, or would do, as a document. It names fields and never has their values, secrets or not.</summary>
internal static class DifferenceJson
{
    /// <param name="json">Where it goes.</param>
    /// <param name="difference">What changes.</param>
    /// <param name="isDone">Whether it is in force now, or was only asked for.</param>
    public static void Write(Utf8JsonWriter json, ConfigDifference difference, bool isDone)
    {
        json.WriteStartObject();
        json.WriteBoolean("done"u8, isDone);
        WriteFields(json, "router", difference.Router);
        json.WriteStartArray("neighbors"u8);
        foreach (var neighbor in difference.Neighbors.Items)
        {
            json.WriteStartObject();
            json.WriteString("address"u8, neighbor.Address);
            json.WriteNumber("port"u8, neighbor.Port);
            json.WriteBoolean("dynamic"u8, neighbor.IsRange);
            json.WriteString("effect"u8, JsonNamingPolicy.CamelCase.ConvertName(neighbor.Effect.ToString()));
            WriteFields(json, "fields", neighbor.Fields);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteNumber("refreshedByRouter"u8, difference.RefreshedByRouter);
        json.WriteNumber("unchanged"u8, difference.Unchanged);
        json.WriteEndObject();
    }

    private static void WriteFields(Utf8JsonWriter json, string name, EquatableArray<FieldChange> fields)
    {
        json.WriteStartArray(name);
        foreach (var change in fields.Items)
        {
            json.WriteStartObject();
            json.WriteString("field"u8, change.Field);
            json.WriteString("effect"u8, change.Effect switch
            {
                ReloadClass.Reset => "reset",
                ReloadClass.Refresh => "refresh",
                ReloadClass.Listener => "listener",
                _ => "nothing",
            });
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }
}
