namespace Bgp.Load;

/// <summary>What this daemon shall keep to. Ratios are of rows of one comparison, on one machine.</summary>
internal static class BoundList
{
    private const double MegabytesPerMebibyte = 1.048576;

    private static readonly Func<RunResult, double> Wall = run => run.WallSeconds;
    private static readonly Func<RunResult, double> Cpu = run => run.CpuSeconds;
    private static readonly Func<RunResult, double> PeakMegabytes = run => run.PeakMiB * MegabytesPerMebibyte;

    public static IReadOnlyList<Bound> All { get; } =
    [
        To(DaemonKind.Bird, "S1", "wall time, of BIRD's", Wall, 0.25),
        To(DaemonKind.Bird, "S1", "CPU time, of BIRD's", Cpu, 0.25),
        To(DaemonKind.Bird, "S1", "peak memory, of BIRD's", PeakMegabytes, 1),
        To(DaemonKind.Bird, "S2", "wall time, of BIRD's", Wall, 0.1),
        To(DaemonKind.Bird, "S2", "CPU time, of BIRD's", Cpu, 0.1),
        To(DaemonKind.Frr, "S2", "wall time, of FRR's", Wall, 2.0 / 3),
        To(DaemonKind.Frr, "S2", "CPU time, of FRR's", Cpu, 2.0 / 3),
        To(DaemonKind.Bird, "S3", "wall time, of BIRD's", Wall, 0.125),
        To(DaemonKind.Bird, "S3", "CPU time, of BIRD's", Cpu, 0.125),
        To(DaemonKind.Frr, "S3", "wall time, of FRR's", Wall, 1),
        To(DaemonKind.Frr, "S3", "CPU time, of FRR's", Cpu, 1),
        To(DaemonKind.Bird, "S4", "wall time, of BIRD's", Wall, 0.2),
        To(DaemonKind.Bird, "S4", "CPU time, of BIRD's", Cpu, 0.2),
        To(DaemonKind.Bird, "S4", "peak memory, of BIRD's", PeakMegabytes, 1),
        Below("S5", "p50 ms", 1.3, "ms"),
        Below("S5", "p99 ms", 2.7, "ms"),
        To(DaemonKind.Bird, "S6", "time into the kernel, of BIRD's", Wall, 2.0 / 3),
        To(DaemonKind.Bird, "S6", "time out of the kernel, of BIRD's", Value("out s"), 2.0 / 3),
        To(DaemonKind.Floor, "S6", "time into the kernel, of the netlink loop's", Wall, 1.3),
        To(DaemonKind.Floor, "S6", "time out of the kernel, of the netlink loop's", Value("out s"), 1.3),
        To(DaemonKind.Bird, "S6m", "time into the kernel, of BIRD's", Wall, 2.0 / 3),
        To(DaemonKind.Bird, "S6m", "time out of the kernel, of BIRD's", Value("out s"), 2.0 / 3),
        To(DaemonKind.Floor, "S6m", "time into the kernel, of the netlink loop's", Wall, 1.3),
        To(DaemonKind.Floor, "S6m", "time out of the kernel, of the netlink loop's", Value("out s"), 1.3),
        Below("S7", "0 sessions MiB", 60, "MiB"),
        Below("S7", "100 sessions MiB", 65, "MiB"),
        Below("S7", "listening ms", 250, "ms"),
        ToScenario("S2", "S8", "wall time, of S2's", Wall, 2),
        ToScenario("S2", "S8", "CPU time, of S2's", Cpu, 2),
        ToScenario("S2", "S9", "wall time of the other clients, of S2's", Wall, 1.2),
        new("S9", "peak memory beyond S2's", rows => rows.OursBeyond("S2", "S9", PeakMegabytes), 20, "MB"),
        Below("S9", "stalled up to date s", 3, "s"),
        ToScenario("S2", "S9h", "wall time of the other clients, of S2's", Wall, 1.2),
        new("S9h", "peak memory beyond S2's", rows => rows.OursBeyond("S2", "S9h", PeakMegabytes), 20, "MB"),
        Below("S9h", "dropped after s", 7, "s"),
        To(DaemonKind.Bird, "S10", "wall time, of BIRD's", Wall, 0.1),
        new("S11", "prefixes taken in", rows => rows.Ours("S11", Value("taken in M/s")), 2, "M/s", MoreIsBetter: true),
        Below("S11", "settled after s", 1, "s"),
        Below("S11", "steady CPU %", 25, "%"),
        Below("S11", "p99 ms", 50, "ms"),
    ];

    private static Func<RunResult, double> Value(string name) => run => run.Values.TryGetValue(name, out var value) ? value : double.NaN;

    private static Bound Below(string scenario, string value, double limit, string unit) =>
        new(scenario, value[..value.LastIndexOf(' ')], rows => rows.Ours(scenario, Value(value)), limit, unit);

    private static Bound To(DaemonKind other, string scenario, string text, Func<RunResult, double> number, double limit) =>
        new(scenario, text, rows => rows.OursTo(other, scenario, number), limit, "×");

    private static Bound ToScenario(string other, string scenario, string text, Func<RunResult, double> number, double limit) =>
        new(scenario, text, rows => rows.OursTo(other, scenario, number), limit, "×");
}
