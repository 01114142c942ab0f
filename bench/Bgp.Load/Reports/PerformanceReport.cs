using System.Globalization;
using System.Text;

namespace Bgp.Load;

/// <summary>Makes docs/performance.md of all results of a folder.</summary>
internal sealed class PerformanceReport
{
    private static readonly string[] Columns =
    [
        "daemon", "runs", "wall s", "CPU s", "wall: ours ÷ it", "CPU: ours ÷ it", "load's CPU s", "peak MiB", "resting MiB", "missing", "extra", "wrong",
    ];

    private readonly IReadOnlyList<RunResult> _results;
    private readonly MachineFacts _machine;
    private readonly string _notes;

    /// <param name="results">All runs.</param>
    /// <param name="machine">Where they were made.</param>
    /// <param name="notes">What someone wrote about them all, in Markdown; may be empty. Left out where a scenario is missing.</param>
    public PerformanceReport(IReadOnlyList<RunResult> results, MachineFacts machine, string notes)
    {
        _results = results;
        _machine = machine;
        _notes = notes;
        Sections =
        [
            .. from scenario in ScenarioList.All
               let runs = results.Where(result => result.Scenario == scenario.Name).ToList()
               where runs.Count > 0
               select (scenario, RowsOf(runs)),
        ];
    }

    /// <summary>Scenarios with their rows, in order.</summary>
    public IReadOnlyList<(Scenario Scenario, IReadOnlyList<ReportRow> Rows)> Sections { get; }

    /// <summary>The whole page.</summary>
    /// <param name="chart">The picture, as a link from the page.</param>
    public string ToMarkdown(string chart)
    {
        var text = new StringBuilder();
        text.AppendLine(CultureInfo.InvariantCulture, $"""
            # Performance

            Made by `bench/compare`, which runs this daemon and others in turn on one machine and writes this page; run it again to get your machine's
            numbers. {_machine.Text} A number is the median of the runs of its row.

            All neighbors of the daemon under load are played by one process, `bench/Bgp.Load`, on one thread, over a wire between two network namespaces. What
            they announce is encoded before the clock starts. Wall time is from the first byte sent to the last needed byte at the last receiver; CPU is that of
            all the daemon's processes in that time, to be compared with the load generator's own beside it. Every receiver must have exactly the right
            path, with exactly the right attributes, for every prefix: what is missing, extra or wrong makes a run fail. The columns `ours ÷ it` say how
            much of the row's time this daemon needs.

            """);
        WriteAbout(text);
        new BoundTable(Sections).WriteTo(text);
        text.AppendLine(CultureInfo.InvariantCulture, $"![chart]({chart})").AppendLine();
        WriteVersions(text);
        foreach (var (scenario, rows) in Sections)
        {
            WriteSection(text, scenario, rows);
        }

        // They tell of all scenarios, and would make no sense beside a few.
        var isWhole = Sections.Count == ScenarioList.All.Count;
        return text.Append(isWhole ? _notes : "").ToString().TrimEnd() + "\n";
    }

    private static List<ReportRow> RowsOf(IReadOnlyList<RunResult> runs) =>
    [
        .. from daemon in Enum.GetValues<DaemonKind>()
           from row in runs.Where(run => run.Daemon == daemon.ToString()).GroupBy(run => DaemonNames.Of(daemon, run.Version)).OrderBy(row => row.Key, StringComparer.Ordinal)
           select new ReportRow(daemon, row.Key, [.. row]),
    ];

    private static string Ratio(double ours, double other) => ours > 0 && other > 0 ? Number(ours / other) : "";

    /// <summary>With as many digits as mean something.</summary>
    internal static string Number(double value) => value switch
    {
        0 => "0",
        < 0 => "-" + Number(-value),
        >= 100 => value.ToString("0", CultureInfo.InvariantCulture),
        >= 10 => value.ToString("0.0", CultureInfo.InvariantCulture),
        >= 1 => value.ToString("0.00", CultureInfo.InvariantCulture),
        _ => value.ToString("0.000", CultureInfo.InvariantCulture),
    };

