namespace Bgp.Interop.Tests;

/// <summary>
/// A rack: the node (our daemon, a pod behind it) has a link to each of two ToR switches (FRR), and each of these one to a router with a client's address (FRR).
/// All sessions are eBGP between neighbors on a link, every one in an AS of its own. The ToRs announce a default route to the node; the node's link to a ToR
/// crosses a bridge, so that it can be cut with or without loss of the carrier. Nothing exists before <see cref="Start"/>.
/// </summary>
internal sealed class TorTopology : IDisposable
{
    public const string Service = "192.0.2.10";
    public const string Pod = "10.244.1.5";
    public const string Client = "203.0.113.1";
    public const int HoldTime = 6;

    private const uint NodeAsn = 64512;
    private const uint ClientAsn = 65103;

    private readonly List<NetworkNamespace> _made = [];
    private readonly HashSet<string> _folders = [];
    private readonly Host[] _nodeEnds = new Host[2];
    private readonly Host[] _torEnds = new Host[2];
    private readonly Host[] _torUplinks = new Host[2];
    private readonly NetworkNamespace[] _bridges = new NetworkNamespace[2];
    private readonly FrrPeer?[] _tors = new FrrPeer?[2];
    private DaemonPeer? _node;
    private FrrPeer? _client;

    public DaemonPeer Node => _node ?? throw new InvalidOperationException("not started");

    public FrrPeer ClientRouter => _client ?? throw new InvalidOperationException("not started");

    /// <summary>The ToR's address on the node's link.</summary>
    public string Gateway(int tor) => _torEnds[tor].IPv4;

    public FrrPeer Tor(int tor) => _tors[tor] ?? throw new InvalidOperationException("not started");

    /// <summary>The node on its link to the ToR.</summary>
    public Host NodeEnd(int tor) => _nodeEnds[tor];

    /// <param name="nexthopObjects">The setting of `fib`.</param>
    public void Start(string nexthopObjects)
    {
        var (node, client, pod) = (Keep(new NetworkNamespace("node")), Keep(new NetworkNamespace("client")), Keep(new NetworkNamespace("pod")));
        NetworkNamespace[] tors = [Keep(new NetworkNamespace("tor")), Keep(new NetworkNamespace("tor"))];
        var clientEnds = new Host[2];
        for (var tor = 0; tor < 2; tor++)
        {
            _bridges[tor] = Keep(new NetworkNamespace("link"));
            _bridges[tor].Ip("link", "add", "bridge", "type", "bridge");
            _bridges[tor].Ip("link", "set", "bridge", "up");
            _nodeEnds[tor] = Plug(node, $"tor{tor}", $"10.9.{tor}.1", _bridges[tor]);
            _torEnds[tor] = Plug(tors[tor], "node", $"10.9.{tor}.2", _bridges[tor]);
            tors[tor].Ip("link", "add", "client", "type", "veth", "peer", "name", $"tor{tor}", "netns", client.Name);
            _torUplinks[tor] = Address(tors[tor], "client", $"10.9.1{tor}.2");
            clientEnds[tor] = Address(client, $"tor{tor}", $"10.9.1{tor}.1");
        }

        node.Ip("address", "add", Service + "/32", "dev", "lo");
        client.Ip("address", "add", Client + "/32", "dev", "lo");
        AddPod(node, pod);
        foreach (var router in (NetworkNamespace[])[node, client, .. tors])
        {
            router.Set("ipv4/ip_forward", "1");
        }

        Parallel.Invoke(
            () => _tors[0] = StartTor(0, _torUplinks[0], clientEnds[0]),
            () => _tors[1] = StartTor(1, _torUplinks[1], clientEnds[1]),
            () => _client = new FrrPeer(
                clientEnds[0], ClientAsn, [.. _torUplinks.Select((uplink, tor) => new Session(uplink, TorAsn(tor), Family.IPv4, HoldTime) { ToKernel = true })]),
            () => _node = new DaemonPeer(
                _nodeEnds[0],
                NodeAsn,
                $"fib: {{nexthopObjects: {nexthopObjects}}}",
                new Session(_torEnds[0], TorAsn(0), Family.IPv4, HoldTime),
                new Session(_torEnds[1], TorAsn(1), Family.IPv4, HoldTime)));
        ClientRouter.Announce(new Route(Client + "/32"));
        Node.Announce(new Route("10.244.1.0/24"), new Route(Service + "/32"));
    }

