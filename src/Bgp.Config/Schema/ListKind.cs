using System.Collections.Immutable;

namespace Bgp.Config;

/// <summary>A list of values of one kind; nothing at all is the empty list.</summary>
/// <param name="item">The kind of each element.</param>
/// <param name="identity">What must differ between elements, and how a fault says so; <c>null</c> allows repetition.</param>
/// <param name="isIdentified">Whether the identity of a faulty element could be read.</param>
internal sealed class ListKind<T>(ValueKind<T> item, Func<T, string>? identity = null, Func<ConfigNode, BindContext, bool>? isIdentified = null) : ValueKind<EquatableArray<T>>
{
    public override string Expects => $"a list, each {item.Expects}";

    public override bool TryRead(ConfigNode node, BindContext context, out EquatableArray<T> value)
    {
        value = [];
        if (node.IsNull)
        {
            return true;
        }

        if (node is not ListNode list)
        {
            context.Faults.Add(node, $"is {node.Noun}; write {Expects}");
            return false;
        }

        var before = context.Faults.Count;
        var items = ImmutableArray.CreateBuilder<T>(list.Items.Length);
        var seen = new Dictionary<string, ConfigNode>(StringComparer.Ordinal);
        foreach (var element in list.Items)
        {
            if (!item.TryRead(element, context, out var read) && isIdentified?.Invoke(element, context) != true)
            {
                continue;
            }

            if (identity is not null && !seen.TryAdd(identity(read), element))
            {
                context.Faults.AddBeside(element.At, element.Path, $"repeats {identity(read)}, which {seen[identity(read)].Path} in line {seen[identity(read)].At.Line} already has; leave one out");
            }

            items.Add(read);
        }

        value = new EquatableArray<T>(items.DrainToImmutable());
        return context.Faults.Count == before;
    }

    public override ConfigNode Write(EquatableArray<T> value, WriteContext context) => ListNode.Of(value.Items.Select(element => item.Write(element, context)));

    public override IEnumerable<SchemaRow> Describe(string path) => item.Describe($"{path}[]");
}