    /// <summary>What must be known of the other rows.</summary>
    private void WriteAbout(StringBuilder text)
    {
        if (HasRun(DaemonKind.Floor))
        {
            text.AppendLine("""
                `floor` is a relay that looks at message boundaries alone (in the FIB scenarios: a loop that writes the routes to netlink): no daemon can be faster, and
                where a relay has not what a scenario is about there is none.

                """);
        }

        if (HasRun(DaemonKind.Frr))
        {
            text.AppendLine("""
                FRR runs with `coalesce-time 0`, `advertisement-interval 0` and `bgp route-map delay-timer 0`, and may send clients their own routes back.

                """);
        }

        if (HasRun(DaemonKind.Bird))
        {
            text.AppendLine("""
                BIRD runs with `error wait time 1, 1`.

                """);
        }
    }

    private bool HasRun(DaemonKind daemon) => _results.Any(result => result.Daemon == daemon.ToString());

    private void WriteVersions(StringBuilder text)
    {
        text.AppendLine("| daemon | version |").AppendLine("| --- | --- |");
        foreach (var daemon in Enum.GetValues<DaemonKind>())
        {
            var versions = _results.Where(result => result.Daemon == daemon.ToString() && result.Version.Length > 0)
                .Select(result => OneLine(result.Version)).Distinct().ToList();
            if (versions.Count > 0)
            {
                text.AppendLine(CultureInfo.InvariantCulture, $"| {DaemonNames.Of(daemon)} | {string.Join(", ", versions)} |");
            }
        }

        text.AppendLine();
    }

    private static void WriteSection(StringBuilder text, Scenario scenario, IReadOnlyList<ReportRow> rows)
    {
        var names = rows.SelectMany(row => row.Runs).SelectMany(run => run.Values.Keys).Distinct().ToList();
        var scale = rows.SelectMany(row => row.Runs).Select(run => run.Scale).Distinct().ToList();
        text.AppendLine(CultureInfo.InvariantCulture, $"## {scenario.Name}. {scenario.Title}").AppendLine();
        if (scale is not [1])
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"Not the full size: {string.Join(" and ", scale)} of the routes.").AppendLine();
        }

        List<string> columns = [.. Columns, .. names];
        text.AppendLine($"| {string.Join(" | ", columns)} |").AppendLine($"| --- |{string.Concat(Enumerable.Repeat(" ---: |", columns.Count - 1))}");
        var ours = rows.FirstOrDefault(row => row.Daemon == DaemonKind.Bgp && row.Failure is null);
        foreach (var row in rows)
        {
            text.AppendLine($"| {string.Join(" | ", Cells(row, ours, names))} |");
        }

        text.AppendLine();
        foreach (var row in rows.Where(row => row.Failure is not null))
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"{row.Name}: {row.Failure!.Outcome.ToString().ToLowerInvariant()}: {OneLine(row.Failure.Reason)}").AppendLine();
        }
    }

    private static IEnumerable<string> Cells(ReportRow row, ReportRow? ours, List<string> names)
    {
        yield return row.Name;
        yield return row.Runs.Count.ToString(CultureInfo.InvariantCulture);
        if (row.Failure is { } failure)
        {
            yield return failure.Outcome.ToString().ToLowerInvariant();
            for (var i = Columns.Length - 9; i < Columns.Length + names.Count; i++)
            {
                yield return "";
            }

            yield break;
        }

        yield return Number(row.Median(run => run.WallSeconds));
        yield return Number(row.Median(run => run.CpuSeconds));
        yield return ours is null || ours == row ? "" : Ratio(ours.Median(run => run.WallSeconds), row.Median(run => run.WallSeconds));
        yield return ours is null || ours == row ? "" : Ratio(ours.Median(run => run.CpuSeconds), row.Median(run => run.CpuSeconds));
        yield return Number(row.Median(run => run.LoadCpuSeconds));
        yield return Number(row.Median(run => run.PeakMiB));
        yield return Number(row.Median(run => run.RestMiB));
        yield return Number(row.Median(run => run.Missing));
        yield return Number(row.Median(run => run.Extra));
        yield return Number(row.Median(run => run.Wrong));
        foreach (var name in names)
        {
            yield return Number(row.Median(run => run.Values.GetValueOrDefault(name)));
        }
    }

    private static string OneLine(string? reason) => (reason ?? "").Split('\n')[0];
}
