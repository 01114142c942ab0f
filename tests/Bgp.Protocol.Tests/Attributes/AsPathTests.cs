using static Bgp.Protocol.Tests.UpdateBytes;

namespace Bgp.Protocol.Tests;

public sealed class AsPathTests
{
    private const string Sequence = "0202 0000fde9 0000fdea";
    private const string Set = "0102 0000fdeb 0000fdec";
    private const string ConfedSequence = "0302 0000fdf2 0000fdf3";
    private const string ConfedSet = "0401 0000fdf4";

    [TestCase("", ExpectedResult = "")]
    [TestCase(Sequence, ExpectedResult = "65001 65002")]
    [TestCase(Sequence + Set, ExpectedResult = "65001 65002 {65003,65004}")]
    [TestCase(ConfedSequence + ConfedSet + Sequence, ExpectedResult = "(65010 65011) [65012] 65001 65002")]
    public string Text_Path_ShowsSegments(string value) => new AsPathView(Hex(value)).ToString();

    [TestCase("", ExpectedResult = 0)]
    [TestCase(Sequence, ExpectedResult = 2)]
    [TestCase(Sequence + Set, ExpectedResult = 3)]
    [TestCase(ConfedSequence + ConfedSet, ExpectedResult = 0)]
    [TestCase(ConfedSequence + Sequence + Set, ExpectedResult = 3)]
    public int Length_Path_CountsAsTheDecisionDoes(string value) => new AsPathView(Hex(value)).Length;

    [TestCase("", ExpectedResult = null)]
    [TestCase(Sequence, ExpectedResult = 65001u)]
    [TestCase(Set + Sequence, ExpectedResult = null)]
    [TestCase(ConfedSequence + Sequence, ExpectedResult = 65001u)]
    [TestCase(ConfedSequence, ExpectedResult = null)]
    public uint? NeighborAs_Path_IsTheFirstPastTheConfederation(string value) => new AsPathView(Hex(value)).NeighborAs?.Value;

    [TestCase("", ExpectedResult = null)]
    [TestCase(Sequence, ExpectedResult = 65002u)]
    [TestCase(Sequence + Set, ExpectedResult = null)]
    [TestCase(Set + Sequence, ExpectedResult = 65002u)]
    public uint? OriginAs_Path_IsTheLastUnlessASet(string value) => new AsPathView(Hex(value)).OriginAs?.Value;

    [TestCase("", ExpectedResult = null)]
    [TestCase(Sequence, ExpectedResult = 65001u)]
    [TestCase(ConfedSequence + Sequence, ExpectedResult = 65010u)]
    [TestCase(Set, ExpectedResult = null)]
    public uint? FirstAs_Path_IsTheFirstAsItStands(string value) => new AsPathView(Hex(value)).FirstAs?.Value;

    [TestCase(65001u, ExpectedResult = 2)]
    [TestCase(65003u, ExpectedResult = 1)]
    [TestCase(65010u, ExpectedResult = 1)]
    [TestCase(64999u, ExpectedResult = 0)]
    public int Count_Path_LooksEverywhere(uint asn) => new AsPathView(Hex(ConfedSequence + Sequence + Set + "0201 0000fde9")).Count(new Asn(asn));

    [TestCase(65010u, 1, 0)]
    [TestCase(65001u, 0, 1)]
    [TestCase(64999u, 0, 0)]
    public void Count_WithinAndOutsideOfTheConfederation_AreTwo(uint asn, int inside, int outside)
    {
        var path = new AsPathView(Hex(ConfedSequence + Sequence));

        Assert.That((path.CountInConfederation(new Asn(asn)), path.CountOutside(new Asn(asn))), Is.EqualTo((inside, outside)));
    }

    [TestCase("", ExpectedResult = 0)]
    [TestCase(Sequence, ExpectedResult = 0)]
    [TestCase(ConfedSequence + Sequence, ExpectedResult = 2)]
    [TestCase(ConfedSequence + ConfedSet + Sequence, ExpectedResult = 3)]
    public int LengthInConfederation_Path_CountsMemberAsesOnly(string value) => new AsPathView(Hex(value)).LengthInConfederation;

    [TestCase(Sequence + Set, ExpectedResult = false)]
    [TestCase(Sequence + ConfedSet, ExpectedResult = true)]
    public bool HasConfederationSegments_Path_Tells(string value) => new AsPathView(Hex(value)).HasConfederationSegments;

    [TestCase("", 1, ExpectedResult = "65000")]
    [TestCase("", 0, ExpectedResult = "")]
    [TestCase(Sequence, 1, ExpectedResult = "65000 65001 65002")]
    [TestCase(Sequence, 3, ExpectedResult = "65000 65000 65000 65001 65002")]
    [TestCase(Set, 1, ExpectedResult = "65000 {65003,65004}")]
    [TestCase(ConfedSequence, 1, ExpectedResult = "65000 (65010 65011)")]
    public string Prepend_Path_PutsInFront(string value, int count)
    {
        var destination = new byte[256];
        var length = PathAttributesWriter.PrependAsPath(Hex(value), new Asn(65000), count, destination);
        return new AsPathView(destination.AsSpan(0, length)).ToString();
    }

    [TestCase(254, 1, ExpectedResult = "255")]
    [TestCase(255, 1, ExpectedResult = "1,255")]
    [TestCase(254, 3, ExpectedResult = "2,255")]
    [TestCase(255, 256, ExpectedResult = "1,255,255")]
    [TestCase(0, 255, ExpectedResult = "255")]
    [TestCase(0, 510, ExpectedResult = "255,255")]
    public string Prepend_SegmentFull_StartsAnother(int existing, int count)
    {
        byte[] value = existing == 0 ? [] : [2, (byte)existing, .. Enumerable.Repeat(Hex("0000fde9"), existing).SelectMany(static asn => asn)];
        var destination = new byte[8192];
        var length = PathAttributesWriter.PrependAsPath(value, new Asn(65000), count, destination);
        var path = new AsPathView(destination.AsSpan(0, length));
        List<int> counts = [];
        foreach (var segment in path)
        {
            counts.Add(segment.Count);
        }

        Assert.That((path.Count(new Asn(65000)), path.Length), Is.EqualTo((count, existing + count)));
        return string.Join(',', counts);
    }

    [TestCase(Sequence, ExpectedResult = "(65100) 65001 65002")]
    [TestCase(ConfedSequence + Sequence, ExpectedResult = "(65100 65010 65011) 65001 65002")]
    public string PrependConfederation_Path_JoinsOnlyItsKind(string value)
    {
        var destination = new byte[256];
        var length = PathAttributesWriter.PrependConfederation(Hex(value), new Asn(65100), destination);
        return new AsPathView(destination.AsSpan(0, length)).ToString();
    }
}
