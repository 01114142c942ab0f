namespace Bgp.Interop.Tests;

/// <summary>docs/interop.md says what the code says, and for each cell that says yes there is a test.</summary>
internal sealed class MatrixTableTests
{
    [Test]
    public void Documentation_Table_IsTheCodes() =>
        Assert.That(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "interop.md")), Does.Contain(MatrixTable.Markdown()));

    [TestCaseSource(typeof(MatrixTable), nameof(MatrixTable.Rows))]
    public void Row_EachPeerThatCan_HasATest(MatrixRow row)
    {
        foreach (var test in row.Tests)
        {
            var method = test.Fixture.GetMethod(test.Method);
            Assert.That(method?.GetCustomAttributes(inherit: false).Any(attribute => attribute is TestAttribute or TestCaseSourceAttribute), Is.True, $"{test.Fixture.Name}.{test.Method}");
        }

        Assert.That(
            row.Tests.SelectMany(test => test.Peers).Distinct(),
            Is.EquivalentTo(Enum.GetValues<PeerKind>().Where(kind => PeerLimits.Can(kind, row.Need))));
    }
}
