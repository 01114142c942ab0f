using System.Collections.Immutable;
using Bgp.Linux;
using Bgp.Protocol;

namespace Bgp.Daemon;

/// <summary>
/// Builds a lab's network: a namespace for the segments' bridges, one for each router and each pod, and veths between them.
/// <para>
/// A pod has a /32 (/128) of its node's block and a default route by the node's end of its veth; the node has the gateway's address on each such veth and a host route to each pod. So pods
/// are joined as Kubernetes joins them without an overlay, and between nodes there are only the routes that BGP brings.
/// </para>
/// </summary>
internal sealed class LabNetwork(LabName lab, LabTopology topology)
{
    /// <summary>The namespace of the bridges: of its own, so that no router sees the others' ports.</summary>
    public const string SegmentsMember = "segments";

    private const string PodDevice = "eth0";

    private readonly bool _ipv6 = topology.Routers.Any(router => router.Blocks.Any(block => block.Address.IsV6));

    /// <summary>Makes one thing after the other; what was made when it is cancelled or fails is removed by <see cref="LabRemains"/>.</summary>
    /// <exception cref="LinuxException">The kernel refused.</exception>
    /// <exception cref="IOException">A setting below /proc/sys/net could not be written.</exception>
    public void Build(CancellationToken cancellation)
    {
        using var segments = NetworkNamespace.Create(lab.NamespaceOf(SegmentsMember));
        using var segmentLinks = Rtnetlink.Open(segments);
        var bridges = new Dictionary<string, int>();
        foreach (var segment in topology.Segments)
        {
            bridges.Add(segment, segmentLinks.CreateBridge(segment));
            segmentLinks.SetLinkUp(bridges[segment]);
        }

        foreach (var router in topology.Routers)
        {
            cancellation.ThrowIfCancellationRequested();
            using var space = NetworkNamespace.Create(lab.NamespaceOf(router.Name));
            Forward(space);
            using var links = Rtnetlink.Open(space);
            links.SetLinkUp(links.LinkIndex("lo"));
            foreach (var uplink in router.Uplinks)
            {
                var port = segmentLinks.CreateVeth(PortOf(router, uplink), uplink.Device, space);
                segmentLinks.SetLinkMaster(port, bridges[uplink.Segment]);
                segmentLinks.SetLinkUp(port);
                AddDevice(links, uplink.Device, uplink.Addresses);
            }

            foreach (var pod in router.Pods)
            {
                cancellation.ThrowIfCancellationRequested();
                AddPod(links, router, pod);
            }
        }
    }

    /// <summary>The name of the bridge's port to a router.</summary>
    public static string PortOf(LabRouter router, LabUplink uplink) => $"{router.Name}-{uplink.Device}";

    private void AddPod(Rtnetlink node, LabRouter router, LabPod pod)
    {
        using var space = NetworkNamespace.Create(lab.NamespaceOf(pod.Name));
        SetUp(space);
        using var links = Rtnetlink.Open(space);
        links.SetLinkUp(links.LinkIndex("lo"));

        node.CreateVeth(pod.HostDevice, PodDevice, space);
        var hostEnd = AddDevice(node, pod.HostDevice, AsHosts(router.PodGateways));
        var podEnd = AddDevice(links, PodDevice, AsHosts(pod.Addresses));
        foreach (var address in pod.Addresses)
        {
            node.ChangeRoute(RouteOperation.Create, OnLink(address, hostEnd));
        }

        foreach (var gateway in router.PodGateways)
        {
            links.ChangeRoute(RouteOperation.Create, OnLink(gateway, podEnd));
            links.ChangeRoute(RouteOperation.Create, new KernelRoute(new IpPrefix(gateway.IsV4 ? IpAddress.V4(0) : IpAddress.V6(0, 0), 0))
            {
                Protocol = RouteProtocol.Static,
                NextHops = [new(gateway, podEnd)],
            });
        }
    }

    private static int AddDevice(Rtnetlink links, string name, ImmutableArray<LabAddress> addresses)
    {
        var index = links.LinkIndex(name);
        links.SetLinkUp(index);
        foreach (var (address, length) in addresses)
        {
            // Without duplicate address detection an IPv6 address is usable at once.
            links.AddAddress(new KernelAddress(address, length, index) { Flags = address.IsV6 ? AddressFlags.NoDad : AddressFlags.None });
        }

        return index;
    }

    private static ImmutableArray<LabAddress> AsHosts(ImmutableArray<IpAddress> addresses) =>
        [.. addresses.Select(address => new LabAddress(address, (byte)address.BitLength))];

    private static KernelRoute OnLink(in IpAddress address, int device) => new(new IpPrefix(address, address.BitLength))
    {
        Protocol = RouteProtocol.Static,
        Scope = address.IsV4 ? RouteScope.Link : RouteScope.Universe,
        NextHops = [new(IpAddress.None, device)],
    };

    private void Forward(NetworkNamespace space)
    {
        SetUp(space);
        space.WriteSetting("net.ipv4.ip_forward", "1");
        if (_ipv6)
        {
            space.WriteSetting("net.ipv6.conf.all.forwarding", "1");
        }
    }

    /// <summary>A new namespace may inherit its settings from this machine; those that matter are set.</summary>
    private void SetUp(NetworkNamespace space)
    {
        foreach (var which in (ReadOnlySpan<string>)["all", "default"])
        {
            // Loose: the way back may be another than the way there where paths are equal, but it must exist.
            space.WriteSetting($"net.ipv4.conf.{which}.rp_filter", "2");
            if (_ipv6)
            {
                space.WriteSetting($"net.ipv6.conf.{which}.disable_ipv6", "0");
                space.WriteSetting($"net.ipv6.conf.{which}.accept_dad", "0");
            }
        }
    }
}
