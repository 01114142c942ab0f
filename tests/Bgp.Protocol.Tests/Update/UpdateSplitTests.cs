using static Bgp.Protocol.Tests.UpdateBytes;
using static Bgp.Protocol.UpdateErrorAction;

namespace Bgp.Protocol.Tests;

public sealed class UpdateSplitTests
{
    private const string ReachHead = "0002 01 10 20010db8000000000000000000000001 00";
    private const string Reach = "800e1a" + ReachHead + "20 20010db8";

    [TestCase("", TestName = "Body_Empty_ResetsTheSession")]
    [TestCase("0000", TestName = "Body_NoAttributeLength_ResetsTheSession")]
    [TestCase("0001 0000", TestName = "Body_WithdrawnPastTheEnd_ResetsTheSession")]
    [TestCase("0000 0001", TestName = "Body_AttributesPastTheEnd_ResetsTheSession")]
    [TestCase("ffff ffff", TestName = "Body_LengthsOfAllOnes_ResetsTheSession")]
    public void Body_LengthsLie_ResetsTheSession(string body) =>
        Assert.That(
            Split(Hex(body), External),
            Is.EqualTo((SessionReset, BgpError.Update(UpdateSubcode.MalformedAttributeList), AttributeType.None)));

    [Test]
    public void Body_AllParts_AreFound()
    {
        var update = new DecodedUpdate();
        var body = Body(Mandatory, announced: "18 0a0101", withdrawn: "10 0a02");
        UpdateDecoder.Split(body, External, ref update);
        Assert.That(update.Action, Is.EqualTo(None));
        Assert.That(update.Withdrawn.ToArray(), Is.EqualTo(Hex("10 0a02")));
        Assert.That(update.Announced.ToArray(), Is.EqualTo(Hex("18 0a0101")));
        Assert.That(update.AttributeBytes.ToArray(), Is.EqualTo(Hex(Mandatory)));
        Assert.That((update.HasReach, update.HasUnreach), Is.EqualTo((false, false)));
    }

    [Test]
    public void MpReach_Parts_AreFound()
    {
        var update = new DecodedUpdate();
        var body = Body(Reach + OriginIgp + AsPath + "800f08 0002 01 20 20010db9");
        UpdateDecoder.Split(body, External, ref update);
        Assert.That(update.Action, Is.EqualTo(None));
        Assert.That((update.HasReach, update.ReachFamily), Is.EqualTo((true, AddressFamily.Ipv6Unicast)));
        Assert.That(update.ReachNextHop.ToArray(), Is.EqualTo(Hex("20010db8000000000000000000000001")));
        Assert.That(update.ReachNlri.ToArray(), Is.EqualTo(Hex("20 20010db8")));
        Assert.That((update.HasUnreach, update.UnreachFamily), Is.EqualTo((true, AddressFamily.Ipv6Unicast)));
        Assert.That(update.UnreachNlri.ToArray(), Is.EqualTo(Hex("20 20010db9")));
    }

    [TestCase(Reach + Reach, AttributeType.MpReach, TestName = "MpReach_Twice_ResetsTheSession")]
    [TestCase("800f03 000201 800f03 000201", AttributeType.MpUnreach, TestName = "MpUnreach_Twice_ResetsTheSession")]
    public void MpAttribute_Twice_ResetsTheSession(string attributes, AttributeType faulty) =>
        Assert.That(
            Split(Body(attributes), External),
            Is.EqualTo((SessionReset, BgpError.Update(UpdateSubcode.MalformedAttributeList), faulty)));

    [TestCase("800e04 00020100", AttributeType.MpReach, TestName = "MpReach_TooShort_ResetsTheSession")]
    [TestCase("800e05 0002 01 01 00", AttributeType.MpReach, TestName = "MpReach_NextHopPastTheEnd_ResetsTheSession")]
    [TestCase("800e00", AttributeType.MpReach, TestName = "MpReach_Empty_ResetsTheSession")]
    [TestCase("800f02 0002", AttributeType.MpUnreach, TestName = "MpUnreach_TooShort_ResetsTheSession")]
    public void MpAttribute_TooShort_ResetsTheSession(string attributes, AttributeType faulty) =>
        Assert.That(
            Split(Body(attributes + Mandatory, Prefix), External),
            Is.EqualTo((SessionReset, BgpError.Update(UpdateSubcode.OptionalAttributeError), faulty)));

    [TestCase("800e0d 0002 01 04 c0000202 00 20 20010db8", TestName = "MpReach_Ipv6WithFourOctetNextHop_DisablesTheFamily")]
    [TestCase("800e09 0002 01 00 00 20 20010db8", TestName = "MpReach_NoNextHop_DisablesTheFamily")]
    [TestCase("800e19 0001 01 10 20010db8000000000000000000000001 00 18 0a0101", TestName = "MpReach_Ipv4OverIpv6Unnegotiated_DisablesTheFamily")]
    public void MpReach_NextHopLengthWrong_DisablesTheFamily(string attributes)
    {
        var update = new DecodedUpdate();
        UpdateDecoder.Split(Body(attributes + OriginIgp + AsPath), External, ref update);
        Assert.That((update.Action, update.Error, update.FaultyAttribute),
            Is.EqualTo((DisableFamily, BgpError.Update(UpdateSubcode.OptionalAttributeError), AttributeType.MpReach)));
        Assert.That(update.ReachFamily.IsSupported, Is.True);
    }

