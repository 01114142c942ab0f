using System.Buffers.Binary;
using System.Diagnostics;

namespace Bgp.Protocol;

/// <summary>
/// UPDATE out, one message at a time into the caller's buffer: begin, add prefixes until it is full, finish. Called by the packer of an update
/// group. IPv4 with a 4-octet next hop goes into the classic fields; IPv6, and IPv4 with an IPv6 next hop (RFC 8950), go into MP_REACH_NLRI,
/// which is the first attribute (RFC 7606 §5.1); withdrawals of IPv4 into Withdrawn Routes, of IPv6 into MP_UNREACH_NLRI. What
/// stands in the canonical set is written as it is: which attributes a peer is sent is the engine's business.
/// </summary>
/// <param name="buffer">At least <see cref="CodecProfile.MaxMessageLength"/> octets; the caller's, and used until <see cref="Finish"/>.</param>
/// <param name="profile">The sending direction.</param>
public ref struct UpdateBuilder(Span<byte> buffer, CodecProfile profile)
{
    private const int BodyStart = BgpConstants.HeaderLength;
    private const int LengthFieldSize = 2;
    private const int MpHeaderLength = 4; // flags, type and an extended length; Finish takes the spare octet out
    private const int MpStart = BodyStart + (2 * LengthFieldSize);
    private const int FamilyLength = 3;

    private readonly Span<byte> _buffer = buffer[..profile.MaxMessageLength];
    private readonly CodecProfile _profile = profile;
    private Layout _layout;
    private bool _addPath;
    private int _start; // where the prefixes start
    private int _position; // where the next prefix goes
    private int _limit; // where prefixes must end
    private int _attributesLength; // of the attributes that wait at the end of the buffer, with MP_REACH_NLRI

    private enum Layout : byte
    {
        None,
        ClassicReach,
        ClassicWithdraw,
        MpReach,
        MpUnreach,
    }

    /// <summary>How many prefixes the message has so far.</summary>
    public int Count { get; private set; }

    /// <summary>Starts an announcement. False where the attributes leave no room for one prefix: then no message can carry them.</summary>
    public bool BeginReach(AddressFamily family, ReadOnlySpan<byte> canonicalAttributes)
    {
        new PathAttributes(canonicalAttributes).TryGet(AttributeType.NextHop, out var nextHop);
        Debug.Assert(nextHop.Length is NextHops.Ipv4Length or NextHops.Ipv6Length or NextHops.Ipv6PairLength, "an announcement has a next hop");
        var isClassic = family == AddressFamily.Ipv4Unicast && nextHop.Length == NextHops.Ipv4Length;
        Reset(isClassic ? Layout.ClassicReach : Layout.MpReach, family);
        var encoder = new AttributeEncoder(_buffer[MpStart..], _profile);
        if (!encoder.TryEncode(canonicalAttributes, includeNextHop: isClassic))
        {
            _layout = Layout.None;
            return false;
        }

        if (isClassic)
        {
            BinaryPrimitives.WriteUInt16BigEndian(_buffer[BodyStart..], 0);
            BinaryPrimitives.WriteUInt16BigEndian(_buffer[(BodyStart + LengthFieldSize)..], (ushort)encoder.Length);
            StartAt(MpStart + encoder.Length, _buffer.Length);
        }
        else
        {
            _attributesLength = encoder.Length;
            var limit = _buffer.Length - encoder.Length;
            var valueStart = MpStart + MpHeaderLength;
            if (valueStart + FamilyLength + 1 + nextHop.Length + 1 > limit)
            {
                _layout = Layout.None;
                return false;
            }

            // The prefixes grow towards the other attributes, which wait at the end.
            _buffer.Slice(MpStart, encoder.Length).CopyTo(_buffer[limit..]);
            WriteFamily(_buffer[valueStart..], family);
            _buffer[valueStart + FamilyLength] = (byte)nextHop.Length;
            nextHop.CopyTo(_buffer[(valueStart + FamilyLength + 1)..]);
            _buffer[valueStart + FamilyLength + 1 + nextHop.Length] = 0; // Reserved
            StartAt(valueStart + FamilyLength + 1 + nextHop.Length + 1, limit);
        }

        var longestPrefix = (_addPath ? 4 : 0) + 1 + (family.Afi == Afi.Ipv6 ? 16 : 4);
        if (_limit - _start < longestPrefix)
        {
            _layout = Layout.None;
            return false;
        }

        return true;
    }

    /// <summary>Starts a withdrawal.</summary>
    public void BeginWithdraw(AddressFamily family)
    {
        if (family == AddressFamily.Ipv4Unicast)
        {
            Reset(Layout.ClassicWithdraw, family);
            StartAt(BodyStart + LengthFieldSize, _buffer.Length - LengthFieldSize);
            return;
        }

        Reset(Layout.MpUnreach, family);
        WriteFamily(_buffer[(MpStart + MpHeaderLength)..], family);
        StartAt(MpStart + MpHeaderLength + FamilyLength, _buffer.Length);
    }

    /// <summary>Adds a prefix; false when the message is full: finish it and begin the next.</summary>
    public bool TryAdd(in IpPrefix prefix, PathId pathId)
    {
        var address = prefix.Address;
        return address.IsV4
            ? TryAddV4(address.V4Bits, prefix.Length, pathId)
            : TryAddV6(address.High, address.Low, prefix.Length, pathId);
    }

    /// <summary>Adds an IPv4 prefix, given as 32 bits in host order with none set past the length.</summary>
    public bool TryAddV4(uint bits, byte length, PathId pathId)
    {
        var octets = (length + 7) >> 3;
        if (!TryBeginPrefix(length, octets, pathId, out var target))
        {
            return false;
        }

        if (target.Length >= 4)
        {
            BinaryPrimitives.WriteUInt32BigEndian(target, bits); // what goes past the prefix is written over or not sent
        }
        else
        {
            for (var i = 0; i < octets; i++)
            {
                target[i] = (byte)(bits >> (24 - (8 * i)));
            }
        }

        return true;
    }

    /// <summary>Adds an IPv6 prefix, given as two halves in host order with no bit set past the length.</summary>
    public bool TryAddV6(ulong high, ulong low, byte length, PathId pathId)
    {
        var octets = (length + 7) >> 3;
        if (!TryBeginPrefix(length, octets, pathId, out var target))
        {
            return false;
        }

        if (target.Length >= 16)
        {
            BinaryPrimitives.WriteUInt64BigEndian(target, high);
            BinaryPrimitives.WriteUInt64BigEndian(target[8..], low);
        }
        else
        {
            Span<byte> padded = stackalloc byte[16];
            BinaryPrimitives.WriteUInt64BigEndian(padded, high);
            BinaryPrimitives.WriteUInt64BigEndian(padded[8..], low);
            padded[..octets].CopyTo(target);
        }

        return true;
    }

    /// <summary>Patches the lengths and returns the message's, which is 0 where no prefix was added. Begin starts the next message in the same buffer.</summary>
    public int Finish()
    {
        var layout = Count == 0 ? Layout.None : _layout;
        var length = layout switch
        {
            Layout.ClassicReach => _position,
            Layout.ClassicWithdraw => FinishWithdraw(),
            Layout.MpReach => FinishMp(AttributeType.MpReach),
            Layout.MpUnreach => FinishMp(AttributeType.MpUnreach),
            _ => 0,
        };
        if (length != 0)
        {
            MessageHeader.Write(_buffer, MessageType.Update, length);
        }

        _layout = Layout.None;
        Count = 0;
        return length;
    }

    /// <summary>Writes the End-of-RIB marker of a family (RFC 4724 §2) and returns its length, at most 29.</summary>
    public static int WriteEndOfRib(Span<byte> destination, AddressFamily family)
    {
        var attributesLength = family == AddressFamily.Ipv4Unicast ? 0 : 3 + FamilyLength;
        var length = MpStart + attributesLength;
        MessageHeader.Write(destination, MessageType.Update, length);
        BinaryPrimitives.WriteUInt16BigEndian(destination[BodyStart..], 0);
        BinaryPrimitives.WriteUInt16BigEndian(destination[(BodyStart + LengthFieldSize)..], (ushort)attributesLength);
        if (attributesLength != 0)
        {
            destination[MpStart] = (byte)AttributeFlags.Optional;
            destination[MpStart + 1] = (byte)AttributeType.MpUnreach;
            destination[MpStart + 2] = FamilyLength;
            WriteFamily(destination[(MpStart + 3)..], family);
        }

        return length;
    }

    private static void WriteFamily(Span<byte> destination, AddressFamily family)
    {
        BinaryPrimitives.WriteUInt16BigEndian(destination, (ushort)family.Afi);
        destination[2] = (byte)family.Safi;
    }

    private void Reset(Layout layout, AddressFamily family)
    {
        Debug.Assert(Count == 0, "the last message was finished");
        _layout = layout;
        _addPath = _profile.AddPath(family);
        _attributesLength = 0;
        Count = 0;
    }

    private void StartAt(int start, int limit)
    {
        _start = start;
        _position = start;
        _limit = limit;
    }

    /// <summary>Writes path identifier and length, and gives all the room that is left from where the prefix's octets go.</summary>
    private bool TryBeginPrefix(byte length, int octets, PathId pathId, out Span<byte> target)
    {
        Debug.Assert(_layout != Layout.None, "a message is open");
        var headLength = _addPath ? 5 : 1;
        if (headLength + octets > _limit - _position)
        {
            target = default;
            return false;
        }

        if (_addPath)
        {
            BinaryPrimitives.WriteUInt32BigEndian(_buffer[_position..], pathId.Value);
        }

        _buffer[_position + headLength - 1] = length;
        target = _buffer[(_position + headLength).._limit];
        _position += headLength + octets;
        Count++;
        return true;
    }

    private readonly int FinishWithdraw()
    {
        BinaryPrimitives.WriteUInt16BigEndian(_buffer[BodyStart..], (ushort)(_position - _start));
        BinaryPrimitives.WriteUInt16BigEndian(_buffer[_position..], 0);
        return _position + LengthFieldSize;
    }

    private int FinishMp(AttributeType type)
    {
        var value = _buffer[(MpStart + MpHeaderLength).._position];
        var isExtended = value.Length > byte.MaxValue;
        _buffer[MpStart] = (byte)(AttributeFlags.Optional | (isExtended ? AttributeFlags.ExtendedLength : AttributeFlags.None));
        _buffer[MpStart + 1] = (byte)type;
        if (isExtended)
        {
            BinaryPrimitives.WriteUInt16BigEndian(_buffer[(MpStart + 2)..], (ushort)value.Length);
        }
        else
        {
            _buffer[MpStart + 2] = (byte)value.Length;
            value.CopyTo(_buffer[(MpStart + 3)..]);
            _position--;
        }

        if (_attributesLength != 0)
        {
            _buffer[(_buffer.Length - _attributesLength)..].CopyTo(_buffer[_position..]);
            _position += _attributesLength;
        }

        BinaryPrimitives.WriteUInt16BigEndian(_buffer[BodyStart..], 0);
        BinaryPrimitives.WriteUInt16BigEndian(_buffer[(BodyStart + LengthFieldSize)..], (ushort)(_position - MpStart));
        return _position;
    }
}
