using System.Buffers.Binary;
using System.Net;

namespace Bgp.Protocol;

/// <summary>An IPv4 or IPv6 address as a value of 24 bytes, no zone. An IPv4 address is held in the low 32 bits. The default is <see cref="None"/>.</summary>
public readonly record struct IpAddress : IComparable<IpAddress>
{
    private readonly byte _version;

    private IpAddress(ulong high, ulong low, byte version)
    {
        High = high;
        Low = low;
        _version = version;
    }

    /// <summary>The absent address.</summary>
    public static IpAddress None => default;

    /// <summary>The upper 64 bits of an IPv6 address in host order; 0 for IPv4.</summary>
    public ulong High { get; }

    /// <summary>The lower 64 bits of an IPv6 address in host order; for IPv4 the 32 bits of the address.</summary>
    public ulong Low { get; }

    public bool IsNone => _version == 0;

    public bool IsV4 => _version == 4;

    public bool IsV6 => _version == 6;

    /// <summary>The 32 bits of an IPv4 address in host order.</summary>
    public uint V4Bits => (uint)Low;

    /// <summary>32, 128, or 0 for <see cref="None"/>.</summary>
    public int BitLength => _version switch { 4 => 32, 6 => 128, _ => 0 };

    /// <summary>4, 16, or 0 for <see cref="None"/>.</summary>
    public int ByteLength => BitLength / 8;

    /// <summary>0.0.0.0 or ::.</summary>
    public bool IsUnspecified => _version != 0 && High == 0 && Low == 0;

    public bool IsLinkLocal => IsV6 ? High >> 54 == 0xfe80 >> 6 : IsV4 && Low >> 16 == 0xa9fe;

    public bool IsLoopback => IsV6 ? High == 0 && Low == 1 : IsV4 && Low >> 24 == 127;

    /// <summary>224.0.0.0/4 or ff00::/8.</summary>
    public bool IsMulticast => IsV6 ? High >> 56 == 0xff : IsV4 && Low >> 28 == 0xe;

    public static IpAddress V4(uint bits) => new(0, bits, 4);

    public static IpAddress V6(ulong high, ulong low) => new(high, low, 6);

    /// <summary>An address from 4 or 16 bytes in network order.</summary>
    /// <exception cref="ArgumentException">The length is neither.</exception>
    public static IpAddress FromBytes(ReadOnlySpan<byte> bytes) => bytes.Length switch
    {
        4 => V4(BinaryPrimitives.ReadUInt32BigEndian(bytes)),
        16 => V6(BinaryPrimitives.ReadUInt64BigEndian(bytes), BinaryPrimitives.ReadUInt64BigEndian(bytes[8..])),
        _ => throw new ArgumentException("an address has 4 or 16 bytes", nameof(bytes)),
    };

    /// <summary>Writes 4 or 16 bytes in network order and returns how many.</summary>
    public int WriteTo(Span<byte> destination)
    {
        if (IsV4)
        {
            BinaryPrimitives.WriteUInt32BigEndian(destination, V4Bits);
            return 4;
        }

        if (!IsV6)
        {
            return 0;
        }

        BinaryPrimitives.WriteUInt64BigEndian(destination, High);
        BinaryPrimitives.WriteUInt64BigEndian(destination[8..], Low);
        return 16;
    }

    /// <summary>The base library's address; a v4-mapped IPv6 address becomes IPv4, a scope is dropped.</summary>
    public static IpAddress From(IPAddress address)
    {
        Span<byte> bytes = stackalloc byte[16];
        var plain = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        plain.TryWriteBytes(bytes, out var written);
        return FromBytes(bytes[..written]);
    }

    /// <summary>The base library's address, with a scope for link-local IPv6.</summary>
    public IPAddress ToIPAddress(long scopeId = 0)
    {
        Span<byte> bytes = stackalloc byte[16];
        var written = WriteTo(bytes);
        return IsV6 && scopeId != 0 ? new IPAddress(bytes, scopeId) : new IPAddress(bytes[..written]);
    }

    /// <summary>Reads a dotted quad of four decimal parts or an IPv6 address; no zone, no port, no octal or short forms.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out IpAddress address)
    {
        address = None;
        var isV6 = text.Contains(':');
        if (text.Contains('%') || text.Contains('[') || (!isV6 && !IsDottedQuad(text)) || !IPAddress.TryParse(text, out var parsed))
        {
            return false;
        }

        Span<byte> bytes = stackalloc byte[16];
        parsed.TryWriteBytes(bytes, out var written);
        address = FromBytes(bytes[..written]);
        return true;
    }

    public static IpAddress Parse(ReadOnlySpan<char> text) =>
        TryParse(text, out var address) ? address : throw new FormatException($"'{text}' is not an IP address");

    // One comparison of what differs most: addresses are compared for each route.
    public bool Equals(IpAddress other) => Low == other.Low && High == other.High && _version == other._version;

    public override int GetHashCode() => HashCode.Combine(_version, High, Low);

    /// <summary>By version, then by value: every IPv4 address comes before every IPv6 address.</summary>
    public int CompareTo(IpAddress other)
    {
        var byVersion = _version.CompareTo(other._version);
        if (byVersion != 0)
        {
            return byVersion;
        }

        var byHigh = High.CompareTo(other.High);
        return byHigh != 0 ? byHigh : Low.CompareTo(other.Low);
    }

    public override string ToString() => IsNone ? "none" : ToIPAddress().ToString();

    public static bool operator <(IpAddress left, IpAddress right) => left.CompareTo(right) < 0;
    public static bool operator >(IpAddress left, IpAddress right) => left.CompareTo(right) > 0;
    public static bool operator <=(IpAddress left, IpAddress right) => left.CompareTo(right) <= 0;
    public static bool operator >=(IpAddress left, IpAddress right) => left.CompareTo(right) >= 0;

    private static bool IsDottedQuad(ReadOnlySpan<char> text)
    {
        var parts = 0;
        foreach (var range in text.Split('.'))
        {
            var part = text[range];
            parts++;
            if (part.Length is 0 or > 3 || (part.Length > 1 && part[0] == '0') || !byte.TryParse(part, out _))
            {
                return false;
            }
        }

        return parts == 4;
    }
}
