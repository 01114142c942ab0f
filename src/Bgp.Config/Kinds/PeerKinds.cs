using System.Globalization;
using System.Text;
using Bgp.Protocol;

namespace Bgp.Config;

/// <summary>The kinds of values that only neighbors and peer groups have.</summary>
internal static class PeerKinds
{
    public static readonly ValueKind<RemoteAs> RemoteAs = new ScalarKind<RemoteAs>(
        "an AS number from 1 to 4294967294, external or internal", ParseRemoteAs, WriteRemoteAs);

    public static readonly ValueKind<ScopedAddress> NeighborAddress = new ScalarKind<ScopedAddress>(
        "the neighbor's IPv4 or IPv6 address, a link-local one with its interface as in fe80::1%eth0", ParseNeighborAddress, static address => ScalarNode.String(address.ToString()));

    public static readonly ValueKind<IpAddress> LocalAddress = new ScalarKind<IpAddress>(
        "one of this router's addresses", ParseLocalAddress, static address => ScalarNode.String(address.ToString()));

    public static readonly ValueKind<Secret> Password = new ScalarKind<Secret>(
        "a key of 1 to 80 bytes", ParsePassword, static _ => ScalarNode.String(Secret.Placeholder));

    public static readonly ValueKind<ushort> Port = new ScalarKind<ushort>(
        "a port from 1 to 65535", ParsePort, static port => ScalarNode.Literal(port.ToString(CultureInfo.InvariantCulture)));

    /// <summary>A number of paths, or <c>all</c>.</summary>
    public static readonly ValueKind<int> PathCount = new ScalarKind<int>("a number from 0 to 255, or all", ParsePathCount, static count => count == AddPathsSettings.All
        ? ScalarNode.String("all")
        : ScalarNode.Literal(count.ToString(CultureInfo.InvariantCulture)));

    /// <summary>What is wrong with a TCP MD5 key, or <c>null</c>. Never says the key.</summary>
    public static string? KeyFault(string key) => Encoding.UTF8.GetByteCount(key) switch
    {
        0 => "is empty",
        > 80 => "is longer than the 80 bytes that TCP MD5 takes (RFC 2385)",
        _ => string.Equals(key, Secret.Placeholder, StringComparison.Ordinal) ? $"is {Secret.Placeholder}, which stands for a key that was not printed" : null,
    };

    /// <summary>What keeps an address from being a host's, or <c>null</c>.</summary>
    public static string? UnicastFault(IpAddress address) =>
        address.IsUnspecified ? $"is {address}, which is no address of anyone"
        : address.IsMulticast ? $"is {address}, a multicast address"
        : address == IpAddress.V4(uint.MaxValue) ? $"is {address}, the broadcast address"
        : address.IsV6 && address.High == 0 && address.Low >> 32 == 0xffff ? $"is an IPv4 address in the form of IPv6 (did you mean {IpAddress.V4((uint)address.Low)}?)"
        : null;

    private static string? ParseRemoteAs(ScalarNode node, out RemoteAs value)
    {
        value = node.Text switch
        {
            "external" => Config.RemoteAs.External,
            "internal" => Config.RemoteAs.Internal,
            _ => default,
        };
        if (value.Kind != RemoteAsKind.Number)
        {
            return null;
        }

        var wrong = NetworkKinds.AsnFault(node.Text, out var number);
        value = Config.RemoteAs.Of(number);
        return wrong;
    }

    private static ScalarNode WriteRemoteAs(RemoteAs value) => value.Kind switch
    {
        RemoteAsKind.External => ScalarNode.String("external"),
        RemoteAsKind.Internal => ScalarNode.String("internal"),
        _ => ScalarNode.Literal(value.Number.ToString()),
    };

    private static string? ParseNeighborAddress(ScalarNode node, out ScopedAddress value)
    {
        var text = node.Text.AsSpan();
        var percent = text.IndexOf('%');
        var zone = percent < 0 ? "" : text[(percent + 1)..].ToString();
        value = default;
        if (!IpAddress.TryParse(percent < 0 ? text : text[..percent], out var address))
        {
            return "";
        }

        value = new ScopedAddress(address, zone);
        return UnicastFault(address) ?? ZoneFault(address, zone, percent >= 0);
    }

    private static string? ZoneFault(IpAddress address, string zone, bool isGiven) =>
        !isGiven ? address.IsV6 && address.IsLinkLocal ? $"is the link-local {address} without its interface" : null
        : !address.IsV6 || !address.IsLinkLocal ? $"has an interface, but {address} is not an IPv6 link-local address"
        : Kinds.IsInterfaceName(zone) ? null
        : "has no valid name of an interface after '%'";

    private static string? ParseLocalAddress(ScalarNode node, out IpAddress value) => IpAddress.TryParse(node.Text, out value) ? UnicastFault(value) : "";

    private static string? ParsePassword(ScalarNode node, out Secret value)
    {
        value = new Secret(node.Text);
        return KeyFault(node.Text);
    }

    private static string? ParsePort(ScalarNode node, out ushort value) =>
        ushort.TryParse(node.Text, NumberStyles.None, CultureInfo.InvariantCulture, out value) && value != 0 && node.Form == ScalarForm.Plain ? null : "";

    private static string? ParsePathCount(ScalarNode node, out int value)
    {
        if (string.Equals(node.Text, "all", StringComparison.Ordinal))
        {
            value = AddPathsSettings.All;
            return null;
        }

        var isCount = byte.TryParse(node.Text, NumberStyles.None, CultureInfo.InvariantCulture, out var count);
        value = count;
        return isCount ? null : "";
    }
}
