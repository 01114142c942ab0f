using System.Globalization;

namespace Bgp.Protocol;

/// <summary>The well-known communities, and the text of all three kinds.</summary>
public static class Communities
{
    /// <summary>RFC 8326.</summary>
    public static readonly Community GracefulShutdown = new(0xffff0000);

    /// <summary>RFC 7611.</summary>
    public static readonly Community AcceptOwn = new(0xffff0001);

    /// <summary>RFC 9494: the route is long-lived stale.</summary>
    public static readonly Community LlgrStale = new(0xffff0006);

    /// <summary>RFC 9494: the route must not be kept long-lived.</summary>
    public static readonly Community NoLlgr = new(0xffff0007);

    /// <summary>RFC 7999.</summary>
    public static readonly Community Blackhole = new(0xffff029a);

    /// <summary>RFC 1997.</summary>
    public static readonly Community NoExport = new(0xffffff01);

    /// <summary>RFC 1997.</summary>
    public static readonly Community NoAdvertise = new(0xffffff02);

    /// <summary>RFC 1997.</summary>
    public static readonly Community NoExportSubconfed = new(0xffffff03);

    /// <summary>RFC 3765.</summary>
    public static readonly Community NoPeer = new(0xffffff04);

    private const byte RouteTarget = 0x02;
    private const byte RouteOrigin = 0x03;
    private const byte TwoOctetAsSpecific = 0x00;
    private const byte Ipv4AddressSpecific = 0x01;
    private const byte FourOctetAsSpecific = 0x02;

    private static readonly (string Name, Community Value)[] WellKnown =
    [
        ("GRACEFUL_SHUTDOWN", GracefulShutdown),
        ("ACCEPT_OWN", AcceptOwn),
        ("LLGR_STALE", LlgrStale),
        ("NO_LLGR", NoLlgr),
        ("BLACKHOLE", Blackhole),
        ("NO_EXPORT", NoExport),
        ("NO_ADVERTISE", NoAdvertise),
        ("NO_EXPORT_SUBCONFED", NoExportSubconfed),
        ("NO_PEER", NoPeer),
    ];

    /// <summary>Reads <c>64512:1</c> or a well-known name in any case, with <c>_</c> or <c>-</c>.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out Community community)
    {
        foreach (var (name, value) in WellKnown)
        {
            if (IsName(text, name))
            {
                community = value;
                return true;
            }
        }

        community = default;
        Span<Range> parts = stackalloc Range[3];
        if (text.Split(parts, ':') != 2
            || !TryParseNumber(text[parts[0]], ushort.MaxValue, out var high)
            || !TryParseNumber(text[parts[1]], ushort.MaxValue, out var low))
        {
            return false;
        }

        community = new Community((ushort)high, (ushort)low);
        return true;
    }

    /// <summary>The well-known name, else <c>64512:1</c>.</summary>
    public static string Format(Community community)
    {
        foreach (var (name, value) in WellKnown)
        {
            if (value == community)
            {
                return name;
            }
        }

        return string.Create(CultureInfo.InvariantCulture, $"{community.Value >> 16}:{community.Value & 0xffff}");
    }

    /// <summary>Reads three decimal numbers of 32 bits: <c>64512:1:2</c>.</summary>
    public static bool TryParseLarge(ReadOnlySpan<char> text, out LargeCommunity community)
    {
        community = default;
        Span<Range> parts = stackalloc Range[4];
        if (text.Split(parts, ':') != 3
            || !TryParseNumber(text[parts[0]], uint.MaxValue, out var global)
            || !TryParseNumber(text[parts[1]], uint.MaxValue, out var first)
            || !TryParseNumber(text[parts[2]], uint.MaxValue, out var second))
        {
            return false;
        }

        community = new LargeCommunity(global, first, second);
        return true;
    }

