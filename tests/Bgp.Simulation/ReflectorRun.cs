using System.Globalization;
using Bgp.Engine;

namespace Bgp.Simulation;

/// <summary>
/// Two reflectors with very many clients of one block each: brings them up, breaks and mends (<see cref="ReflectorChaos"/>), then leaves some cut off or dead for good, and when the network is at
/// rest checks every path and every kernel route of every node (<see cref="ReflectorCheck"/>). On the way nobody may have a route that nobody originates, or one that does not lead straight to who does;
/// and those whom nothing happens to must have each other's routes all the time.
/// </summary>
public static class ReflectorRun
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(15);
    private static readonly TimeSpan Moment = TimeSpan.FromSeconds(1);

    // When most announcements of a network that comes up are under way.
    private static readonly TimeSpan Early = TimeSpan.FromMilliseconds(200);

    /// <param name="clients">How many clients there are.</param>
    /// <param name="seed">Of all that is left to chance.</param>
    /// <param name="trace">Where to write every event; <c>null</c>: nowhere.</param>
    public static SeedResult Run(int clients, ulong seed, TextWriter? trace = null)
    {
        var native = Simulator.NativeBytes;
        var violations = new List<string>();
        var simulator = new Simulator(seed, trace);
        var name = "";
        try
        {
            name = Run(simulator, clients, violations);
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

        return new SeedResult(seed, name, simulator.Trace.Hash, simulator.EventCount, violations);
    }

    /// <summary>Starts the network and runs until every node has every route.</summary>
    internal static string StartToTheEnd(Simulator simulator, int clients)
    {
        var name = Start(simulator, clients);
        if (!simulator.RunUntil(() => simulator.Nodes.All(IsUp), Patience, Moment))
        {
            throw new SimulationException($"after {Patience} {simulator.Nodes.Count(IsUp)} nodes have all sessions and routes");
        }

        // Of what the second reflector sends nothing is seen in the kernels.
        simulator.RunFor(Moment);
        return name;

        bool IsUp(SimNode node) =>
            node.Kernel.RouteCount == simulator.Nodes.Count
            && node.EstablishedCount == (node.Index < ReflectorModel.Reflectors ? simulator.Nodes.Count - 1 : ReflectorModel.Reflectors);
    }

    /// <summary>Starts the network, with what the seed draws of it.</summary>
    private static string Start(Simulator simulator, int clients)
    {
        var random = simulator.Random;
        var options = new TopologyOptions
        {
            SharesClusterId = random.Chance(50),
            HasDynamicClients = random.Chance(50),
            HoldTime = TimeSpan.FromSeconds(random.Pick(30, 90, 90)),
        };
        var topology = Topology.Reflectors(ReflectorModel.Reflectors, clients, options);
        simulator.Network.CutsAtRandom = false;
        simulator.Network.MaxDelay = TimeSpan.FromMicroseconds(random.Pick(100, 2000, 20000));
        simulator.MaxWakeDelay = simulator.MaxTurnDelay = TimeSpan.FromMilliseconds(random.Pick(5, 20, 50));
        simulator.Start(
            topology with { Nodes = [.. topology.Nodes.Select(node => node with { Limits = new EngineLimits(), RestartTime = TimeSpan.FromSeconds(10) })] },
            TimeSpan.FromMilliseconds(random.Pick(0, 50, 200)));
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{topology.Name}, {(options.HasDynamicClients ? "dynamic" : "named")}, {(options.SharesClusterId ? "one cluster" : "two clusters")}, hold time {options.HoldTime.TotalSeconds} s");
    }

    /// <summary>Runs until the network is at rest, with short ways: the KEEPALIVEs of thousands of sessions would never let everybody be idle at one moment.</summary>
    internal static void AwaitRest(Simulator simulator)
    {
        simulator.MaxWakeDelay = simulator.MaxTurnDelay = simulator.Network.MaxDelay = TimeSpan.FromMicroseconds(100);
        Rest.Await(simulator, Patience, Moment);
    }

    private static string Run(Simulator simulator, int clients, List<string> violations)
    {
        // Half of the seeds begin with the chaos, so that a reflector goes down amid the first of all announcements.
        var isEarly = simulator.Random.Chance(50);
        var name = isEarly ? Start(simulator, clients) : StartToTheEnd(simulator, clients);
        var chaos = new ReflectorChaos(simulator);
        var watch = new ReflectorWatch(simulator, chaos, violations) { LooksForLosses = !isEarly };
        watch.Start();
        var within = simulator.Random.Between(TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(40));
        chaos.Rage(within, isEarly ? Early : within);
        chaos.Part();
        AwaitRest(simulator);
        watch.Stop();
        violations.AddRange(ReflectorCheck.Run(simulator));
        violations.AddRange(SessionCheck.Run(simulator, chaos.Disturbances));
        return isEarly ? name + ", broken from the start" : name;
    }
}
