namespace Bgp.Load.Tests;

internal sealed class ExpectationTests
{
    [Test]
    public void Best_OneShortest_WinsInAnyOrder()
    {
        PathSpec[] paths = [new(0, 0, 1, [1, 2, 3]), new(1, 1, 2, [4, 5]), new(2, 2, 3, [6, 7, 8])];

        Assert.That(Expectation.Best(paths).Id, Is.EqualTo(1));
        Assert.That(Expectation.Best([.. paths.Reverse()]).Id, Is.EqualTo(1));
    }

    [Test]
    public void Best_TwoShortest_IsRefused() =>
        Assert.That(() => Expectation.Best([new(0, 0, 1, [1, 2]), new(1, 1, 2, [4, 5])]), Throws.InvalidOperationException);

    [Test]
    public void Wanted_OwnRoute_IsNone()
    {
        var expectation = new Expectation(PrefixSpace.Blocks(1));
        expectation.SetWinner(0, expectation.AddPath(source: 7, nextHop: 1).Id);

        Assert.That(expectation.Wanted(0, client: 7), Is.EqualTo(Expectation.None));
        Assert.That(expectation.Wanted(0, client: 8), Is.Zero);
    }
}
