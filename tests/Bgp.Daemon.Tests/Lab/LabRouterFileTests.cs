using Bgp.Config;

namespace Bgp.Daemon.Tests;

internal sealed class LabRouterFileTests
{
    [TestCase(0, 0)]
    [TestCase(2, 0)]
    [TestCase(0, 2)]
    public void Write_EveryRouterOfAShape_IsAFileWithoutFault(int reflectors, int racks)
    {
        var topology = LabTopology.Of(new LabOptions { Nodes = 3, Reflectors = reflectors, Racks = racks, Ipv6 = true });

        Assert.That(
            topology.Routers.SelectMany(router => RouterConfigFile.Parse(LabRouterFile.Write(router, $"/run/x/{router.Name}.sock"), $"{router.Name}.yaml").Faults),
            Is.Empty);
    }

    [Test]
    public void Write_AReflector_NamesItsClients()
    {
        var reflector = LabTopology.Reflected(1, 2, ipv6: false).Routers[1];

        Assert.That(LabRouterFile.Write(reflector, "/run/x/reflector1.sock"), Is.EqualTo(
            """
            router:
              asn: 64512
              routerId: 10.0.0.201
            neighbors:
              - {address: "10.0.0.1", asn: 64512, name: node1, connectRetry: 1s, routeReflectorClient: true}
              - {address: "10.0.0.202", asn: 64512, name: reflector2, connectRetry: 1s}
            fib: {enabled: false}
            api: {socket: "/run/x/reflector1.sock"}

            """));
    }

    [Test]
    public void Write_ATor_AcceptsAndAnnouncesAllOverEbgp()
    {
        var tor = LabTopology.Racks(2, 2, ipv6: false).Routers[2];

        Assert.That(LabRouterFile.Write(tor, "/run/x/tor1.sock"), Is.EqualTo(
            """
            router:
              asn: 65001
              routerId: 10.0.255.1
            neighbors:
              - {address: "10.0.1.1", asn: 64513, name: node1, connectRetry: 1s, importPolicy: [accept-all], exportPolicy: [accept-all]}
              - {address: "10.0.255.2", asn: 65002, name: tor2, connectRetry: 1s, importPolicy: [accept-all], exportPolicy: [accept-all]}
            api: {socket: "/run/x/tor1.sock"}

            """));
    }

    [Test]
    public void Write_ALoneNode_HasNoNeighbors()
    {
        var router = LabTopology.FullMesh(1, ipv6: false).Routers[0];

        Assert.That(LabRouterFile.Write(router, "/run/x/node1.sock"), Is.EqualTo(
            """
            router:
              asn: 64512
              routerId: 10.0.0.1
            networks:
              - {prefix: "10.244.1.0/24", blackhole: true}
            api: {socket: "/run/x/node1.sock"}

            """));
    }
}
