namespace Bgp.Protocol;

/// <summary>The Attribute Flags octet (RFC 4271 §4.3).</summary>
[Flags]
public enum AttributeFlags : byte
{
    /// <summary>No flag: no attribute has none, well-known ones are transitive.</summary>
    None = 0,
    ExtendedLength = 0x10,
    Partial = 0x20,
    Transitive = 0x40,
    Optional = 0x80,
}
