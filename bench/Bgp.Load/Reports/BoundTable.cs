using System.Globalization;
using System.Text;

namespace Bgp.Load;

/// <summary>What this daemon shall keep to, beside what was seen, so that nobody has to look it up in the tables.</summary>
/// <param name="sections">All rows of the page; bounds of scenarios that it has not are left out.</param>
internal sealed class BoundTable(IReadOnlyList<(Scenario Scenario, IReadOnlyList<ReportRow> Rows)> sections)
{
    private readonly List<Bound> _bounds = [.. BoundList.All.Where(bound => sections.Any(section => section.Scenario.Name == bound.Scenario))];
    private readonly ReportRows _rows = new(sections.ToDictionary(section => section.Scenario.Name, section => section.Rows));

    /// <summary>Appends it, with an empty line behind.</summary>
    public void WriteTo(StringBuilder text)
    {
        text.AppendLine("What this daemon shall keep to (× is a ratio to another row, of the best version where there are several):").AppendLine();
        text.AppendLine("| scenario | what | bound | seen | met |").AppendLine("| --- | --- | ---: | ---: | --- |");
        foreach (var bound in _bounds)
        {
            var sign = bound.MoreIsBetter ? "≥" : "≤";
            var (seen, met) = bound.Look(_rows) is { } value
                ? (string.Create(CultureInfo.InvariantCulture, $"{PerformanceReport.Number(value)} {bound.Unit}"), bound.IsMetBy(value) ? "yes" : "**no**")
                : ("", _rows.HasFailed(bound.Scenario) ? "**no**, it failed" : "not run");
            text.AppendLine(CultureInfo.InvariantCulture, $"| {bound.Scenario} | {bound.Text} | {sign} {bound.Limit:0.##} {bound.Unit} | {seen} | {met} |");
        }

        text.AppendLine();
    }
}
