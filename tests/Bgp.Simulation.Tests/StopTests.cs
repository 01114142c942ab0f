using Bgp.Engine;

namespace Bgp.Simulation.Tests;

[TestFixture]
internal sealed class StopTests
{
    [Test]
    public void Stop_LeaveAndFlush_EmptiesTheKernelAndTellsTheNeighbors()
    {
        using var simulator = Networks.Started(Topology.Mesh(3));
        var node = simulator.Nodes[2];

        node.Stop(StopIntent.LeaveAndFlush);
        Assert.That(simulator.RunUntil(() => !node.IsRunning, TimeSpan.FromSeconds(10)), Is.True, "ended");
        Assert.That(node.Kernel.Routes, Is.Empty);
        Networks.AssertSound(simulator);
        Assert.That(Networks.SessionEnds(simulator).Select(end => end.Error?.ToString()), Does.Contain("Cease/Administrative Shutdown").Or.Some.Contains("Administrative Shutdown"));
    }

    [TestCase(StopIntent.Leave)]
    [TestCase(StopIntent.Restart)]
    public void Stop_WithoutFlush_KeepsTheKernelsRoutes(StopIntent intent)
    {
        using var simulator = Networks.Started(Topology.Mesh(3));
        var node = simulator.Nodes[2];
        var before = node.Kernel.Routes.ToList();

        node.Stop(intent);
        Assert.That(simulator.RunUntil(() => !node.IsRunning, TimeSpan.FromSeconds(10)), Is.True, "ended");
        Assert.That(node.Kernel.Routes, Is.EqualTo(before));
    }

    [Test]
    public void Dispose_AfterARun_HoldsNothingNative()
    {
        var before = Simulator.NativeBytes;
        using (var simulator = Networks.Started(Topology.Mesh(3)))
        {
            simulator.Nodes[0].Kill(KillKind.Process);
            simulator.RunFor(TimeSpan.FromSeconds(30));
            simulator.Nodes[0].Start();
            simulator.RunFor(TimeSpan.FromSeconds(30));
            Assert.That(Simulator.NativeBytes, Is.GreaterThan(before), "while it runs");
        }

        Assert.That(Simulator.NativeBytes, Is.EqualTo(before));
    }
}
