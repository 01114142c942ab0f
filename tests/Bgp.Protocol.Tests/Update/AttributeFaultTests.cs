using static Bgp.Protocol.Tests.UpdateBytes;
using static Bgp.Protocol.UpdateErrorAction;
using static Bgp.Protocol.UpdateSubcode;

namespace Bgp.Protocol.Tests;

/// <summary>A case for every attribute row and every fault: what RFC 7606 §7 and the attributes' own RFCs say that it costs.</summary>
public sealed class AttributeFaultTests
{
    private const string OriginAndPath = OriginIgp + AsPath;
    private const string OriginAndNextHop = OriginIgp + NextHop;
    private const string PathAndNextHop = AsPath + NextHop;

    private static IEnumerable<TestCaseData> Faults()
    {
        // RFC 7606 §7.1
        yield return Fault("Origin_TwoOctets", "400102 0000" + PathAndNextHop, External, TreatAsWithdraw, AttributeLengthError, AttributeType.Origin);
        yield return Fault("Origin_Empty", "400100" + PathAndNextHop, External, TreatAsWithdraw, AttributeLengthError, AttributeType.Origin);
        yield return Fault("Origin_Undefined", "400101 03" + PathAndNextHop, External, TreatAsWithdraw, InvalidOrigin, AttributeType.Origin);
        yield return Fault("Origin_Optional", "c00101 00" + PathAndNextHop, External, TreatAsWithdraw, AttributeFlagsError, AttributeType.Origin);
        yield return Fault("Origin_Missing", PathAndNextHop, External, TreatAsWithdraw, MissingWellKnownAttribute, AttributeType.Origin);
        yield return Fault("Origin_Twice", Mandatory + "400101 01", External, AttributeDiscard, MalformedAttributeList, AttributeType.Origin);

        // RFC 7606 §7.2
        yield return Fault("AsPath_UnknownSegment", "400206 0501 0000fde9" + OriginAndNextHop, External, TreatAsWithdraw, MalformedAsPath, AttributeType.AsPath);
        yield return Fault("AsPath_SegmentOverrun", "400206 0202 0000fde9" + OriginAndNextHop, External, TreatAsWithdraw, MalformedAsPath, AttributeType.AsPath);
        yield return Fault("AsPath_OneOctetLeft", "400207 0201 0000fde9 02" + OriginAndNextHop, External, TreatAsWithdraw, MalformedAsPath, AttributeType.AsPath);
        yield return Fault("AsPath_EmptySegment", "400202 0200" + OriginAndNextHop, External, TreatAsWithdraw, MalformedAsPath, AttributeType.AsPath);
        yield return Fault("AsPath_TwoOctetNumbers", "400204 0201 fde9" + OriginAndNextHop, External, TreatAsWithdraw, MalformedAsPath, AttributeType.AsPath);
        yield return Fault("AsPath_ConfederationFromOutside", "400206 0301 0000fde9" + OriginAndNextHop, External, TreatAsWithdraw, MalformedAsPath, AttributeType.AsPath);

        // RFC 5065 §5
        yield return Fault("AsPath_OfAMemberWithoutMemberAses", "400206 0201 0000fde9" + OriginAndNextHop, Member, TreatAsWithdraw, MalformedAsPath, AttributeType.AsPath);
        yield return Fault("AsPath_OfAMemberEmpty", "400200" + OriginAndNextHop, Member, TreatAsWithdraw, MalformedAsPath, AttributeType.AsPath);
        yield return Fault("AsPath_OfAMemberWithASetOfThemInFront", "400206 0401 0000fde9" + OriginAndNextHop, Member, TreatAsWithdraw, MalformedAsPath, AttributeType.AsPath);
        yield return Fault("AsPath_AsZero", "40020a 0202 0000fde9 00000000" + OriginAndNextHop, External, TreatAsWithdraw, MalformedAsPath, AttributeType.AsPath);
        yield return Fault("AsPath_NotTransitive", "000206 0201 0000fde9" + OriginAndNextHop, External, TreatAsWithdraw, AttributeFlagsError, AttributeType.AsPath);
        yield return Fault("AsPath_Missing", OriginAndNextHop, External, TreatAsWithdraw, MissingWellKnownAttribute, AttributeType.AsPath);

        // RFC 7606 §7.3, RFC 4271 §6.3
        yield return Fault("NextHop_Short", OriginAndPath + "400303 c00002", External, TreatAsWithdraw, AttributeLengthError, AttributeType.NextHop);
        yield return Fault("NextHop_Long", OriginAndPath + "400310 20010db8000000000000000000000001", External, TreatAsWithdraw, AttributeLengthError, AttributeType.NextHop);
        yield return Fault("NextHop_Zero", OriginAndPath + "400304 00000000", External, TreatAsWithdraw, InvalidNextHop, AttributeType.NextHop);
        yield return Fault("NextHop_Loopback", OriginAndPath + "400304 7f000001", External, TreatAsWithdraw, InvalidNextHop, AttributeType.NextHop);
        yield return Fault("NextHop_Multicast", OriginAndPath + "400304 e0000001", External, TreatAsWithdraw, InvalidNextHop, AttributeType.NextHop);
        yield return Fault("NextHop_Optional", OriginAndPath + "c00304 c0000202", External, TreatAsWithdraw, AttributeFlagsError, AttributeType.NextHop);
        yield return Fault("NextHop_Missing", OriginAndPath, External, TreatAsWithdraw, MissingWellKnownAttribute, AttributeType.NextHop);

        // RFC 7606 §7.4
        yield return Fault("Med_Short", Mandatory + "800403 000001", External, TreatAsWithdraw, AttributeLengthError, AttributeType.MultiExitDisc);
        yield return Fault("Med_Transitive", Mandatory + "c00404 00000001", External, TreatAsWithdraw, AttributeFlagsError, AttributeType.MultiExitDisc);

        // RFC 7606 §7.5
        yield return Fault("LocalPref_Short", Mandatory + "400503 000064", Internal, TreatAsWithdraw, AttributeLengthError, AttributeType.LocalPref);
        yield return Fault("LocalPref_Optional", Mandatory + "c00504 00000064", Internal, TreatAsWithdraw, AttributeFlagsError, AttributeType.LocalPref);
        yield return Fault("LocalPref_External", Mandatory + "400504 00000064", External, AttributeDiscard, MalformedAttributeList, AttributeType.LocalPref);
        yield return Fault("LocalPref_ExternalAndShort", Mandatory + "400503 000064", External, AttributeDiscard, MalformedAttributeList, AttributeType.LocalPref);

        // RFC 7606 §7.6
        yield return Fault("AtomicAggregate_NotEmpty", Mandatory + "400601 00", External, AttributeDiscard, AttributeLengthError, AttributeType.AtomicAggregate);
        yield return Fault("AtomicAggregate_Optional", Mandatory + "c00600", External, TreatAsWithdraw, AttributeFlagsError, AttributeType.AtomicAggregate);

        // RFC 7606 §7.7
        yield return Fault("Aggregator_TwoOctetForm", Mandatory + "c00706 fde9 c0000201", External, AttributeDiscard, OptionalAttributeError, AttributeType.Aggregator);
        yield return Fault("Aggregator_FourOctetFormFromTwoOctetPeer", OriginIgp + "400204 0201 fde9" + NextHop + "c00708 0000fde9 c0000201", TwoOctets, AttributeDiscard, OptionalAttributeError, AttributeType.Aggregator);
        yield return Fault("Aggregator_Short", Mandatory + "c00705 0000fde9 c0", External, AttributeDiscard, AttributeLengthError, AttributeType.Aggregator);
        yield return Fault("Aggregator_AsZero", Mandatory + "c00708 00000000 c0000201", External, AttributeDiscard, OptionalAttributeError, AttributeType.Aggregator);
        yield return Fault("Aggregator_WellKnown", Mandatory + "400708 0000fde9 c0000201", External, TreatAsWithdraw, AttributeFlagsError, AttributeType.Aggregator);

        // RFC 7606 §7.8
        yield return Fault("Communities_Empty", Mandatory + "c00800", External, TreatAsWithdraw, AttributeLengthError, AttributeType.Communities);
        yield return Fault("Communities_Ragged", Mandatory + "c00806 fde90001 fde9", External, TreatAsWithdraw, AttributeLengthError, AttributeType.Communities);
        yield return Fault("Communities_NotTransitive", Mandatory + "800804 fde90001", External, TreatAsWithdraw, AttributeFlagsError, AttributeType.Communities);

        // RFC 7606 §7.9
        yield return Fault("OriginatorId_Short", Mandatory + "800903 c00002", Internal, TreatAsWithdraw, AttributeLengthError, AttributeType.OriginatorId);
        yield return Fault("OriginatorId_Transitive", Mandatory + "c00904 c0000201", Internal, TreatAsWithdraw, AttributeFlagsError, AttributeType.OriginatorId);
        yield return Fault("OriginatorId_External", Mandatory + "800904 c0000201", External, AttributeDiscard, MalformedAttributeList, AttributeType.OriginatorId);

        // RFC 7606 §7.10
        yield return Fault("ClusterList_Empty", Mandatory + "800a00", Internal, TreatAsWithdraw, AttributeLengthError, AttributeType.ClusterList);
        yield return Fault("ClusterList_Ragged", Mandatory + "800a05 c000020101", Internal, TreatAsWithdraw, AttributeLengthError, AttributeType.ClusterList);
        yield return Fault("ClusterList_Transitive", Mandatory + "c00a04 c0000201", Internal, TreatAsWithdraw, AttributeFlagsError, AttributeType.ClusterList);
        yield return Fault("ClusterList_External", Mandatory + "800a04 c0000201", External, AttributeDiscard, MalformedAttributeList, AttributeType.ClusterList);

        // RFC 7606 §7.14, §7.15
        yield return Fault("ExtendedCommunities_Empty", Mandatory + "c01000", External, TreatAsWithdraw, AttributeLengthError, AttributeType.ExtendedCommunities);
        yield return Fault("ExtendedCommunities_Ragged", Mandatory + "c01009 0002fde90000000100", External, TreatAsWithdraw, AttributeLengthError, AttributeType.ExtendedCommunities);
        yield return Fault("ExtendedCommunities_NotTransitive", Mandatory + "801008 0002fde900000001", External, TreatAsWithdraw, AttributeFlagsError, AttributeType.ExtendedCommunities);
        yield return Fault("Ipv6ExtendedCommunities_Ragged", Mandatory + "c01908 0002fde900000001", External, TreatAsWithdraw, AttributeLengthError, AttributeType.Ipv6ExtendedCommunities);
        yield return Fault("Ipv6ExtendedCommunities_Empty", Mandatory + "c01900", External, TreatAsWithdraw, AttributeLengthError, AttributeType.Ipv6ExtendedCommunities);

        // RFC 6793 §6
        const string Narrow = OriginIgp + "400204 0201 fde9" + NextHop;
        yield return Fault("As4Path_Short", Narrow + "c01104 0201 fde9", TwoOctets, AttributeDiscard, AttributeLengthError, AttributeType.As4Path);
        yield return Fault("As4Path_Odd", Narrow + "c01107 0201 0000fde9 02", TwoOctets, AttributeDiscard, AttributeLengthError, AttributeType.As4Path);
        yield return Fault("As4Path_Overrun", Narrow + "c01106 0202 0000fde9", TwoOctets, AttributeDiscard, OptionalAttributeError, AttributeType.As4Path);
        yield return Fault("As4Path_FromFourOctetPeer", Mandatory + "c01106 0201 0000fde9", External, AttributeDiscard, MalformedAttributeList, AttributeType.As4Path);
        yield return Fault("As4Aggregator_Short", Narrow + "c01206 fde9 c0000201", TwoOctets, AttributeDiscard, AttributeLengthError, AttributeType.As4Aggregator);
        yield return Fault("As4Aggregator_AsZero", Narrow + "c01208 00000000 c0000201", TwoOctets, AttributeDiscard, OptionalAttributeError, AttributeType.As4Aggregator);
        yield return Fault("As4Aggregator_FromFourOctetPeer", Mandatory + "c01208 fa56ea01 c0000201", External, AttributeDiscard, MalformedAttributeList, AttributeType.As4Aggregator);

        // RFC 8092 §6
        yield return Fault("LargeCommunities_Empty", Mandatory + "c02000", External, TreatAsWithdraw, AttributeLengthError, AttributeType.LargeCommunities);
        yield return Fault("LargeCommunities_Ragged", Mandatory + "c02008 0000fde900000001", External, TreatAsWithdraw, AttributeLengthError, AttributeType.LargeCommunities);
        yield return Fault("LargeCommunities_NotTransitive", Mandatory + "80200c 0000fde90000000100000002", External, TreatAsWithdraw, AttributeFlagsError, AttributeType.LargeCommunities);

        // RFC 9234 §5
        yield return Fault("OnlyToCustomer_Short", Mandatory + "c02302 fde9", External, TreatAsWithdraw, AttributeLengthError, AttributeType.OnlyToCustomer);
        yield return Fault("OnlyToCustomer_NotTransitive", Mandatory + "802304 0000fde9", External, TreatAsWithdraw, AttributeFlagsError, AttributeType.OnlyToCustomer);

        // RFC 4271 §6.3; RFC 7606 §4
        yield return Fault("Unknown_WellKnown", Mandatory + "406301 01", External, SessionReset, UnrecognizedWellKnownAttribute, (AttributeType)99);
        yield return Fault("Section_ValueOverrun", Mandatory + "c06305 01", External, TreatAsWithdraw, AttributeLengthError, AttributeType.None);
        yield return Fault("Section_HeaderCut", Mandatory + "c063", External, TreatAsWithdraw, AttributeLengthError, AttributeType.None);
        yield return Fault("Section_ExtendedHeaderCut", Mandatory + "d06300", External, TreatAsWithdraw, AttributeLengthError, AttributeType.None);

        // RFC 7606 §3 h: the strongest stands, and of equal ones the first.
        yield return Fault("Several_StrongestWins", Mandatory + "400601 00" + "800403 000001" + "c00800", External, TreatAsWithdraw, AttributeLengthError, AttributeType.MultiExitDisc);
    }

