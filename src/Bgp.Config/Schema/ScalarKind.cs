namespace Bgp.Config;

/// <summary>A kind whose values are single scalars.</summary>
/// <param name="expects">For faults: what would be right.</param>
/// <param name="parse">Reads the text; returns <c>null</c>, or what is wrong beyond "not what is expected".</param>
/// <param name="write">Prints a value.</param>
internal sealed class ScalarKind<T>(string expects, ScalarParser<T> parse, Func<T, ScalarNode> write) : ValueKind<T>
{
    public override string Expects => expects;

    public override bool TryRead(ConfigNode node, BindContext context, out T value)
    {
        value = default!;
        if (node is not ScalarNode { IsNull: false } scalar)
        {
            context.Faults.Add(node, $"is {node.Noun}; write {expects}");
            return false;
        }

        var wrong = parse(scalar, out value);
        if (wrong is not null)
        {
            context.Faults.Add(node, wrong.Length == 0 ? $"is {node.Noun}; write {expects}" : $"{wrong}; write {expects}");
        }

        return wrong is null;
    }

    public override ConfigNode Write(T value, WriteContext context) => write(value);
}

/// <summary>
/// Reads a scalar: <c>null</c> when it is fine, the empty string when it is simply something else, else what is wrong with it.
/// </summary>
internal delegate string? ScalarParser<T>(ScalarNode scalar, out T value);
