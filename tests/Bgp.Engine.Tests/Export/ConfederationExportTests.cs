using Bgp.Protocol;

namespace Bgp.Engine.Tests;

/// <summary>What a member of a confederation announces to whom: RFC 5065 §4.1 (AS_PATH), §5.1 and §5.2 (NEXT_HOP, MED, LOCAL_PREF), RFC 1997 (communities), RFC 4456 (reflection).</summary>
internal sealed class ConfederationExportTests
{
    private const string Block = "10.9.0.0/16";

    // §4.1 a to c: unchanged within the member AS; the member AS in front in an AS_CONFED_SEQUENCE; confederation segments out and the confederation identifier in front.
    [TestCase(new uint[0], new uint[] { 65001 }, "65001", "(64512) 65001", "64500 65001")]
    [TestCase(new uint[] { 64599 }, new uint[] { 65001 }, "(64599) 65001", "(64512 64599) 65001", "64500 65001")]
    [TestCase(new uint[] { 64599 }, new uint[0], "(64599)", "(64512 64599)", "64500")]
    [TestCase(new uint[0], new uint[0], "", "(64512)", "64500")]
    public void AsPath_RouteFromOurMemberAs_IsModifiedByWhereItGoes(uint[] members, uint[] path, string inside, string member, string outside)
    {
        using var rig = new ConfederationRig(neighbor => neighbor with { RouteReflectorClient = neighbor.Type == SessionType.Internal });
        rig.Engine.Announce(rig.Inside[0], Block, spec => (spec.MemberPath, spec.Path) = (members, path));
        rig.Engine.Settle();

        Assert.That((PathTo(rig.Inside[1]), PathTo(rig.Members[0]), PathTo(rig.Outside[0])), Is.EqualTo((inside, member, outside)));
    }

    [Test]
    public void AsPath_RouteFromAnotherMember_IsModifiedByWhereItGoes()
    {
        using var rig = new ConfederationRig();
        rig.Engine.Announce(rig.Members[0], Block, spec => spec.Path = [65001]);
        rig.Engine.Settle();

        Assert.That((PathTo(rig.Inside[0]), PathTo(rig.Members[1]), PathTo(rig.Outside[0])), Is.EqualTo(("(64513) 65001", "(64512 64513) 65001", "64500 65001")));
        Assert.That(rig.Members[0].Has(Block), Is.False, "back to where it came from");
    }

    // §4.1: "When a BGP speaker originates a route".
    [Test]
    public void AsPath_OwnNetwork_IsOfTheMemberAsInsideAndOfTheConfederationOutside()
    {
        using var rig = new ConfederationRig();
        rig.Engine.Config = rig.Engine.Config with { Networks = [new NetworkConfig(IpPrefix.Parse(Block), Blackhole: false)] };
        rig.Engine.Configure();
        rig.Engine.Settle();

        Assert.That((PathTo(rig.Inside[0]), PathTo(rig.Members[0]), PathTo(rig.Outside[0])), Is.EqualTo(("", "(64512)", "64500")));
    }

    // As with FRR, whoever sees AGGREGATOR sees it from outside.
    [Test]
    public void Aggregate_OfTheConfederation_NamesItsIdentifier()
    {
        using var rig = new ConfederationRig();
        rig.Engine.Config = rig.Engine.Config with { Aggregates = [new AggregateConfig(IpPrefix.Parse("10.8.0.0/15"))] };
        rig.Engine.Configure();
        rig.Engine.Announce(rig.Inside[0], Block);
        rig.Engine.Settle();

        Assert.That((rig.Outside[0]["10.8.0.0/15"].Aggregator?.Asn, rig.Members[0]["10.8.0.0/15"].Aggregator?.Asn), Is.EqualTo(((Asn?)new Asn(ConfederationRig.Id), (Asn?)new Asn(ConfederationRig.Id))));
    }

    // §5.1 and §5.2: NEXT_HOP, MULTI_EXIT_DISC and LOCAL_PREF go unchanged to a neighboring member AS; beyond it as with any AS.
    [Test]
    public void Attributes_OfAnOutsideRoute_StayAsTheyAreUpToTheEdge()
    {
        using var rig = new ConfederationRig();
        rig.Engine.Announce(rig.Outside[0], Block, spec => spec.Med = 30);
        rig.Engine.Settle();

        foreach (var peer in new[] { rig.Inside[0], rig.Members[0] })
        {
            Assert.That((peer[Block].NextHop, peer[Block].Med, peer[Block].LocalPref), Is.EqualTo((rig.Outside[0].Neighbor.Key.Address, (uint?)30, (uint?)100)));
        }

        Assert.That((rig.Outside[1][Block].Med, rig.Outside[1][Block].LocalPref), Is.EqualTo(((uint?)null, (uint?)null)));
    }

