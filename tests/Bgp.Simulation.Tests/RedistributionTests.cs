using Bgp.Engine;
using Bgp.Protocol;

namespace Bgp.Simulation.Tests;

/// <summary>Routes of other programs in one node's kernel reach the other nodes, however much of the news of them gets lost.</summary>
[TestFixture]
internal sealed class RedistributionTests
{
    private const int Count = 40;

    [TestCase(254u)]
    [TestCase(100u)]
    public void ForeignRoutes_ComeAndGo_OthersHaveWhatIsThere(uint table)
    {
        using var simulator = Networks.Started(Topology.Mesh(3));
        var (node, other) = (simulator.Nodes[0], simulator.Nodes[1]);
        node.Configure(node.Config with { Redistributions = [new RedistributionConfig(RedistributionSource.Kernel) { Table = table }] });
        node.Kernel.Faults = KernelFaults.Some;
        var routes = Enumerable.Range(0, Count).Select(number => Foreign(number, table)).ToArray();

        Array.ForEach(routes, node.Kernel.AddForeign);
        Networks.AssertSound(simulator);
        var before = Has(other);
        Array.ForEach(routes[..(Count / 2)], node.Kernel.RemoveForeign);
        Networks.AssertSound(simulator);

        Assert.That((before, Has(other)), Is.EqualTo((Count, Count / 2)));
    }

    [Test]
    public void Restart_OfTheRedistributingNode_BringsTheRoutesBack()
    {
        using var simulator = Networks.Started(Topology.Mesh(3));
        var (node, other) = (simulator.Nodes[0], simulator.Nodes[1]);
        node.Configure(node.Config with { Redistributions = [new RedistributionConfig(RedistributionSource.Kernel)] });
        node.Kernel.AddForeign(Foreign(1, 254));
        Networks.AssertSound(simulator);

        node.Kill(KillKind.Process);
        node.Kernel.AddForeign(Foreign(2, 254));
        node.Start();
        Networks.AssertSound(simulator);

        Assert.That(Has(other), Is.EqualTo(2));
    }

    private static int Has(SimNode node) => Enumerable.Range(0, Count).Count(number => Networks.Gateways(node, Foreign(number, 254).Prefix) is not null);

    private static KernelRoute Foreign(int number, uint table) => new()
    {
        Prefix = new IpPrefix(IpAddress.V4(0xC6120000 + ((uint)number << 8)), 24),
        Kind = KernelRouteKind.Unicast,
        Protocol = 4,
        Table = table,
        Hops = [new KernelHop(IpAddress.None, SimKernel.LinkIndex, 1, IsOnLink: false, IsDown: false)],
    };
}
