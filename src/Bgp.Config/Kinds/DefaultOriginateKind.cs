using Bgp.Protocol;

namespace Bgp.Config;

/// <summary><c>true</c>, <c>false</c>, or <c>{ifPresent: PREFIX}</c>.</summary>
internal sealed class DefaultOriginateKind : ValueKind<DefaultOriginate?>
{
    private static readonly RecordKind<DefaultOriginate> WithCondition = new(new SchemaTable<DefaultOriginate>(
        "defaultOriginate",
        new DefaultOriginate(IfPresent: null),
        [
            new Field<DefaultOriginate, IpPrefix?>(
                "ifPresent", new OptionalValueKind<IpPrefix>(NetworkKinds.Prefix), d => d.IfPresent, (d, v) => d with { IfPresent = v })
            {
                Required = true, Reload = ReloadClass.Refresh, Summary = "Only while there is a best route of exactly this prefix, of either family.",
            },
        ]));

    public override string Expects => "true, false or {ifPresent: PREFIX}";

    public override bool TryRead(ConfigNode node, BindContext context, out DefaultOriginate? value)
    {
        value = null;
        if (node is MapNode)
        {
            var isRead = WithCondition.TryRead(node, context, out var read);
            value = read;
            return isRead;
        }

        if (node is not ScalarNode { IsNull: false })
        {
            context.Faults.Add(node, $"is {node.Noun}; write {Expects}");
            return false;
        }

        if (!Kinds.Bool.TryRead(node, context, out var isOn))
        {
            return false;
        }

        value = isOn ? new DefaultOriginate(IfPresent: null) : null;
        return true;
    }

    public override ConfigNode Write(DefaultOriginate? value, WriteContext context) => value switch
    {
        null => ScalarNode.Literal("false"),
        { IfPresent: null } => ScalarNode.Literal("true"),
        _ => WithCondition.Write(value, context),
    };

    public override IEnumerable<SchemaRow> Describe(string path) => WithCondition.Describe(path);
}
