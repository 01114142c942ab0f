using System.Text;

namespace Bgp.Load;

/// <summary>
/// FRR's bgpd. It runs with zebra beside it, as it does in life: without one it knows no interfaces and holds no next hop for reachable. Its own
/// delays are taken away (<c>coalesce-time</c>, the advertisement interval, and the seconds until it applies route maps), so that it is measured at its fastest.
/// </summary>
internal sealed class FrrDaemon(DaemonPlace place) : DaemonUnderLoad(place)
{
    private const string Package = "/usr/lib/frr";

    public override string Version => Ask(Find("bgpd", Package), "--version").Split('\n')[0];

    public override string? Refuses(LoadPlan plan) => plan.SendHoldSeconds is not null ? "its send hold time is twice the hold time and cannot be set" : null;

    public override void Start(LoadPlan plan)
    {
        WriteFile("zebra.conf", "");
        WriteFile("bgpd.conf", Configuration(plan));
        Run("zebra", Find("zebra", Package), Options("zebra"));
        WaitForFile("zserv.api");
        Run("bgpd", Find("bgpd", Package), [.. Options("bgpd"), .. plan.InstallsRoutes ? Array.Empty<string>() : ["--no_kernel"]]);
    }

    private string[] Options(string daemon) =>
        ["-f", FileOf(daemon + ".conf"), "-i", FileOf(daemon + ".pid"), "-z", FileOf("zserv.api"), "--vty_socket", Folder];

    private static string Configuration(LoadPlan plan)
    {
        var text = new StringBuilder($$"""
            bgp route-map delay-timer 0
            router bgp {{LoadPlan.DaemonAsn}}
             bgp router-id {{LoadAddresses.Text(LoadAddresses.Daemon)}}
             no bgp ebgp-requires-policy
             no bgp default ipv4-unicast
             coalesce-time 0

            """);
        foreach (var client in plan.Clients)
        {
            text.AppendLine($$"""
                 neighbor {{LoadAddresses.Text(client.Address)}} remote-as {{client.Asn}}
                 neighbor {{LoadAddresses.Text(client.Address)}} passive
                 neighbor {{LoadAddresses.Text(client.Address)}} advertisement-interval 0
                """);
        }

        text.AppendLine(" address-family ipv4 unicast");
        foreach (var client in plan.Clients)
        {
            text.AppendLine($"  neighbor {LoadAddresses.Text(client.Address)} activate");
            text.AppendLine(client.IsReflectorClient ? $"  neighbor {LoadAddresses.Text(client.Address)} route-reflector-client" : "!");
            var map = !client.IsReceiver ? "none" : plan.HasExportPolicy ? "twenty" : null;
            text.AppendLine(map is null ? "!" : $"  neighbor {LoadAddresses.Text(client.Address)} route-map {map} out");
        }

        text.AppendLine(" exit-address-family").AppendLine("exit").AppendLine("route-map none deny 10").AppendLine("exit");
        WritePolicy(text);
        return text.ToString();
    }

    private static void WritePolicy(StringBuilder text)
    {
        var sequence = 0;
        foreach (var prefix in ExportRules.Prefixes)
        {
            sequence += 10;
            text.AppendLine($"ip prefix-list p{sequence} seq 5 permit {prefix} le 32");
            text.AppendLine($"route-map twenty deny {sequence}").AppendLine($" match ip address prefix-list p{sequence}").AppendLine("exit");
        }

        foreach (var (high, low) in ExportRules.Communities)
        {
            sequence += 10;
            text.AppendLine($"bgp community-list standard c{sequence} seq 5 permit {high}:{low}");
            text.AppendLine($"route-map twenty deny {sequence}").AppendLine($" match community c{sequence}").AppendLine("exit");
        }

        text.AppendLine($"route-map twenty permit {sequence + 10}").AppendLine("exit");
    }
}
