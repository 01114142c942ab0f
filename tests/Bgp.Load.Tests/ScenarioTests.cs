namespace Bgp.Load.Tests;

internal sealed class ScenarioTests
{
    private const double Small = 0.01;

    private static IEnumerable<string> Names => ScenarioList.All.Select(scenario => scenario.Name);

    [TestCaseSource(nameof(Names))]
    public void Plan_MadeTwice_IsTheSame(string name)
    {
        var scenario = ScenarioList.Find(name)!;
        var first = scenario.Plan(Small);
        var second = scenario.Plan(Small);

        Assert.That(second.Clients.Select(client => client.Announcements), Is.EqualTo(first.Clients.Select(client => client.Announcements)));
        Assert.That(Winners(second), Is.EqualTo(Winners(first)));
    }

    [TestCaseSource(nameof(Names))]
    public void Plan_EveryPrefix_HasAWinner(string name) => Assert.That(Winners(ScenarioList.Find(name)!.Plan(Small)), Has.None.EqualTo(Expectation.None));

    [TestCase("S1")]
    [TestCase("S4")]
    public void Plan_SeveralFeeds_EachWinsSome(string name)
    {
        var plan = ScenarioList.Find(name)!.Plan(Small);
        var sources = Winners(plan).Select(winner => plan.Expectation.Paths[winner].Source).Distinct();

        Assert.That(sources, Is.EquivalentTo(plan.Clients.Where(client => client.AnnouncedPrefixes > 0).Select(client => client.Index)));
    }

    [Test]
    public void SteadyFeed_AskedInSteps_GivesEveryChangeOnce()
    {
        var expectation = new Expectation(PrefixSpace.Table(50));
        var feed = SteadyFeed.Encode(expectation, 0, first: 0);
        var octets = 0;
        foreach (var due in new[] { 1, 30, 30, 100 })
        {
            while (feed.TryNext(due, out var updates))
            {
                octets += updates.Length;
            }
        }

        Assert.That(SteadyFeed.Encode(expectation, 0, first: 0).TryNext(100, out var all));
        Assert.That(octets, Is.EqualTo(all.Length));
    }

    [Test]
    public void SteadyFeed_FromAPrefixOn_LeavesThoseBeforeAlone()
    {
        var expectation = new Expectation(PrefixSpace.Table(50));
        Assert.That(SteadyFeed.Encode(expectation, 0, first: 20).TryNext(60, out var some));
        Assert.That(SteadyFeed.Encode(expectation, 0, first: 0).TryNext(100, out var all));

        Assert.That(some.Length, Is.EqualTo(all.Length * 60 / 100).Within(200));
    }

    [TestCase(0.5, 2)]
    [TestCase(0.99, 4)]
    public void Percentile_OfFour_IsTheOneBelowWhichTheShareLies(double share, double value) =>
        Assert.That(LatencyScenario.Percentile([1, 2, 3, 4], share), Is.EqualTo(value));

    private static int[] Winners(LoadPlan plan) => [.. Enumerable.Range(0, plan.Expectation.Space.Count).Select(plan.Expectation.Winner)];
}