    [TestCaseSource(nameof(Faults))]
    public void Attribute_Malformed_CostsWhatItsRowSays(
        string attributes, CodecProfile profile, UpdateErrorAction action, UpdateSubcode subcode, AttributeType faulty)
    {
        var outcome = Canonicalize(attributes, profile);
        Assert.Multiple(() =>
        {
            Assert.That(outcome.Action, Is.EqualTo(action));
            Assert.That(outcome.Error.Code, Is.EqualTo(NotificationCode.UpdateMessageError));
            Assert.That((UpdateSubcode)outcome.Error.Subcode, Is.EqualTo(subcode));
            Assert.That(outcome.Faulty, Is.EqualTo(faulty));
            Assert.That(outcome.Canonical, action == AttributeDiscard ? Is.Not.Empty : Is.Empty);
        });
    }

    [TestCaseSource(nameof(Faults))]
    public void Attribute_DiscardedOne_IsNotInTheSet(
        string attributes, CodecProfile profile, UpdateErrorAction action, UpdateSubcode subcode, AttributeType faulty)
    {
        var outcome = Canonicalize(attributes, profile);
        var isInSet = new PathAttributes(outcome.Canonical).TryGet(faulty, out _);
        var isRepetition = subcode == MalformedAttributeList && faulty == AttributeType.Origin;
        Assert.That(isInSet, Is.EqualTo(action == AttributeDiscard && isRepetition));
    }

