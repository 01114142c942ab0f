using System.Globalization;
using Bgp.Protocol;

namespace Bgp.Config;

/// <summary>A prefix, alone (exactly it) or with bounds: <c>10.244.0.0/16 24..28</c>.</summary>
internal static class PrefixRangeKind
{
    public static readonly ValueKind<PrefixRange> Instance = new ScalarKind<PrefixRange>(
        "a prefix, alone or with lengths, such as 10.244.0.0/16 24..28", Parse, static range => ScalarNode.String(range.ToString()));

    private static string? Parse(ScalarNode node, out PrefixRange value)
    {
        value = default;
        var text = node.Text.AsSpan().Trim();
        var space = text.IndexOf(' ');
        var wrong = NetworkKinds.ParsePrefix(space < 0 ? text : text[..space], out var prefix);
        if (wrong is not null)
        {
            return wrong;
        }

        var lengths = new LengthRange(prefix.Length, prefix.Length);
        if (space >= 0 && !LengthRange.TryParse(text[space..].Trim(), out lengths))
        {
            return "";
        }

        value = new PrefixRange(prefix, lengths.Min, lengths.Max);
        return LengthFault(prefix, lengths);
    }

    /// <summary>What is wrong with lengths for a prefix, or <c>null</c>.</summary>
    public static string? LengthFault(IpPrefix prefix, LengthRange lengths) => lengths.Max > prefix.Address.BitLength
        ? string.Create(CultureInfo.InvariantCulture, $"has the length {lengths.Max}, but the family has at most {prefix.Address.BitLength}")
        : lengths.Max < prefix.Length
            ? string.Create(CultureInfo.InvariantCulture, $"can match nothing: within {prefix} no prefix has a length of at most {lengths.Max}")
            : null;
}
