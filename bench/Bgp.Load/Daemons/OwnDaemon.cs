using System.Text;

namespace Bgp.Load;

/// <summary>This repository's daemon, as it is published.</summary>
/// <param name="place">Where it runs.</param>
/// <param name="program">The published executable.</param>
internal sealed class OwnDaemon(DaemonPlace place, string program) : DaemonUnderLoad(place)
{
    public override string Version => Ask(program, "version").Split('\n')[0];

    public override void Start(LoadPlan plan) => Run("bgp", program, "run", "--config", WriteFile("router.yaml", Configuration(plan)));

    private string Configuration(LoadPlan plan)
    {
        var daemon = LoadAddresses.Text(LoadAddresses.Daemon);
        var text = new StringBuilder($$"""
            router:
              asn: {{LoadPlan.DaemonAsn}}
              routerId: {{daemon}}
              listen: ["{{daemon}}:{{LoadAddresses.Port}}"]
            api: {socket: {{FileOf("bgp.sock")}}}
            fib: {enabled: {{(plan.InstallsRoutes ? "true" : "false")}}}

            """);
        if (plan.HasExportPolicy)
        {
            text.AppendLine("policies:").AppendLine("  twenty:");
            foreach (var prefix in ExportRules.Prefixes)
            {
                text.AppendLine($"    - {{match: {{prefix: {{in: {prefix}}}}}, action: reject}}");
            }

            foreach (var (high, low) in ExportRules.Communities)
            {
                text.AppendLine($"    - {{match: {{communities: [\"{high}:{low}\"]}}, action: reject}}");
            }

            text.AppendLine("    - {action: accept}");
        }

        text.AppendLine("neighbors:");
        foreach (var client in plan.Clients)
        {
            var export = !client.IsReceiver ? "reject-all" : plan.HasExportPolicy ? "twenty" : "accept-all";
            text.AppendLine($$"""
                  - address: {{LoadAddresses.Text(client.Address)}}
                    asn: {{client.Asn}}
                    passive: true
                    families: [ipv4-unicast]
                    routeReflectorClient: {{(client.IsReflectorClient ? "true" : "false")}}
                    importPolicy: [accept-all]
                    exportPolicy: [{{export}}]
                """);
            if (plan.SendHoldSeconds is { } seconds)
            {
                // It must be longer than the hold time.
                text.AppendLine($"    sendHoldTime: {seconds}s").AppendLine($"    holdTime: {seconds - 1}s");
            }
        }

        return text.ToString();
    }
}
