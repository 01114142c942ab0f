using System.Globalization;
using System.Text;

namespace Bgp.Load;

/// <summary>The picture: a panel a scenario, a bar a daemon, each panel to its own scale with the numbers written out.</summary>
internal static class PerformanceChart
{
    private const int Width = 860;
    private const int Left = 100;
    private const int BarsWidth = 640;
    private const int BarHeight = 16;
    private const int RowHeight = 20;
    private const int HeadHeight = 34;
    private const int PanelGap = 14;
    private const int TextDrop = 12;

    /// <summary>SVG of all sections.</summary>
    public static string ToSvg(PerformanceReport report)
    {
        var height = PanelGap + report.Sections.Sum(section => HeadHeight + PanelGap + (RowHeight * section.Rows.Count));
        var text = new StringBuilder();
        text.AppendLine(CultureInfo.InvariantCulture, $"""
            <svg xmlns="http://www.w3.org/2000/svg" width="{Width}" height="{height}" viewBox="0 0 {Width} {height}" font-family="sans-serif" font-size="12">
            <rect width="{Width}" height="{height}" fill="#ffffff"/>
            """);
        var top = PanelGap;
        foreach (var (scenario, rows) in report.Sections)
        {
            WritePanel(text, scenario, rows, top);
            top += HeadHeight + PanelGap + (RowHeight * rows.Count);
        }

        return text.AppendLine("</svg>").ToString();
    }

    private static void WritePanel(StringBuilder text, Scenario scenario, IReadOnlyList<ReportRow> rows, int top)
    {
        var metric = ReportMetric.Of(scenario.Name);
        var largest = rows.Where(row => row.Failure is null).Select(row => row.Median(metric.Value)).DefaultIfEmpty(0).Max();
        text.AppendLine(CultureInfo.InvariantCulture, $"""<text x="8" y="{top + TextDrop}" font-weight="bold" fill="#222222">{Escape($"{scenario.Name}. {scenario.Title}")}</text>""");
        text.AppendLine(CultureInfo.InvariantCulture, $"""<text x="8" y="{top + TextDrop + 15}" font-size="11" fill="#666666">{metric.Label} ({(metric.MoreIsBetter ? "more" : "less")} is better)</text>""");
        var y = top + HeadHeight;
        foreach (var row in rows)
        {
            WriteBar(text, row, metric, largest, y);
            y += RowHeight;
        }
    }

    private static void WriteBar(StringBuilder text, ReportRow row, ReportMetric metric, double largest, int y)
    {
        var value = row.Median(metric.Value);
        var width = row.Failure is not null || largest == 0 ? 0 : Math.Max(1, value / largest * BarsWidth);
        var label = row.Failure is { } failure ? failure.Outcome.ToString().ToLowerInvariant() : value.ToString("0.###", CultureInfo.InvariantCulture);
        text.AppendLine(CultureInfo.InvariantCulture, $"""<text x="{Left - 8}" y="{y + TextDrop}" text-anchor="end" fill="#222222">{row.Name}</text>""");
        text.AppendLine(CultureInfo.InvariantCulture, $"""<rect x="{Left}" y="{y}" width="{width:0.#}" height="{BarHeight}" fill="{Color(row.Daemon)}"/>""");
        text.AppendLine(CultureInfo.InvariantCulture, $"""<text x="{Left + width + 6:0.#}" y="{y + TextDrop}" fill="#222222">{label}</text>""");
    }

    private static string Color(DaemonKind daemon) => daemon switch
    {
        DaemonKind.Bgp => "#1b6ec2",
        DaemonKind.Floor => "#bbbbbb",
        _ => "#e0a030",
    };

    private static string Escape(string text) => text.Replace("&", "&amp;", StringComparison.Ordinal).Replace("<", "&lt;", StringComparison.Ordinal);
}
