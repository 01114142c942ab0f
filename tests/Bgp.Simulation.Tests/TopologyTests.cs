using Bgp.Protocol;

namespace Bgp.Simulation.Tests;

/// <summary>Each ready-made topology comes up whole, and what is particular to it is so.</summary>
[TestFixture]
internal sealed class TopologyTests
{
    private static readonly TopologyOptions Options = new() { HasIpv6 = true };

    [TestCase(false)]
    [TestCase(true)]
    public void Reflectors_PairOfOneOrTwoClusters_ClientsReachEachOther(bool sharesClusterId)
    {
        using var simulator = Networks.Started(Topology.Reflectors(2, 3, Options with { SharesClusterId = sharesClusterId }));

        Networks.AssertSound(simulator);
        Assert.That(Networks.Gateways(simulator.Nodes[2], Topology.BlockV4(4)), Is.EqualTo((IpAddress[])[Topology.AddressV4(4)]));
    }

    [TestCase(false)]
    [TestCase(true)]
    public void Hierarchy_TwoGroups_NodesOfDifferentGroupsReachEachOther(bool sharesClusterId)
    {
        using var simulator = Networks.Started(Topology.Hierarchy(groups: 2, lowers: 2, nodes: 1, Options with { SharesClusterId = sharesClusterId }));

        // 0 and 1 on top; 2, 3 and node 4; 5, 6 and node 7.
        Networks.AssertSound(simulator);
        Assert.That(Networks.Gateways(simulator.Nodes[4], Topology.BlockV4(7)), Is.EqualTo((IpAddress[])[Topology.AddressV4(7)]));
    }

    [Test]
    public void Hierarchy_OneOfEachPairKilled_NodesStillReachEachOther()
    {
        using var simulator = Networks.Started(Topology.Hierarchy(groups: 2, lowers: 2, nodes: 1));

        foreach (var dead in (int[])[0, 2, 5])
        {
            simulator.Nodes[dead].Kill(KillKind.Power);
        }

        Networks.AssertSound(simulator);
        Assert.That(Networks.Gateways(simulator.Nodes[4], Topology.BlockV4(7)), Is.EqualTo((IpAddress[])[Topology.AddressV4(7)]));
    }

    [TestCase(false)]
    [TestCase(true)]
    public void Racks_OneTorEach_NodesForwardOverTheTorsHopByHop(bool hasOneNodeAs)
    {
        using var simulator = Networks.Started(Topology.Racks(racks: 2, torsOfEach: 1, nodesOfEach: 2, Options with { HasOneNodeAs = hasOneNodeAs }));

        // ToR 0 with nodes 1 and 2 on segment 1, ToR 3 with nodes 4 and 5 on segment 2.
        Networks.AssertSound(simulator);
        Assert.That(Networks.Gateways(simulator.Nodes[1], Topology.BlockV4(4)), Is.EqualTo((IpAddress[])[Topology.AddressV4(0, 1)]), "node to its ToR");
        Assert.That(Networks.Gateways(simulator.Nodes[0], Topology.BlockV4(4)), Is.EqualTo((IpAddress[])[Topology.AddressV4(3)]), "ToR to ToR");
        Assert.That(Networks.Gateways(simulator.Nodes[3], Topology.BlockV4(4)), Is.EqualTo((IpAddress[])[Topology.AddressV4(4, 2)]), "ToR to node");
        Assert.That(Networks.Gateways(simulator.Nodes[1], Topology.BlockV4(2)), Is.EqualTo((IpAddress[])[Topology.AddressV4(2, 1)]), "a third party on the same segment");
    }

    [Test]
    public void Racks_TwoTorsEach_NodesShareTrafficAmongThem()
    {
        using var simulator = Networks.Started(Topology.Racks(racks: 2, torsOfEach: 2, nodesOfEach: 1, Options));

        // ToRs 0 and 1 with node 2, ToRs 3 and 4 with node 5.
        Networks.AssertSound(simulator);
        Assert.That(Networks.Gateways(simulator.Nodes[2], Topology.BlockV4(5)), Is.EqualTo((IpAddress[])[Topology.AddressV4(0, 1), Topology.AddressV4(1, 1)]));
        Assert.That(Networks.Gateways(simulator.Nodes[0], Topology.BlockV4(5)), Is.EqualTo((IpAddress[])[Topology.AddressV4(3), Topology.AddressV4(4)]));
    }

    [Test]
    public void Racks_CarrierLostAtOneInterface_TrafficGoesAroundIt()
    {
        using var simulator = Networks.Started(Topology.Racks(racks: 2, torsOfEach: 2, nodesOfEach: 1, Options));
        var tor = simulator.Nodes[0];

        tor.Kernel.SetLink(isUp: false, number: 1);
        simulator.RunFor(TimeSpan.FromSeconds(30));
        Assert.That(Networks.Gateways(simulator.Nodes[2], Topology.BlockV4(5)), Is.EqualTo((IpAddress[])[Topology.AddressV4(1, 1)]), "the node by the other ToR");
        Assert.That(Networks.Gateways(tor, Topology.BlockV4(2)), Is.EqualTo((IpAddress[])[Topology.AddressV4(1)]), "the ToR by its neighbor");
        tor.Kernel.SetLink(isUp: true, number: 1);
        Networks.AssertSound(simulator);
    }

    [Test]
    public void MeshWithTor_MembersAndTor_ReachEachOtherDirectly()
    {
        using var simulator = Networks.Started(Topology.MeshWithTor(3, Options));

        Networks.AssertSound(simulator);
        Assert.That(Networks.Gateways(simulator.Nodes[0], Topology.BlockV4(3)), Is.EqualTo((IpAddress[])[Topology.AddressV4(3)]));
        Assert.That(Networks.Gateways(simulator.Nodes[3], Topology.BlockV4(1)), Is.EqualTo((IpAddress[])[Topology.AddressV4(1)]));
    }

    [TestCase(2, 2, 2)]
    [TestCase(3, 2, 3)]
    public void Confederation_ThreeMembers_RoutersInsideAndOutsideReachEachOther(int first, int second, int third)
    {
        using var simulator = Networks.Started(Topology.Confederation(first, second, third, Options));

        Networks.AssertSound(simulator);
        var (left, right) = (first + second + third, first + second + third + 1);
        Assert.That(Networks.Gateways(simulator.Nodes[left], Topology.BlockV4(right)), Is.EqualTo((IpAddress[])[Topology.AddressV4(right)]), "through the confederation");
        Assert.That(Networks.Gateways(simulator.Nodes[first], Topology.BlockV4(0)), Is.EqualTo((IpAddress[])[Topology.AddressV4(0)]), "between members");
    }

    [Test]
    public void Confederation_OneMemberDead_TheOthersReachEachOtherAroundIt()
    {
        using var simulator = Networks.Started(Topology.Confederation(2, 2, 2, Options));

        foreach (var dead in (int[])[4, 5])
        {
            simulator.Nodes[dead].Kill(KillKind.Power);
        }

        Networks.AssertSound(simulator);
        Assert.That(Networks.Gateways(simulator.Nodes[3], Topology.BlockV4(0)), Is.EqualTo((IpAddress[])[Topology.AddressV4(0)]));
    }

    [Test]
    public void MeshRun_SmallMesh_ComesUpAndSaysWhatASessionCosts()
    {
        using var output = new StringWriter();

        Assert.That(MeshRun.Run(5, output), Is.True);
        Assert.That(output.ToString(), Does.StartWith("mesh of 5: 10 sessions up, 0 routes missing").And.Contain("bytes"));
    }
}