    [Test]
    public void MpReach_Ipv4OverIpv6Negotiated_IsGood()
    {
        var profile = External with { Flags = External.Flags | CodecFlags.ExtendedNextHopIpv4 };
        var body = Body("800e19 0001 01 10 20010db8000000000000000000000001 00 18 0a0101" + OriginIgp + AsPath);
        Assert.That(Split(body, profile).Action, Is.EqualTo(None));
    }

    [Test]
    public void MpReach_FamilyNotOurs_IsLeftToTheCaller()
    {
        var update = new DecodedUpdate();
        UpdateDecoder.Split(Body("800e0c 0001 80 03 010203 00 00112233" + OriginIgp + AsPath), External, ref update);
        Assert.That((update.Action, update.ReachFamily.ToString()), Is.EqualTo((None, "afi-1-safi-128")));
    }

    [Test]
    public void MpReach_Transitive_IsTreatedAsWithdraw() =>
        Assert.That(
            Split(Body("c0" + Reach[2..] + OriginIgp + AsPath), External),
            Is.EqualTo((TreatAsWithdraw, BgpError.Update(UpdateSubcode.AttributeFlagsError), AttributeType.MpReach)));

    [Test]
    public void Section_CutWithNlri_IsTreatedAsWithdraw() =>
        Assert.That(
            Split(Body(Mandatory + "c06305 01", Prefix), External),
            Is.EqualTo((TreatAsWithdraw, BgpError.Update(UpdateSubcode.AttributeLengthError), AttributeType.None)));

    [Test]
    public void Section_CutBeforeMpReach_ResetsTheSession() =>
        Assert.That(Split(Body("4001ff" + Reach), External).Action, Is.EqualTo(SessionReset), "the routes cannot be told");

    [Test]
    public void Unreach_WithGoodAttributes_IsGood() =>
        Assert.That(Split(Body("800f08 0002 01 20 20010db9" + OriginIgp + AsPath), External).Action, Is.EqualTo(None));

    [TestCase("", "", ExpectedResult = "ipv4-unicast")]
    [TestCase("800f03 000201", "", ExpectedResult = "ipv6-unicast")]
    [TestCase("900f0003 000201", "", ExpectedResult = "ipv6-unicast")]
    [TestCase("800f08 0002 01 20 20010db9", "", ExpectedResult = "no")]
    [TestCase("800f03 000201" + OriginIgp, "", ExpectedResult = "no")]
    [TestCase("", "10 0a02", ExpectedResult = "no")]
    [TestCase(OriginIgp, "", ExpectedResult = "no")]
    public string EndOfRib_Body_IsTold(string attributes, string withdrawn)
    {
        var update = new DecodedUpdate();
        UpdateDecoder.Split(Body(attributes, withdrawn: withdrawn), External, ref update);
        return update.IsEndOfRib(out var family) ? family.ToString() : "no";
    }

    [TestCase(Mandatory, Mandatory, TestName = "RawKey_Classic_IsTheSection")]
    [TestCase(Reach + OriginIgp + AsPath, "800e15" + ReachHead + OriginIgp + AsPath, TestName = "RawKey_MpReach_KeepsNextHopWithoutNlri")]
    [TestCase("900e001a" + ReachHead + "20 20010db8" + OriginIgp, "900e0015" + ReachHead + OriginIgp, TestName = "RawKey_ExtendedLength_IsPatched")]
    [TestCase(OriginIgp + "800f03 000201" + AsPath + Reach, OriginIgp + AsPath + "800e15" + ReachHead, TestName = "RawKey_MpUnreach_IsLeftOut")]
    [TestCase(OriginIgp + Reach + AsPath + "800f03 000201", OriginIgp + "800e15" + ReachHead + AsPath, TestName = "RawKey_ReachBeforeUnreach_KeepsOrder")]
    public void RawKey_Section_IsWhatOutcomesDependOn(string attributes, string expected)
    {
        var update = new DecodedUpdate();
        UpdateDecoder.Split(Body(attributes, Prefix), External, ref update);
        var key = new byte[BgpConstants.MaxMessageLength];
        var length = UpdateDecoder.WriteRawKey(update, key);
        Assert.That(MessageText.Hex(key.AsSpan(0, length)), Is.EqualTo(MessageText.Hex(Hex(expected))));
    }

    [TestCaseSource(typeof(WireFixture), nameof(WireFixture.Updates))]
    public void RawKey_Canonicalized_GivesWhatTheSectionGives(WireFixture fixture)
    {
        var update = new DecodedUpdate();
        UpdateDecoder.Split(fixture.Body, fixture.Profile, ref update);
        var key = new byte[BgpConstants.MaxMessageLength];
        var length = UpdateDecoder.WriteRawKey(update, key);
        foreach (var useMpNextHop in new[] { false, true })
        {
            var bySection = Canonicalize(update.AttributeBytes, fixture.Profile, useMpNextHop, update.ReachNextHop);
            var byKey = Canonicalize(key.AsSpan(0, length), fixture.Profile, useMpNextHop, update.ReachNextHop);
            Assert.That(byKey.Canonical, Is.EqualTo(bySection.Canonical));
            Assert.That((byKey.Action, byKey.Error, byKey.Faulty), Is.EqualTo((bySection.Action, bySection.Error, bySection.Faulty)));
        }
    }
}
