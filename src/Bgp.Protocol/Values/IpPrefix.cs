using System.Diagnostics;
using System.Globalization;

namespace Bgp.Protocol;

/// <summary>An IP prefix: an address whose bits past <see cref="Length"/> are zero, and a length of 0 to 32 or 128 bits.</summary>
public readonly record struct IpPrefix : IComparable<IpPrefix>
{
    /// <summary>A prefix from an address and a length; bits past the length are cleared.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The length is more than the address has bits.</exception>
    public IpPrefix(IpAddress address, int length)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)length, (uint)address.BitLength, nameof(length));
        Address = Mask(address, length);
        Length = (byte)length;
    }

    private IpPrefix(IpAddress address, byte length, bool _)
    {
        Address = address;
        Length = length;
    }

    public IpAddress Address { get; }

    public byte Length { get; }

    /// <summary>Whether it names one address: /32 or /128.</summary>
    public bool IsHost => Length == Address.BitLength && !Address.IsNone;

    public bool Contains(IpAddress address) =>
        address.IsV4 == Address.IsV4 && address.IsV6 == Address.IsV6 && Mask(address, Length) == Address;

    /// <summary>Whether <paramref name="other"/> is this prefix or a more specific one.</summary>
    public bool Contains(IpPrefix other) => other.Length >= Length && Contains(other.Address);

    /// <summary>Reads <c>10.0.0.0/8</c> or <c>fd00::/8</c>; false also where bits are set past the length.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out IpPrefix prefix)
    {
        prefix = default;
        var slash = text.IndexOf('/');
        if (slash < 0
            || !IpAddress.TryParse(text[..slash], out var address)
            || !byte.TryParse(text[(slash + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out var length)
            || length > address.BitLength
            || Mask(address, length) != address)
        {
            return false;
        }

        prefix = new IpPrefix(address, length);
        return true;
    }

    public static IpPrefix Parse(ReadOnlySpan<char> text) =>
        TryParse(text, out var prefix) ? prefix : throw new FormatException($"'{text}' is not an IP prefix");

    /// <summary>A prefix whose bits past the length are known to be zero.</summary>
    internal static IpPrefix Masked(IpAddress address, byte length)
    {
        Debug.Assert(Mask(address, length) == address, "bits past the length are zero");
        return new IpPrefix(address, length, true);
    }

    /// <summary>By address, then by length.</summary>
    public int CompareTo(IpPrefix other)
    {
        var byAddress = Address.CompareTo(other.Address);
        return byAddress != 0 ? byAddress : Length.CompareTo(other.Length);
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Address}/{Length}");

    public static bool operator <(IpPrefix left, IpPrefix right) => left.CompareTo(right) < 0;
    public static bool operator >(IpPrefix left, IpPrefix right) => left.CompareTo(right) > 0;
    public static bool operator <=(IpPrefix left, IpPrefix right) => left.CompareTo(right) <= 0;
    public static bool operator >=(IpPrefix left, IpPrefix right) => left.CompareTo(right) >= 0;

    /// <summary>The address with all bits past <paramref name="length"/> cleared.</summary>
    public static IpAddress Mask(IpAddress address, int length)
    {
        if (address.IsV4)
        {
            return IpAddress.V4(length == 0 ? 0 : address.V4Bits & (uint.MaxValue << (32 - length)));
        }

        return length switch
        {
            _ when address.IsNone => address,
            0 => IpAddress.V6(0, 0),
            <= 64 => IpAddress.V6(address.High & (ulong.MaxValue << (64 - length)), 0),
            _ => IpAddress.V6(address.High, address.Low & (ulong.MaxValue << (128 - length))),
        };
    }
}
