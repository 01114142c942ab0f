using System.Globalization;

namespace Bgp.Simulation;

/// <summary>What came of a seed.</summary>
/// <param name="Seed">The seed.</param>
/// <param name="Topology">What was drawn.</param>
/// <param name="Hash">The trace's hash: equal in every run of the seed by the same build.</param>
/// <param name="EventCount">How many events happened.</param>
/// <param name="Violations">What was violated; empty is what one hopes for.</param>
public sealed record SeedResult(ulong Seed, string Topology, ulong Hash, long EventCount, IReadOnlyList<string> Violations)
{
    public override string ToString()
    {
        var head = string.Create(CultureInfo.InvariantCulture, $"seed {Seed}, {Topology}: {EventCount} events, trace {Hash:x16}, {Violations.Count} violations");
        return string.Join(Environment.NewLine, [head, .. Violations.Select(violation => "  " + violation)]);
    }
}

/// <summary>
/// Everything about one seed: draws a topology and its circumstances, lets it come up, then breaks and mends it, twice, and after each time checks all that must hold at rest.
/// </summary>
public static class SeedRun
{
    private const int Rounds = 2;
    private const ulong ConfederationEvery = 7;

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(15);
    private static readonly TimeSpan MaxChaos = TimeSpan.FromSeconds(60);

    /// <param name="seed">The seed.</param>
    /// <param name="trace">Where to write every event; <c>null</c>: nowhere.</param>
    public static SeedResult Run(ulong seed, TextWriter? trace = null)
    {
        var native = Simulator.NativeBytes;
        var violations = new List<string>();
        var simulator = new Simulator(seed, trace);
        var topology = DrawTopology(seed, simulator.Random);
        DrawNetwork(simulator);
        try
        {
            Run(simulator, topology, violations);
        }
        catch (SimulationException reason)
        {
            violations.Add($"{simulator.Now} {reason.Message}");
        }
        finally
        {
            simulator.Dispose();
        }

        if (Simulator.NativeBytes != native)
        {
            violations.Add($"{Simulator.NativeBytes - native} native bytes are leaked");
        }

        return new SeedResult(seed, topology.Name, simulator.Trace.Hash, simulator.EventCount, violations);
    }

    private static void Run(Simulator simulator, Topology topology, List<string> violations)
    {
        var chaos = new Chaos(simulator);
        simulator.Start(topology, simulator.Random.Between(TimeSpan.Zero, TimeSpan.FromSeconds(3)));
        for (var round = 0; round < Rounds && violations.Count == 0; round++)
        {
            chaos.Rage(simulator.Random.Between(1, 25), simulator.Random.Between(TimeSpan.FromSeconds(1), MaxChaos));
            chaos.Calm(leavesOneDead: simulator.Random.Chance(20));
            Rest.Await(simulator, Patience);
            violations.AddRange(RestCheck.Run(simulator));
            violations.AddRange(SessionCheck.Run(simulator, chaos.Disturbances));
        }
    }

    private static Topology DrawTopology(ulong seed, SimRandom random)
    {
        var options = new TopologyOptions
        {
            HasIpv6 = random.Chance(50),
            BlocksPerNode = random.Between(1, 5),
            AnycastNodes = random.Between(0, 3),
            AddPathNodes = random.Pick(0, 0, 2, 4, 8),
            AddPathSend = random.Pick(1, 2, 3, int.MaxValue),
            HoldTime = TimeSpan.FromSeconds(random.Pick(3, 9, 9, 30, 90)),
            ConnectRetry = TimeSpan.FromSeconds(random.Pick(1, 5)),
        };
        options = options with { SharesClusterId = random.Chance(50), HasOneNodeAs = random.Chance(50) };

        // Not drawn, so that what else a seed draws is what it was before there were dynamic neighbors and confederations.
        options = options with { HasDynamicClients = seed % 2 == 0 };
        if (seed % ConfederationEvery == 1)
        {
            return Topology.Confederation(random.Between(2, 3), random.Between(2, 3), random.Between(2, 3), options);
        }

        return random.Below(6) switch
        {
            0 => Topology.Mesh(random.Between(2, 6), options),
            1 => Topology.Reflectors(random.Between(1, 3), random.Between(2, 5), options),
            2 => Topology.Hierarchy(random.Between(1, 2), random.Between(1, 2), random.Between(1, 2), options),
            3 => Topology.MeshWithTor(random.Between(2, 4), options),
            4 => Topology.Racks(random.Between(2, 3), 1, random.Between(1, 2), options),
            _ => Topology.Racks(2, 2, random.Between(1, 2), options),
        };
    }

    private static void DrawNetwork(Simulator simulator)
    {
        var isNarrow = simulator.Random.Chance(20);
        simulator.Network.MaxDelay = isNarrow ? TimeSpan.FromMicroseconds(200) : TimeSpan.FromMicroseconds(simulator.Random.Pick(100, 2000, 20000));
        simulator.Network.BufferSizes = isNarrow ? [1, 7, 64, 4096] : simulator.Random.Chance(50) ? [4096, 65536] : [65536];
        simulator.Network.RefusedConnectPercent = simulator.Random.Pick(0, 0, 20);
    }
}
