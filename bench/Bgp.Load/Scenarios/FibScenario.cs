using System.Diagnostics;

namespace Bgp.Load;

/// <summary>
/// How long a feed's routes take into the kernel, and, withdrawn, out of it. The floor is a loop that writes the same routes as fast as netlink takes
/// them, and listens for the kernel's news as a daemon must.
/// </summary>
/// <param name="name">Its name.</param>
/// <param name="prefixes">How many routes.</param>
internal sealed class FibScenario(string name, int prefixes) : Scenario
{
    private const double PrefixesPerSet = 20.0 / 3;

    public override string Name => name;

    public override string Title => FormattableString.Invariant($"FIB: {prefixes:N0} routes into the kernel, and out again");

    public override LoadPlan Plan(double scale)
    {
        var count = Scaled(prefixes, scale);
        var plan = new TableFeeds(feeds: 1, count, Math.Max(1, (int)(count / PrefixesPerSet))).Plan((_, set) => 2 + Mix.Below(3, set));
        return plan with { Clients = [plan.Clients[0]], InstallsRoutes = true };
    }

    public override CheckResult Run(LoadRun run)
    {
        var space = run.Plan.Expectation.Space;
        var feed = run.Clients[0];
        var withdrawal = new FeedEncoder(space, isInternal: false);
        withdrawal.Withdraw(Enumerable.Range(0, space.Count));
        var withdrawn = withdrawal.Finish();
        using var kernel = new KernelTable(run.Network.Daemon, space);
        run.Establish();

        var (wall, cpu, load) = Measure(run, kernel, space.Count, () => run.Loop.Send(feed, feed.Plan.Announcements));
        run.NoteMeasures(wall, cpu, load);
        run.Rest();
        var check = kernel.Check(installed: true, feed.Plan.Address);

        (wall, cpu, _) = Measure(run, kernel, 0, () => run.Loop.Send(feed, withdrawn));
        run.Note("out s", wall);
        run.Note("out CPU s", cpu);
        run.Loop.RunFor(TimeSpan.FromSeconds(1));
        return check + kernel.Check(installed: false, feed.Plan.Address);
    }

    private static (double Wall, double Cpu, double LoadCpu) Measure(LoadRun run, KernelTable kernel, int count, Action begin)
    {
        var cpu = run.Watch.CpuSeconds();
        var loadCpu = ProcessUsage.CpuSeconds(Environment.ProcessId);
        var start = Stopwatch.GetTimestamp();
        begin();
        run.Loop.RunUntil("the kernel has what it should", () => kernel.Count == count, run.Options.TimeLimit);
        return ((kernel.LastChange - start) / (double)Stopwatch.Frequency, run.Watch.CpuSeconds() - cpu, ProcessUsage.CpuSeconds(Environment.ProcessId) - loadCpu);
    }
}
