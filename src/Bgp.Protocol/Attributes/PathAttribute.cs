namespace Bgp.Protocol;

/// <summary>One attribute of a canonical set.</summary>
public readonly ref struct PathAttribute(AttributeType type, AttributeFlags flags, ReadOnlySpan<byte> value)
{
    public AttributeType Type { get; } = type;

    /// <summary>Optional, Transitive and Partial.</summary>
    public AttributeFlags Flags { get; } = flags;

    public ReadOnlySpan<byte> Value { get; } = value;
}
