using System.Text;

namespace Bgp.Load;

/// <summary>GoBGP. It writes no routes into the kernel by itself. Policies are global there and pick neighbors by set.</summary>
internal sealed class GoBgpDaemon(DaemonPlace place) : DaemonUnderLoad(place)
{
    public override string Version => Ask(Find("gobgpd"), "--version");

    public override string? Refuses(LoadPlan plan) => plan switch
    {
        { InstallsRoutes: true } => "it installs routes through FRR's zebra alone",
        { SendHoldSeconds: not null } => "it has no send hold timer",
        _ => null,
    };

    public override void Start(LoadPlan plan) => Run(
        "gobgpd", Find("gobgpd"), "-f", WriteFile("gobgpd.toml", Configuration(plan)), "--api-hosts", "unix://" + FileOf("gobgp.sock"), "--log-plain", "-l", "error");

    private static string Configuration(LoadPlan plan)
    {
        var daemon = LoadAddresses.Text(LoadAddresses.Daemon);
        var text = new StringBuilder($"""
            [global.config]
              as = {LoadPlan.DaemonAsn}
              router-id = "{daemon}"

            """);
        var silent = plan.Clients.Where(client => !client.IsReceiver).ToList();
        if (silent.Count > 0 || plan.HasExportPolicy)
        {
            WritePolicies(text, plan, silent);
        }

        foreach (var client in plan.Clients)
        {
            text.AppendLine($"""
                [[neighbors]]
                  [neighbors.config]
                    neighbor-address = "{LoadAddresses.Text(client.Address)}"
                    peer-as = {client.Asn}
                  [neighbors.timers.config]
                    connect-retry = 1
                    idle-hold-time-after-reset = 1
                  [neighbors.transport.config]
                    passive-mode = true
                  [[neighbors.afi-safis]]
                    [neighbors.afi-safis.config]
                      afi-safi-name = "ipv4-unicast"
                """);
            if (client.IsReflectorClient)
            {
                text.AppendLine($"""
                      [neighbors.route-reflector.config]
                        route-reflector-client = true
                        route-reflector-cluster-id = "{daemon}"
                    """);
            }
        }

        return text.ToString();
    }

    private static void WritePolicies(StringBuilder text, LoadPlan plan, List<ClientPlan> silent)
    {
        var policies = new List<string>();
        if (silent.Count > 0)
        {
            policies.Add("silent");
            text.AppendLine("[[defined-sets.neighbor-sets]]").AppendLine("  neighbor-set-name = \"silent\"");
            text.AppendLine($"  neighbor-info-list = [{string.Join(", ", silent.Select(client => $"\"{LoadAddresses.Text(client.Address)}\""))}]");
            text.AppendLine("[[policy-definitions]]").AppendLine("  name = \"silent\"");
            AddRule(text, "silent", "    [policy-definitions.statements.conditions.match-neighbor-set]\n      neighbor-set = \"silent\"");
        }

        if (plan.HasExportPolicy)
        {
            policies.Add("twenty");
            WriteTwenty(text);
        }

        text.AppendLine("[global.apply-policy.config]").AppendLine($"  export-policy-list = [{string.Join(", ", policies.Select(policy => $"\"{policy}\""))}]");
        text.AppendLine("  default-export-policy = \"accept-route\"");
    }

    private static void WriteTwenty(StringBuilder text)
    {
        for (var i = 0; i < ExportRules.Prefixes.Count; i++)
        {
            text.AppendLine("[[defined-sets.prefix-sets]]").AppendLine($"  prefix-set-name = \"p{i}\"").AppendLine("  [[defined-sets.prefix-sets.prefix-list]]");
            text.AppendLine($"    ip-prefix = \"{ExportRules.Prefixes[i]}\"").AppendLine("    masklength-range = \"16..32\"");
        }

        for (var i = 0; i < ExportRules.Communities.Count; i++)
        {
            var (high, low) = ExportRules.Communities[i];
            text.AppendLine("[[defined-sets.bgp-defined-sets.community-sets]]").AppendLine($"  community-set-name = \"c{i}\"");
            text.AppendLine($"  community-list = [\"{high}:{low}\"]");
        }

        text.AppendLine("[[policy-definitions]]").AppendLine("  name = \"twenty\"");
        for (var i = 0; i < ExportRules.Prefixes.Count; i++)
        {
            AddRule(text, $"p{i}", $"    [policy-definitions.statements.conditions.match-prefix-set]\n      prefix-set = \"p{i}\"");
        }

        for (var i = 0; i < ExportRules.Communities.Count; i++)
        {
            AddRule(text, $"c{i}", $"    [policy-definitions.statements.conditions.bgp-conditions.match-community-set]\n      community-set = \"c{i}\"");
        }
    }

    private static void AddRule(StringBuilder text, string name, string condition) => text
        .AppendLine("  [[policy-definitions.statements]]").AppendLine($"    name = \"{name}\"").AppendLine(condition)
        .AppendLine("    [policy-definitions.statements.actions]").AppendLine("      route-disposition = \"reject-route\"");
}
