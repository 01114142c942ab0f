namespace Bgp.Config.Tests;

/// <summary>The schema's rows as the table lines of docs/configuration.md.</summary>
internal static class ReferenceLines
{
    /// <summary>Each row of the schema with its line.</summary>
    public static IEnumerable<(string Path, string Line)> All => RootTable.Table.Describe("").Select(static row => (row.Path, Line(row)));

    private static string Line(SchemaRow row) =>
        $"| `{row.Path}` | {Escape(row.Summary)} | {Escape(Takes(row))} | {Escape(Default(row))} | {Reload(row.Reload)} | {Support(row.Support)} |";

    /// <summary>The fields of maps have lines of their own.</summary>
    private static string Takes(SchemaRow row)
    {
        var map = row.Expects.IndexOf("a map (", StringComparison.Ordinal);
        return map < 0 ? row.Expects : row.Expects[..map] + "a map";
    }

    /// <summary>Values as they would be written stand as code, a map's in the lines of its fields.</summary>
    private static string Default(SchemaRow row) => row.Default switch
    {
        "null" => "none",
        "required" => "required",
        ['{', _, .., '}'] when Takes(row).EndsWith("a map", StringComparison.Ordinal) => "its fields'",
        _ when row.Default.Contains(' ', StringComparison.Ordinal) && row.Default[0] is not ('[' or '{') => row.Default,
        _ => $"`{row.Default}`",
    };

    private static string Reload(ReloadClass reload) => reload switch
    {
        ReloadClass.Reset => "reset",
        ReloadClass.Refresh => "refresh",
        ReloadClass.None => "nothing",
        _ => "listener",
    };

    private static string Support(Support support) => support switch
    {
        Config.Support.Yes => "yes",
        Config.Support.Partly => "partly",
        _ => "not yet",
    };

    private static string Escape(string text) => text.Replace("|", "\\|", StringComparison.Ordinal);
}
