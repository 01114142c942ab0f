using System.Buffers.Binary;

namespace Bgp.Protocol;

/// <summary>
/// Reads an attribute set in canonical form in place. Canonical form is what is interned, so that equal sets are equal bytes: attributes
/// by ascending type, each once, as type (1), flags (1, never Extended Length), length (2, network order), value. AS_PATH and AGGREGATOR
/// are of four octets and AS4_PATH and AS4_AGGREGATOR merged into them; NEXT_HOP holds the next hop of whichever kind in 4, 16 or 32
/// octets; there is no MP_REACH_NLRI or MP_UNREACH_NLRI; community lists are sorted, each member once. Only bytes from
/// <see cref="UpdateDecoder.Canonicalize"/> or <see cref="PathAttributesWriter"/> may be read: lengths are not checked again.
/// </summary>
public readonly ref struct PathAttributes(ReadOnlySpan<byte> canonical)
{
    internal const int HeaderLength = 4;

    /// <summary>The canonical bytes.</summary>
    public ReadOnlySpan<byte> Canonical { get; } = canonical;

    public Origin Origin => TryGet(AttributeType.Origin, out var value) ? (Origin)value[0] : Origin.Incomplete;

    public AsPathView AsPath => new(Value(AttributeType.AsPath));

    /// <summary>MULTI_EXIT_DISC; null where absent.</summary>
    public uint? Med => UInt32(AttributeType.MultiExitDisc);

    /// <summary>LOCAL_PREF; null where absent.</summary>
    public uint? LocalPref => UInt32(AttributeType.LocalPref);

    public bool AtomicAggregate => TryGet(AttributeType.AtomicAggregate, out _);

    /// <summary>AGGREGATOR: the AS and the address of the aggregating speaker; null where absent.</summary>
    public (Asn Asn, IpAddress Address)? Aggregator => TryGet(AttributeType.Aggregator, out var value)
        ? (new Asn(BinaryPrimitives.ReadUInt32BigEndian(value)), IpAddress.FromBytes(value[4..]))
        : null;

    /// <summary>The next hop to use: the global address where there are two; <see cref="IpAddress.None"/> where absent.</summary>
    public IpAddress NextHop
    {
        get
        {
            var value = Value(AttributeType.NextHop);
            return value.Length == 32 ? IpAddress.FromBytes(value[..16]) : value.IsEmpty ? IpAddress.None : IpAddress.FromBytes(value);
        }
    }

    /// <summary>The link-local next hop (RFC 2545 §3), also where it is the only one; else <see cref="IpAddress.None"/>.</summary>
    public IpAddress LinkLocalNextHop
    {
        get
        {
            var value = Value(AttributeType.NextHop);
            if (value.Length < 16)
            {
                return IpAddress.None;
            }

            var last = IpAddress.FromBytes(value[^16..]);
            return last.IsLinkLocal ? last : IpAddress.None;
        }
    }

    /// <summary>ORIGINATOR_ID (RFC 4456 §8); null where absent.</summary>
    public RouterId? OriginatorId => UInt32(AttributeType.OriginatorId) is { } value ? new RouterId(value) : null;

    public ClusterListView ClusterList => new(Value(AttributeType.ClusterList));

    public CommunityView Communities => new(Value(AttributeType.Communities));

    public ExtendedCommunityView ExtendedCommunities => new(Value(AttributeType.ExtendedCommunities));

    public LargeCommunityView LargeCommunities => new(Value(AttributeType.LargeCommunities));

    /// <summary>ONLY_TO_CUSTOMER (RFC 9234 §5); null where absent.</summary>
    public Asn? OnlyToCustomer => UInt32(AttributeType.OnlyToCustomer) is { } value ? new Asn(value) : null;

    public bool TryGet(AttributeType type, out ReadOnlySpan<byte> value) => TryGet(type, out value, out _);

    public bool TryGet(AttributeType type, out ReadOnlySpan<byte> value, out AttributeFlags flags)
    {
        var rest = Canonical;
        while (!rest.IsEmpty && rest[0] <= (byte)type)
        {
            var length = BinaryPrimitives.ReadUInt16BigEndian(rest[2..]);
            if (rest[0] == (byte)type)
            {
                flags = (AttributeFlags)rest[1];
                value = rest.Slice(HeaderLength, length);
                return true;
            }

            rest = rest[(HeaderLength + length)..];
        }

        flags = AttributeFlags.None;
        value = default;
        return false;
    }

    public Enumerator GetEnumerator() => new(Canonical);

    private ReadOnlySpan<byte> Value(AttributeType type) => TryGet(type, out var value) ? value : default;

    private uint? UInt32(AttributeType type) => TryGet(type, out var value) ? BinaryPrimitives.ReadUInt32BigEndian(value) : null;

    /// <summary>Walks the attributes by ascending type.</summary>
    public ref struct Enumerator
    {
        private ReadOnlySpan<byte> _rest;
        private PathAttribute _current;

        internal Enumerator(ReadOnlySpan<byte> canonical) => _rest = canonical;

        public readonly PathAttribute Current => _current;

        public bool MoveNext()
        {
            if (_rest.IsEmpty)
            {
                return false;
            }

            var length = BinaryPrimitives.ReadUInt16BigEndian(_rest[2..]);
            _current = new PathAttribute((AttributeType)_rest[0], (AttributeFlags)_rest[1], _rest.Slice(HeaderLength, length));
            _rest = _rest[(HeaderLength + length)..];
            return true;
        }
    }
}
