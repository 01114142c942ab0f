namespace Bgp.Load;

/// <summary>All rows of a page, to look up numbers of those that converged, at full size.</summary>
/// <param name="rows">The rows of each scenario, by its name.</param>
internal sealed class ReportRows(IReadOnlyDictionary<string, IReadOnlyList<ReportRow>> rows)
{
    /// <summary>Whether a run of ours failed.</summary>
    public bool HasFailed(string scenario) => Of(scenario, DaemonKind.Bgp).Any(row => row.Failure is not null);

    /// <summary>Our number; null where we were not run, or failed.</summary>
    public double? Ours(string scenario, Func<RunResult, double> number) => Best(scenario, DaemonKind.Bgp, number);

    /// <summary>Our number as a part of another daemon's, or of its best version's; null where one of the two is missing.</summary>
    public double? OursTo(DaemonKind other, string scenario, Func<RunResult, double> number) =>
        Ours(scenario, number) is { } ours && Best(scenario, other, number) is > 0 and var theirs ? ours / theirs : null;

    /// <summary>Our number as a part of our own in another scenario.</summary>
    public double? OursTo(string other, string scenario, Func<RunResult, double> number) =>
        Ours(scenario, number) is { } one && Ours(other, number) is > 0 and var two ? one / two : null;

    /// <summary>How much more our number is than in another scenario.</summary>
    public double? OursBeyond(string other, string scenario, Func<RunResult, double> number) => Ours(scenario, number) - Ours(other, number);

    private IEnumerable<ReportRow> Of(string scenario, DaemonKind daemon) => rows.GetValueOrDefault(scenario, []).Where(row => row.Daemon == daemon);

    private double? Best(string scenario, DaemonKind daemon, Func<RunResult, double> number) => Of(scenario, daemon)
        .Where(row => row.Failure is null && row.Runs.All(run => run.Scale == 1))
        .Select(row => row.Median(number))
        .Where(median => !double.IsNaN(median))
        .Min(median => (double?)median);
}
