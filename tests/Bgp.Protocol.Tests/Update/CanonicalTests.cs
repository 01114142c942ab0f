using static Bgp.Protocol.Tests.UpdateBytes;
using static Bgp.Protocol.UpdateErrorAction;

namespace Bgp.Protocol.Tests;

public sealed class CanonicalTests
{
    private const string Ipv6ExtendedLesser = "000220010db8000000000000000000000001000a";
    private const string Ipv6ExtendedGreater = "000220010db8000000000000000000000002000a";
    private const string OriginAndPath = OriginIgp + AsPath;

    [Test]
    public void Attributes_InAnyOrder_AreSortedByType()
    {
        var straight = Canonicalize(Mandatory + "800404 00000005" + "c00804 fde90001", External).Canonical;
        var reversed = Canonicalize("c00804 fde90001" + "800404 00000005" + NextHop + AsPath + OriginIgp, External).Canonical;
        Assert.That(reversed, Is.EqualTo(straight));
    }

    [Test]
    public void Canonical_Layout_IsTypeFlagsLengthValue() =>
        Assert.That(
            MessageText.Hex(Canonicalize(Mandatory, External).Canonical),
            Is.EqualTo("0140000100" + "02400006" + "02010000fde9" + "03400004c0000202"));

    [Test]
    public void ExtendedLength_OfShortAttribute_MakesNoDifference() =>
        Assert.That(
            Canonicalize(Mandatory + "d0080004 fde90001", External).Canonical,
            Is.EqualTo(Canonicalize(Mandatory + "c00804 fde90001", External).Canonical));

    [TestCase("c06302 abcd", ExpectedResult = "attribute-99=e0:abcd", TestName = "Unknown_OptionalTransitive_IsKeptAsPartial")]
    [TestCase("e06302 abcd", ExpectedResult = "attribute-99=e0:abcd", TestName = "Unknown_AlreadyPartial_StaysPartial")]
    [TestCase("c06300", ExpectedResult = "attribute-99=e0:", TestName = "Unknown_Empty_IsKept")]
    [TestCase("806302 abcd", ExpectedResult = "", TestName = "Unknown_OptionalNonTransitive_IsDropped")]
    [TestCase("801a0b 01000b0000000000000001", ExpectedResult = "", TestName = "Aigp_NotEnabled_IsDropped")]
    public string Unknown_Attribute_GoesOnOrNot(string attribute)
    {
        var outcome = Canonicalize(Mandatory + attribute, External);
        Assert.That(outcome.Action, Is.EqualTo(None));
        return outcome.Text["origin=Igp path=[65001] next-hop=192.0.2.2".Length..].TrimStart();
    }

    [Test]
    public void Partial_OnKnownOptionalTransitive_IsKept() =>
        Assert.That(MessageText.Hex(Canonicalize(Mandatory + "e00804 fde90001", External).Canonical), Does.EndWith("08e00004fde90001"));

    [TestCase("c0080c fde90002 fde90001 fde90002", ExpectedResult = "08c00008fde90001fde90002")]
    [TestCase("c01018 0002fde900000002 0002fde900000001 0002fde900000002", ExpectedResult = "10c000100002fde9000000010002fde900000002")]
    [TestCase("c02024 00000002 00000001 00000001 00000001 ffffffff 00000001 00000002 00000001 00000001",
        ExpectedResult = "20c0001800000001ffffffff00000001000000020000000100000001")]
    [TestCase("c0193c" + Ipv6ExtendedGreater + Ipv6ExtendedLesser + Ipv6ExtendedGreater,
        ExpectedResult = "19c00028" + Ipv6ExtendedLesser + Ipv6ExtendedGreater)]
    public string CommunityList_Unsorted_IsSortedAndDeduplicated(string attribute) =>
        MessageText.Hex(Canonicalize(Mandatory + attribute, External).Canonical)[(2 * 23)..];

    [Test]
    public void MpNextHop_WithNextHopPresent_TakesTheMpOne()
    {
        var outcome = Canonicalize(Hex(Mandatory), External, true, Hex("20010db8000000000000000000000001"));
        Assert.That(outcome.Text, Is.EqualTo("origin=Igp path=[65001] next-hop=2001:db8::1"));
    }

