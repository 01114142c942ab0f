using System.CommandLine;

namespace Bgp.Load;

/// <summary><c>report --results FOLDER --notes FILE --out FILE</c></summary>
internal static class ReportCommand
{
    public static Command Create()
    {
        var results = new Option<string>("--results") { Description = "The folder with the results of runs", HelpName = "FOLDER", Required = true };
        var output = new Option<string>("--out") { Description = "The page; the picture goes beside it", HelpName = "FILE", Required = true };
        var notes = new Option<string?>("--notes") { Description = "What was written by hand, for the end of a page that has all scenarios", HelpName = "FILE" };
        var command = new Command("report", "Write the page and the picture of all results.\n\nExample: Bgp.Load report --results results --out docs/performance.md")
        {
            results, output, notes,
        };
        command.SetAction(parsed => Write(parsed.GetRequiredValue(results), parsed.GetValue(notes), parsed.GetRequiredValue(output)));
        return command;
    }

    private static int Write(string folder, string? notes, string output)
    {
        var results = Directory.EnumerateFiles(folder, "*.json").Order(StringComparer.Ordinal).Select(RunResult.Read).ToList();
        if (results.Count == 0)
        {
            Console.Error.WriteLine($"Bgp.Load: no results in {folder}");
            return 1;
        }

        var report = new PerformanceReport(results, MachineFacts.Read(), notes is null ? "" : File.ReadAllText(notes));
        var picture = Path.ChangeExtension(output, ".svg");
        File.WriteAllText(output, report.ToMarkdown(Path.GetFileName(picture)));
        File.WriteAllText(picture, PerformanceChart.ToSvg(report));
        return 0;
    }
}
