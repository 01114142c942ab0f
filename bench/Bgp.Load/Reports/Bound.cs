namespace Bgp.Load;

/// <summary>Something that this daemon shall keep to, looked up in the results.</summary>
/// <param name="Scenario">The scenario's name.</param>
/// <param name="Text">What it shall keep to.</param>
/// <param name="Look">What was seen, in the unit of the limit; null where a row that it needs is missing or failed.</param>
/// <param name="Limit">What must not be exceeded, or, if more is better, what must be reached.</param>
/// <param name="Unit">Of what is seen.</param>
/// <param name="MoreIsBetter">Else less is.</param>
internal sealed record Bound(string Scenario, string Text, Func<ReportRows, double?> Look, double Limit, string Unit, bool MoreIsBetter = false)
{
    /// <summary>Whether what was seen keeps to it.</summary>
    public bool IsMetBy(double seen) => MoreIsBetter ? seen >= Limit : seen <= Limit;
}
