using System.Buffers.Binary;

namespace Bgp.Protocol;

/// <summary>
/// Reads prefixes as RFC 4271 §4.3 has them, with RFC 7911's path identifier where that is in use: Path Identifier (4), Length in bits (1),
/// Prefix in as many octets as that needs. Bits past the length are cleared. A length over the family's, or one that goes past the end, is malformed.
/// </summary>
public ref struct NlriReader(ReadOnlySpan<byte> nlri, AddressFamily family, bool addPath)
{
    private const int PathIdLength = 4;

    private readonly bool _isIpv6 = family.Afi == Afi.Ipv6;
    private readonly bool _addPath = addPath;
    private ReadOnlySpan<byte> _rest = nlri;

    /// <summary>Whether reading ended at a prefix that makes no sense, and not at the end.</summary>
    public bool IsMalformed { get; private set; }

    /// <summary>Whether every prefix can be read: the check before any is applied (RFC 7606 §5.3).</summary>
    public static bool IsWellFormed(ReadOnlySpan<byte> nlri, AddressFamily family, bool addPath)
    {
        var maxBits = family.Afi == Afi.Ipv6 ? 128 : 32;
        var skip = addPath ? PathIdLength : 0;
        var position = 0;
        while (position < nlri.Length)
        {
            position += skip;
            if (position >= nlri.Length || nlri[position] > maxBits)
            {
                return false;
            }

            position += 1 + ((nlri[position] + 7) >> 3);
        }

        return position == nlri.Length;
    }

    /// <summary>How many prefixes well-formed NLRI holds.</summary>
    public static int Count(ReadOnlySpan<byte> nlri, bool addPath)
    {
        var skip = addPath ? PathIdLength : 0;
        var count = 0;
        for (var position = skip; position < nlri.Length; count++)
        {
            position += 1 + ((nlri[position] + 7) >> 3) + skip;
        }

        return count;
    }

    /// <summary>The next prefix; false at the end and where the rest is malformed.</summary>
    public bool TryRead(out IpPrefix prefix, out PathId pathId)
    {
        if (_isIpv6)
        {
            var hasV6 = TryReadV6(out var high, out var low, out var length6, out pathId);
            prefix = hasV6 ? IpPrefix.Masked(IpAddress.V6(high, low), length6) : default;
            return hasV6;
        }

        var hasV4 = TryReadV4(out var bits, out var length, out pathId);
        prefix = hasV4 ? IpPrefix.Masked(IpAddress.V4(bits), length) : default;
        return hasV4;
    }

    /// <summary>The next prefix of an IPv4 family as 32 bits in host order and a length.</summary>
    public bool TryReadV4(out uint bits, out byte length, out PathId pathId)
    {
        bits = 0;
        if (!TryReadHead(32, out length, out pathId, out var octets))
        {
            return false;
        }

        if (_rest.Length >= 4)
        {
            bits = BinaryPrimitives.ReadUInt32BigEndian(_rest);
        }
        else
        {
            for (var i = 0; i < octets; i++)
            {
                bits |= (uint)_rest[i] << (24 - (8 * i));
            }
        }

        bits &= length == 0 ? 0 : uint.MaxValue << (32 - length);
        _rest = _rest[octets..];
        return true;
    }

    /// <summary>The next prefix of an IPv6 family as two halves in host order and a length.</summary>
    public bool TryReadV6(out ulong high, out ulong low, out byte length, out PathId pathId)
    {
        high = 0;
        low = 0;
        if (!TryReadHead(128, out length, out pathId, out var octets))
        {
            return false;
        }

        if (_rest.Length >= 16)
        {
            high = BinaryPrimitives.ReadUInt64BigEndian(_rest);
            low = BinaryPrimitives.ReadUInt64BigEndian(_rest[8..]);
        }
        else
        {
            Span<byte> padded = stackalloc byte[16];
            padded.Clear();
            _rest[..octets].CopyTo(padded);
            high = BinaryPrimitives.ReadUInt64BigEndian(padded);
            low = BinaryPrimitives.ReadUInt64BigEndian(padded[8..]);
        }

        high &= length == 0 ? 0 : length >= 64 ? ulong.MaxValue : ulong.MaxValue << (64 - length);
        low &= length <= 64 ? 0 : ulong.MaxValue << (128 - length);
        _rest = _rest[octets..];
        return true;
    }

    private bool TryReadHead(int maxBits, out byte length, out PathId pathId, out int octets)
    {
        length = 0;
        octets = 0;
        pathId = default;
        if (_rest.IsEmpty || IsMalformed)
        {
            return false;
        }

        var at = _addPath ? PathIdLength : 0;
        if (_rest.Length <= at)
        {
            IsMalformed = true;
            return false;
        }

        length = _rest[at];
        octets = (length + 7) >> 3;
        if (length > maxBits || octets > _rest.Length - at - 1)
        {
            IsMalformed = true;
            return false;
        }

        pathId = _addPath ? new PathId(BinaryPrimitives.ReadUInt32BigEndian(_rest)) : default;
        _rest = _rest[(at + 1)..];
        return true;
    }
}
