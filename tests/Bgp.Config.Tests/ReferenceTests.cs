using System.Text.RegularExpressions;

namespace Bgp.Config.Tests;

/// <summary>docs/configuration.md says what the schema says, and its examples are router files.</summary>
[TestFixture]
internal sealed partial class ReferenceTests
{
    private static readonly string Text = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "configuration.md"));

    private static IEnumerable<string> Examples => Yaml().Matches(Text).Select(static match => match.Groups[1].Value);

    private static IEnumerable<string> Fields => ReferenceLines.All.Select(static row => row.Path);

    [TestCaseSource(nameof(Examples))]
    public void Example_Any_IsARouterFileWithoutFaults(string example)
    {
        Assert.That(Routers.Faults(example), Is.Empty);
    }

    [Test]
    public void Examples_MinimalAndFull_AreThere()
    {
        Assert.That(Examples.Count(), Is.GreaterThanOrEqualTo(2));
    }

    [TestCaseSource(nameof(Fields))]
    public void Field_Any_StandsInTheReference(string path)
    {
        Assert.That(Text, Does.Contain(ReferenceLines.All.Single(row => string.Equals(row.Path, path, StringComparison.Ordinal)).Line + "\n"));
    }

    [Test]
    public void Reference_Any_DescribesNothingThatIsNoField()
    {
        var described = TableLine().Matches(Text).Select(static match => match.Groups[1].Value);

        Assert.That(described, Is.EquivalentTo(Fields));
    }

    [GeneratedRegex("```yaml\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex Yaml();

    [GeneratedRegex("^\\| `([^`]+)` \\|.*\\|.*\\|.*\\|.*\\|.*\\|$", RegexOptions.Multiline)]
    private static partial Regex TableLine();
}
