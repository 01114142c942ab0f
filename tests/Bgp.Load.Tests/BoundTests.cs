namespace Bgp.Load.Tests;

/// <summary>What the table of bounds says of results.</summary>
internal sealed class BoundTests
{
    [Test]
    public void Scenarios_OfAllBounds_AreThere() =>
        Assert.That(BoundList.All.Select(bound => ScenarioList.Find(bound.Scenario)), Has.None.Null);

    [TestCase(3, "0.300 ×", "**no**")]
    [TestCase(0.5, "0.050 ×", "yes")]
    public void ToAnother_BothThere_IsTheRatioOfMedians(double ours, string seen, string met) =>
        Assert.That(Line("S10 | wall", [New("S10", "Bgp", ours), New("S10", "Bird", 9), New("S10", "Bird", 10), New("S10", "Bird", 30)]), Does.EndWith($"| {seen} | {met} |"));

    [Test]
    public void ToAnother_InTwoVersions_IsHeldAgainstTheBest() =>
        Assert.That(Line("S10 | wall", [New("S10", "Bgp", 2), New("S10", "Bird", 40), New("S10", "Bird", 10) with { Version = "BIRD 3.0" }]), Does.Contain("0.200 ×"));

    [Test]
    public void ToAnother_ItIsMissing_IsNotRun() =>
        Assert.That(Line("S10 | wall", [New("S10", "Bgp", 3)]), Does.EndWith("|  | not run |"));

    [Test]
    public void ToAnother_ItFailed_IsNotRun() =>
        Assert.That(Line("S10 | wall", [New("S10", "Bgp", 3), New("S10", "Bird", 10) with { Outcome = RunOutcome.Timeout }]), Does.EndWith("|  | not run |"));

    [Test]
    public void Ours_ARunFailed_IsNotMet() =>
        Assert.That(Line("S10 | wall", [New("S10", "Bgp", 3), New("S10", "Bgp", 3) with { Outcome = RunOutcome.Failed }, New("S10", "Bird", 90)]), Does.EndWith("|  | **no**, it failed |"));

    [Test]
    public void Ours_NotAtFullSize_IsNotRun() =>
        Assert.That(Line("S10 | wall", [New("S10", "Bgp", 1) with { Scale = 0.1 }, New("S10", "Bird", 90)]), Does.EndWith("|  | not run |"));

    [TestCase(1.1, "1.10 ×", "yes")]
    [TestCase(1.3, "1.30 ×", "**no**")]
    public void ToAnotherScenario_BothThere_IsTheRatio(double wall, string seen, string met) =>
        Assert.That(Line("S9 | wall", [New("S2", "Bgp", 1), New("S9", "Bgp", wall)]), Does.EndWith($"| {seen} | {met} |"));

    [Test]
    public void BeyondAnotherScenario_LessThere_IsNegativeAndMet() =>
        Assert.That(Line("S9 | peak", [New("S2", "Bgp", 1) with { PeakMiB = 80 }, New("S9", "Bgp", 1) with { PeakMiB = 70 }]), Does.EndWith("| -10.5 MB | yes |"));

    [TestCase(1.9, "**no**")]
    [TestCase(2.1, "yes")]
    public void MoreIsBetter_OfAValue_MustReachTheLimit(double taken, string met) =>
        Assert.That(Line("S11 | prefixes", [Valued("taken in M/s", taken)]), Does.EndWith($"| {met} |"));

    [Test]
    public void Value_ThatNoRunHas_IsNotRun() => Assert.That(Line("S11 | p99", [Valued("taken in M/s", 9)]), Does.EndWith("|  | not run |"));

    private static string Line(string start, IReadOnlyList<RunResult> results) =>
        new PerformanceReport(results, new MachineFacts("Here."), notes: "").ToMarkdown("chart.svg").Split(Environment.NewLine).First(line => line.StartsWith($"| {start}", StringComparison.Ordinal));

    private static RunResult Valued(string name, double value) => New("S11", "Bgp", 1) with { Values = new Dictionary<string, double> { [name] = value } };

    private static RunResult New(string scenario, string daemon, double wall) =>
        new() { Scenario = scenario, Daemon = daemon, Version = "version 2.0", Scale = 1, WallSeconds = wall };
}
