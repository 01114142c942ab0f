using System.Globalization;

namespace Bgp.Protocol;

/// <summary>An autonomous system number of four octets (RFC 6793).</summary>
public readonly record struct Asn(uint Value) : IComparable<Asn>
{
    /// <summary>AS_TRANS, the two-octet stand-in for a number that needs four (RFC 6793 §9).</summary>
    public static readonly Asn Trans = new(23456);

    /// <summary>Whether the number fits the two-octet fields of RFC 4271.</summary>
    public bool FitsTwoOctets => Value <= ushort.MaxValue;

    /// <summary>Whether the number is one of RFC 6996's private ranges.</summary>
    public bool IsPrivate => Value is >= 64512 and <= 65534 or >= 4200000000 and <= 4294967294;

    /// <summary>The two-octet form: the number itself, or AS_TRANS.</summary>
    public ushort ToTwoOctets() => FitsTwoOctets ? (ushort)Value : (ushort)Trans.Value;

    /// <summary>Reads asplain (<c>4200000000</c>) or asdot (<c>64086.59904</c>), RFC 5396.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out Asn asn)
    {
        asn = default;
        var dot = text.IndexOf('.');
        if (dot < 0)
        {
            var plain = uint.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value);
            asn = new Asn(value);
            return plain;
        }

        if (!ushort.TryParse(text[..dot], NumberStyles.None, CultureInfo.InvariantCulture, out var high)
            || !ushort.TryParse(text[(dot + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out var low))
        {
            return false;
        }

        asn = new Asn(((uint)high << 16) | low);
        return true;
    }

    public int CompareTo(Asn other) => Value.CompareTo(other.Value);

    /// <summary>The number as asplain.</summary>
    public override string ToString() => Value.ToString(CultureInfo.InvariantCulture);

    public static bool operator <(Asn left, Asn right) => left.Value < right.Value;
    public static bool operator >(Asn left, Asn right) => left.Value > right.Value;
    public static bool operator <=(Asn left, Asn right) => left.Value <= right.Value;
    public static bool operator >=(Asn left, Asn right) => left.Value >= right.Value;
}
