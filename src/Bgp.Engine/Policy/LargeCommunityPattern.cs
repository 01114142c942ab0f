using System.Globalization;
using Bgp.Protocol;

namespace Bgp.Engine;

/// <summary>A large community with wildcards: <c>null</c> is any number.</summary>
public readonly record struct LargeCommunityPattern(uint? GlobalAdministrator, uint? LocalData1, uint? LocalData2) : IPattern<LargeCommunity>
{
    public bool Matches(LargeCommunity community) =>
        (GlobalAdministrator ?? community.GlobalAdministrator) == community.GlobalAdministrator
        && (LocalData1 ?? community.LocalData1) == community.LocalData1
        && (LocalData2 ?? community.LocalData2) == community.LocalData2;

    /// <summary>Reads <c>64512:1:2</c> with <c>*</c> for any number.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out LargeCommunityPattern pattern)
    {
        pattern = default;
        Span<Range> parts = stackalloc Range[4];
        if (text.Split(parts, ':') != 3
            || !TryPart(text[parts[0]], out var global)
            || !TryPart(text[parts[1]], out var first)
            || !TryPart(text[parts[2]], out var second))
        {
            return false;
        }

        pattern = new LargeCommunityPattern(global, first, second);
        return true;
    }

    public override string ToString() => $"{Part(GlobalAdministrator)}:{Part(LocalData1)}:{Part(LocalData2)}";

    private static bool TryPart(ReadOnlySpan<char> text, out uint? value)
    {
        value = null;
        if (text is "*")
        {
            return true;
        }

        var isNumber = uint.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number);
        value = number;
        return isNumber;
    }

    private static string Part(uint? value) => value?.ToString(CultureInfo.InvariantCulture) ?? "*";
}
