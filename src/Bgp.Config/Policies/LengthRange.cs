using System.Globalization;

namespace Bgp.Config;

/// <summary>Bounds of a prefix's length, inclusive.</summary>
public readonly record struct LengthRange(byte Min, byte Max)
{
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Min}..{Max}");

    /// <summary>Reads <c>24..28</c> or, for one length, <c>24</c>; at most 128 and not turned round.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out LengthRange range)
    {
        var dots = text.IndexOf("..", StringComparison.Ordinal);
        var low = dots < 0 ? text : text[..dots];
        var high = dots < 0 ? text : text[(dots + 2)..];
        range = default;
        if (!byte.TryParse(low, NumberStyles.None, CultureInfo.InvariantCulture, out var min)
            || !byte.TryParse(high, NumberStyles.None, CultureInfo.InvariantCulture, out var max)
            || min > max
            || max > 128)
        {
            return false;
        }

        range = new LengthRange(min, max);
        return true;
    }
}
