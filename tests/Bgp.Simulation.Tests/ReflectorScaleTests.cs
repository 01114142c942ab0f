using System.Globalization;
using Bgp.Engine;

namespace Bgp.Simulation.Tests;

/// <summary>Two reflectors with a thousand clients, and that what is checked there is seen when it fails.</summary>
[TestFixture]
internal sealed class ReflectorScaleTests
{
    private const int Clients = 1000;
    private const int Seeds = 20;
    private const int SeedsATest = 2;

    /// <summary>What one simulation may take.</summary>
    private const long MemoryOfOne = 3L << 30;

    private static readonly TimeSpan Moment = TimeSpan.FromSeconds(1);

    /// <summary>The first of each test's seeds: few a test, so that none takes longer than a test may on a slow machine. BGP_SIM_REFLECTOR_SEEDS says how many there are in all (default 20).</summary>
    private static IEnumerable<ulong> FirstSeeds
    {
        get
        {
            var count = int.TryParse(Environment.GetEnvironmentVariable("BGP_SIM_REFLECTOR_SEEDS"), NumberStyles.None, CultureInfo.InvariantCulture, out var asked) ? asked : Seeds;
            return Enumerable.Range(0, (count + SeedsATest - 1) / SeedsATest).Select(test => 1 + ((ulong)test * SeedsATest));
        }
    }

    [TestCaseSource(nameof(FirstSeeds))]
    public void Seeds_ThousandClients_ViolateNothing(ulong first)
    {
        // How much memory there is is known from the first collection on.
        GC.Collect();
        var native = Simulator.NativeBytes;
        var failures = new string?[SeedsATest];
        var width = (int)Math.Clamp(GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / MemoryOfOne, 1, Environment.ProcessorCount);
        Parallel.For(0, SeedsATest, new ParallelOptions { MaxDegreeOfParallelism = width }, at =>
        {
            var seed = first + (ulong)at;
            var result = ReflectorRun.Run(Clients, seed);
            failures[at] = result.Violations.Count == 0 ? null
                : $"{result}{Environment.NewLine}replay: dotnet run -c Release --project tests/Bgp.Simulation -- reflector {Clients} --seed {seed}";
        });

        Assert.That(failures.OfType<string>(), Is.Empty, string.Join(Environment.NewLine, failures.OfType<string>()));
        Assert.That(Simulator.NativeBytes, Is.EqualTo(native), "native memory after the end");
    }

    [Test]
    public void Trace_SameSeedTwice_IsTheSame()
    {
        var first = ReflectorRun.Run(30, 7);

        Assert.That(ReflectorRun.Run(30, 7).ToString(), Is.EqualTo(first.ToString()));
        Assert.That(ReflectorRun.Run(30, 8).Hash, Is.Not.EqualTo(first.Hash));
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