    [Test]
    public void MpNextHop_WithMalformedNextHop_IgnoresIt()
    {
        var outcome = Canonicalize(Hex(OriginAndPath + "400303 c00002"), External, true, Hex("20010db8000000000000000000000001"));
        Assert.That(outcome.Action, Is.EqualTo(None));
    }

    [TestCase("20010db8000000000000000000000001 fe800000000000000000000000000001", ExpectedResult = "2001:db8::1+fe80::1")]
    [TestCase("fe800000000000000000000000000001 fe800000000000000000000000000001", ExpectedResult = "fe80::1+fe80::1")]
    [TestCase("00000000000000000000000000000000 fe800000000000000000000000000001", ExpectedResult = "fe80::1+fe80::1")]
    [TestCase("20010db8000000000000000000000001 00000000000000000000000000000000", ExpectedResult = "2001:db8::1")]
    [TestCase("fe800000000000000000000000000001", ExpectedResult = "fe80::1+fe80::1")]
    [TestCase("c0000202", ExpectedResult = "192.0.2.2")]
    public string MpNextHop_AllForms_AreNormalized(string nextHop)
    {
        var text = Canonicalize(Hex(OriginAndPath), External, true, Hex(nextHop)).Text;
        return text[(text.IndexOf("next-hop=", StringComparison.Ordinal) + 9)..];
    }

    [TestCase("00000000000000000000000000000000")]
    [TestCase("00000000000000000000000000000001")]
    [TestCase("ff020000000000000000000000000001")]
    [TestCase("00000000000000000000000000000000 00000000000000000000000000000000")]
    [TestCase("7f000001")]
    [TestCase("")]
    public void MpNextHop_NoHostCanHave_IsTreatedAsWithdraw(string nextHop)
    {
        var outcome = Canonicalize(Hex(OriginAndPath), External, true, Hex(nextHop));
        Assert.That((outcome.Action, outcome.Error, outcome.Faulty),
            Is.EqualTo((TreatAsWithdraw, BgpError.Update(UpdateSubcode.InvalidNextHop), AttributeType.MpReach)));
    }

    [Test]
    public void Canonical_TooLongForTheDestination_IsTreatedAsWithdraw()
    {
        var action = UpdateDecoder.Canonicalize(Hex(Mandatory), External, false, default, new byte[22], out var written, out _, out _);
        Assert.That((action, written), Is.EqualTo((TreatAsWithdraw, 0)));
    }

    [Test]
    public void Canonical_WidenedPastItsBound_IsTreatedAsWithdraw()
    {
        // 127 sequences of 255 two-octet numbers fit an extended message, but not canonical form once they have four octets.
        List<byte> path = [];
        for (var i = 0; i < 127; i++)
        {
            path.AddRange([2, 255]);
            path.AddRange(Enumerable.Repeat((byte)1, 510));
        }

        byte[] section = [.. Hex(OriginIgp + NextHop), 0x50, 2, (byte)(path.Count >> 8), (byte)path.Count, .. path];
        var outcome = Canonicalize(section, TwoOctets with { MaxMessageLength = BgpConstants.MaxExtendedMessageLength }, false, default);
        Assert.That((outcome.Action, outcome.Canonical.Length), Is.EqualTo((TreatAsWithdraw, 0)));
    }

