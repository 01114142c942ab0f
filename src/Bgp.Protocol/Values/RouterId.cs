namespace Bgp.Protocol;

/// <summary>A BGP identifier or cluster id: four octets, unsigned, non-zero on the wire (RFC 6286), shown as a dotted quad.</summary>
public readonly record struct RouterId(uint Value) : IComparable<RouterId>
{
    public static bool TryParse(ReadOnlySpan<char> text, out RouterId id)
    {
        var parsed = IpAddress.TryParse(text, out var address) && address.IsV4;
        id = parsed ? new RouterId(address.V4Bits) : default;
        return parsed;
    }

    public int CompareTo(RouterId other) => Value.CompareTo(other.Value);

    public override string ToString() => IpAddress.V4(Value).ToString();

    public static bool operator <(RouterId left, RouterId right) => left.Value < right.Value;
    public static bool operator >(RouterId left, RouterId right) => left.Value > right.Value;
    public static bool operator <=(RouterId left, RouterId right) => left.Value <= right.Value;
    public static bool operator >=(RouterId left, RouterId right) => left.Value >= right.Value;
}
