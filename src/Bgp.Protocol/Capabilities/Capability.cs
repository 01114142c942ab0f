namespace Bgp.Protocol;

/// <summary>One capability as it stands on the wire (RFC 5492 §4): code, and a value of at most 255 octets.</summary>
public readonly record struct Capability(CapabilityCode Code, ReadOnlyMemory<byte> Value)
{
    /// <summary>Code, length and value in octets.</summary>
    public int WireLength => 2 + Value.Length;

    public bool Equals(Capability other) => Code == other.Code && Value.Span.SequenceEqual(other.Value.Span);

    public override int GetHashCode() => ((int)Code << 8) | (byte)Value.Length;
}
