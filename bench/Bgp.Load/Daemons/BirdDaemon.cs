using System.Text;
using System.Text.RegularExpressions;

namespace Bgp.Load;

/// <summary>BIRD 2. Routes are not exported to the kernel, unless the scenario is about that.</summary>
internal sealed partial class BirdDaemon(DaemonPlace place) : DaemonUnderLoad(place)
{
    private static readonly Version FirstWithSendHold = new(2, 14);

    public override string Version => Ask(Find("bird"), "--version");

    public override string? Refuses(LoadPlan plan) =>
        plan.SendHoldSeconds is not null && !HasSendHold(Version) ? "BIRD before 2.14 has no send hold timer" : null;

    public override void Start(LoadPlan plan) =>
        Run("bird", Find("bird"), "-f", "-c", WriteFile("bird.conf", Configuration(plan)), "-s", FileOf("bird.ctl"));

    /// <summary>Whether a BIRD of this version, as it prints it, has a send hold timer.</summary>
    internal static bool HasSendHold(string version) =>
        Numbers().Match(version) is { Success: true } numbers && System.Version.Parse(numbers.Value) >= FirstWithSendHold;

    [GeneratedRegex(@"\d+\.\d+(\.\d+)?")]
    private static partial Regex Numbers();

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
