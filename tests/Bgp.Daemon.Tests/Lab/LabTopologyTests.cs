using Bgp.Protocol;

namespace Bgp.Daemon.Tests;

internal sealed class LabTopologyTests
{
    [Test]
    public void FullMesh_ThreeNodes_EachHasASessionToEveryOther()
    {
        var topology = LabTopology.FullMesh(3, ipv6: false);

        Assert.That(topology.Routers.Select(router => string.Join(' ', router.Sessions.Select(session => session.Neighbor))), Is.EqualTo(new[]
        {
            "10.0.0.2 10.0.0.3",
            "10.0.0.1 10.0.0.3",
            "10.0.0.1 10.0.0.2",
        }));
    }

    [Test]
    public void FullMesh_Ipv6_SessionsOfEachFamilyRunOverItsOwnAddresses()
    {
        var sessions = LabTopology.FullMesh(2, ipv6: true).Routers[0].Sessions;

        Assert.That(sessions.Select(session => session.Neighbor.ToString()), Is.EqualTo(new[] { "10.0.0.2", "fd00:10::2" }));
    }

    [Test]
    public void FullMesh_Sessions_AreInternal()
    {
        var topology = LabTopology.FullMesh(4, ipv6: true);

        Assert.That(topology.Routers.SelectMany(router => router.Sessions.Select(session => session.Asn).Append(router.Asn)), Is.All.EqualTo(LabNumbering.NodeAsn));
    }

    [Test]
    public void FullMesh_NodeNumber_ReadsTheSameInItsBlocks()
    {
        var router = LabTopology.FullMesh(12, ipv6: true).Routers[11];

        Assert.That(router.Blocks.Select(block => block.ToString()), Is.EqualTo(new[] { "10.244.12.0/24", "fd00:10:244:12::/64" }));
    }

    [Test]
    public void FullMesh_Pods_HaveAddressesOfTheirNodesBlocks()
    {
        var topology = LabTopology.FullMesh(3, ipv6: true);

        Assert.That(
            topology.Routers.SelectMany(router => router.Pods.SelectMany(pod => pod.Addresses.Select((address, family) => router.Blocks[family].Contains(address)))),
            Is.All.True);
    }

    [Test]
    public void Reflected_Nodes_PeerWithTheReflectorsAlone()
    {
        var topology = LabTopology.Reflected(3, 2, ipv6: false);

        Assert.That(SessionsOf(topology, "node2"), Is.EqualTo("10.0.0.201 10.0.0.202"));
    }

    [Test]
    public void Reflected_Reflectors_HaveTheNodesAsClientsAndEachOtherAsNonClients()
    {
        var reflector = RouterOf(LabTopology.Reflected(2, 2, ipv6: true), "reflector1");

        Assert.That(reflector.Sessions.Select(session => (session.Neighbor.ToString(), session.IsClient)), Is.EqualTo(new[]
        {
            ("10.0.0.1", true), ("fd00:10::1", true), ("10.0.0.2", true), ("fd00:10::2", true), ("10.0.0.202", false), ("fd00:10::ca", false),
        }));
    }

    [Test]
    public void Reflected_Nodes_HaveNoClients()
    {
        var nodes = LabTopology.Reflected(3, 2, ipv6: true).Routers.Where(router => router.Role == LabRole.Node);

        Assert.That(nodes.SelectMany(node => node.Sessions).Any(session => session.IsClient), Is.False);
    }

    [Test]
    public void Racks_Nodes_PeerWithTheirTorAlone()
    {
        var topology = LabTopology.Racks(4, 2, ipv6: true);

        Assert.That(topology.Routers.Where(router => router.Role == LabRole.Node).Select(router => SessionsOf(topology, router.Name)), Is.EqualTo(new[]
        {
            "10.0.1.254 fd00:10:0:1::fe", "10.0.2.254 fd00:10:0:2::fe", "10.0.1.254 fd00:10:0:1::fe", "10.0.2.254 fd00:10:0:2::fe",
        }));
    }

    [Test]
    public void Racks_Tor_PeersWithItsNodesAndTheOtherTors()
    {
        var topology = LabTopology.Racks(4, 3, ipv6: false);

        Assert.That(SessionsOf(topology, "tor1"), Is.EqualTo("10.0.1.1 10.0.1.4 10.0.255.2 10.0.255.3"));
    }

    [Test]
    public void Racks_AsNumbers_NoRouterSharesOne()
    {
        var topology = LabTopology.Racks(LabOptions.MaxNodes, LabOptions.MaxNodes, ipv6: false);

        Assert.That(topology.Routers.Select(router => router.Asn), Is.Unique);
    }

    [TestCaseSource(nameof(Shapes))]
    public void Sessions_AnyShape_AreConfiguredOnBothSides(LabOptions options)
    {
        var topology = LabTopology.Of(options);
        var names = topology.Routers.SelectMany(router => router.Uplinks.SelectMany(uplink => uplink.Addresses.Select(entry => (entry.Address, router)))).ToDictionary();

        var there = topology.Routers.SelectMany(router => router.Sessions.Select(session => (From: router.Name, To: names[session.Neighbor].Name, session.Neighbor.IsV6))).ToHashSet();

        Assert.That(there.Select(way => (From: way.To, To: way.From, way.IsV6)), Is.EquivalentTo(there));
    }