    /// <summary>Awaits the node's default route by these ToRs and no others.</summary>
    public void AwaitDefault(params IReadOnlyList<int> tors) => Eventually.Get(
        "the default route by " + string.Join(" and ", tors.Select(Gateway)),
        () => Node.Host.Namespace.Ip("-4", "route", "show", "default"),
        text => Enumerable.Range(0, 2).All(tor => text.Contains($"via {Gateway(tor)} ", StringComparison.Ordinal) == tors.Contains(tor)));

    /// <summary>Awaits that the ToR has the node's route from the node.</summary>
    public void AwaitService(int tor) => Routes.Await(Service + "/32", Tor(tor), _nodeEnds[tor]);

    /// <summary>The ToR by which the client's packets go.</summary>
    public int TorInUse() => Eventually.Get(
        "a way from the client",
        () => Array.FindIndex(_torUplinks, uplink => ClientRouter.Host.Namespace.Ip("route", "get", Service).Contains($"via {uplink?.IPv4} ", StringComparison.Ordinal)),
        tor => tor >= 0);

    /// <summary>Pulls the cable, or plugs it in again: both ends lose their carrier.</summary>
    public void SetLink(int tor, bool isUp)
    {
        foreach (var port in (string[])["node", "tor" + tor])
        {
            _bridges[tor].Ip("link", "set", port, isUp ? "up" : "down");
        }
    }

    /// <summary>From now on the link takes packets and delivers none; nobody loses a carrier.</summary>
    public void SetSilent(int tor, bool isSilent) => _bridges[tor].Ip("link", "set", "bridge", isSilent ? "down" : "up");

    public void Dispose()
    {
        Parallel.ForEach([_node, _client, .. _tors], (IDisposable? started) => started?.Dispose());
        _made.ForEach(made => made.Dispose());
        foreach (var folder in _folders.Where(Directory.Exists))
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static uint TorAsn(int tor) => 65101 + (uint)tor;

    /// <summary>The end of a link that crosses the bridge.</summary>
    private Host Plug(NetworkNamespace space, string name, string address, NetworkNamespace bridge)
    {
        space.Ip("link", "add", name, "type", "veth", "peer", "name", name, "netns", bridge.Name);
        bridge.Ip("link", "set", name, "master", "bridge", "up");
        return Address(space, name, address);
    }

    private Host Address(NetworkNamespace space, string link, string address)
    {
        space.Ip("address", "add", address + "/24", "dev", link);
        space.Ip("link", "set", link, "up");
        var host = new Host(space, $"{space.Name}.{link}", address, "::");
        _folders.Add(host.Folder);
        return host;
    }

    private static void AddPod(NetworkNamespace node, NetworkNamespace pod)
    {
        node.Ip("link", "add", "pod", "type", "veth", "peer", "name", "eth0", "netns", pod.Name);
        node.Ip("address", "add", "169.254.1.1/32", "dev", "pod");
        node.Ip("link", "set", "pod", "up");
        pod.Ip("address", "add", Pod + "/32", "dev", "eth0");
        pod.Ip("link", "set", "eth0", "up");
        node.Ip("route", "add", Pod + "/32", "dev", "pod");
        pod.Ip("route", "add", "169.254.1.1", "dev", "eth0");
        pod.Ip("route", "add", "default", "via", "169.254.1.1");
    }

    private FrrPeer StartTor(int tor, Host uplink, Host client) => new(
        _torEnds[tor],
        TorAsn(tor),
        new Session(_nodeEnds[tor], NodeAsn, Family.IPv4, HoldTime) { DefaultOriginate = true, ToKernel = true },
        new Session(client, ClientAsn, Family.IPv4, HoldTime) { ToKernel = true });

    private NetworkNamespace Keep(NetworkNamespace made)
    {
        _made.Add(made);
        return made;
    }
}
