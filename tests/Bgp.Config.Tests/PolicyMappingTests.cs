using Bgp.Engine;
using Bgp.Protocol;

namespace Bgp.Config.Tests;

/// <summary>What a rule says is what the engine is told.</summary>
[TestFixture]
internal sealed class PolicyMappingTests
{
    private static readonly HostFacts Host = new(new RouterId(0x0a000001), "node-1");

    [TestCase("{}")]
    [TestCase("{match: {}, set: {}}")]
    [TestCase("{match: {prefix: {in: 10.0.0.0/8}, family: ipv4-unicast, from: {}, to: {}}, action: accept}")]
    public void Rule_WithoutOtherConditionsAndChanges_HasNone(string rule)
    {
        var mapped = Rule(rule);

        Assert.That((mapped.Match, mapped.Set), Is.EqualTo(((RouteMatch?)null, (RouteChanges?)null)));
    }

    [Test]
    public void Match_EveryScalar_IsCarried()
    {
        var match = Match("""
            from: {neighbor: 10.0.0.2, peerType: ibgp, source: remote}, to: {neighbor: "fd00::2", peerType: ebgp}, asPath: _65001$, asPathLength: ..5, localPref: 100, med: 10..
            """);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(match.From, Is.EqualTo(new SourceMatch(IpAddress.Parse("10.0.0.2"), PeerType.Ibgp, IsLocal: false)));
            Assert.That(match.To, Is.EqualTo(new TargetMatch(IpAddress.Parse("fd00::2"), PeerType.Ebgp)));
            Assert.That(match.AsPath?.Text, Is.EqualTo("_65001$"));
            Assert.That(match.AsPathLength, Is.EqualTo(new ValueRange(0, 5)));
            Assert.That(match.LocalPref, Is.EqualTo(new ValueRange(100, 100)));
            Assert.That(match.Med, Is.EqualTo(new ValueRange(10, uint.MaxValue)));
        }
    }

    [TestCase("from: {source: local}", null, true)]
    [TestCase("from: {peerType: local}", PeerType.Local, null)]
    [TestCase("from: {peerType: ebgp}", PeerType.Ebgp, null)]
    public void Match_From_IsCarried(string match, PeerType? type, bool? isLocal)
    {
        Assert.That(Match(match).From, Is.EqualTo(new SourceMatch(Neighbor: null, type, isLocal)));
    }

    [Test]
    public void Match_EveryList_IsCarriedInItsOrder()
    {
        var match = Match("""
            nextHop: [10.0.0.2, 172.16.0.0/12, "fd00::1"], largeCommunities: [64512:*:7, 1:2:3], extendedCommunities: [rt:64512:*, soo:64512:1], asPathPrefix: [65002, 65001], originAs: [1.10, 23456]
            """);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(match.NextHops, Is.EqualTo(new[] { IpPrefix.Parse("10.0.0.2/32"), IpPrefix.Parse("172.16.0.0/12"), IpPrefix.Parse("fd00::1/128") }));
            Assert.That(match.LargeCommunities, Is.EqualTo(new[] { new LargeCommunityPattern(64512, null, 7), new LargeCommunityPattern(1, 2, 3) }));
            Assert.That(match.ExtendedCommunities.Select(static pattern => pattern.ToString()), Is.EqualTo(new[] { "rt:64512:*", "soo:64512:1" }));
            Assert.That(match.AsPathPrefix, Is.EqualTo(new[] { new Asn(65002), new Asn(65001) }));
            Assert.That(match.OriginAs, Is.EqualTo(new[] { new Asn(65546), new Asn(23456) }));
        }
    }

    [Test]
    public void Match_NothingGiven_IsDefaultEverywhere()
    {
        var match = Match("med: 1");

        using (Assert.EnterMultipleScope())
        {
            Assert.That((match.From, match.To), Is.EqualTo((default(SourceMatch), default(TargetMatch))));
            Assert.That(match.NextHops.IsDefault && match.Communities.IsDefault && match.LargeCommunities.IsDefault && match.ExtendedCommunities.IsDefault, Is.True);
            Assert.That(match.AsPathPrefix.IsDefault && match.OriginAs.IsDefault, Is.True);
            Assert.That((match.AsPath, match.AsPathLength, match.LocalPref), Is.EqualTo(((AsPathPattern?)null, (ValueRange?)null, (ValueRange?)null)));
        }
    }

    [TestCase("64512:7", "64512:7")]
    [TestCase("[\"*:1\", no-export]", "*:1 NO_EXPORT")]
    [TestCase("[some, 64512:2]", "64512:1 64512:* 64512:2")]
    [TestCase("[64512:1, some]", "64512:1 64512:*")]
    [TestCase("[exact, none]", "64512:1 NO_EXPORT")]
    public void MatchCommunities_PatternsAndSets_BecomeTheirMembersEachOnce(string communities, string expected)
    {
        Assert.That(string.Join(' ', Match($"communities: {communities}").Communities), Is.EqualTo(expected));
    }

    [Test]
    public void MatchCommunities_OfASetWithoutMembers_AreGivenAndHoldForNone()
    {
        var communities = Match("communities: none").Communities;

        Assert.That((communities.IsDefault, communities.IsDefaultOrEmpty), Is.EqualTo((false, true)));
    }

    [Test]
    public void Set_EveryScalar_IsCarried()
    {
        var set = Set("localPref: 200, med: 0, origin: incomplete, nextHop: 10.0.0.1, weight: 7, ecmpWeight: 256");

        using (Assert.EnterMultipleScope())
        {
            Assert.That((set.LocalPref, set.Med, set.Weight), Is.EqualTo(((uint?)200, (uint?)0, (uint?)7)));
            Assert.That(set.Origin, Is.EqualTo(Origin.Incomplete));
            Assert.That(set.NextHop, Is.EqualTo(new NextHopChange(NextHopChangeKind.Address, IpAddress.Parse("10.0.0.1"))));
            Assert.That(set.EcmpWeight, Is.EqualTo((ushort)256));
        }
    }

    [TestCase("self", NextHopChangeKind.Self)]
    [TestCase("keep", NextHopChangeKind.Keep)]
    public void SetNextHop_Word_IsCarried(string word, NextHopChangeKind expected)
    {
        Assert.That(Set($"nextHop: {word}").NextHop, Is.EqualTo(new NextHopChange(expected)));
    }

    [Test]
    public void Set_EveryList_IsCarriedInItsOrder()
    {
        var set = Set("""
            communities: [exact, 64512:3], addCommunities: [BLACKHOLE], removeCommunities: [some, "*:9"], largeCommunities: [1:2:3], addLargeCommunities: [4:5:6], removeLargeCommunities: ["*:*:6"],
            extendedCommunities: [rt:64512:1], addExtendedCommunities: [soo:10.0.0.1:2], removeExtendedCommunities: [rt:*:*], prepend: [64512, 64513]
            """.ReplaceLineEndings(" "));

        using (Assert.EnterMultipleScope())
        {
            Assert.That(string.Join(' ', set.Communities), Is.EqualTo("64512:1 NO_EXPORT 64512:3"));
            Assert.That(string.Join(' ', set.AddCommunities), Is.EqualTo("BLACKHOLE"));
            Assert.That(string.Join(' ', set.RemoveCommunities), Is.EqualTo("64512:1 64512:* *:9"));
            Assert.That(string.Join(' ', set.LargeCommunities), Is.EqualTo("1:2:3"));
            Assert.That(string.Join(' ', set.AddLargeCommunities), Is.EqualTo("4:5:6"));
            Assert.That(string.Join(' ', set.RemoveLargeCommunities), Is.EqualTo("*:*:6"));
            Assert.That(string.Join(' ', set.ExtendedCommunities), Is.EqualTo("rt:64512:1"));
            Assert.That(string.Join(' ', set.AddExtendedCommunities), Is.EqualTo("soo:10.0.0.1:2"));
            Assert.That(string.Join(' ', set.RemoveExtendedCommunities), Is.EqualTo("rt:*:*"));
            Assert.That(set.Prepend, Is.EqualTo(new[] { new Asn(64512), new Asn(64513) }));
        }
    }

    [Test]
    public void Set_EmptyListAndNoList_AreToldApart()
    {
        var set = Set("communities: [], largeCommunities: null");

        Assert.That((set.Communities.IsDefault, set.Communities.IsDefaultOrEmpty, set.LargeCommunities.IsDefault, set.ExtendedCommunities.IsDefault), Is.EqualTo((false, true, true, true)));
    }

    [Test]
    public void Network_WithSet_CarriesIt()
    {
        var networks = Speaker("{}").Networks;

        using (Assert.EnterMultipleScope())
        {
            Assert.That(networks[0].Set, Is.Null);
            Assert.That((networks[1].Set?.Med, networks[1].Set?.Communities.IsDefault), Is.EqualTo(((uint?)10, (bool?)true)));
            Assert.That(string.Join(' ', networks[1].Set!.AddCommunities), Is.EqualTo("64512:1 NO_EXPORT"));
        }
    }

    private static RouteMatch Match(string match) => Rule($"{{match: {{{match}}}}}").Match!;

    private static RouteChanges Set(string set) => Rule($"{{set: {{{set}}}}}").Set!;

    private static PolicyRule Rule(string rule) => Speaker(rule).Neighbors[0].Families[0].ImportPolicy[0].Rules.Single();

    private static SpeakerConfig Speaker(string rule) => Routers.Read($$$"""
        router: {asn: 64512}
        networks: [{prefix: 10.0.0.0/8}, {prefix: 10.1.0.0/16, set: {med: 10, addCommunities: [exact]}}]
        sets: {communities: {some: [64512:1, 64512:*], exact: [64512:1, NO_EXPORT], none: []}}
        policies: {p: [{{{rule}}}]}
        neighbors: [{address: 10.0.0.2, asn: 65001, importPolicy: [p]}]
        """).ToSpeakerConfig(Host);

    [Test]
    public void Set_OfTheKernel_IsCarried()
    {
        var set = Set("kernelMetric: 7, blackhole: true");

        Assert.That((set.KernelMetric, set.Blackhole), Is.EqualTo(((uint?)7, (bool?)true)));
    }

    [Test]
    public void Match_OfTheKernel_IsCarried()
    {
        var match = Match("from: {interface: \"eth*\"}, kernelMetric: 1..9");

        Assert.That((match.From.Interface, match.KernelMetric), Is.EqualTo(("eth*", (ValueRange?)new ValueRange(1, 9))));
    }
}
