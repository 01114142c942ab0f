namespace Bgp.Config.Tests;

/// <summary>What holds for every row of the schema.</summary>
[TestFixture]
internal sealed class SchemaTests
{
    private static IEnumerable<SchemaRow> Rows => RootTable.Table.Describe("");

    [TestCaseSource(nameof(Rows))]
    public void Row_Any_SaysWhatAChangeDoesOnReload(object row)
    {
        Assert.That(((SchemaRow)row).Reload, Is.Not.EqualTo(ReloadClass.Unknown).And.Matches<ReloadClass>(Enum.IsDefined));
    }

    [TestCaseSource(nameof(Rows))]
    public void Row_Any_SaysWhatItMeans(object row)
    {
        Assert.That(((SchemaRow)row).Summary, Does.EndWith("."));
    }

    [Test]
    public void Rows_All_HavePathsOfTheirOwn()
    {
        Assert.That(Rows.Select(static row => row.Path), Is.Unique);
    }

    [TestCase("holdtime", "holdTime")]
    [TestCase("hold-time", "holdTime")]
    [TestCase("hold_tiem", "holdTime")]
    [TestCase("keepalives", "keepalive")]
    [TestCase("colour", null)]
    [TestCase("x", null)]
    public void Spelling_Mistyped_FindsTheNearest(string word, string? expected)
    {
        Assert.That(Spelling.Nearest(word, ["address", "asn", "holdTime", "keepalive", "name"]), Is.EqualTo(expected));
    }
}
