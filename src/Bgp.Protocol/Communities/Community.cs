namespace Bgp.Protocol;

/// <summary>A community (RFC 1997): shown as <c>64512:1</c>, or by its well-known name.</summary>
public readonly record struct Community(uint Value) : IComparable<Community>
{
    public Community(ushort high, ushort low)
        : this(((uint)high << 16) | low)
    {
    }

    public int CompareTo(Community other) => Value.CompareTo(other.Value);

    public static bool TryParse(ReadOnlySpan<char> text, out Community community) => Communities.TryParse(text, out community);

    public override string ToString() => Communities.Format(this);

    public static bool operator <(Community left, Community right) => left.Value < right.Value;
    public static bool operator >(Community left, Community right) => left.Value > right.Value;
    public static bool operator <=(Community left, Community right) => left.Value <= right.Value;
    public static bool operator >=(Community left, Community right) => left.Value >= right.Value;
}
