using System.Text.Json;

namespace Bgp.Interop.Tests;

/// <summary>FRR on an <see cref="UnnumberedLink"/> with <c>neighbor eth0 interface remote-as external</c>: zebra advertises on the link and writes the kernel's routes.</summary>
internal sealed class UnnumberedFrr : IDisposable
{
    private const string Daemons = "/usr/lib/frr";

    private readonly string _folder;
    private readonly Host _host;
    private readonly ChildProcess _zebra;
    private readonly ChildProcess _bgpd;

    public UnnumberedFrr(Host host, uint asn)
    {
        Command.Require("bgpd", "frr", Daemons);
        Command.Require("vtysh", "frr");
        _host = host;
        _folder = Path.Combine(host.Folder, "frr");
        // The daemons give up root for this user, and then make their sockets.
        Command.Run("install", "-d", "-o", "frr", "-g", "frr", _folder);
        File.WriteAllText(Path.Combine(_folder, "zebra.conf"), $"log file {_folder}/zebra.log\n");
        File.WriteAllText(Path.Combine(_folder, "bgpd.conf"), $"""
            log file {_folder}/bgpd.log
            router bgp {asn}
             bgp router-id {host.IPv4}
             bgp log-neighbor-changes
             no bgp ebgp-requires-policy
             neighbor eth0 interface remote-as external
             neighbor eth0 timers connect 1
             address-family ipv4 unicast
              network {host.IPv4}/32
              neighbor eth0 activate
             exit-address-family
             address-family ipv6 unicast
              network {host.IPv6}/128
              neighbor eth0 activate
             exit-address-family
            """);
        _zebra = Start("zebra");
        _bgpd = Start("bgpd");
    }

    public bool IsEstablished => Neighbor.GetProperty("bgpState").GetString() == "Established";

    public JsonElement Neighbor =>
        JsonElement.Parse(Command.Run("vtysh", "--vty_socket", _folder, "-d", "bgpd", "-c", "show bgp neighbors eth0 json")).GetProperty("eth0");

    public void Dispose()
    {
        _bgpd.Dispose();
        _zebra.Dispose();
    }

    private ChildProcess Start(string daemon)
    {
        var process = _host.Namespace.Start(
            Path.Combine(Daemons, daemon), "-f", Path.Combine(_folder, daemon + ".conf"), "-i", Path.Combine(_folder, daemon + ".pid"),
            "-z", Path.Combine(_folder, "zserv.api"), "--vty_socket", _folder);
        Eventually.Holds($"{daemon} answers", () => !process.IsRunning
            ? throw new AssertionException($"{daemon} ended: {process.Output}")
            : Command.Try("vtysh", "--vty_socket", _folder, "-d", daemon, "-c", "show version").ExitCode == 0);
        return process;
    }
}
