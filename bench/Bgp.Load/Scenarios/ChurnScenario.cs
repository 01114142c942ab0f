using System.Diagnostics;

namespace Bgp.Load;

/// <summary>
/// Feeds that announce the same prefixes again and again with new attributes: first as fast as the daemon takes it, then at a steady rate, where some changes are
/// timed from the feed to the receiver. Each part ends with one more round whose winners are known.
/// </summary>
internal sealed class ChurnScenario : Scenario
{
    private const int Feeds = 10;
    private const int Prefixes = 10_000;
    private const int Sets = 100;
    private const int Rounds = 8;
    private const int SteadyChangesPerSecond = 10_000;
    private const int TimedChangesPerSecond = 100;
    private const int TimedPrefixes = 100;
    private const double Milliseconds = 1000;

    private static readonly TimeSpan Burst = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Steady = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(2);

    public override string Name => "S11";

    public override string Title => "Churn: 10 eBGP feeds re-announce the same 10,000 prefixes, as fast as they can for 5 s, then 10,000 changes/s for 60 s";

    public override bool HasFloor => false;

    public override LoadPlan Plan(double scale)
    {
        var prefixes = Scaled(Prefixes, scale);
        return new TableFeeds(Feeds, prefixes, Math.Min(Sets, prefixes)).Plan((feed, set) => 2 + ((feed + set) % Feeds));
    }

    public override CheckResult Run(LoadRun run)
    {
        run.Establish();
        run.MeasureConvergence(run.AnnounceAll);
        RunBurst(run, [.. Enumerable.Range(0, Feeds).Select(feed => EncodeRounds(run.Plan, feed))]);
        var timed = Math.Min(TimedPrefixes, run.Plan.Expectation.Space.Count / 2);
        RunSteady(
            run,
            [.. Enumerable.Range(0, Feeds).Select(feed => SteadyFeed.Encode(run.Plan.Expectation, feed, first: timed))],
            new TimedChanges(run.Plan.Expectation, Feeds, timed));
        run.Rest();
        return default;
    }

    /// <summary>Whole rounds of a feed, each with attribute sets of its own: the path lengths move on by one a round, so that the winner changes each time.</summary>
    private static List<byte[]> EncodeRounds(LoadPlan plan, int feed)
    {
        var space = plan.Expectation.Space;
        var sets = Enumerable.Range(0, space.Count).GroupBy(prefix => prefix % Sets).Select(group => group.ToList()).ToList();
        var rounds = new List<byte[]>();
        for (var round = 1; round <= Rounds; round++)
        {
            var encoder = new FeedEncoder(space, isInternal: false);
            for (var set = 0; set < sets.Count; set++)
            {
                encoder.Announce(TableFeeds.AddPath(plan.Expectation, feed, set, 2 + ((feed + set + round) % Feeds)), sets[set]);
            }

            rounds.Add(encoder.Finish());
        }

        return rounds;
    }

    private static void RunBurst(LoadRun run, IReadOnlyList<List<byte[]>> rounds)
    {
        var sent = new int[Feeds];
        var start = Stopwatch.GetTimestamp();
        var cpu = run.Watch.CpuSeconds();
        var loadCpu = ProcessUsage.CpuSeconds(Environment.ProcessId);
        run.Loop.EachRound = () =>
        {
            for (var feed = 0; feed < Feeds; feed++)
            {
                if (run.Clients[feed].HasSent)
                {
                    run.Loop.Send(run.Clients[feed], rounds[feed][sent[feed]++ % Rounds]);
                }
            }
        };
        run.Loop.RunFor(Burst);
        var end = Settle(run);
        // All that was sent was taken in by now, so nothing that lay in buffers is counted.
        var seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        var taken = (sent.Sum() + Feeds) * (double)run.Plan.Expectation.Space.Count;
        run.NoteMeasures(seconds, run.Watch.CpuSeconds() - cpu, ProcessUsage.CpuSeconds(Environment.ProcessId) - loadCpu);
        run.Note("taken in M/s", taken / 1e6 / seconds);
        run.Note("settled after s", run.SecondsUntilComplete(end));
    }

    private static void RunSteady(LoadRun run, IReadOnlyList<SteadyFeed> feeds, TimedChanges timed)
    {
        var start = Stopwatch.GetTimestamp();
        var cpu = run.Watch.CpuSeconds();
        var loadCpu = ProcessUsage.CpuSeconds(Environment.ProcessId);
        run.Loop.RoundLimit = Tick;
        run.Loop.EachRound = () => SendDue(run, feeds, timed, start);
        run.Loop.RunFor(Steady);
        var seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        run.Note("steady CPU %", 100 * (run.Watch.CpuSeconds() - cpu) / seconds);
        run.Note("steady load CPU %", 100 * (ProcessUsage.CpuSeconds(Environment.ProcessId) - loadCpu) / seconds);
        timed.End(Stopwatch.GetTimestamp());
        var latencies = timed.Seconds.Order().ToList();
        run.Note("p50 ms", LatencyScenario.Percentile(latencies, 0.50) * Milliseconds);
        run.Note("p99 ms", LatencyScenario.Percentile(latencies, 0.99) * Milliseconds);
        run.Loop.RoundLimit = TimeSpan.FromMilliseconds(20);
        run.Note("steady settled after s", run.SecondsUntilComplete(Settle(run)));
    }

    /// <summary>What must have been sent by now, the timed changes behind the others of their feed.</summary>
    private static void SendDue(LoadRun run, IReadOnlyList<SteadyFeed> feeds, TimedChanges timed, long start)
    {
        var now = Stopwatch.GetTimestamp();
        var receiver = run.Clients[Feeds].Table ?? throw new UnreachableException("the last client is the receiver");
        timed.Collect(now, receiver.Current);
        var seconds = Stopwatch.GetElapsedTime(start, now).TotalSeconds;
        var due = (long)(seconds * (SteadyChangesPerSecond - TimedChangesPerSecond) / Feeds);
        for (var feed = 0; feed < Feeds; feed++)
        {
            while (feeds[feed].TryNext(due, out var updates))
            {
                run.Loop.Send(run.Clients[feed], updates);
            }
        }

        for (var turns = (long)(seconds * TimedChangesPerSecond) - timed.Turns; turns > 0; turns--)
        {
            if (timed.TryNext(Stopwatch.GetTimestamp(), out var feed, out var update))
            {
                run.Loop.Send(run.Clients[feed], update);
            }
        }
    }

    /// <summary>Sends the round whose winners are known and waits until they are at the receiver; returns when that began.</summary>
    private static long Settle(LoadRun run)
    {
        run.Loop.EachRound = null;
        var start = Stopwatch.GetTimestamp();
        run.AnnounceAll();
        run.Loop.RunUntil("all that was churned has settled", () => run.Clients.All(client => client.HasSent) && run.Loop.IsConverged, run.Options.TimeLimit);
        return start;
    }
}
