using Bgp.Engine;
using Bgp.Protocol;

namespace Bgp.Simulation.Tests;

[TestFixture]
internal sealed class KernelTests
{
    [Test]
    public void Kernel_RouteStolen_IsPutBack()
    {
        using var simulator = Networks.Started(Topology.Mesh(3));
        var node = simulator.Nodes[0];

        node.Kernel.Steal(node.Kernel.Find(Topology.BlockV4(1), node.Config.Fib)!);
        Assert.That(Networks.Gateways(node, Topology.BlockV4(1)), Is.Null, "stolen");
        Networks.AssertSound(simulator);
    }

    [Test]
    public void Kernel_RouteTakenOverByAnother_IsLeftAloneUntilItGoes()
    {
        using var simulator = Networks.Started(Topology.Mesh(3));
        var node = simulator.Nodes[0];
        var foreign = node.Kernel.Find(Topology.BlockV4(1), node.Config.Fib)! with { Protocol = 4 };

        node.Kernel.Put(foreign);
        simulator.RunFor(TimeSpan.FromSeconds(90));
        Assert.That(node.Kernel.Find(Topology.BlockV4(1), node.Config.Fib), Is.EqualTo(foreign));
        node.Kernel.Steal(foreign);
        Networks.AssertSound(simulator);
    }

    [Test]
    public void Kernel_LinkDownAndUp_RoutesGoAndComeBack()
    {
        using var simulator = Networks.Started(Topology.Mesh(3));
        var node = simulator.Nodes[0];

        node.Kernel.SetLink(isUp: false);
        simulator.RunFor(TimeSpan.FromSeconds(3));
        Assert.That(node.Kernel.Routes.Select(route => route.Kind), Is.All.EqualTo(KernelRouteKind.Blackhole));
        node.Kernel.SetLink(isUp: true);
        Networks.AssertSound(simulator);
        Assert.That(Networks.Gateways(node, Topology.BlockV4(1)), Is.EqualTo((IpAddress[])[Topology.AddressV4(1)]));
    }

    // Found by seed 137, when seeds began to turn the FIB off and on.
    [Test]
    public void Kernel_FibOffWhileANetworkGoes_DoesNotBringItBack()
    {
        using var simulator = Networks.Started(Topology.Mesh(2));
        var node = simulator.Nodes[0];
        foreach (var config in (SpeakerConfig[])[node.Config with { Fib = node.Config.Fib with { Enabled = false } }, node.Config with { Fib = node.Config.Fib with { Enabled = false }, Networks = [] }, node.Config with { Networks = [] }])
        {
            node.Configure(config);
            simulator.RunFor(TimeSpan.FromSeconds(1));
        }

        Networks.AssertSound(simulator);
        Assert.That(node.Kernel.Find(Topology.BlockV4(0), node.Config.Fib), Is.Null);
    }

    [Test]
    public void Kernel_RefusesAndForgets_EndsUpRight()
    {
        using var simulator = new Simulator(7);
        simulator.Start(Topology.Mesh(4, new TopologyOptions { BlocksPerNode = 5 }));
        foreach (var node in simulator.Nodes)
        {
            node.Kernel.Faults = new KernelFaults(RefusedPercent: 50, LostAnswerPercent: 50, LostEventPercent: 50, FailedDumpPercent: 50);
        }

        simulator.RunFor(TimeSpan.FromSeconds(30));
        foreach (var node in simulator.Nodes)
        {
            node.Kernel.Faults = KernelFaults.None;
        }

        Networks.AssertSound(simulator);
    }
}
