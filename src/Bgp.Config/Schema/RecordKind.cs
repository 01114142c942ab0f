namespace Bgp.Config;

/// <summary>A map with the fields of a table; nothing at all is the record of defaults.</summary>
internal sealed class RecordKind<T>(SchemaTable<T> table) : ValueKind<T>
{
    public override bool KeepsParts => true;

    public override string Expects => $"a map ({string.Join(", ", table.Fields.Select(static row => row.Name))})";

    public override bool TryRead(ConfigNode node, BindContext context, out T value)
    {
        value = table.Defaults;
        if (node.IsNull)
        {
            return table.TryBind(table.Defaults, new MapNode(node.At, node.Path, []), context, out value);
        }

        if (node is MapNode map)
        {
            return table.TryBind(table.Defaults, map, context, out value);
        }

        context.Faults.Add(node, $"is {node.Noun}; write {Few()}");
        return false;
    }

    /// <summary>What is expected, in a line.</summary>
    private string Few() => table.Fields.Length <= Spelling.MostInLine
        ? Expects
        : $"a map ({string.Join(", ", table.Fields.Take(Spelling.FewInLine).Select(static row => row.Name))} …; docs/configuration.md has all {table.Fields.Length} fields)";

    public override ConfigNode Write(T value, WriteContext context) => MapNode.Of(table.Write(value, table.Defaults, context));

    public override IEnumerable<FieldChange> Changes(string path, T left, T right, ReloadClass own) => table.Changes(path, left, right);

    public override IEnumerable<SchemaRow> Describe(string path) => table.Describe(path);
}
