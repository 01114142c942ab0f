using System.Diagnostics;
using System.Globalization;
using Bgp.Engine;
using Bgp.Protocol;

namespace Bgp.Simulation;

/// <summary>
/// A mesh of any size, brought up and measured: how long it takes, here and in the network's own time, and what a session costs. Every node must have every other one's block by the direct
/// way in the end.
/// </summary>
public static class MeshRun
{
    private const ulong Seed = 1;

    private static readonly TimeSpan StartWithin = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);
    private static readonly TopologyOptions Options = new() { HoldTime = TimeSpan.FromSeconds(90) };

    /// <returns>Whether all is as it should be.</returns>
    public static bool Run(int nodes, TextWriter output)
    {
        ArgumentNullException.ThrowIfNull(output);
        var watch = Stopwatch.StartNew();
        using var simulator = new Simulator(Seed);
        simulator.Network.BufferSizes = [64 * 1024];
        var topology = Topology.Mesh(nodes, Options);
        simulator.Start(topology with { Nodes = [.. topology.Nodes.Select(node => node with { Limits = new EngineLimits() })] }, StartWithin);
        var isUp = simulator.RunUntil(() => simulator.Nodes.All(node => node.EstablishedCount == nodes - 1 && node.Kernel.RouteCount == nodes), Patience);
        var missing = simulator.Nodes.Sum(node => Missing(simulator, node));
        var sessions = nodes * (nodes - 1L) / 2;
        var peak = Process.GetCurrentProcess().PeakWorkingSet64;
        var managed = GC.GetTotalMemory(forceFullCollection: true);
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"""
            mesh of {nodes}: {sessions} sessions {(isUp ? "up" : "NOT all up")}, {missing} routes missing
              time     {watch.Elapsed.TotalSeconds:f1} s here for {simulator.Now} in the network, {simulator.EventCount} events, trace {simulator.Trace.Hash:x16}
              memory   {Mega(managed)} MiB managed, {Mega(Simulator.NativeBytes)} MiB native, {Mega(peak)} MiB at the peak of the process
              a session (both ends) {(managed + Simulator.NativeBytes) / sessions} bytes, {peak / sessions} at the peak
            """));
        return isUp && missing == 0;
    }

    private static int Missing(Simulator simulator, SimNode node) =>
        simulator.Nodes.Count(other => other != node && Gateway(node, other) != other.Spec.AddressV4);

    private static IpAddress? Gateway(SimNode node, SimNode other) =>
        node.Kernel.Find(Topology.BlockV4(other.Index), node.Config.Fib) is { Hops: [var hop] } ? hop.Gateway : null;

    private static long Mega(long bytes) => bytes >> 20;
}
