namespace Bgp.Load;

/// <summary>The runs of one scenario with one daemon, of which the report shows the median.</summary>
/// <param name="Daemon">The daemon.</param>
/// <param name="Name">How the page calls it.</param>
/// <param name="Runs">Its runs.</param>
internal sealed record ReportRow(DaemonKind Daemon, string Name, IReadOnlyList<RunResult> Runs)
{
    /// <summary>The first run that failed; null where all converged.</summary>
    public RunResult? Failure => Runs.FirstOrDefault(run => run.Outcome != RunOutcome.Converged);

    /// <summary>The median of a number over all runs.</summary>
    public double Median(Func<RunResult, double> number) => Median([.. Runs.Select(number)]);

    /// <summary>The middle one, or the mean of the two in the middle.</summary>
    internal static double Median(IReadOnlyList<double> numbers)
    {
        var sorted = numbers.Order().ToList();
        var middle = sorted.Count / 2;
        return sorted.Count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }
}
