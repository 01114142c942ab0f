using Bgp.Engine;
using Bgp.Protocol;

namespace Bgp.Simulation.Tests;

/// <summary>Runs named scenarios and looks at what came of them.</summary>
internal static class Networks
{
    public static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);

    /// <summary>A simulation of the topology, at rest for the first time.</summary>
    public static Simulator Started(Topology topology, ulong seed = 1)
    {
        var simulator = new Simulator(seed, Writer());
        simulator.Start(topology);
        Rest.Await(simulator, Patience);
        return simulator;
    }

    /// <summary>Waits for rest and checks everything there is to check.</summary>
    public static void AssertSound(Simulator simulator)
    {
        Rest.Await(simulator, Patience);
        Assert.That(RestCheck.Run(simulator), Is.Empty, $"seed {simulator.Seed}");
    }

    /// <summary>The gateways of a route in a node's kernel; <c>null</c> where there is none.</summary>
    public static IReadOnlyList<IpAddress>? Gateways(SimNode node, IpPrefix prefix) =>
        node.Kernel.Find(prefix, node.Config.Fib) is { } route ? [.. route.Hops.Select(hop => hop.Gateway)] : null;

    /// <summary>Why sessions ended, of all nodes.</summary>
    public static IReadOnlyList<SessionDownReason> SessionEnds(Simulator simulator) =>
        [.. simulator.Nodes.SelectMany(node => node.Events).Where(entry => entry.Event.Kind == SpeakerEventKind.SessionDown).Select(entry => entry.Event.Reason!)];

    // BGP_SIM_TRACE=FILE writes what happens in the tests that run.
    private static TextWriter? Writer() =>
        Environment.GetEnvironmentVariable("BGP_SIM_TRACE") is { Length: > 0 } path ? TextWriter.Synchronized(new StreamWriter(path, append: true) { AutoFlush = true }) : null;
}
