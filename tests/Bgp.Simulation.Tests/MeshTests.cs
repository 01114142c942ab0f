using Bgp.Protocol;

namespace Bgp.Simulation.Tests;

[TestFixture]
internal sealed class MeshTests
{
    [Test]
    public void Mesh_ThreeNodes_ExchangeBlocks()
    {
        using var simulator = Networks.Started(Topology.Mesh(3));

        Networks.AssertSound(simulator);
        Assert.That(Networks.Gateways(simulator.Nodes[0], Topology.BlockV4(2)), Is.EqualTo((IpAddress[])[Topology.AddressV4(2)]));
    }
}
