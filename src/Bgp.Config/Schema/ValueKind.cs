namespace Bgp.Config;

/// <summary>
/// What values a field takes: how a node becomes one, and how one is printed. Reading back what is printed gives the same value.
/// </summary>
internal abstract class ValueKind<T>
{
    /// <summary>For faults and the reference: "a duration such as 90s".</summary>
    public abstract string Expects { get; }

    /// <summary>Reads a node; false, with at least one fault added, when it is none of this kind.</summary>
    public abstract bool TryRead(ConfigNode node, BindContext context, out T value);

    public abstract ConfigNode Write(T value, WriteContext context);

    /// <summary>The fields inside, for the reference; none for a plain value.</summary>
    public virtual IEnumerable<SchemaRow> Describe(string path) => [];
}
