using Bgp.Protocol;

namespace Bgp.Engine;

/// <summary>An extended community with wildcards: those whose bits under <paramref name="Mask"/> are <paramref name="Value"/>.</summary>
public readonly record struct ExtendedCommunityPattern(ulong Value, ulong Mask) : IPattern<ExtendedCommunity>
{
    // The types that hold an AS number or an IPv4 address (RFC 4360 §3, RFC 5668) differ in their lowest two bits only.
    private const ulong AnyAdministrator = 0xfcff_0000_0000_0000;
    private const ulong TwoOctetAs = 0xffff_ffff_0000_0000;
    private const ulong FourOctets = 0xffff_ffff_ffff_0000;

    public bool Matches(ExtendedCommunity community) => (community.Value & Mask) == Value;

    /// <summary>Reads what <see cref="ExtendedCommunity.TryParse"/> does, and <c>rt:64512:*</c> or <c>rt:*:*</c>, also with <c>soo</c>.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out ExtendedCommunityPattern pattern)
    {
        if (ExtendedCommunity.TryParse(text, out var exact))
        {
            pattern = new ExtendedCommunityPattern(exact.Value, ulong.MaxValue);
            return true;
        }

        pattern = default;
        if (!text.EndsWith(":*"))
        {
            return false;
        }

        var isAny = text.EndsWith(":*:*");
        var sample = isAny ? $"{text[..^4]}:0:0" : $"{text[..^2]}:0";
        if (!ExtendedCommunity.TryParse(sample, out var first))
        {
            return false;
        }

        var mask = isAny ? AnyAdministrator : first.Type == 0 ? TwoOctetAs : FourOctets;
        pattern = new ExtendedCommunityPattern(first.Value & mask, mask);
        return true;
    }

    public override string ToString()
    {
        if (Mask == ulong.MaxValue)
        {
            return new ExtendedCommunity(Value).ToString();
        }

        var sample = new ExtendedCommunity(Value).ToString();
        var end = Mask == AnyAdministrator ? sample.IndexOf(':', StringComparison.Ordinal) : sample.LastIndexOf(':');
        return sample[..end] + (Mask == AnyAdministrator ? ":*:*" : ":*");
    }
}
