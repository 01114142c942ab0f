using System.Xml.Linq;

namespace Bgp.Load.Tests;

internal sealed class ReportTests
{
    private const string Notes = "## Limits\n\nNone.\n";

    [TestCase(new[] { 3.0, 1, 2 }, 2)]
    [TestCase(new[] { 4.0, 1, 2, 3 }, 2.5)]
    [TestCase(new[] { 7.0 }, 7)]
    public void Median_OfRuns_IsTheMiddle(double[] numbers, double median) => Assert.That(ReportRow.Median(numbers), Is.EqualTo(median));

    [Test]
    public void Markdown_OursAndAnother_HasTheRatioOfMedians()
    {
        var page = NewReport([New("Bgp", 1), New("Bgp", 5), New("Bgp", 2), New("Bird", 8)]).ToMarkdown("chart.svg");

        Assert.That(page, Does.Contain("## S2. "));
        Assert.That(page, Does.Contain("| bgp | 3 | 2.00 | 1.00 |  |  |"));
        Assert.That(page, Does.Contain("| BIRD 2.0 | 1 | 8.00 | 4.00 | 0.250 | 0.250 |"));
    }

    [Test]
    public void Markdown_OneRunFailed_SaysWhyAndGivesNoNumbers()
    {
        var page = NewReport([New("Bird", 8), New("Bird", 0) with { Outcome = RunOutcome.Timeout, Reason = "not within 5 s" }]).ToMarkdown("chart.svg");

        Assert.That(page, Does.Contain("| BIRD 2.0 | 2 | timeout |"));
        Assert.That(page, Does.Contain("BIRD 2.0: timeout: not within 5 s"));
    }

    [Test]
    public void Markdown_PeerInTwoVersions_HasARowEach()
    {
        var page = NewReport([New("Bird", 8), New("Bird", 4) with { Version = "BIRD version 2.20.0" }]).ToMarkdown("chart.svg");

        Assert.That(page, Does.Contain("| BIRD 2.0 | 1 | 8.00 |"));
        Assert.That(page, Does.Contain("| BIRD 2.20.0 | 1 | 4.00 |"));
        Assert.That(page, Does.Contain("| BIRD | BIRD version 2.0, BIRD version 2.20.0 |"));
    }

    [Test]
    public void Markdown_OursInTwoVersions_IsOneRow() =>
        Assert.That(NewReport([New("Bgp", 1), New("Bgp", 3) with { Version = "bgp 2.0" }]).ToMarkdown("chart.svg"), Does.Contain("| bgp | 2 | 2.00 |"));

    [Test]
    public void Markdown_OfAllScenariosWithNotes_EndsWithThem() => Assert.That(
        new PerformanceReport([.. ScenarioList.All.Select(scenario => New("Bgp", 1) with { Scenario = scenario.Name })], new MachineFacts("Here."), Notes).ToMarkdown("chart.svg"),
        Does.EndWith("\n\n## Limits\n\nNone.\n"));

    [Test]
    public void Markdown_OfSomeScenarios_TellsOfNoOther()
    {
        var page = new PerformanceReport([New("Bgp", 1), New("Bird", 8)], new MachineFacts("Here."), Notes).ToMarkdown("chart.svg");

        using (Assert.EnterMultipleScope())
        {
            Assert.That(page, Does.Not.Contain("Limits"));
            Assert.That(page, Does.Contain("\n| S2 | wall time, of BIRD's |").And.Not.Contain("\n| S1 |"));
        }
    }

    [TestCase("Floor", "`floor` is a relay")]
    [TestCase("Frr", "FRR runs with")]
    [TestCase("Bird", "BIRD runs with")]
    public void Markdown_AboutAnotherDaemon_IsThereWhereItRan(string daemon, string words)
    {
        using (Assert.EnterMultipleScope())
        {
            Assert.That(NewReport([New("Bgp", 1), New(daemon, 1)]).ToMarkdown("chart.svg"), Does.Contain(words));
            Assert.That(NewReport([New("Bgp", 1)]).ToMarkdown("chart.svg"), Does.Not.Contain(words));
        }
    }

    [Test]
    public void Chart_OfResults_IsWellFormedWithABarARow()
    {
        var chart = XDocument.Parse(PerformanceChart.ToSvg(NewReport([New("Bgp", 1), New("Bird", 8)])));

        // One is the background.
        Assert.That(chart.Descendants().Count(element => element.Name.LocalName == "rect"), Is.EqualTo(1 + 2));
    }

    [Test]
    public void Result_WrittenAndRead_IsTheSame()
    {
        var file = Path.GetTempFileName();
        try
        {
            var result = New("Bgp", 1.5) with { Values = new Dictionary<string, double> { ["p99 ms"] = 2.5 } };
            result.Write(file);
            var read = RunResult.Read(file);

            Assert.That(read with { Values = result.Values }, Is.EqualTo(result));
            Assert.That(read.Values, Is.EquivalentTo(result.Values));
        }
        finally
        {
            File.Delete(file);
        }
    }

    private static PerformanceReport NewReport(IReadOnlyList<RunResult> results) => new(results, new MachineFacts("Here."), notes: "");

    private static RunResult New(string daemon, double wall) =>
        new() { Scenario = "S2", Daemon = daemon, Version = daemon == "Bird" ? "BIRD version 2.0" : "bgp 1.0", Scale = 1, WallSeconds = wall, CpuSeconds = wall / 2 };
}
