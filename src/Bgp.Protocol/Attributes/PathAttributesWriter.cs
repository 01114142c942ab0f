using System.Buffers.Binary;
using System.Diagnostics;

namespace Bgp.Protocol;

/// <summary>
/// Composes canonical form (see <see cref="PathAttributes"/>). Attributes are appended in ascending order of type. What no longer fits is
/// not written and sets <see cref="HasOverflowed"/>: check it before the bytes are used. Community lists must be appended sorted, each
/// member once; <see cref="CommunityLists"/> does that in place.
/// </summary>
public ref struct PathAttributesWriter(Span<byte> destination)
{
    private readonly Span<byte> _destination = destination;
    private int _length;
    private int _last = -1;
    private int _open = -1;

    /// <summary>The canonical bytes so far.</summary>
    public readonly int Length => _length;

    /// <summary>Whether an attribute did not fit.</summary>
    public bool HasOverflowed { get; private set; }

    /// <summary>The canonical bytes so far.</summary>
    public readonly ReadOnlySpan<byte> Written => _destination[.._length];

    public void Append(AttributeType type, AttributeFlags flags, scoped ReadOnlySpan<byte> value)
    {
        if (TryBegin(type, flags, value.Length, out var target))
        {
            value.CopyTo(target);
            End(value.Length);
        }
    }

    /// <summary>Appends an attribute with the flags that its row gives.</summary>
    public void Append(AttributeType type, scoped ReadOnlySpan<byte> value) => Append(type, FlagsOf(type), value);

    public void AppendByte(AttributeType type, byte value) => Append(type, FlagsOf(type), [value]);

    public void AppendUInt32(AttributeType type, uint value)
    {
        Span<byte> bytes = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, value);
        Append(type, FlagsOf(type), bytes);
    }

    public void AppendUInt32(AttributeType type, AttributeFlags flags, uint value)
    {
        Span<byte> bytes = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, value);
        Append(type, flags, bytes);
    }

    /// <summary>Appends NEXT_HOP in 4 or 16 octets.</summary>
    public void AppendNextHop(IpAddress nextHop)
    {
        Span<byte> bytes = stackalloc byte[16];
        var length = nextHop.WriteTo(bytes);
        Append(AttributeType.NextHop, FlagsOf(AttributeType.NextHop), bytes[..length]);
    }

    /// <summary>Opens an attribute of at most <paramref name="maxLength"/> octets to be filled in place; <see cref="End"/> closes it.</summary>
    public bool TryBegin(AttributeType type, AttributeFlags flags, int maxLength, out Span<byte> value)
    {
        Debug.Assert((int)type > _last, "attributes are appended in ascending order of type");
        Debug.Assert(_open < 0, "one attribute at a time");
        if (HasOverflowed || maxLength > ushort.MaxValue || maxLength > _destination.Length - _length - PathAttributes.HeaderLength)
        {
            HasOverflowed = true;
            value = default;
            return false;
        }

        _open = _length;
        _last = (int)type;
        _destination[_length] = (byte)type;
        _destination[_length + 1] = (byte)(flags & ~AttributeFlags.ExtendedLength);
        value = _destination.Slice(_length + PathAttributes.HeaderLength, maxLength);
        return true;
    }

    /// <summary>Closes the attribute that <see cref="TryBegin"/> opened, with the octets really used.</summary>
    public void End(int length)
    {
        Debug.Assert(_open >= 0, "an attribute is open");
        BinaryPrimitives.WriteUInt16BigEndian(_destination[(_open + 2)..], (ushort)length);
        _length = _open + PathAttributes.HeaderLength + length;
        _open = -1;
    }

    /// <summary>
    /// Writes a four-octet AS_PATH value with <paramref name="asn"/> put <paramref name="count"/> times in front and returns its length
    /// (RFC 4271 §5.1.2): into the first segment while that is a sequence with room, else into new segments.
    /// </summary>
    /// <param name="asPathValue">A canonical AS_PATH value; may be empty.</param>
    /// <param name="asn">The number to prepend.</param>
    /// <param name="count">How often; 0 copies.</param>
    /// <param name="destination">Must not overlap the source; room for the value, four octets for each number and two for each new segment.</param>
    public static int PrependAsPath(ReadOnlySpan<byte> asPathValue, Asn asn, int count, Span<byte> destination) =>
        AsPathCodec.Prepend(asPathValue, AsPathSegmentType.AsSequence, asn, count, destination);

    /// <summary>As <see cref="PrependAsPath"/>, into an AS_CONFED_SEQUENCE: what a speaker does towards another member AS (RFC 5065 §4.1).</summary>
    public static int PrependConfederation(ReadOnlySpan<byte> asPathValue, Asn memberAs, Span<byte> destination) =>
        AsPathCodec.Prepend(asPathValue, AsPathSegmentType.AsConfedSequence, memberAs, 1, destination);

    private static AttributeFlags FlagsOf(AttributeType type) =>
        AttributeTable.Find(type)?.Flags ?? (AttributeFlags.Optional | AttributeFlags.Transitive | AttributeFlags.Partial);
}
