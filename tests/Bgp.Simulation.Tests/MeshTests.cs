using Bgp.Engine;
using Bgp.Protocol;

namespace Bgp.Simulation.Tests;

[TestFixture]
internal sealed class MeshTests
{
    private static readonly TopologyOptions BothFamilies = new() { HasIpv6 = true };

    [Test]
    public void Mesh_ThreeNodes_ExchangeBlocks()
    {
        using var simulator = Networks.Started(Topology.Mesh(3));

        Networks.AssertSound(simulator);
        Assert.That(Networks.Gateways(simulator.Nodes[0], Topology.BlockV4(2)), Is.EqualTo((IpAddress[])[Topology.AddressV4(2)]));
    }

    [Test]
    public void Mesh_BothFamilies_ExchangeIpv6BlocksOverIpv4Sessions()
    {
        using var simulator = Networks.Started(Topology.Mesh(3, BothFamilies));

        Networks.AssertSound(simulator);
        Assert.That(Networks.Gateways(simulator.Nodes[0], Topology.BlockV6(2)), Is.EqualTo((IpAddress[])[Topology.AddressV6(2)]));
    }

    [Test]
    public void Mesh_AnycastBlock_IsSharedAmongItsNodes()
    {
        using var simulator = Networks.Started(Topology.Mesh(4, new TopologyOptions { AnycastNodes = 2 }));

        Networks.AssertSound(simulator);
        Assert.That(Networks.Gateways(simulator.Nodes[3], Topology.Anycast), Is.EqualTo((IpAddress[])[Topology.AddressV4(0), Topology.AddressV4(1)]));
    }

    [Test]
    public void Mesh_NodeKilled_ItsBlocksLeaveTheOthers()
    {
        using var simulator = Networks.Started(Topology.Mesh(3));

        simulator.Nodes[2].Kill(KillKind.Process);
        Networks.AssertSound(simulator);
        Assert.That(Networks.Gateways(simulator.Nodes[0], Topology.BlockV4(2)), Is.Null);
    }

    [Test]
    public void Mesh_NodeKilled_ItsOwnKernelKeepsTheRoutes()
    {
        using var simulator = Networks.Started(Topology.Mesh(3));

        simulator.Nodes[2].Kill(KillKind.Process);
        simulator.RunFor(TimeSpan.FromMinutes(1));
        Assert.That(Networks.Gateways(simulator.Nodes[2], Topology.BlockV4(0)), Is.EqualTo((IpAddress[])[Topology.AddressV4(0)]));
    }

    [Test]
    public void Mesh_PowerLost_BlocksStayUntilTheHoldTimeIsOver()
    {
        using var simulator = Networks.Started(Topology.Mesh(3));
        simulator.Nodes[2].Kill(KillKind.Power);

        simulator.RunFor(TimeSpan.FromSeconds(5));
        Assert.That(Networks.Gateways(simulator.Nodes[0], Topology.BlockV4(2)), Is.Not.Null, "before");
        simulator.RunFor(TimeSpan.FromSeconds(10));
        Assert.That(Networks.Gateways(simulator.Nodes[0], Topology.BlockV4(2)), Is.Null, "after");
        Networks.AssertSound(simulator);
    }

    [Test]
    public void Mesh_PowerBackBeforeTheHoldTime_SessionsAreMadeAnew()
    {
        using var simulator = Networks.Started(Topology.Mesh(3));

        simulator.Nodes[2].Kill(KillKind.Power);
        simulator.RunFor(TimeSpan.FromSeconds(2));
        simulator.Nodes[2].Start();
        Networks.AssertSound(simulator);
        Assert.That(Networks.Gateways(simulator.Nodes[0], Topology.BlockV4(2)), Is.EqualTo((IpAddress[])[Topology.AddressV4(2)]));
    }

    [Test]
    public void Mesh_NodeRejoins_ItsRoutesAreAdoptedWithoutAWrite()
    {
        using var simulator = Networks.Started(Topology.Mesh(3));
        var node = simulator.Nodes[2];
        var before = node.Kernel.WriteCount;

        node.Kill(KillKind.Process);
        simulator.RunFor(TimeSpan.FromSeconds(20));
        node.Start();
        Networks.AssertSound(simulator);
        Assert.That(node.Kernel.WriteCount, Is.EqualTo(before));
    }

    [Test]
    public void Mesh_LinkCutAndHealed_SessionsAndRoutesComeBack()
    {
        using var simulator = Networks.Started(Topology.Mesh(3));
        var (left, right) = (simulator.Nodes[0], simulator.Nodes[1]);

        simulator.Network.Block(left, right);
        simulator.Network.Cut(left, right);
        simulator.RunFor(TimeSpan.FromSeconds(30));
        Assert.That(Networks.Gateways(left, Topology.BlockV4(1)), Is.Null, "iBGP does not pass routes on");
        simulator.Network.Unblock(left, right);
        Networks.AssertSound(simulator);
        Assert.That(Networks.Gateways(left, Topology.BlockV4(1)), Is.EqualTo((IpAddress[])[Topology.AddressV4(1)]));
    }

    [Test]
    public void Mesh_PartitionShorterThanHoldTime_NoSessionEnds()
    {
        using var simulator = Networks.Started(Topology.Mesh(3));
        var (left, right) = (simulator.Nodes[0], simulator.Nodes[1]);

        simulator.Network.Block(left, right);
        simulator.RunFor(TimeSpan.FromSeconds(4));
        simulator.Network.Unblock(left, right);
        simulator.RunFor(TimeSpan.FromMinutes(2));
        Assert.That(Networks.SessionEnds(simulator), Is.Empty);
        Networks.AssertSound(simulator);
    }

    [Test]
    public void Mesh_PartitionLongerThanHoldTime_SessionsEndAndComeBack()
    {
        using var simulator = Networks.Started(Topology.Mesh(3));
        var (left, right) = (simulator.Nodes[0], simulator.Nodes[1]);

        simulator.Network.Block(left, right);
        simulator.RunFor(TimeSpan.FromSeconds(15));
        simulator.Network.Unblock(left, right);
        Assert.That(Networks.SessionEnds(simulator).Select(end => end.Kind), Does.Contain(SessionDownKind.HoldTimerExpired));
        Networks.AssertSound(simulator);
    }

    [Test]
    public void Mesh_ReaderStallsLongerThanHoldTime_NoSessionEnds()
    {
        using var simulator = Networks.Started(Topology.Mesh(3));

        simulator.Nodes[0].Stall(Topology.AddressV4(1), TimeSpan.FromSeconds(60));
        simulator.RunFor(TimeSpan.FromMinutes(2));
        Assert.That(Networks.SessionEnds(simulator), Is.Empty);
        Networks.AssertSound(simulator);
    }

    [Test]
    public void Mesh_NetworkAddedAndRemoved_TheOthersFollowWithoutASessionEnding()
    {
        using var simulator = Networks.Started(Topology.Mesh(3));
        var node = simulator.Nodes[1];

        node.Configure(node.Config with { Networks = [new NetworkConfig(Topology.BlockV4(1, block: 7), Blackhole: true)] });
        Networks.AssertSound(simulator);
        Assert.That(Networks.Gateways(simulator.Nodes[0], Topology.BlockV4(1)), Is.Null, "removed");
        Assert.That(Networks.Gateways(simulator.Nodes[0], Topology.BlockV4(1, block: 7)), Is.EqualTo((IpAddress[])[Topology.AddressV4(1)]), "added");
        Assert.That(Networks.SessionEnds(simulator), Is.Empty);
    }
}
