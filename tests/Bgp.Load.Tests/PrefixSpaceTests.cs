namespace Bgp.Load.Tests;

internal sealed class PrefixSpaceTests
{
    private static readonly PrefixSpace[] Spaces = [PrefixSpace.Blocks(1000), PrefixSpace.Table(5000)];

    [TestCaseSource(nameof(Spaces))]
    public void Prefix_AnyIndex_IsFoundAgain(PrefixSpace space)
    {
        for (var index = 0; index < space.Count; index++)
        {
            Assert.That(space.IndexOf(space.Bits(index), space.Length(index)), Is.EqualTo(index), space.Prefix(index).ToString());
        }
    }

    [TestCaseSource(nameof(Spaces))]
    public void Prefix_AnyIndex_HasNoBitsPastItsLength(PrefixSpace space) =>
        Assert.That(Enumerable.Range(0, space.Count).Where(index => (ulong)space.Bits(index) << space.Length(index) << 32 != 0), Is.Empty);

    [Test]
    public void IndexOf_OtherLengthOrOutside_IsNone()
    {
        var space = PrefixSpace.Blocks(10);

        Assert.That(space.IndexOf(space.Bits(3), 27), Is.EqualTo(-1));
        Assert.That(space.IndexOf(space.Bits(3) + 1, 26), Is.EqualTo(-1));
        Assert.That(space.IndexOf(space.Bits(9) + 64, 26), Is.EqualTo(-1));
        Assert.That(space.IndexOf(space.Bits(0) - 64, 26), Is.EqualTo(-1));
    }
}
