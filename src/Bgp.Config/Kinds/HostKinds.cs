using System.Globalization;
using System.Text;

namespace Bgp.Config;

/// <summary>The kinds of values that concern the kernel and the host.</summary>
internal static class HostKinds
{
    /// <summary>sun_path of a Unix socket address has 108 bytes, the last of them zero.</summary>
    private const int MaxSocketPath = 107;

    private const string Complement = "complementOfLocalPref";

    public static readonly ValueKind<FibMetric> Metric = new ScalarKind<FibMetric>(
        $"a number from 1 to 4294967295, or {Complement}",
        ParseMetric,
        static metric => metric.Value is { } value ? ScalarNode.Literal(value.ToString(CultureInfo.InvariantCulture)) : ScalarNode.String(Complement));

    /// <summary>rtm_protocol: 0 to 4 belong to the kernel, to ICMP redirects and to the administrator.</summary>
    public static readonly ValueKind<byte> RouteProtocol = new ScalarKind<byte>("bgp, bird, or a number from 5 to 255", ParseProtocol, static protocol => protocol switch
    {
        186 => ScalarNode.String("bgp"),
        12 => ScalarNode.String("bird"),
        _ => ScalarNode.Literal(protocol.ToString(CultureInfo.InvariantCulture)),
    });

    public static readonly ValueKind<string> SocketPath = new ScalarKind<string>("an absolute path of at most 107 bytes", ParseSocketPath, ScalarNode.String);

    public static readonly ValueKind<string> Url = new ScalarKind<string>("a URL such as http://127.0.0.1:4317", ParseUrl, ScalarNode.String);

    private static string? ParseMetric(ScalarNode node, out FibMetric value)
    {
        value = FibMetric.ComplementOfLocalPref;
        if (string.Equals(node.Text, Complement, StringComparison.Ordinal))
        {
            return null;
        }

        var isNumber = uint.TryParse(node.Text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number != 0 && node.Form == ScalarForm.Plain;
        value = new FibMetric(number);
        return isNumber ? null : "";
    }

    private static string? ParseProtocol(ScalarNode node, out byte value)
    {
        value = node.Text switch { "bgp" => 186, "bird" => 12, _ => 0 };
        if (value != 0)
        {
            return null;
        }

        var isNumber = byte.TryParse(node.Text, NumberStyles.None, CultureInfo.InvariantCulture, out value) && node.Form == ScalarForm.Plain;
        return !isNumber ? "" : value <= 4 ? $"is {value}, which marks routes of the kernel or of the administrator" : null;
    }

    private static string? ParseSocketPath(ScalarNode node, out string value)
    {
        value = node.Text;
        return value.StartsWith('/') && !value.EndsWith('/') && !value.Contains('\0', StringComparison.Ordinal) && Encoding.UTF8.GetByteCount(value) <= MaxSocketPath ? null : "";
    }

    private static string? ParseUrl(ScalarNode node, out string value)
    {
        value = node.Text;
        return Uri.TryCreate(value, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https" ? null : "";
    }
}
