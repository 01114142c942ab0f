using Bgp.Engine;

namespace Bgp.Simulation.Tests;

/// <summary>Reflectors that pass on several paths of a block that several clients originate (RFC 7911).</summary>
[TestFixture]
internal sealed class AddPathTests
{
    private const int Reflector = 0;

    // One reflector and its clients 1 to 4; the reflector and clients 1 to 3 originate the block.
    private static readonly TopologyOptions Options = new() { HasIpv6 = true, AnycastNodes = 4, AddPathNodes = 5 };

    [TestCase(1, 1)]
    [TestCase(2, 2)]
    [TestCase(int.MaxValue, 4)]
    public void Reflector_BlockOfSeveralNodes_ClientHasThatManyPaths(int send, int expected)
    {
        using var simulator = Networks.Started(Topology.Reflectors(1, 4, Options with { AddPathSend = send }));

        Networks.AssertSound(simulator);
        Assert.That(Paths(simulator.Nodes[4]), Is.EqualTo(expected));
    }

    [Test]
    public void Reflector_OriginatorKilled_ClientLosesItsPathOnly()
    {
        using var simulator = Networks.Started(Topology.Reflectors(1, 4, Options));

        simulator.Nodes[2].Kill(KillKind.Process);
        Networks.AssertSound(simulator);
        Assert.That(Paths(simulator.Nodes[4]), Is.EqualTo(3));
    }

    [Test]
    public void Reflector_NumberOfPathsChanged_SessionStays()
    {
        using var simulator = Networks.Started(Topology.Reflectors(1, 4, Options));
        var reflector = simulator.Nodes[Reflector];
        var ends = Networks.SessionEnds(simulator);

        reflector.Configure(reflector.Config with { Neighbors = [.. reflector.Config.Neighbors.Select(neighbor => WithSend(neighbor, 2))] });
        Networks.AssertSound(simulator);
        Assert.That(Networks.SessionEnds(simulator), Is.EqualTo(ends));
        Assert.That(Paths(simulator.Nodes[4]), Is.EqualTo(2));
    }

    [Test]
    public void Reflector_AddPathSwitchedOff_SessionsComeBackWithoutIt()
    {
        using var simulator = Networks.Started(Topology.Reflectors(1, 4, Options));
        var reflector = simulator.Nodes[Reflector];
        var ends = Networks.SessionEnds(simulator);

        reflector.Configure(reflector.Config with { Neighbors = [.. reflector.Config.Neighbors.Select(neighbor => WithSend(neighbor, 0))] });
        Networks.AssertSound(simulator);
        Assert.That(Networks.SessionEnds(simulator), Has.Count.GreaterThanOrEqualTo(ends.Count + reflector.Config.Neighbors.Length));
        Assert.That(Paths(simulator.Nodes[4]), Is.EqualTo(1));
    }

    private static int Paths(SimNode node) => NodeState.Of(node).LocRib.Count(route => route.Prefix == Topology.Anycast);

    private static NeighborConfig WithSend(NeighborConfig neighbor, int send) => neighbor with { Families = [.. neighbor.Families.Select(family => family with { AddPathSend = send })] };
}
