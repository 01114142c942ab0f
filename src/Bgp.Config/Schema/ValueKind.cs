namespace Bgp.Config;

/// <summary>
/// What values a field takes: how a node becomes one, and how one is printed. Reading back what is printed gives the same value.
/// </summary>
internal abstract class ValueKind<T>
{
    /// <summary>For faults and the reference: "a duration such as 90s".</summary>
    public abstract string Expects { get; }

    /// <summary>Whether a value of which only a part could be read is of use: the rest has its defaults.</summary>
    public virtual bool KeepsParts => false;

    /// <summary>Reads a node; false, with at least one fault added, when it is none of this kind.</summary>
    public abstract bool TryRead(ConfigNode node, BindContext context, out T value);

    public abstract ConfigNode Write(T value, WriteContext context);

    /// <summary>What differs between two values that are not the same: the field itself, or the fields inside where they have reload classes of their own.</summary>
    /// <param name="path">Of the field.</param>
    /// <param name="left">The value before.</param>
    /// <param name="right">The value after.</param>
    /// <param name="own">What a change of the field as a whole does.</param>
    public virtual IEnumerable<FieldChange> Changes(string path, T left, T right, ReloadClass own) => [new FieldChange(path, own)];

    /// <summary>The fields inside, for the reference; none for a plain value.</summary>
    public virtual IEnumerable<SchemaRow> Describe(string path) => [];
}
