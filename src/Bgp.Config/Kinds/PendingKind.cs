namespace Bgp.Config;

/// <summary>A value that is kept as it stands, as JSON: for fields that this build knows by name only.</summary>
internal sealed class PendingKind : ValueKind<string?>
{
    public override string Expects => "anything";

    public override bool TryRead(ConfigNode node, BindContext context, out string? value)
    {
        value = node.IsNull ? null : JsonRenderer.Render(node, indented: false);
        return true;
    }

    public override ConfigNode Write(string? value, WriteContext context) =>
        value is null ? ScalarNode.Null : DocumentReader.Read(value, new FaultList("")) ?? ScalarNode.Null;
}
