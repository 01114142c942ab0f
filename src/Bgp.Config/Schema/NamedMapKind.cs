using System.Collections.Immutable;

namespace Bgp.Config;

/// <summary>
/// A map of names that the user gives to values of one kind, such as the policies; kept by name in ordinal order, because the order of such
/// a map means nothing.
/// </summary>
/// <param name="noun">What one is called: "policy".</param>
/// <param name="value">The kind of the values.</param>
/// <param name="reserved">Names that cannot be given.</param>
internal class NamedMapKind<T>(string noun, ValueKind<T> value, params ImmutableArray<string> reserved) : ValueKind<EquatableArray<Named<T>>>
{
    public override string Expects => $"a map from the name of a {noun} to {value.Expects}";

    public override bool TryRead(ConfigNode node, BindContext context, out EquatableArray<Named<T>> values)
    {
        values = [];
        if (node.IsNull)
        {
            return true;
        }

        if (node is not MapNode map)
        {
            context.Faults.Add(node, $"is {node.Noun}; write {Expects}");
            return false;
        }

        var before = context.Faults.Count;
        var read = new List<Named<T>>(map.Entries.Length);
        foreach (var entry in map.Entries)
        {
            if (entry.Key.Length == 0 || reserved.Contains(entry.Key))
            {
                context.Faults.Add(entry.KeyAt, entry.Value.Path, entry.Key.Length == 0 ? $"is a {noun} without a name" : $"is built in; give this {noun} another name");
            }

            var isFine = value.TryRead(entry.Value, context, out var element);
            Note(context, entry.Key, element);
            if (isFine)
            {
                read.Add(new Named<T>(entry.Key, element));
            }
        }

        read.Sort(static (left, right) => string.CompareOrdinal(left.Name, right.Name));
        values = read.ToEquatableArray();
        return context.Faults.Count == before;
    }

    public override ConfigNode Write(EquatableArray<Named<T>> values, WriteContext context) =>
        MapNode.Of(values.Items.Select(named => (named.Name, value.Write(named.Value, context))));

    /// <summary>A change a name.</summary>
    public override IEnumerable<FieldChange> Changes(string path, EquatableArray<Named<T>> left, EquatableArray<Named<T>> right, ReloadClass own) => left.Items
        .Except(right.Items)
        .Concat(right.Items.Except(left.Items))
        .Select(static named => named.Name)
        .Distinct(StringComparer.Ordinal)
        .Order(StringComparer.Ordinal)
        .Select(name => new FieldChange($"{path}.{name}", own));

    public override IEnumerable<SchemaRow> Describe(string path) => value.Describe($"{path}.NAME");

    /// <summary>Called for every entry as it is read, the faulty ones with what could be read of them.</summary>
    protected virtual void Note(BindContext context, string name, T element)
    {
    }
}
