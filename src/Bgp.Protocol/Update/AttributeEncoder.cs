using System.Buffers.Binary;

namespace Bgp.Protocol;

/// <summary>
/// A canonical set to an attribute section of the wire, but for MP_REACH_NLRI: the mirror of <see cref="UpdateDecoder.Canonicalize"/>. To
/// speakers of two-octet AS numbers AS_PATH and AGGREGATOR go with AS_TRANS, and with AS4_PATH and AS4_AGGREGATOR where they lose something
/// (RFC 6793 §4.2.2). Extended Length is set only where needed. Ascending order (RFC 4271 §5).
/// </summary>
internal ref struct AttributeEncoder(Span<byte> destination, CodecProfile profile)
{
    private readonly Span<byte> _destination = destination;
    private readonly CodecProfile _profile = profile;

    public int Length { get; private set; }

    /// <summary>Writes all attributes; false where they do not fit.</summary>
    public bool TryEncode(ReadOnlySpan<byte> canonical, bool includeNextHop)
    {
        scoped ReadOnlySpan<byte> as4Path = default;
        scoped ReadOnlySpan<byte> as4Aggregator = default;
        foreach (var attribute in new PathAttributes(canonical))
        {
            if (attribute.Type > AttributeType.As4Path)
            {
                if (!TryEncodeAs4(as4Path, as4Aggregator))
                {
                    return false;
                }

                as4Path = default;
                as4Aggregator = default;
            }

            bool hasRoom;
            if (attribute.Type == AttributeType.AsPath && !_profile.FourOctetAs)
            {
                as4Path = AsPathCodec.NeedsFourOctets(attribute.Value) ? attribute.Value : default;
                hasRoom = TryEncodeNarrowPath(attribute);
            }
            else if (attribute.Type == AttributeType.Aggregator && !_profile.FourOctetAs)
            {
                as4Aggregator = BinaryPrimitives.ReadUInt32BigEndian(attribute.Value) > ushort.MaxValue ? attribute.Value : default;
                hasRoom = TryEncodeNarrowAggregator(attribute);
            }
            else
            {
                hasRoom = (attribute.Type == AttributeType.NextHop && !includeNextHop)
                    || TryEncode(attribute.Type, attribute.Flags, attribute.Value);
            }

            if (!hasRoom)
            {
                return false;
            }
        }

        return TryEncodeAs4(as4Path, as4Aggregator);
    }

    private bool TryEncodeAs4(scoped ReadOnlySpan<byte> as4Path, scoped ReadOnlySpan<byte> as4Aggregator)
    {
        const AttributeFlags Flags = AttributeFlags.Optional | AttributeFlags.Transitive;
        var as4PathLength = AsPathCodec.LengthWithoutConfederation(as4Path);
        if (as4PathLength != 0)
        {
            if (!TryBegin(AttributeType.As4Path, Flags, as4PathLength, out var target))
            {
                return false;
            }

            AsPathCodec.WriteWithoutConfederation(as4Path, target);
        }

        return as4Aggregator.IsEmpty || TryEncode(AttributeType.As4Aggregator, Flags, as4Aggregator);
    }

    private bool TryEncodeNarrowPath(scoped PathAttribute attribute)
    {
        if (!TryBegin(attribute.Type, attribute.Flags, AsPathCodec.NarrowedLength(attribute.Value), out var target))
        {
            return false;
        }

        AsPathCodec.Narrow(attribute.Value, target);
        return true;
    }

    private bool TryEncodeNarrowAggregator(scoped PathAttribute attribute)
    {
        if (!TryBegin(attribute.Type, attribute.Flags, 6, out var target))
        {
            return false;
        }

        BinaryPrimitives.WriteUInt16BigEndian(target, new Asn(BinaryPrimitives.ReadUInt32BigEndian(attribute.Value)).ToTwoOctets());
        attribute.Value[4..].CopyTo(target[2..]);
        return true;
    }

    private bool TryEncode(AttributeType type, AttributeFlags flags, scoped ReadOnlySpan<byte> value)
    {
        if (!TryBegin(type, flags, value.Length, out var target))
        {
            return false;
        }

        value.CopyTo(target);
        return true;
    }

    private bool TryBegin(AttributeType type, AttributeFlags flags, int length, out Span<byte> value)
    {
        var isExtended = length > byte.MaxValue;
        var headerLength = isExtended ? 4 : 3;
        if (headerLength + length > _destination.Length - Length)
        {
            value = default;
            return false;
        }

        var header = _destination[Length..];
        header[0] = (byte)(isExtended ? flags | AttributeFlags.ExtendedLength : flags);
        header[1] = (byte)type;
        if (isExtended)
        {
            BinaryPrimitives.WriteUInt16BigEndian(header[2..], (ushort)length);
        }
        else
        {
            header[2] = (byte)length;
        }

        value = header.Slice(headerLength, length);
        Length += headerLength + length;
        return true;
    }
}