    [Test]
    public void Attributes_OfAnotherMembersRoute_StayAsTheyAreUpToTheEdge()
    {
        using var rig = new ConfederationRig();
        rig.Engine.Announce(rig.Members[0], Block, spec => (spec.Med, spec.LocalPref, spec.NextHop) = (30, 250, IpAddress.Parse("10.0.0.77")));
        rig.Engine.Settle();

        foreach (var peer in new[] { rig.Inside[0], rig.Members[1] })
        {
            Assert.That((peer[Block].NextHop, peer[Block].Med, peer[Block].LocalPref), Is.EqualTo((IpAddress.Parse("10.0.0.77"), (uint?)30, (uint?)250)));
        }

        Assert.That((rig.Outside[0][Block].Med, rig.Outside[0][Block].LocalPref), Is.EqualTo(((uint?)null, (uint?)null)));
    }

    [Test]
    public void NextHop_Self_IsOursTowardsAnotherMember()
    {
        using var rig = new ConfederationRig(neighbor => neighbor with { NextHop = NextHopMode.Self });
        rig.Engine.Announce(rig.Inside[0], Block, spec => spec.Path = [65001]);
        rig.Engine.Settle();

        Assert.That(rig.Members[0][Block].NextHop, Is.EqualTo(EngineHarness.LocalAddress));
    }

    [Test]
    public void NextHop_SelfOfAnotherMembersRoute_IsOursWithin()
    {
        using var rig = new ConfederationRig(neighbor => neighbor with { NextHop = NextHopMode.Self });
        rig.Engine.Announce(rig.Members[0], Block);
        rig.Engine.Settle();

        Assert.That(rig.Inside[0][Block].NextHop, Is.EqualTo(EngineHarness.LocalAddress));
    }

    // RFC 1997: NO_EXPORT holds at "a BGP confederation boundary", NO_EXPORT_SUBCONFED also towards "peers in other members autonomous systems inside a BGP confederation".
    [TestCase(0xFFFFFF01u, true, true, false)]
    [TestCase(0xFFFFFF03u, true, false, false)]
    [TestCase(0xFFFFFF02u, false, false, false)]
    public void WellKnownCommunity_OfAnOutsideRoute_StopsWhereItSays(uint community, bool inside, bool member, bool outside)
    {
        using var rig = new ConfederationRig();
        rig.Engine.Announce(rig.Outside[0], Block, spec => spec.Communities = [community]);
        rig.Engine.Settle();

        Assert.That((rig.Inside[0].Has(Block), rig.Members[0].Has(Block), rig.Outside[1].Has(Block)), Is.EqualTo((inside, member, outside)));
    }

    // RFC 4456 §8: ORIGINATOR_ID and CLUSTER_LIST are of one AS, here the member AS.
    [Test]
    public void Reflection_Attributes_DoNotLeaveTheMemberAs()
    {
        using var rig = new ConfederationRig(neighbor => neighbor with { RouteReflectorClient = neighbor.Type == SessionType.Internal });
        rig.Engine.Announce(rig.Inside[0], Block, spec => (spec.OriginatorId, spec.ClusterList) = (7, [8]));
        rig.Engine.Settle();

        Assert.That(rig.Inside[1][Block].OriginatorId, Is.EqualTo(new RouterId(7)));
        Assert.That((rig.Members[0][Block].OriginatorId, rig.Members[0][Block].ClusterList.Count), Is.EqualTo(((RouterId?)null, 0)));
    }

    // RFC 4271 §9.2: what came over iBGP goes to no other iBGP peer, but over the edge of the member AS.
    [Test]
    public void Ibgp_RouteFromOurMemberAs_GoesToOtherMembersOnly()
    {
        using var rig = new ConfederationRig();
        rig.Engine.Announce(rig.Inside[0], Block);
        rig.Engine.Settle();

        Assert.That((rig.Inside[1].Has(Block), rig.Members[0].Has(Block), rig.Outside[0].Has(Block)), Is.EqualTo((false, true, true)));
    }

    // RFC 8212 is for eBGP: within the confederation there is one administration.
    [Test]
    public void NoPolicy_SessionToAnotherMember_AcceptsAndAnnounces()
    {
        using var rig = new ConfederationRig(neighbor => neighbor with { Families = [new FamilyConfig(AddressFamily.Ipv4Unicast)] });
        rig.Engine.Announce(rig.Members[0], Block);
        rig.Engine.Settle();

        Assert.That((rig.Members[1].Has(Block), rig.Outside[0].Has(Block)), Is.EqualTo((true, false)));
    }

