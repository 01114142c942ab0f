using System.Globalization;

namespace Bgp.Protocol;

/// <summary>A large community (RFC 8092): three numbers, shown as <c>64512:1:2</c>.</summary>
public readonly record struct LargeCommunity(uint GlobalAdministrator, uint LocalData1, uint LocalData2) : IComparable<LargeCommunity>
{
    public int CompareTo(LargeCommunity other)
    {
        var byGlobal = GlobalAdministrator.CompareTo(other.GlobalAdministrator);
        if (byGlobal != 0)
        {
            return byGlobal;
        }

        var byFirst = LocalData1.CompareTo(other.LocalData1);
        return byFirst != 0 ? byFirst : LocalData2.CompareTo(other.LocalData2);
    }

    public static bool TryParse(ReadOnlySpan<char> text, out LargeCommunity community) => Communities.TryParseLarge(text, out community);

    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{GlobalAdministrator}:{LocalData1}:{LocalData2}");

    public static bool operator <(LargeCommunity left, LargeCommunity right) => left.CompareTo(right) < 0;
    public static bool operator >(LargeCommunity left, LargeCommunity right) => left.CompareTo(right) > 0;
    public static bool operator <=(LargeCommunity left, LargeCommunity right) => left.CompareTo(right) <= 0;
    public static bool operator >=(LargeCommunity left, LargeCommunity right) => left.CompareTo(right) >= 0;
}
