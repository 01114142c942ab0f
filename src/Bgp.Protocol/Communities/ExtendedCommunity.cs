namespace Bgp.Protocol;

/// <summary>An extended community (RFC 4360): eight octets, shown as <c>rt:64512:1</c>, <c>soo:192.0.2.1:1</c> or <c>0x0123456789abcdef</c>.</summary>
public readonly record struct ExtendedCommunity(ulong Value) : IComparable<ExtendedCommunity>
{
    /// <summary>The Type octet.</summary>
    public byte Type => (byte)(Value >> 56);

    /// <summary>The Sub-Type octet.</summary>
    public byte SubType => (byte)(Value >> 48);

    /// <summary>Whether it may leave the AS: the T bit is clear (RFC 4360 §2).</summary>
    public bool IsTransitive => (Type & 0x40) == 0;

    public int CompareTo(ExtendedCommunity other) => Value.CompareTo(other.Value);

    public static bool TryParse(ReadOnlySpan<char> text, out ExtendedCommunity community) => Communities.TryParseExtended(text, out community);

    public override string ToString() => Communities.Format(this);

    public static bool operator <(ExtendedCommunity left, ExtendedCommunity right) => left.Value < right.Value;
    public static bool operator >(ExtendedCommunity left, ExtendedCommunity right) => left.Value > right.Value;
    public static bool operator <=(ExtendedCommunity left, ExtendedCommunity right) => left.Value <= right.Value;
    public static bool operator >=(ExtendedCommunity left, ExtendedCommunity right) => left.Value >= right.Value;
}