    /// <summary>Reads <c>rt:AS:NUMBER</c>, <c>soo:AS:NUMBER</c>, the same with an IPv4 address for the AS, or 16 hexadecimal digits after <c>0x</c>.</summary>
    public static bool TryParseExtended(ReadOnlySpan<char> text, out ExtendedCommunity community)
    {
        community = default;
        if (text.StartsWith("0x", StringComparison.OrdinalIgnoreCase))
        {
            var isHex = ulong.TryParse(text[2..], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var raw) && text.Length == 18;
            community = new ExtendedCommunity(isHex ? raw : 0);
            return isHex;
        }

        Span<Range> parts = stackalloc Range[4];
        if (text.Split(parts, ':') != 3)
        {
            return false;
        }

        var kind = text[parts[0]];
        byte subType;
        if (kind.Equals("rt", StringComparison.OrdinalIgnoreCase))
        {
            subType = RouteTarget;
        }
        else if (kind.Equals("soo", StringComparison.OrdinalIgnoreCase) || kind.Equals("ro", StringComparison.OrdinalIgnoreCase))
        {
            subType = RouteOrigin;
        }
        else
        {
            return false;
        }

        return TryParseAdministrator(text[parts[1]], text[parts[2]], subType, out community);
    }

    /// <summary>What <see cref="TryParseExtended"/> reads.</summary>
    public static string Format(ExtendedCommunity community)
    {
        var kind = community.SubType switch { RouteTarget => "rt", RouteOrigin => "soo", _ => null };
        var value = community.Value;
        return (kind, community.Type) switch
        {
            (not null, TwoOctetAsSpecific) => string.Create(CultureInfo.InvariantCulture, $"{kind}:{(ushort)(value >> 32)}:{(uint)value}"),
            (not null, Ipv4AddressSpecific) => string.Create(CultureInfo.InvariantCulture, $"{kind}:{IpAddress.V4((uint)(value >> 16))}:{(ushort)value}"),
            // Under 65,536 the short form would read back as a two-octet AS.
            (not null, FourOctetAsSpecific) when (uint)(value >> 16) > ushort.MaxValue =>
                string.Create(CultureInfo.InvariantCulture, $"{kind}:{(uint)(value >> 16)}:{(ushort)value}"),
            _ => string.Create(CultureInfo.InvariantCulture, $"0x{value:x16}"),
        };
    }

    private static bool TryParseAdministrator(ReadOnlySpan<char> administrator, ReadOnlySpan<char> assigned, byte subType, out ExtendedCommunity community)
    {
        community = default;
        if (!TryParseNumber(assigned, uint.MaxValue, out var number))
        {
            return false;
        }

        ulong type;
        ulong body;
        if (IpAddress.TryParse(administrator, out var address) && address.IsV4)
        {
            (type, body) = (Ipv4AddressSpecific, ((ulong)address.V4Bits << 16) | number);
        }
        else if (!TryParseNumber(administrator, uint.MaxValue, out var asn))
        {
            return false;
        }
        else if (asn <= ushort.MaxValue)
        {
            (type, body) = (TwoOctetAsSpecific, ((ulong)asn << 32) | number);
        }
        else
        {
            (type, body) = (FourOctetAsSpecific, ((ulong)asn << 16) | number);
        }

        if (type != TwoOctetAsSpecific && number > ushort.MaxValue)
        {
            return false;
        }

        community = new ExtendedCommunity((type << 56) | ((ulong)subType << 48) | body);
        return true;
    }

    private static bool TryParseNumber(ReadOnlySpan<char> text, uint maximum, out uint value) =>
        uint.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value) && value <= maximum;

    private static bool IsName(ReadOnlySpan<char> text, string name)
    {
        if (text.Length != name.Length)
        {
            return false;
        }

        for (var i = 0; i < name.Length; i++)
        {
            var character = text[i] == '-' ? '_' : char.ToUpperInvariant(text[i]);
            if (character != name[i])
            {
                return false;
            }
        }

        return true;
    }
}
