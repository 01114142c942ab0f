using Bgp.Engine;

namespace Bgp.Simulation.Tests;

/// <summary>That what is checked of two reflectors with very many clients is seen when it fails; <see cref="ReflectorSeedTests"/> runs the seeds.</summary>
[TestFixture]
internal sealed class ReflectorScaleTests
{
    private const int Clients = 1000;

    private static readonly TimeSpan Moment = TimeSpan.FromSeconds(1);

    [Test]
    public void Trace_SameSeedTwice_IsTheSame()
    {
        var first = ReflectorRun.Run(30, 7);

        Assert.That(ReflectorRun.Run(30, 7).ToString(), Is.EqualTo(first.ToString()));
        Assert.That(ReflectorRun.Run(30, 8).Hash, Is.Not.EqualTo(first.Hash));
    }

    [Test]
    public void Program_Seed_DoesWhatItDoesInThisProcess()
    {
        using var program = new SeedProgram(30);
        foreach (var seed in (ulong[])[7, 8])
        {
            Assert.That(program.Run(seed), Is.EqualTo((true, ReflectorRun.Run(30, seed).ToString())));
        }
    }

    [Test]
    public void Program_EndsWithoutAnAnswer_FailsWithWhatItSaid()
    {
        using var program = new SeedProgram(clients: 1);
        var (isPassed, text) = program.Run(1);

        Assert.That(isPassed, Is.False);
        Assert.That(text, Does.Contain("the simulator ended with code 2").And.Contain("usage: Bgp.Simulation"));
    }

    [Test]
    public void Check_OneOfAThousandLosesAWithdrawalAndAnotherARoute_BothAreReportedAndNobodyElse()
    {
        using var simulator = new Simulator(1);
        ReflectorRun.StartToTheEnd(simulator, Clients);
        var (deaf, robbed, dead) = (simulator.Nodes[500], simulator.Nodes[600], simulator.Nodes[700]);
        deaf.LosesUpdates = true;
        dead.Kill(KillKind.Process);
        ReflectorRun.AwaitRest(simulator);
        robbed.Kernel.Lose(robbed.Kernel.Find(Topology.BlockV4(800), robbed.Config.Fib)!);
        var violations = ReflectorCheck.Run(simulator);

        Assert.That(violations, Has.Some.Contains($"{deaf.Name} has {Topology.BlockV4(dead.Index)} from reflector0, which it was not to have"));
        Assert.That(violations, Has.Some.Contains($"{deaf.Name} has {Topology.BlockV4(dead.Index)} from reflector1, which it was not to have"));
        Assert.That(violations, Has.Some.Contains($"{deaf.Name}'s kernel has Unicast"));
        Assert.That(violations, Has.Some.Contains($"{robbed.Name}'s kernel has nothing for {Topology.BlockV4(800)}"));
        Assert.That(violations.Where(violation => !violation.Contains(deaf.Name) && !violation.Contains(robbed.Name)), Is.Empty);
    }

    /// <summary>The check for many nodes and the one for all networks find the same network sound.</summary>
    [Test]
    public void Check_FewClientsCutOffAndDead_AgreesWithTheOneForAllNetworks([Values] bool sharesClusterId, [Values] bool isApart)
    {
        using var simulator = new Simulator(1);
        simulator.Start(Topology.Reflectors(2, 8, new TopologyOptions { SharesClusterId = sharesClusterId }));
        foreach (var (left, right) in ((int, int)[])[(2, 0), (3, 1), (4, 0), (4, 1), (0, isApart ? 1 : 2)])
        {
            simulator.Network.Block(simulator.Nodes[left], simulator.Nodes[right]);
        }

        simulator.Nodes[5].Kill(KillKind.Power);
        Rest.Await(simulator, Networks.Patience);

        // That no route comes back into its cluster (RFC 4456 §8) the one for all networks does not know: in those of its seeds no way is cut at rest.
        Assert.That(RestCheck.Run(simulator).Where(violation => !sharesClusterId || !violation.Contains("only originated for")), Is.Empty);
        Assert.That(ReflectorCheck.Run(simulator), Is.Empty);
        Assert.That(simulator.Nodes[2].Kernel.RouteCount, Is.EqualTo(isApart ? 6 : sharesClusterId ? 7 : 8), "a client of reflector1 alone");
    }

    [Test]
    public void Watch_ReflectorThatPutsItselfInTheWay_IsReported()
    {
        using var simulator = new Simulator(1);
        var violations = new List<string>();
        ReflectorRun.StartToTheEnd(simulator, 10);
        new ReflectorWatch(simulator, new ReflectorChaos(simulator), violations).Start();
        simulator.RunFor(Moment * 2);
        Assert.That(violations, Is.Empty);

        var reflector = simulator.Nodes[0];
        reflector.Configure(reflector.Config with { Neighbors = [.. reflector.Config.Neighbors.Select(AsNextHop)], Ranges = [.. reflector.Config.Ranges.Select(range => range with { Template = AsNextHop(range.Template) })] });
        simulator.RunFor(Moment * 5);
        Assert.That(violations, Has.Some.Contains("which does not lead to who originates it"));
    }

    [Test]
    public void Watch_BothReflectorsGone_IsReportedByThoseWhomNothingHappenedTo()
    {
        using var simulator = new Simulator(1);
        var violations = new List<string>();
        ReflectorRun.StartToTheEnd(simulator, 10);
        new ReflectorWatch(simulator, new ReflectorChaos(simulator), violations).Start();
        simulator.Nodes[0].Kill(KillKind.Process);
        simulator.RunFor(Moment * 5);
        Assert.That(violations, Is.Empty, "with one left");

        simulator.Nodes[1].Kill(KillKind.Process);
        simulator.RunFor(Moment * 5);
        Assert.That(violations, Has.Some.Contains("has lost routes of nodes that nothing happened to"));
    }

    private static NeighborConfig AsNextHop(NeighborConfig neighbor) => neighbor with { NextHop = NextHopMode.SelfAll };
}
