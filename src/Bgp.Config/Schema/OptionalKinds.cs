namespace Bgp.Config;

/// <summary>A value type or <c>null</c>.</summary>
internal sealed class OptionalValueKind<T>(ValueKind<T> inner) : ValueKind<T?>
    where T : struct
{
    public override string Expects => inner.Expects;

    public override bool TryRead(ConfigNode node, BindContext context, out T? value)
    {
        value = null;
        if (node.IsNull)
        {
            return true;
        }

        var isRead = inner.TryRead(node, context, out var read);
        value = isRead ? read : null;
        return isRead;
    }

    public override ConfigNode Write(T? value, WriteContext context) => value is { } present ? inner.Write(present, context) : ScalarNode.Null;

    public override IEnumerable<FieldChange> Changes(string path, T? left, T? right, ReloadClass own) =>
        left is { } before && right is { } after ? inner.Changes(path, before, after, own) : base.Changes(path, left, right, own);

    public override IEnumerable<SchemaRow> Describe(string path) => inner.Describe(path);
}

/// <summary>A reference type or <c>null</c>.</summary>
internal sealed class OptionalKind<T>(ValueKind<T> inner) : ValueKind<T?>
    where T : class
{
    public override string Expects => inner.Expects;

    public override bool TryRead(ConfigNode node, BindContext context, out T? value)
    {
        value = null;
        if (node.IsNull)
        {
            return true;
        }

        var isRead = inner.TryRead(node, context, out var read);
        value = isRead ? read : null;
        return isRead;
    }

    public override ConfigNode Write(T? value, WriteContext context) => value is null ? ScalarNode.Null : inner.Write(value, context);

    public override IEnumerable<FieldChange> Changes(string path, T? left, T? right, ReloadClass own) =>
        left is { } before && right is { } after ? inner.Changes(path, before, after, own) : base.Changes(path, left, right, own);

    public override IEnumerable<SchemaRow> Describe(string path) => inner.Describe(path);
}
