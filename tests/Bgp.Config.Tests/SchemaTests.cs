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

    [TestCase("router.asn", ReloadClass.Reset)]
    [TestCase("router.routerId", ReloadClass.Reset)]
    [TestCase("router.confederation", ReloadClass.Reset)]
    [TestCase("router.listen", ReloadClass.Listener)]
    [TestCase("api.socket", ReloadClass.Listener)]
    [TestCase("networks", ReloadClass.Refresh)]
    [TestCase("aggregates", ReloadClass.Refresh)]
    [TestCase("policies", ReloadClass.Refresh)]
    [TestCase("sets", ReloadClass.Refresh)]
    [TestCase("neighbors[].address", ReloadClass.Reset)]
    [TestCase("neighbors[].asn", ReloadClass.Reset)]
    [TestCase("neighbors[].port", ReloadClass.Reset)]
    [TestCase("neighbors[].interface", ReloadClass.Reset)]
    [TestCase("neighbors[].password", ReloadClass.Reset)]
    [TestCase("neighbors[].ttlSecurity", ReloadClass.Reset)]
    [TestCase("neighbors[].multihop", ReloadClass.Reset)]
    [TestCase("neighbors[].families", ReloadClass.Reset)]
    [TestCase("neighbors[].addPaths", ReloadClass.Reset)]
    [TestCase("neighbors[].extendedMessages", ReloadClass.Reset)]
    [TestCase("neighbors[].holdTime", ReloadClass.Reset)]
    [TestCase("neighbors[].keepalive", ReloadClass.Reset)]
    [TestCase("neighbors[].role", ReloadClass.Reset)]
    [TestCase("neighbors[].nextHop", ReloadClass.Refresh)]
    [TestCase("neighbors[].routeReflectorClient", ReloadClass.Refresh)]
    [TestCase("neighbors[].clusterId", ReloadClass.Refresh)]
    [TestCase("neighbors[].allowLocalAs", ReloadClass.Refresh)]
    [TestCase("neighbors[].asOverride", ReloadClass.Refresh)]
    [TestCase("neighbors[].removePrivateAs", ReloadClass.Refresh)]
    [TestCase("neighbors[].defaultOriginate", ReloadClass.Refresh)]
    [TestCase("neighbors[].name", ReloadClass.None)]
    [TestCase("neighbors[].description", ReloadClass.None)]
    [TestCase("neighbors[].group", ReloadClass.None)]
    [TestCase("neighbors[].maxPrefixes", ReloadClass.None)]
    [TestCase("neighbors[].connectRetry", ReloadClass.None)]
    [TestCase("neighbors[].sendHoldTime", ReloadClass.None)]
    [TestCase("log", ReloadClass.None)]
    [TestCase("telemetry", ReloadClass.None)]
    public void Row_OnReload_DoesWhatIsPromised(string path, object expected)
    {
        Assert.That(Rows.Single(row => string.Equals(row.Path, path, StringComparison.Ordinal)).Reload, Is.EqualTo(expected));
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
