using System.Text;

namespace Bgp.Load;

/// <summary>BIRD 2. Routes are not exported to the kernel, unless the scenario is about that.</summary>
internal sealed class BirdDaemon(DaemonPlace place) : DaemonUnderLoad(place)
{
    public override string Version => Ask(Find("bird"), "--version");

    public override string? Refuses(LoadPlan plan) =>
        plan.SendHoldSeconds is not null && !Version.Contains("version 3", StringComparison.Ordinal) ? "BIRD before 2.14 has no send hold timer" : null;

    public override void Start(LoadPlan plan) =>
        Run("bird", Find("bird"), "-f", "-c", WriteFile("bird.conf", Configuration(plan)), "-s", FileOf("bird.ctl"));

    private static string Configuration(LoadPlan plan)
    {
        var daemon = LoadAddresses.Text(LoadAddresses.Daemon);
        var text = new StringBuilder($$"""
            router id {{daemon}};
            protocol device {}
            protocol direct { ipv4; }
            {{(plan.InstallsRoutes ? "protocol kernel { ipv4 { import none; export where source = RTS_BGP; }; }" : "")}}
            filter told {
              if source != RTS_BGP then reject;

            """);
        if (plan.HasExportPolicy)
        {
            foreach (var prefix in ExportRules.Prefixes)
            {
                text.AppendLine($"  if net ~ {prefix} then reject;");
            }

            foreach (var (high, low) in ExportRules.Communities)
            {
                text.AppendLine($"  if ({high}, {low}) ~ bgp_community then reject;");
            }
        }

        text.AppendLine("  accept;").AppendLine("}");
        foreach (var client in plan.Clients)
        {
            text.AppendLine($$"""
                protocol bgp c{{client.Index}} {
                  local {{daemon}} as {{LoadPlan.DaemonAsn}};
                  neighbor {{LoadAddresses.Text(client.Address)}} as {{client.Asn}};
                  direct; passive; {{(client.IsReflectorClient ? "rr client;" : "")}}
                  error wait time 1, 1; error forget time 1;
                  {{(plan.SendHoldSeconds is { } seconds ? $"hold time {seconds - 1}; send hold time {seconds};" : "")}}
                  ipv4 { import all; export {{(client.IsReceiver ? "filter told" : "none")}}; };
                }
                """);
        }

        return text.ToString();
    }
}