    [TestCaseSource(nameof(Shapes))]
    public void Sessions_AnyShape_NameTheAsOfTheOtherSide(LabOptions options)
    {
        var topology = LabTopology.Of(options);
        var asns = topology.Routers.SelectMany(router => router.Uplinks.SelectMany(uplink => uplink.Addresses.Select(entry => (entry.Address, router.Asn)))).ToDictionary();

        Assert.That(topology.Routers.SelectMany(router => router.Sessions).All(session => session.Asn == asns[session.Neighbor]), Is.True);
    }

    [TestCaseSource(nameof(Shapes))]
    public void Neighbors_AnyShape_AreOnASegmentOfTheRouter(LabOptions options)
    {
        var topology = LabTopology.Of(options);

        Assert.That(
            topology.Routers.SelectMany(router => router.Sessions.Select(session => router.Uplinks.SelectMany(uplink => uplink.Addresses)
                .Any(own => new IpPrefix(own.Address, own.PrefixLength).Contains(session.Neighbor)))),
            Is.All.True);
    }

    [TestCaseSource(nameof(Shapes))]
    public void Addresses_AnyShape_AreUnique(LabOptions options)
    {
        var topology = LabTopology.Of(options);

        var addresses = topology.Routers
            .SelectMany(router => router.Uplinks.SelectMany(uplink => uplink.Addresses.Select(entry => entry.Address)).Concat(router.PodGateways))
            .Concat(topology.Pods.SelectMany(pod => pod.Addresses));

        Assert.That(addresses, Is.Unique);
    }

    [TestCaseSource(nameof(Shapes))]
    public void RouterIds_AnyShape_AreUnique(LabOptions options) =>
        Assert.That(LabTopology.Of(options).Routers.Select(router => router.RouterId), Is.Unique);

    [TestCaseSource(nameof(Shapes))]
    public void DeviceNames_AnyShape_FitTheKernel(LabOptions options)
    {
        var topology = LabTopology.Of(options);

        Assert.That(
            topology.Routers.SelectMany(router => router.Uplinks.Select(uplink => LabNetwork.PortOf(router, uplink))).Concat(topology.Segments).Select(name => name.Length),
            Is.All.LessThanOrEqualTo(Linux.Rtnetlink.MaxLinkName));
    }

    [TestCase(1, 0, 0, "1 node with 2 pods each")]
    [TestCase(3, 0, 0, "3 nodes with 2 pods each")]
    [TestCase(5, 1, 0, "5 nodes with 2 pods each and 1 reflector")]
    [TestCase(4, 0, 2, "4 nodes with 2 pods each in 2 racks with a ToR router each")]
    public void Description_OfAShape_SaysIt(int nodes, int reflectors, int racks, string words) =>
        Assert.That(LabTopology.Of(new LabOptions { Nodes = nodes, Reflectors = reflectors, Racks = racks }).Description, Is.EqualTo(words));

    [Test]
    public void ExpectedRoutes_ANode_AreAllBlocksAndEachOnce()
    {
        var topology = LabTopology.FullMesh(3, ipv6: true);

        Assert.That(topology.ExpectedRoutes(topology.Routers[1]), Is.EquivalentTo(new[]
        {
            "10.244.1.0/24", "10.244.2.0/24", "10.244.3.0/24", "fd00:10:244:1::/64", "fd00:10:244:2::/64", "fd00:10:244:3::/64",
        }.Select(text => IpPrefix.Parse(text))));
    }

    [Test]
    public void ExpectedRoutes_AReflector_AreNone()
    {
        var topology = LabTopology.Reflected(2, 1, ipv6: true);

        Assert.That(topology.ExpectedRoutes(RouterOf(topology, "reflector1")), Is.Empty);
    }

    [Test]
    public void ExpectedRoutes_ARouterWithoutPods_AreAllBlocks()
    {
        var topology = LabTopology.Racks(2, 2, ipv6: false);

        Assert.That(topology.ExpectedRoutes(RouterOf(topology, "tor2")), Is.EquivalentTo(new[] { IpPrefix.Parse("10.244.1.0/24"), IpPrefix.Parse("10.244.2.0/24") }));
    }

    /// <summary>Each shape, the largest among them.</summary>
    private static IEnumerable<LabOptions> Shapes()
    {
        const int Most = LabOptions.MaxNodes;
        foreach (var ipv6 in (bool[])[false, true])
        {
            yield return new LabOptions { Nodes = Most, Ipv6 = ipv6 };
            yield return new LabOptions { Nodes = 5, Reflectors = 2, Ipv6 = ipv6 };
            yield return new LabOptions { Nodes = Most, Reflectors = LabOptions.MaxReflectors, Ipv6 = ipv6 };
            yield return new LabOptions { Nodes = 4, Racks = 2, Ipv6 = ipv6 };
            yield return new LabOptions { Nodes = 3, Racks = 1, Ipv6 = ipv6 };
            yield return new LabOptions { Nodes = Most, Racks = Most, Ipv6 = ipv6 };
        }
    }

    private static LabRouter RouterOf(LabTopology topology, string name) => topology.Routers.Single(router => router.Name == name);

    private static string SessionsOf(LabTopology topology, string name) => string.Join(' ', RouterOf(topology, name).Sessions.Select(session => session.Neighbor));
}
