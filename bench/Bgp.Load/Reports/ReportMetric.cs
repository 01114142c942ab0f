namespace Bgp.Load;

/// <summary>What a scenario is about: the number that its chart shows.</summary>
/// <param name="Label">What it is, with its unit.</param>
/// <param name="Value">Takes it out of a result.</param>
/// <param name="MoreIsBetter">Else less is.</param>
internal sealed record ReportMetric(string Label, Func<RunResult, double> Value, bool MoreIsBetter = false)
{
    private static readonly ReportMetric Wall = new("wall time to convergence, s", result => result.WallSeconds);

    /// <summary>The metric of a scenario.</summary>
    public static ReportMetric Of(string scenario) => scenario switch
    {
        "S5" => Named("p99 ms", "latency at all clients, p99, ms"),
        "S7" => Named("100 sessions MiB", "resident memory with 100 idle sessions, MiB"),
        "S11" => Named("taken in M/s", "prefixes taken in, millions a second") with { MoreIsBetter = true },
        _ => Wall,
    };

    private static ReportMetric Named(string value, string label) => new(label, result => result.Values.GetValueOrDefault(value));
}
