using System.Collections.Immutable;
using System.Globalization;

namespace Bgp.Config;

/// <summary>One value, or a list of them.</summary>
/// <param name="item">The kind of each; its values are scalars.</param>
/// <param name="allowsNone">Whether the list may be empty; then one value is printed as a list too, so that a reader sees that it is one.</param>
/// <param name="most">The longest list.</param>
internal sealed class OneOrManyKind<T>(ValueKind<T> item, bool allowsNone = false, int most = int.MaxValue) : ValueKind<EquatableArray<T>>
{
    public override string Expects => $"{item.Expects}, or a list of these";

    public override bool TryRead(ConfigNode node, BindContext context, out EquatableArray<T> value)
    {
        if (node is not ListNode list)
        {
            var isRead = item.TryRead(node, context, out var one);
            value = [one];
            return isRead;
        }

        var before = context.Faults.Count;
        if (list.Items.IsEmpty && !allowsNone)
        {
            context.Faults.Add(node, $"is an empty list; write {Expects}, or leave it out");
        }

        if (list.Items.Length > most)
        {
            context.Faults.Add(node, string.Create(CultureInfo.InvariantCulture, $"is a list of {list.Items.Length}; write at most {most}"));
        }

        var items = ImmutableArray.CreateBuilder<T>(list.Items.Length);
        foreach (var element in list.Items)
        {
            if (item.TryRead(element, context, out var read))
            {
                items.Add(read);
            }
        }

        value = new EquatableArray<T>(items.DrainToImmutable());
        return context.Faults.Count == before;
    }

    public override ConfigNode Write(EquatableArray<T> value, WriteContext context) =>
        value.Count == 1 && !allowsNone ? item.Write(value[0], context) : ListNode.Of(value.Items.Select(element => item.Write(element, context)));
}
