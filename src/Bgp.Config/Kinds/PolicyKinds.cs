using System.Globalization;
using Bgp.Engine;
using Bgp.Protocol;

namespace Bgp.Config;

/// <summary>The kinds of values that only policies and their sets have, but for communities and conditions on prefixes.</summary>
internal static class PolicyKinds
{
    /// <summary>A prefix, alone (exactly it) or with bounds: <c>10.244.0.0/16 24..28</c>.</summary>
    public static readonly ValueKind<PrefixRange> PrefixRange = new ScalarKind<PrefixRange>(
        "a prefix, alone or with lengths, such as 10.244.0.0/16 24..28", ParsePrefixRange, static range => ScalarNode.String(range.ToString()));

    /// <summary>A number, or bounds of which one may be left out.</summary>
    public static readonly ValueKind<ValueRange> Range = new ScalarKind<ValueRange>("a number, or bounds such as 100..200, 100.. or ..200", ParseRange, WriteRange);

    /// <summary>An address, which is itself alone, or a prefix.</summary>
    public static readonly ValueKind<IpPrefix> AddressOrPrefix = new ScalarKind<IpPrefix>("an address or a prefix", ParseAddressOrPrefix, static prefix =>
        ScalarNode.String(prefix.Length == prefix.Address.BitLength ? prefix.Address.ToString() : prefix.ToString()));

    public static readonly ValueKind<IpAddress> SessionAddress = new ScalarKind<IpAddress>("a neighbor's IPv4 or IPv6 address", ParseSessionAddress, static address => ScalarNode.String(address.ToString()));

    /// <summary>One that a path may hold, the reserved ones too, which is what makes a policy look for them.</summary>
    public static readonly ValueKind<Asn> PathAsn = new ScalarKind<Asn>(
        "an AS number (asplain or asdot)", static (ScalarNode node, out Asn value) => Asn.TryParse(node.Text, out value) ? null : "", static asn => ScalarNode.Literal(asn.ToString()));

    public static readonly ValueKind<AsPathPattern> AsPath = new ScalarKind<AsPathPattern>(
        "a regular expression over AS numbers, such as ^65001_ or _65002$", ParseAsPath, static pattern => ScalarNode.String(pattern.Text));

    public static readonly ValueKind<PeerType> SourceType = Kinds.OneOf(("ebgp", PeerType.Ebgp), ("ibgp", PeerType.Ibgp), ("local", PeerType.Local));

    public static readonly ValueKind<PeerType> TargetType = Kinds.OneOf(("ebgp", PeerType.Ebgp), ("ibgp", PeerType.Ibgp));

    /// <summary>Whether it is local.</summary>
    public static readonly ValueKind<bool> Source = Kinds.OneOf(("remote", false), ("local", true));

    public static readonly ValueKind<Origin> Origin = Kinds.OneOf(("igp", Protocol.Origin.Igp), ("egp", Protocol.Origin.Egp), ("incomplete", Protocol.Origin.Incomplete));

    public static readonly ValueKind<NextHopChange> NextHop = new ScalarKind<NextHopChange>("self, keep or an IPv4 or IPv6 address", ParseNextHop, static change => ScalarNode.String(change.Kind switch
    {
        NextHopChangeKind.Self => "self",
        NextHopChangeKind.Keep => "keep",
        _ => change.Address.ToString(),
    }));

    /// <summary>What is wrong with lengths for a prefix, or <c>null</c>.</summary>
    public static string? LengthFault(IpPrefix prefix, LengthRange lengths) => lengths.Max > prefix.Address.BitLength
        ? string.Create(CultureInfo.InvariantCulture, $"has the length {lengths.Max}, but the family has at most {prefix.Address.BitLength}")
        : lengths.Max < prefix.Length
            ? string.Create(CultureInfo.InvariantCulture, $"can match nothing: within {prefix} no prefix has a length of at most {lengths.Max}")
            : null;

    private static string? ParsePrefixRange(ScalarNode node, out PrefixRange value)
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

    private static string? ParseRange(ScalarNode node, out ValueRange value)
    {
        value = default;
        var text = node.Text.AsSpan();
        var dots = text.IndexOf("..", StringComparison.Ordinal);
        var low = dots < 0 ? text : text[..dots];
        var high = dots < 0 ? text : text[(dots + 2)..];
        if ((low.IsEmpty && high.IsEmpty) || !TryBound(low, uint.MinValue, out var min) || !TryBound(high, uint.MaxValue, out var max))
        {
            return "";
        }

        value = new ValueRange(min, max);
        return min <= max ? null : $"is {node.Noun}, which holds for no number";
    }

    private static bool TryBound(ReadOnlySpan<char> text, uint open, out uint bound)
    {
        bound = open;
        return text.IsEmpty || uint.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out bound);
    }

    private static ScalarNode WriteRange(ValueRange range) => range.Min == range.Max
        ? ScalarNode.Literal(range.Min.ToString(CultureInfo.InvariantCulture))
        : ScalarNode.String(string.Create(CultureInfo.InvariantCulture, $"{range.Min}..") + (range.Max == uint.MaxValue ? "" : range.Max.ToString(CultureInfo.InvariantCulture)));

    private static string? ParseAddressOrPrefix(ScalarNode node, out IpPrefix value)
    {
        if (!IpAddress.TryParse(node.Text, out var address))
        {
            return NetworkKinds.ParsePrefix(node.Text, out value);
        }

        value = new IpPrefix(address, address.BitLength);
        return null;
    }

    private static string? ParseSessionAddress(ScalarNode node, out IpAddress value)
    {
        var percent = node.Text.IndexOf('%', StringComparison.Ordinal);
        return IpAddress.TryParse(node.Text, out value) ? PeerKinds.UnicastFault(value)
            : percent > 0 && IpAddress.TryParse(node.Text.AsSpan(0, percent), out var bare) ? $"has an interface, but the address counts on every one (did you mean {bare}?)"
            : "";
    }

    private static string? ParseAsPath(ScalarNode node, out AsPathPattern value)
    {
        var isRead = AsPathPattern.TryParse(node.Text, out var pattern, out var fault);
        value = pattern!;
        return isRead ? null : $"is {node.Noun}, which is no expression that can be used: {fault}";
    }

    private static string? ParseNextHop(ScalarNode node, out NextHopChange value)
    {
        value = new NextHopChange(string.Equals(node.Text, "keep", StringComparison.Ordinal) ? NextHopChangeKind.Keep : NextHopChangeKind.Self);
        if (node.Text is "self" or "keep")
        {
            return null;
        }

        var isAddress = IpAddress.TryParse(node.Text, out var address);
        value = new NextHopChange(NextHopChangeKind.Address, address);
        return isAddress ? PeerKinds.UnicastFault(address)
            : Spelling.Nearest(node.Text, ["self", "keep"]) is { } near ? $"is {node.Noun} (did you mean '{near}'?)"
            : "";
    }
}
