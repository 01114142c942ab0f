namespace Bgp.Simulation.Tests;

[TestFixture]
internal sealed class ReloadTests
{
    [Test]
    public void Reload_ExportPolicyOfManyNeighbors_SendsTheDifferenceAndDelaysNoKeepalive()
    {
        Assert.That(ReloadRun.Run(neighbors: 100, routes: 100_000, TestContext.Out), Is.Empty);
    }
}
