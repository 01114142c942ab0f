using Bgp.Config;

namespace Bgp.Daemon.Tests;

internal sealed class LabRouterFileTests
{
    [Test]
    public void Write_ANodeOfBothFamilies_IsAFileWithoutFault()
    {
        var router = LabTopology.FullMesh(3, ipv6: true).Routers[1];

        var result = RouterConfigFile.Parse(LabRouterFile.Write(router, "/run/x/node2.sock"), "node2.yaml");

        Assert.That(result.Faults, Is.Empty);
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
