using Bgp.Linux;
using Bgp.Protocol;

namespace Bgp.Load;

/// <summary>
/// Two namespaces with one wire between them: the daemon in one, all clients in the other, where the whole upper half of the link's addresses
/// is local. So every port is free, nothing else is routed, and next hops are on the link as in life.
/// </summary>
internal sealed class LoadNetwork : IDisposable
{
    private const string Prefix = "bgpload";
    private const string DaemonDevice = "wire0";
    private const string ClientDevice = "wire1";
    private const int WireMtu = 65_535;
    private const uint LocalTable = 255;

    private readonly string _daemonName = OwnedNamespaces.NameOf(Prefix, "daemon");
    private readonly string _clientName = OwnedNamespaces.NameOf(Prefix, "clients");

    public LoadNetwork()
    {
        OwnedNamespaces.Sweep(Prefix);
        Daemon = NetworkNamespace.Create(_daemonName);
        Clients = NetworkNamespace.Create(_clientName);
        // BIRD's queue of connections is eight long. By default the kernel leaves a client that finds it full in the belief that it is connected, and it
        // learns of it when it sends; after a few such tries minutes pass between them. So each daemon's clients are told at once, and try again.
        Daemon.WriteSetting("net.ipv4.tcp_abort_on_overflow", "1");
        using var daemon = Rtnetlink.Open(Daemon);
        using var clients = Rtnetlink.Open(Clients);
        clients.CreateVeth(ClientDevice, DaemonDevice, Daemon);
        DaemonLink = BringUp(daemon, DaemonDevice);
        var clientLink = BringUp(clients, ClientDevice);

        daemon.AddAddress(new KernelAddress(IpAddress.V4(LoadAddresses.Daemon), LoadAddresses.LinkLength, DaemonLink));
        clients.AddAddress(new KernelAddress(IpAddress.V4(LoadAddresses.Probe), LoadAddresses.LinkLength, clientLink));
        clients.ChangeRoute(RouteOperation.Create, new KernelRoute(IpPrefix.Parse(LoadAddresses.ClientLink))
        {
            Table = LocalTable,
            Type = KernelRouteType.Local,
            Protocol = RouteProtocol.Static,
            Scope = RouteScope.Host,
            NextHops = [new(IpAddress.None, clients.LinkIndex("lo"))],
        });
    }

    public NetworkNamespace Daemon { get; }

    public NetworkNamespace Clients { get; }

    /// <summary>The index of the daemon's device on the wire.</summary>
    public int DaemonLink { get; }

    /// <summary>Bounds the send buffers of the daemon's sockets.</summary>
    public void LimitSendBuffer(int octets) => Daemon.WriteSetting("net.ipv4.tcp_wmem", $"4096 16384 {octets}");

    public void Dispose()
    {
        Daemon.Dispose();
        Clients.Dispose();
        NetworkNamespace.Delete(_daemonName);
        NetworkNamespace.Delete(_clientName);
    }

    private static int BringUp(Rtnetlink netlink, string device)
    {
        var index = netlink.LinkIndex(device);
        netlink.SetLinkUp(netlink.LinkIndex("lo"));
        netlink.SetLinkMtu(index, WireMtu);
        netlink.SetLinkUp(index);
        return index;
    }
}
