namespace Bgp.Config;

/// <summary>The name of something that the file defines elsewhere; noted, and checked when the whole file is read.</summary>
internal sealed class ReferenceKind(NameSpace space, string expects) : ValueKind<string>
{
    public override string Expects => expects;

    public override bool TryRead(ConfigNode node, BindContext context, out string value)
    {
        value = "";
        if (node is not ScalarNode { IsNull: false } scalar || scalar.Text.Length == 0)
        {
            context.Faults.Add(node, $"is {node.Noun}; write {expects}");
            return false;
        }

        value = scalar.Text;
        context.Uses.Add((space, value, node));
        return true;
    }

    public override ConfigNode Write(string value, WriteContext context) => ScalarNode.String(value);
}
