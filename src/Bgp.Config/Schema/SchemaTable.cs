using System.Collections.Immutable;

namespace Bgp.Config;

/// <summary>The fields of a record, in the order in which they are printed and bound.</summary>
/// <param name="noun">What a record of it is called in faults: "a neighbor".</param>
/// <param name="defaults">The record with every default.</param>
/// <param name="fields">The rows.</param>
internal sealed class SchemaTable<TRecord>(string noun, TRecord defaults, ImmutableArray<Field<TRecord>> fields)
{
    public string Noun => noun;

    public TRecord Defaults => defaults;

    public ImmutableArray<Field<TRecord>> Fields => fields;

    /// <summary>What must hold between fields; asked only where all of them could be read.</summary>
    public Action<TRecord, MapNode, BindContext>? Check { get; init; }

    /// <summary>Keys that a user may expect here, and what to tell them.</summary>
    public ImmutableArray<(string Key, string Advice)> Elsewhere { get; init; } = [];

    /// <summary>Binds a map onto <paramref name="start"/>; false when anything in it was at fault, and then the record has what could be read.</summary>
    public bool TryBind(TRecord start, MapNode map, BindContext context, out TRecord record)
    {
        var before = context.Faults.Count;
        var unread = context.Faults.UnreadCount;
        record = start;
        foreach (var entry in map.Entries)
        {
            if (!fields.Any(field => string.Equals(field.Name, entry.Key, StringComparison.Ordinal)))
            {
                ReportUnknown(entry, map, context);
            }
        }

        foreach (var field in fields)
        {
            if (map.Find(field.Name) is { } node)
            {
                record = field.Bind(record, node, context, defaults);
            }
            else if (field.Required)
            {
                context.Faults.Add(map.At, ConfigNode.Join(map.Path, field.Name), $"is missing; {noun} needs it");
            }
        }

        if (context.Faults.UnreadCount == unread)
        {
            Check?.Invoke(record, map, context);
        }

        return context.Faults.Count == before;
    }

    /// <summary>The fields that differ from <paramref name="baseline"/>, or all.</summary>
    public IEnumerable<(string Key, ConfigNode Value)> Write(TRecord record, TRecord baseline, WriteContext context) => fields
        .Where(field => context.All || !field.IsSame(record, baseline))
        .Select(field => (field.Name, field.Write(record, context)));

    /// <summary>What differs between two records.</summary>
    public IEnumerable<FieldChange> Changes(string path, TRecord left, TRecord right) => fields.SelectMany(field => field.Changes(path, left, right));

    public IEnumerable<SchemaRow> Describe(string path) => fields.SelectMany(field => field.Describe(path, defaults));

    private void ReportUnknown(MapEntry entry, MapNode map, BindContext context)
    {
        var advice = Elsewhere.FirstOrDefault(row => string.Equals(row.Key, entry.Key, StringComparison.Ordinal)).Advice;
        if (advice is null && Spelling.Nearest(entry.Key, fields.Select(static field => field.Name)) is { } near)
        {
            advice = $"did you mean '{near}'?";
            context.Faults.MarkUnread(ConfigNode.Join(map.Path, near));
        }

        context.Faults.AddBeside(entry.KeyAt, entry.Value.Path, $"is not a field of {noun}; {advice ?? Choices(entry.Key)}");
    }

    /// <summary>All fields, or where they are too many for a line those that are most like the key.</summary>
    private string Choices(string key)
    {
        var names = fields.Select(static field => field.Name);
        return fields.Length <= Spelling.MostInLine
            ? $"its fields are {string.Join(", ", names)}"
            : $"of its {fields.Length} fields the nearest are {string.Join(", ", Spelling.ByDistance(key, names).Take(Spelling.FewInLine))}; docs/configuration.md has all";
    }
}
