namespace Bgp.Load;

/// <summary>Two full tables, each better than the other for half of the attribute sets.</summary>
internal sealed class FullTableScenario : Scenario
{
    private const int Prefixes = 1_000_000;
    private const int Sets = 150_000;

    public override string Name => "S1";

    public override string Title => "Full table: 2 eBGP feeds × 1,000,000 prefixes over 150,000 attribute sets, 1 receiver";

    public override LoadPlan Plan(double scale) =>
        new TableFeeds(feeds: 2, Scaled(Prefixes, scale), Scaled(Sets, scale)).Plan(PathLength);

    private static int PathLength(int feed, int set)
    {
        var first = 3 + Mix.Below(4, set);
        return feed == 0 ? first : first + (Mix.Below(2, set, 1) == 0 ? 1 : -1);
    }
}
