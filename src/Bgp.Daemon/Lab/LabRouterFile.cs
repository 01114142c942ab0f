using System.Globalization;
using System.Text;

namespace Bgp.Daemon;

/// <summary>Writes the router file of a lab's router.</summary>
internal static class LabRouterFile
{
    public static string Write(LabRouter router, string controlSocket)
    {
        var text = new StringBuilder();
        Line(text, $"router:");
        Line(text, $"  asn: {router.Asn}");
        Line(text, $"  routerId: {router.RouterId}");
        if (!router.Blocks.IsEmpty)
        {
            Line(text, $"networks:");
            foreach (var block in router.Blocks)
            {
                Line(text, $"  - {{prefix: \"{block}\", blackhole: true}}");
            }
        }

        if (!router.Sessions.IsEmpty)
        {
            Line(text, $"neighbors:");
            foreach (var session in router.Sessions)
            {
                Line(text, $"  - {{address: \"{session.Neighbor}\", asn: {session.Asn}, name: {session.Name}, connectRetry: 1s{Extra(router, session)}}}");
            }
        }

        if (!router.WritesRoutes)
        {
            Line(text, $"fib: {{enabled: false}}");
        }

        Line(text, $"api: {{socket: \"{controlSocket}\"}}");
        return text.ToString();
    }

    /// <summary>Towards another AS nothing goes without a policy (RFC 8212).</summary>
    private static string Extra(LabRouter router, LabSession session) =>
        session.IsClient ? ", routeReflectorClient: true"
        : session.Asn != router.Asn ? ", importPolicy: [accept-all], exportPolicy: [accept-all]"
        : "";

    private static void Line(StringBuilder text, FormattableString line) => text.Append(line.ToString(CultureInfo.InvariantCulture)).Append('\n');
}
