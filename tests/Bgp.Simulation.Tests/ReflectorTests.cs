using Bgp.Protocol;

namespace Bgp.Simulation.Tests;

[TestFixture]
internal sealed class ReflectorTests
{
    private static readonly TopologyOptions Options = new() { HasIpv6 = true };

    [Test]
    public void Reflectors_Pair_ClientsReachEachOtherDirectly()
    {
        using var simulator = Networks.Started(Topology.Reflectors(2, 3, Options));

        Networks.AssertSound(simulator);
        Assert.That(Networks.Gateways(simulator.Nodes[2], Topology.BlockV4(4)), Is.EqualTo((IpAddress[])[Topology.AddressV4(4)]));
    }

    [Test]
    public void Reflectors_OneKilled_TheOtherCarriesOnWithoutAWriteForClientRoutes()
    {
        using var simulator = Networks.Started(Topology.Reflectors(2, 3, Options));
        var client = simulator.Nodes[2];
        var before = client.Kernel.WriteCount;

        simulator.Nodes[0].Kill(KillKind.Process);
        Networks.AssertSound(simulator);
        Assert.That(Networks.Gateways(client, Topology.BlockV4(4)), Is.EqualTo((IpAddress[])[Topology.AddressV4(4)]));
        Assert.That(client.Kernel.WriteCount - before, Is.EqualTo(2), "the killed reflector's own two blocks");
    }

    [Test]
    public void Reflectors_BothKilledAndBack_ClientsReachEachOtherAgain()
    {
        using var simulator = Networks.Started(Topology.Reflectors(2, 3, Options));
        foreach (var reflector in simulator.Nodes.Take(2))
        {
            reflector.Kill(KillKind.Power);
        }

        simulator.RunFor(TimeSpan.FromSeconds(60));
        Assert.That(Networks.Gateways(simulator.Nodes[2], Topology.BlockV4(4)), Is.Null, "meanwhile");
        foreach (var reflector in simulator.Nodes.Take(2))
        {
            reflector.Start();
        }

        Networks.AssertSound(simulator);
    }
}