    [TestCaseSource(nameof(Faults))]
    public void Attribute_MalformedWithoutNlri_CostsTheSessionUnlessDiscarded(
        string attributes, CodecProfile profile, UpdateErrorAction action, UpdateSubcode subcode, AttributeType faulty)
    {
        if (subcode == MissingWellKnownAttribute)
        {
            Assert.That(Split(Body(attributes), profile).Action, Is.EqualTo(None), "nothing is missing where nothing is announced");
            return;
        }

        // RFC 7606 §5.2
        var expected = action == AttributeDiscard ? AttributeDiscard : SessionReset;
        Assert.That(Split(Body(attributes, withdrawn: Prefix), profile), Is.EqualTo((expected, BgpErrorOf(attributes, profile), faulty)));
    }

    [Test]
    public void Origin_Twice_FirstCounts() =>
        Assert.That(Canonicalize(Mandatory + "400101 01", External).Text, Does.StartWith("origin=Igp "));

    [Test]
    public void UnknownWellKnown_Reset_CarriesTheAttribute() =>
        Assert.That(Canonicalize(Mandatory + "406301 01", External).Error.Data.ToArray(), Is.EqualTo(Hex("406301 01")));

    [Test]
    public void LocalPref_FromConfederationMember_IsKept()
    {
        Assert.That(Canonicalize(OriginIgp + "400206 0301 0000fde9" + NextHop + "400504 00000064", Member).Text, Does.EndWith(" local-pref=100"));
    }

    [Test]
    public void LocalPref_MissingFromInternalPeer_IsNoFault() =>
        Assert.That(Canonicalize(Mandatory, Internal).Action, Is.EqualTo(None));

    [Test]
    public void AsPath_EmptyFromInternalPeer_IsNoFault() =>
        Assert.That(Canonicalize(OriginIgp + "400200" + NextHop, Internal).Action, Is.EqualTo(None));

    [Test]
    public void PartialFlag_OnWellKnown_IsClearedWithoutFault()
    {
        var outcome = Canonicalize("600101 00" + PathAndNextHop, External);
        Assert.That((outcome.Action, MessageText.Hex(outcome.Canonical.AsSpan(0, 5))), Is.EqualTo((None, "0140000100")));
    }

    private static BgpError BgpErrorOf(string attributes, CodecProfile profile) => Canonicalize(attributes, profile).Error;

    private static TestCaseData Fault(
        string name, string attributes, CodecProfile profile, UpdateErrorAction action, UpdateSubcode subcode, AttributeType faulty) =>
        new TestCaseData(attributes, profile, action, subcode, faulty).SetArgDisplayNames(name);
}