    // RFC 6793 §4.2.3
    [TestCase("400208 0203 5ba0 5ba0 fde9", "c01106 0201 fa56ea01", ExpectedResult = "23456 23456 4200000001", TestName = "As4Path_Shorter_TakesTheHeadOfAsPath")]
    [TestCase("400206 0202 5ba0 fde9", "c0110a 0202 fa56ea01 0000fde9", ExpectedResult = "4200000001 65001", TestName = "As4Path_AsLong_Replaces")]
    [TestCase("400204 0201 5ba0", "c0110a 0202 fa56ea01 0000fde9", ExpectedResult = "23456", TestName = "As4Path_Longer_IsIgnored")]
    [TestCase("40020a 0201 fdea 0102 5ba0 fdeb", "c0110a 0102 fa56ea01 0000fdeb", ExpectedResult = "65002 {4200000001,65003}", TestName = "As4Path_Set_CountsOne")]
    [TestCase("40020a 0202 fdea 5ba0 0101 fdeb", "c0110c 0201 fa56ea01 0101 0000fdeb", ExpectedResult = "65002 4200000001 {65003}", TestName = "As4Path_CutSequence_IsJoined")]
    [TestCase("400208 0301 fdf2 0201 5ba0", "c01106 0201 fa56ea01", ExpectedResult = "(65010) 4200000001", TestName = "As4Path_LeadingConfederation_IsKept")]
    [TestCase("400204 0201 5ba0", "c0110c 0301 0000fdf2 0201 fa56ea01", ExpectedResult = "4200000001", TestName = "As4Path_ConfederationWithin_IsDropped")]
    [TestCase("40020c 0201 fde9 0301 fdf2 0201 5ba0", "c01106 0201 fa56ea01", ExpectedResult = "65001 (65010) 4200000001", TestName = "As4Path_ConfederationBehindTheHead_IsKept")]
    [TestCase("400208 0201 5ba0 0301 fdf2", "c01106 0201 fa56ea01", ExpectedResult = "4200000001", TestName = "As4Path_ConfederationBehindWhatItReplaces_IsDropped")]
    [TestCase("40020c 0401 fdf2 0201 fde9 0201 5ba0", "c01106 0201 fa56ea01", ExpectedResult = "[65010] 65001 4200000001", TestName = "As4Path_LeadingConfederationSet_IsKept")]
    [TestCase("40020a 0102 fde9 fdea 0201 5ba0", "c01106 0201 fa56ea01", ExpectedResult = "{65001,65002} 4200000001", TestName = "As4Path_HeadIsASet_TakesItWhole")]
    [TestCase("400204 0201 5ba0", "c01106 0301 0000fdf2", ExpectedResult = "23456", TestName = "As4Path_ConfederationOnly_LeavesThePath")]
    [TestCase("400200", "c01106 0201 fa56ea01", ExpectedResult = "", TestName = "As4Path_OfAnEmptyPath_IsIgnored")]
    [TestCase("400204 0201 fde9", "", ExpectedResult = "65001", TestName = "As4Path_Absent_Widens")]
    public string As4Path_Merged_IsTheWholePath(string asPath, string as4Path)
    {
        var profile = TwoOctets with { Flags = TwoOctets.Flags & ~CodecFlags.External };
        var outcome = Canonicalize(OriginIgp + NextHop + asPath + as4Path, profile);
        Assert.That(outcome.Action, Is.EqualTo(None));
        return new PathAttributes(outcome.Canonical).AsPath.ToString();
    }

    [Test]
    public void As4Path_Malformed_LeavesThePath()
    {
        var outcome = Canonicalize(OriginIgp + NextHop + "400204 0201 5ba0" + "c01108 0202 fa56ea01 0000", TwoOctets);
        Assert.That((outcome.Action, outcome.Faulty), Is.EqualTo((AttributeDiscard, AttributeType.As4Path)));
        Assert.That(new PathAttributes(outcome.Canonical).AsPath.ToString(), Is.EqualTo("23456"));
    }

    [TestCase("c00706 5ba0 c0000201", "c01208 fa56ea01 c0000209", ExpectedResult = "4200000001 4200000001@192.0.2.9", TestName = "As4Aggregator_ForAsTrans_Replaces")]
    [TestCase("c00706 fde9 c0000201", "c01208 fa56ea01 c0000209", ExpectedResult = "23456 65001@192.0.2.1", TestName = "As4Aggregator_ForAnotherAs_IsIgnoredWithAs4Path")]
    [TestCase("c00706 fde9 c0000201", "", ExpectedResult = "4200000001 65001@192.0.2.1", TestName = "As4Aggregator_Absent_Widens")]
    [TestCase("", "c01208 fa56ea01 c0000209", ExpectedResult = "4200000001 @", TestName = "As4Aggregator_Alone_IsDropped")]
    public string As4Aggregator_Merged_IsTheRightOne(string aggregator, string as4Aggregator)
    {
        const string Paths = "400204 0201 5ba0" + "c01106 0201 fa56ea01";
        var outcome = Canonicalize(OriginIgp + NextHop + Paths + aggregator + as4Aggregator, TwoOctets);
        var attributes = new PathAttributes(outcome.Canonical);
        return $"{attributes.AsPath.ToString()} {attributes.Aggregator?.Asn}@{attributes.Aggregator?.Address}";
    }
}
