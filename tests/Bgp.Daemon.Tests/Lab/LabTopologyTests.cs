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

        Assert.That(topology.Routers.SelectMany(router => router.Sessions.Select(session => session.Asn).Append(router.Asn)), Is.All.EqualTo(LabTopology.NodeAsn));
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
    public void FullMesh_LargestLab_HasNoAddressTwice()
    {
        var topology = LabTopology.FullMesh(LabOptions.MaxNodes, ipv6: true);

        var addresses = topology.Routers
            .SelectMany(router => router.Uplinks.SelectMany(uplink => uplink.Addresses.Select(entry => entry.Address)).Concat(router.PodGateways))
            .Concat(topology.Pods.SelectMany(pod => pod.Addresses));

        Assert.That(addresses, Is.Unique);
    }

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
    public void DeviceNames_LongestOnes_FitTheKernel()
    {
        var topology = LabTopology.FullMesh(LabOptions.MaxNodes, ipv6: false);

        Assert.That(
            topology.Routers.SelectMany(router => router.Uplinks.Select(uplink => LabNetwork.PortOf(router, uplink))).Concat(topology.Segments).Select(name => name.Length),
            Is.All.LessThanOrEqualTo(Linux.Rtnetlink.MaxLinkName));
    }
}
