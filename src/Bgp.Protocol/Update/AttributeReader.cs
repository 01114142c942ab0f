using System.Buffers.Binary;

namespace Bgp.Protocol;

/// <summary>Walks an attribute section as it stands on the wire: flags (1), type (1), length (1 or 2), value.</summary>
internal ref struct AttributeReader(ReadOnlySpan<byte> section)
{
    private readonly ReadOnlySpan<byte> _section = section;

    /// <summary>Where the next attribute starts; what is malformed starts here.</summary>
    public int Position { get; private set; }

    /// <summary>Whether the walk ended because the next attribute goes past the end of the section (RFC 7606 §4).</summary>
    public bool IsTruncated { get; private set; }

    public bool TryRead(out AttributeType type, out AttributeFlags flags, out ReadOnlySpan<byte> value)
    {
        var rest = _section[Position..];
        type = AttributeType.None;
        flags = AttributeFlags.None;
        value = default;
        if (rest.IsEmpty)
        {
            return false;
        }

        var headerLength = (rest[0] & (byte)AttributeFlags.ExtendedLength) != 0 ? 4 : 3;
        if (rest.Length < headerLength)
        {
            IsTruncated = true;
            return false;
        }

        flags = (AttributeFlags)rest[0];
        type = (AttributeType)rest[1];
        int length = headerLength == 4 ? BinaryPrimitives.ReadUInt16BigEndian(rest[2..]) : rest[2];
        if (length > rest.Length - headerLength)
        {
            IsTruncated = true;
            return false;
        }

        value = rest.Slice(headerLength, length);
        Position += headerLength + length;
        return true;
    }
}
