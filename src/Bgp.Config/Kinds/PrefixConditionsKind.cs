using Bgp.Engine;
using Bgp.Protocol;

namespace Bgp.Config;

/// <summary>
/// Tests of a prefix: a set's name, a map such as <c>{in: 10.0.0.0/8, length: 24..28}</c>, or a list of these of which any may hold.
/// </summary>
internal sealed class PrefixConditionsKind : ValueKind<EquatableArray<PrefixCondition>>
{
    private const string Example = "{in: 10.0.0.0/8, length: 16..24}";

    private static readonly ReferenceKind SetName = new(NameSpace.PrefixSet, $"the name of a set, {Example}, or a list of these");

    private static readonly ValueKind<LengthRange> Length = new ScalarKind<LengthRange>(
        "lengths such as 24..28 or 24", static (ScalarNode node, out LengthRange value) => LengthRange.TryParse(node.Text, out value) ? null : "", static range => ScalarNode.String(range.ToString()));

    private static readonly SchemaTable<Term> Table = new(
        "a prefix condition",
        new Term(),
        [
            new Field<Term, IpPrefix?>("in", new OptionalValueKind<IpPrefix>(NetworkKinds.Prefix), t => t.In, (t, v) => t with { In = v })
            {
                Reload = ReloadClass.Refresh, Summary = "The prefix or a more specific one.",
            },
            new Field<Term, IpPrefix?>("equal", new OptionalValueKind<IpPrefix>(NetworkKinds.Prefix), t => t.Equal, (t, v) => t with { Equal = v })
            {
                Reload = ReloadClass.Refresh, Summary = "Exactly the prefix.",
            },
            new Field<Term, IpPrefix?>("notIn", new OptionalValueKind<IpPrefix>(NetworkKinds.Prefix), t => t.NotIn, (t, v) => t with { NotIn = v })
            {
                Reload = ReloadClass.Refresh, Summary = "Not `in`.",
            },
            new Field<Term, IpPrefix?>(
                "notEqual", new OptionalValueKind<IpPrefix>(NetworkKinds.Prefix), t => t.NotEqual, (t, v) => t with { NotEqual = v })
            {
                Reload = ReloadClass.Refresh, Summary = "Any other prefix.",
            },
            new Field<Term, LengthRange?>("length", new OptionalValueKind<LengthRange>(Length), t => t.Length, (t, v) => t with { Length = v })
            {
                Reload = ReloadClass.Refresh, Summary = "Bounds of the length, for `in` and `notIn`.",
            },
        ])
    {
        Check = CheckTerm,
    };

    private static readonly RecordKind<Term> TermKind = new(Table);

    public override string Expects => SetName.Expects;

    public override bool TryRead(ConfigNode node, BindContext context, out EquatableArray<PrefixCondition> value)
    {
        value = [];
        var before = context.Faults.Count;
        if (node is ListNode list)
        {
            if (list.Items.IsEmpty)
            {
                context.Faults.Add(node, $"is an empty list, which would hold for no route; write {Expects}, or leave it out");
            }

            value = list.Items.Select(item => ReadOne(item, context)).ToEquatableArray();
        }
        else
        {
            value = [ReadOne(node, context)];
        }

        return context.Faults.Count == before;
    }

    public override ConfigNode Write(EquatableArray<PrefixCondition> value, WriteContext context) =>
        value.Count == 1 ? WriteOne(value[0]) : ListNode.Of(value.Items.Select(WriteOne));

    /// <summary>One condition; on faults, which are then in the context, any.</summary>
    private static PrefixCondition ReadOne(ConfigNode node, BindContext context)
    {
        if (node is MapNode)
        {
            return TermKind.TryRead(node, context, out var term) ? term.ToCondition() : PrefixCondition.InSet("");
        }

        if (node is ScalarNode scalar && scalar.Text.Contains('/', StringComparison.Ordinal))
        {
            context.Faults.Add(node, $"is {node.Noun}; write {{in: PREFIX}} or {{equal: PREFIX}}");
            return PrefixCondition.InSet("");
        }

        SetName.TryRead(node, context, out var name);
        return PrefixCondition.InSet(name);
    }

    private static ConfigNode WriteOne(PrefixCondition condition) =>
        condition.Set is { } set ? ScalarNode.String(set) : MapNode.Of(Table.Write(Term.From(condition), Table.Defaults, WriteContext.Defaults));

    private static void CheckTerm(Term term, MapNode map, BindContext context)
    {
        var given = new[] { term.In, term.Equal, term.NotIn, term.NotEqual }.Count(static prefix => prefix is not null);
        if (given != 1)
        {
            context.Faults.Add(map, $"has {(given == 0 ? "none" : "more than one")} of in, equal, notIn and notEqual; write one, as in {Example}");
        }
        else if (term.Length is { } length)
        {
            var wrong = (term.In ?? term.NotIn) is { } prefix
                ? PolicyKinds.LengthFault(prefix, length)
                : "goes only with in and notIn; leave it out";
            if (wrong is not null)
            {
                context.Faults.Add(map.Find("length") ?? map, wrong);
            }
        }
    }

    /// <summary>A condition as it stands in the file, one of the prefixes given.</summary>
    private sealed record Term
    {
        public IpPrefix? In { get; init; }

        public IpPrefix? Equal { get; init; }

        public IpPrefix? NotIn { get; init; }

        public IpPrefix? NotEqual { get; init; }

        public LengthRange? Length { get; init; }

        public static Term From(PrefixCondition condition) => condition.Operator switch
        {
            PrefixOperator.In => new Term { In = condition.Prefix, Length = condition.Lengths },
            PrefixOperator.NotIn => new Term { NotIn = condition.Prefix, Length = condition.Lengths },
            PrefixOperator.Equal => new Term { Equal = condition.Prefix },
            _ => new Term { NotEqual = condition.Prefix },
        };

        public PrefixCondition ToCondition() =>
            In is { } inside ? new PrefixCondition(PrefixOperator.In, inside, Length, Set: null)
            : NotIn is { } outside ? new PrefixCondition(PrefixOperator.NotIn, outside, Length, Set: null)
            : Equal is { } same ? new PrefixCondition(PrefixOperator.Equal, same, Lengths: null, Set: null)
            : new PrefixCondition(PrefixOperator.NotEqual, NotEqual.GetValueOrDefault(), Lengths: null, Set: null);
    }
}
