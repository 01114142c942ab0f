using System.Diagnostics;

namespace Bgp.Load;

/// <summary>How long a single change takes through an idle reflector, to the last of all clients.</summary>
internal sealed class LatencyScenario : Scenario
{
    private const int Clients = 100;
    private const int BlocksEach = 100;
    private const int Changes = 1000;
    private const double Milliseconds = 1000;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(2);

    public override string Name => "S5";

    public override string Title => "Latency: idle reflector with 100 clients and 10,000 routes, 1,000 single changes, at all clients";

    public override LoadPlan Plan(double scale) => ReflectorScenario.Plan(Clients, Scaled(BlocksEach, scale));

    public override CheckResult Run(LoadRun run)
    {
        run.Establish();
        run.MeasureConvergence(run.AnnounceAll);
        run.Rest();
        var changes = Prepare(run.Plan);
        run.Loop.RoundLimit = Pause;
        var latencies = new double[Changes];
        var cpu = run.Watch.CpuSeconds();
        var loadCpu = ProcessUsage.CpuSeconds(Environment.ProcessId);
        var begin = Stopwatch.GetTimestamp();
        for (var i = 0; i < Changes; i++)
        {
            latencies[i] = Change(run, changes[i]);
            run.Loop.RunFor(Pause);
        }

        run.NoteMeasures(Stopwatch.GetElapsedTime(begin).TotalSeconds, run.Watch.CpuSeconds() - cpu, ProcessUsage.CpuSeconds(Environment.ProcessId) - loadCpu);
        Array.Sort(latencies);
        run.Note("p50 ms", Percentile(latencies, 0.50) * Milliseconds);
        run.Note("p99 ms", Percentile(latencies, 0.99) * Milliseconds);
        return default;
    }

    /// <summary>The value below which a share of the sorted values lies.</summary>
    internal static double Percentile(IReadOnlyList<double> sorted, double share) => sorted[Math.Max(0, (int)Math.Ceiling(share * sorted.Count) - 1)];

    private static List<(int Prefix, PathSpec Path, byte[] Update)> Prepare(LoadPlan plan)
    {
        var changes = new List<(int, PathSpec, byte[])>();
        for (var i = 0; i < Changes; i++)
        {
            var prefix = Mix.Below(plan.Expectation.Space.Count, i);
            var source = plan.Expectation.Paths[plan.Expectation.Winner(prefix)].Source;
            var path = plan.Expectation.AddPath(source, LoadAddresses.Client(source));
            var encoder = new FeedEncoder(plan.Expectation.Space, isInternal: true);
            encoder.Announce(path, [prefix]);
            changes.Add((prefix, path, encoder.Finish()));
        }

        return changes;
    }

    /// <summary>Makes one change and returns the seconds until the last client has it.</summary>
    private static double Change(LoadRun run, (int Prefix, PathSpec Path, byte[] Update) change)
    {
        var expectation = run.Plan.Expectation;
        var tables = run.Clients.Select(client => client.Table).OfType<ReceiverTable>().ToList();
        tables.ForEach(table => table.Forget(change.Prefix));
        expectation.SetWinner(change.Prefix, change.Path.Id);
        tables.ForEach(table => table.Recount(change.Prefix));
        foreach (var client in run.Clients.Where(client => client.OctetTarget is not null && client.Plan.Index != change.Path.Source))
        {
            client.OctetTarget += change.Update.Length;
        }

        run.Loop.CountIncomplete();
        var start = Stopwatch.GetTimestamp();
        run.Loop.Send(run.Clients[change.Path.Source], change.Update);
        run.Loop.RunUntil("the change is everywhere", () => run.Loop.IsConverged, run.Options.TimeLimit);
        return run.SecondsUntilComplete(start);
    }
}
