namespace Bgp.Load;

/// <summary>Fifty paths for each prefix; a set's best is at a feed of its own.</summary>
internal sealed class SamePrefixesScenario : Scenario
{
    private const int Feeds = 50;
    private const int Prefixes = 100_000;
    private const int Sets = 15_000;

    public override string Name => "S4";

    public override string Title => "Many paths: 50 eBGP feeds × the same 100,000 prefixes, 1 receiver";

    public override LoadPlan Plan(double scale) =>
        new TableFeeds(Feeds, Scaled(Prefixes, scale), Scaled(Sets, scale)).Plan((feed, set) => set % Feeds == feed ? 2 : 3 + Mix.Below(3, feed, set));
}
