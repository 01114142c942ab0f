using Bgp.Engine;
using Bgp.Protocol;

namespace Bgp.Simulation.Tests;

/// <summary>The checks themselves: what they are there to find, they find.</summary>
[TestFixture]
internal sealed class CheckTests
{
    [Test]
    public void RestCheck_RouteGoneWithoutAWord_IsReported()
    {
        using var simulator = Networks.Started(Topology.Mesh(3));
        var node = simulator.Nodes[0];

        node.Kernel.Lose(node.Kernel.Find(Topology.BlockV4(1), node.Config.Fib)!);
        Assert.That(RestCheck.Run(simulator), Has.Exactly(1).Contains("due in node0's kernel: 10.128.16.0/24"));
    }

    [Test]
    public void RestCheck_RoutesThatPointAtEachOther_AreReportedAsALoop()
    {
        using var simulator = Networks.Started(Topology.Mesh(3));
        foreach (var (at, to) in ((int, int)[])[(0, 1), (1, 0)])
        {
            simulator.Nodes[at].Kernel.Put(new KernelRoute
            {
                Prefix = IpPrefix.Parse("198.51.100.0/24"),
                Kind = KernelRouteKind.Unicast,
                Protocol = 4,
                Table = 254,
                Hops = [new KernelHop(Topology.AddressV4(to), SimKernel.LinkIndex, 1, false, false)],
            });
        }

        Assert.That(RestCheck.Run(simulator), Has.Some.Contains("loops: node0 to node1 to node0"));
    }

    [Test]
    public void RestCheck_UpdateStillUnderWay_IsReported()
    {
        using var simulator = Networks.Started(Topology.Mesh(2));
        var node = simulator.Nodes[1];
        simulator.Network.Block(simulator.Nodes[0], node);
        node.Configure(node.Config with { Networks = [] });
        simulator.RunFor(TimeSpan.FromMilliseconds(100));

        Assert.That(RestCheck.Run(simulator), Has.Some.Contains("only in what node0 has from node1: 10.128.16.0/24"));
    }

    [Test]
    public void SessionCheck_HoldTimerExpired_IsReportedUnlessSomethingStoodBetween()
    {
        using var simulator = Networks.Started(Topology.Mesh(2));
        simulator.Network.Block(simulator.Nodes[0], simulator.Nodes[1]);
        simulator.RunFor(TimeSpan.FromSeconds(15));
        var known = new Disturbances();
        known.Add(simulator.Nodes[0], simulator.Nodes[1], new Instant(0), TimeSpan.FromHours(1));

        Assert.That(SessionCheck.Run(simulator, new Disturbances()), Has.Some.Contains("nothing stood between them"));
        Assert.That(SessionCheck.Run(simulator, known), Is.Empty);
    }

    /// <summary>Seed 241 of an earlier chaos: as many sessions as expected, and one of them with a node that had lost its power.</summary>
    [Test]
    public void Await_SessionWithADeadNodeInThePlaceOfAnother_IsNotAtRest()
    {
        using var simulator = Networks.Started(Topology.Mesh(3, new TopologyOptions { HoldTime = TimeSpan.FromHours(1) }));
        simulator.Network.RefusedConnectPercent = 100;
        simulator.Network.Cut(simulator.Nodes[1], simulator.Nodes[2]);
        simulator.Nodes[0].Kill(KillKind.Power);

        Assert.That(() => Rest.Await(simulator, TimeSpan.FromMinutes(3)), Throws.TypeOf<SimulationException>().With.Message.Contains("node1 still holds its session with 10.0.0.1"));
    }

    [Test]
    public void Await_NodeThatNeverComesUp_SaysWhatIsMissing()
    {
        using var simulator = new Simulator(1);
        simulator.Start(Topology.Mesh(2));
        simulator.Network.RefusedConnectPercent = 100;

        Assert.That(() => Rest.Await(simulator, TimeSpan.FromMinutes(3)), Throws.TypeOf<SimulationException>().With.Message.Contains("node0 has 0 of 1 sessions"));
    }
}
