namespace Bgp.Load;

/// <summary>What the daemon costs when nothing happens, and how long it takes to listen.</summary>
internal sealed class IdleScenario : Scenario
{
    private const int Sessions = 100;
    private const double Milliseconds = 1000;

    private static readonly TimeSpan Settle = TimeSpan.FromSeconds(3);

    public override string Name => "S7";

    public override string Title => "Idle: memory with 0 and with 100 sessions, time from start to listening";

    public override bool HasFloor => false;

    public override LoadPlan Plan(double scale) => ReflectorScenario.Plan(Sessions, blocks: 0);

    public override CheckResult Run(LoadRun run)
    {
        run.Note("listening ms", run.StartDaemon() * Milliseconds);
        Thread.Sleep(Settle);
        run.Note("0 sessions MiB", run.ResidentMiB());
        run.OpenSessions();
        run.Rest();
        run.Note("100 sessions MiB", run.ResidentMiB());
        var cpu = run.Watch.CpuSeconds();
        run.Loop.RunFor(Settle);
        run.Note("idle CPU %", 100 * (run.Watch.CpuSeconds() - cpu) / Settle.TotalSeconds);
        return default;
    }
}