    [TestCase(PeerType.Ibgp, true)]
    [TestCase(PeerType.Ebgp, false)]
    public void PeerTypeOfPolicies_AnotherMember_CountsAsIbgp(PeerType type, bool matches)
    {
        var policy = new PolicyConfig("p", [new PolicyRule { Match = new RouteMatch { From = new SourceMatch(null, type, null), To = new TargetMatch(null, type) }, Action = PolicyAction.Accept }]);
        using var rig = new ConfederationRig(neighbor => neighbor with { Families = [new FamilyConfig(AddressFamily.Ipv4Unicast) { ImportPolicy = [PolicyConfig.AcceptAll], ExportPolicy = [policy] }] });
        rig.Engine.Announce(rig.Members[0], Block);
        rig.Engine.Settle();

        Assert.That(rig.Members[1].Has(Block), Is.EqualTo(matches));
    }

    // Settings of eBGP do nothing within the confederation.
    [Test]
    public void AsPath_SettingsOfEbgpTowardsAnotherMember_AreOfNoAccount()
    {
        using var rig = new ConfederationRig(neighbor => neighbor with { AsOverride = true, RemovePrivateAs = RemovePrivateAsMode.All });
        rig.Engine.Announce(rig.Inside[0], Block, spec => spec.Path = [65001, 64514]);
        rig.Engine.Settle();

        Assert.That(PathTo(rig.Members[1]), Is.EqualTo("(64512) 65001 64514"));
    }

    [TestCase(RemovePrivateAsMode.All, false, "64500 7")]
    [TestCase(RemovePrivateAsMode.Off, true, "64500 7 64500")]
    public void AsPath_SettingsOfEbgpTowardsTheOutside_WorkOnWhatIsLeft(RemovePrivateAsMode removes, bool overrides, string expected)
    {
        using var rig = new ConfederationRig(neighbor => neighbor with { AsOverride = overrides, RemovePrivateAs = removes });
        rig.Engine.Announce(rig.Inside[0], Block, spec => (spec.MemberPath, spec.Path) = ([64599], [7, overrides ? 65012u : 64514u]));
        rig.Engine.Settle();

        Assert.That(PathTo(rig.Outside[1]), Is.EqualTo(expected));
    }

    [TestCase(LocalAsnMode.Prepend, "64888 64500 64888 65011", "64888 65011")]
    [TestCase(LocalAsnMode.NoPrepend, "64888 64500 65011", "65011")]
    [TestCase(LocalAsnMode.Replace, "64888 65011", "65011")]
    public void LocalAsn_OfAnOutsideSession_StandsBeforeOrInsteadOfTheConfederations(LocalAsnMode mode, string outside, string inside)
    {
        using var rig = new ConfederationRig(neighbor => neighbor.Type == SessionType.External ? neighbor with { LocalAsn = new Asn(64888), LocalAsnMode = mode } : neighbor);
        rig.Engine.Announce(rig.Outside[0], Block);
        rig.Engine.Settle();

        Assert.That((PathTo(rig.Outside[1]), PathTo(rig.Inside[0])), Is.EqualTo((outside, inside)));
    }

    // RFC 9234 §5: "the OTC Attribute … MUST equal the AS Confederation Identifier".
    [Test]
    public void OnlyToCustomer_SetAtTheEdge_HasTheConfederationIdentifier()
    {
        using var rig = new ConfederationRig(neighbor => neighbor.Type == SessionType.External ? neighbor with { Role = BgpRole.Provider } : neighbor);
        rig.Engine.Announce(rig.Inside[0], Block);
        rig.Engine.Settle();

        Assert.That((rig.Outside[0][Block].OnlyToCustomer, rig.Members[0][Block].OnlyToCustomer), Is.EqualTo(((Asn?)new Asn(ConfederationRig.Id), (Asn?)null)));
    }

    [Test]
    public void Groups_MembersOfTwoAses_AreSentTheSame()
    {
        using var rig = new ConfederationRig();
        rig.Engine.Announce(rig.Inside[0], Block);
        rig.Engine.Settle();

        Assert.That(rig.Members[1][Block].Canonical.ToArray(), Is.EqualTo(rig.Members[0][Block].Canonical.ToArray()));
        Assert.That(rig.Members[0][Block].Canonical.ToArray(), Is.Not.EqualTo(rig.Outside[0][Block].Canonical.ToArray()));
    }

    private static string PathTo(TestPeer peer) => peer[Block].AsPath.ToString();
}
