using System.Text;

namespace Bgp.Load;

/// <summary>OpenBGPD: three processes, which are measured together. It leaves Linux's routes alone.</summary>
internal sealed class OpenBgpdDaemon(DaemonPlace place) : DaemonUnderLoad(place)
{
    private const string Folders = "/usr/sbin";

    /// <summary>Where its processes lock themselves in. The package's service makes it, and no service runs here.</summary>
    private const string Chroot = "/run/openbgpd";

    public override string Version => Ask(Find("bgpd", Folders), "-V");

    public override string? Refuses(LoadPlan plan) => plan switch
    {
        { InstallsRoutes: true } => "it installs no routes on Linux",
        { SendHoldSeconds: not null } => "its send hold time cannot be set",
        _ => null,
    };

    public override void Start(LoadPlan plan)
    {
        MakeFolder(Chroot);
        Run("bgpd", Find("bgpd", Folders), "-d", "-f", WriteFile("bgpd.conf", Configuration(plan), isPrivate: true));
    }

    private string Configuration(LoadPlan plan)
    {
        var daemon = LoadAddresses.Text(LoadAddresses.Daemon);
        var text = new StringBuilder($$"""
            AS {{LoadPlan.DaemonAsn}}
            router-id {{daemon}}
            fib-update no
            socket "{{FileOf("bgpd.ctl")}}"
            listen on {{daemon}}

            """);
        foreach (var client in plan.Clients)
        {
            text.AppendLine($$"""
                neighbor {{LoadAddresses.Text(client.Address)}} {
                  remote-as {{client.Asn}}
                  local-address {{daemon}}
                  passive
                  announce IPv4 unicast
                  {{(client.IsReflectorClient ? "route-reflector" : "")}}
                }
                """);
        }

        text.AppendLine("allow from any").AppendLine("allow to any");
        foreach (var client in plan.Clients.Where(client => !client.IsReceiver))
        {
            text.AppendLine($"deny quick to {LoadAddresses.Text(client.Address)}");
        }

        if (plan.HasExportPolicy)
        {
            // The last match wins, unless it is quick.
            ExportRules.Prefixes.ToList().ForEach(prefix => text.AppendLine($"deny quick to any prefix {prefix} or-longer"));
            ExportRules.Communities.ToList().ForEach(community => text.AppendLine($"deny quick to any community {community.High}:{community.Low}"));
            text.AppendLine("allow to any");
        }

        return text.ToString();
    }
}
