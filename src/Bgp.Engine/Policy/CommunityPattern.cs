using System.Globalization;
using Bgp.Protocol;

namespace Bgp.Engine;

/// <summary>A community with wildcards: those whose bits under <paramref name="Mask"/> are <paramref name="Value"/>.</summary>
public readonly record struct CommunityPattern(uint Value, uint Mask) : IPattern<Community>
{
    private const uint High = 0xffff0000;
    private const uint Low = 0x0000ffff;

    public static CommunityPattern Exactly(Community community) => new(community.Value, High | Low);

    public bool Matches(Community community) => (community.Value & Mask) == Value;

    /// <summary>Reads <c>64512:1</c>, <c>64512:*</c>, <c>*:1</c>, <c>*:*</c> or a well-known name.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out CommunityPattern pattern)
    {
        if (Community.TryParse(text, out var exact))
        {
            pattern = Exactly(exact);
            return true;
        }

        pattern = default;
        var colon = text.IndexOf(':');
        if (colon < 0 || !TryPart(text[..colon], out var high, out var highMask) || !TryPart(text[(colon + 1)..], out var low, out var lowMask))
        {
            return false;
        }

        pattern = new CommunityPattern(((uint)high << 16) | low, (highMask ? High : 0) | (lowMask ? Low : 0));
        return true;
    }

    public override string ToString() => Mask == (High | Low)
        ? new Community(Value).ToString()
        : $"{Part(Value >> 16, (Mask & High) != 0)}:{Part(Value & Low, (Mask & Low) != 0)}";

    private static bool TryPart(ReadOnlySpan<char> text, out ushort value, out bool isGiven)
    {
        (value, isGiven) = (0, text is not "*");
        return !isGiven || ushort.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value);
    }

    private static string Part(uint value, bool isGiven) => isGiven ? value.ToString(CultureInfo.InvariantCulture) : "*";
}
