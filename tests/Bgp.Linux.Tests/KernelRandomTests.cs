namespace Bgp.Linux.Tests;

internal sealed class KernelRandomTests
{
    [Test]
    public void NextUInt64_AskedAgain_IsAnother() =>
        Assert.That(Enumerable.Range(0, 100).Select(_ => KernelRandom.NextUInt64()), Is.Unique);
}
