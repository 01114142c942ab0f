using System.Collections.Immutable;

namespace Bgp.Config;

/// <summary>A node of a configuration document: a scalar, a list or a map, with its place in the file and its path from the root.</summary>
internal abstract class ConfigNode(Position at, string path)
{
    public Position At { get; } = at;

    /// <summary>Such as <c>neighbors[1].holdTime</c>; empty for the root.</summary>
    public string Path { get; } = path;

    /// <summary>What it is, for a fault's text.</summary>
    public abstract string Noun { get; }

    /// <summary>Nothing, <c>~</c> or <c>null</c>.</summary>
    public virtual bool IsNull => false;

    /// <summary>The path of a field of a map at <paramref name="path"/>.</summary>
    public static string Join(string path, string key) => path.Length == 0 ? key : $"{path}.{key}";
}

/// <summary>
/// How a scalar is written: a literal (number, boolean, null) stands bare, text is quoted where it would be taken for something else.
/// </summary>
internal enum ScalarForm : byte
{
    Plain,
    Text,
}

internal sealed class ScalarNode(Position at, string path, string text, ScalarForm form) : ConfigNode(at, path)
{
    public static readonly ScalarNode Null = Literal("null");

    public string Text { get; } = text;

    public ScalarForm Form { get; } = form;

    public override bool IsNull => Form == ScalarForm.Plain && Text is "" or "~" or "null" or "Null" or "NULL";

    public override string Noun => IsNull ? "nothing" : $"'{Shorten(Text)}'";

    /// <summary>A number, boolean or null to be printed.</summary>
    public static ScalarNode Literal(string text) => new(default, "", text, ScalarForm.Plain);

    /// <summary>Text to be printed.</summary>
    public static ScalarNode String(string text) => new(default, "", text, ScalarForm.Text);

    private static string Shorten(string text)
    {
        var line = text.ReplaceLineEndings(" ");
        return line.Length <= 60 ? line : string.Concat(line.AsSpan(0, 57), "...");
    }
}

internal sealed class ListNode(Position at, string path, ImmutableArray<ConfigNode> items) : ConfigNode(at, path)
{
    public ImmutableArray<ConfigNode> Items { get; } = items;

    public override string Noun => "a list";

    /// <summary>A list to be printed.</summary>
    public static ListNode Of(IEnumerable<ConfigNode> items) => new(default, "", [.. items]);
}

/// <summary>A key of a map, with its own place, and its value.</summary>
internal readonly record struct MapEntry(string Key, Position KeyAt, ConfigNode Value);

internal sealed class MapNode(Position at, string path, ImmutableArray<MapEntry> entries) : ConfigNode(at, path)
{
    public ImmutableArray<MapEntry> Entries { get; } = entries;

    public override string Noun => "a map";

    /// <summary>A map to be printed.</summary>
    public static MapNode Of(IEnumerable<(string Key, ConfigNode Value)> entries) =>
        new(default, "", [.. entries.Select(static entry => new MapEntry(entry.Key, default, entry.Value))]);

    /// <summary>The value under a key, or <c>null</c> when the key is not there.</summary>
    public ConfigNode? Find(string key)
    {
        foreach (var entry in Entries)
        {
            if (string.Equals(entry.Key, key, StringComparison.Ordinal))
            {
                return entry.Value;
            }
        }

        return null;
    }
}
