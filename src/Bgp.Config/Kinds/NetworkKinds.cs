using System.Globalization;
using Bgp.Protocol;

namespace Bgp.Config;

/// <summary>The kinds of values that are the network's: AS numbers, addresses, prefixes, families.</summary>
internal static class NetworkKinds
{
    public static readonly ValueKind<Asn> Asn = new ScalarKind<Asn>(
        "an AS number from 1 to 4294967294 (asplain or asdot)", ParseAsn, static asn => ScalarNode.Literal(asn.ToString()));

    public static readonly ValueKind<RouterId> RouterId = new ScalarKind<RouterId>(
        "an id in the form of an IPv4 address, not 0.0.0.0", ParseRouterId, static id => ScalarNode.String(id.ToString()));

    public static readonly ValueKind<IpAddress> Address = new ScalarKind<IpAddress>(
        "an IPv4 or IPv6 address", ParseAddress, static address => ScalarNode.String(address.ToString()));

    public static readonly ValueKind<IpAddress> Ipv4Address = new ScalarKind<IpAddress>(
        "an IPv4 address", static (ScalarNode node, out IpAddress value) => ParseAddressOf(node, 4, out value), static address => ScalarNode.String(address.ToString()));

    public static readonly ValueKind<IpAddress> Ipv6Address = new ScalarKind<IpAddress>(
        "an IPv6 address", static (ScalarNode node, out IpAddress value) => ParseAddressOf(node, 6, out value), static address => ScalarNode.String(address.ToString()));

    public static readonly ValueKind<IpPrefix> Prefix = new ScalarKind<IpPrefix>(
        "a prefix such as 10.0.0.0/8 or fd00::/8", static (ScalarNode node, out IpPrefix value) => ParsePrefix(node.Text, out value), static prefix => ScalarNode.String(prefix.ToString()));

    public static readonly ValueKind<ListenEndpoint> Endpoint = new ScalarKind<ListenEndpoint>(
        "an address and a port, such as 0.0.0.0:179 or [::]:179", ParseEndpoint, static endpoint => ScalarNode.String(endpoint.ToString()));

    public static readonly ValueKind<AddressFamily> Family = Kinds.OneOf(
        ("ipv4-unicast", AddressFamily.Ipv4Unicast), ("ipv6-unicast", AddressFamily.Ipv6Unicast));

    /// <summary>Reads a prefix; where bits are set past the length, the fault says the prefix that was probably meant.</summary>
    public static string? ParsePrefix(ReadOnlySpan<char> text, out IpPrefix prefix)
    {
        if (IpPrefix.TryParse(text, out prefix))
        {
            return null;
        }

        var slash = text.IndexOf('/');
        if (slash < 0)
        {
            return IpAddress.TryParse(text, out var bare) ? $"is '{text}', which has no length (did you mean {new IpPrefix(bare, bare.BitLength)}?)" : "";
        }

        if (!IpAddress.TryParse(text[..slash], out var address)
            || !byte.TryParse(text[(slash + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out var length))
        {
            return "";
        }

        return length > address.BitLength
            ? string.Create(CultureInfo.InvariantCulture, $"is '{text}', whose length is more than {address.BitLength}")
            : $"is '{text}', which has bits set past its length (did you mean {new IpPrefix(address, length)}?)";
    }

    private static string? ParseAsn(ScalarNode node, out Asn value) => AsnFault(node.Text, out value);

    /// <summary>Reads an AS number; what is wrong with it, or <c>null</c>.</summary>
    public static string? AsnFault(ReadOnlySpan<char> text, out Asn value)
    {
        if (!Bgp.Protocol.Asn.TryParse(text, out value))
        {
            return "";
        }

        return value.Value switch
        {
            0 => "is 0, which no AS may have (RFC 7607)",
            23456 => "is 23456, which is AS_TRANS and stands for numbers of four octets (RFC 6793)",
            65535 or uint.MaxValue => $"is {value}, which is reserved (RFC 7300)",
            _ => null,
        };
    }

    private static string? ParseRouterId(ScalarNode node, out RouterId value) =>
        Bgp.Protocol.RouterId.TryParse(node.Text, out value) && value.Value != 0 ? null : "";

    private static string? ParseAddress(ScalarNode node, out IpAddress value) => IpAddress.TryParse(node.Text, out value) ? null : "";

    private static string? ParseAddressOf(ScalarNode node, int version, out IpAddress value) =>
        IpAddress.TryParse(node.Text, out value) && value.IsV4 == (version == 4) ? null : "";

    private static string? ParseEndpoint(ScalarNode node, out ListenEndpoint value)
    {
        value = default;
        var text = node.Text.AsSpan();
        var colon = text.LastIndexOf(':');
        if (colon < 0)
        {
            return "";
        }

        var host = text[..colon];
        var isBracketed = host.Length > 2 && host[0] == '[' && host[^1] == ']';
        if (isBracketed)
        {
            host = host[1..^1];
        }

        if (!IpAddress.TryParse(host, out var address) || address.IsV6 != isBracketed
            || !ushort.TryParse(text[(colon + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out var port) || port == 0)
        {
            return "";
        }

        value = new ListenEndpoint(address, port);
        return null;
    }
}
