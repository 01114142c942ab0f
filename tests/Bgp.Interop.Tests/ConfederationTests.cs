namespace Bgp.Interop.Tests;

/// <summary>
/// Our daemon in a confederation (RFC 5065): routes between it, members of every kind that can be one, and neighbors outside of every kind.
/// </summary>
[TestFixture(Family.IPv4)]
[TestFixture(Family.IPv6)]
[NonParallelizable]
internal sealed class ConfederationTests(Family transport)
{
    private const string NoExport = "65535:65281";
    private const string NoExportSubconfed = "65535:65283";

    private static readonly IReadOnlyList<PeerKind> Members = ConfederationTopology.Members;
    private static readonly IReadOnlyList<PeerKind> Outside = ConfederationTopology.Outside;

    private readonly ConfederationTopology _topology = new();

    private DaemonPeer Subject => _topology.Subject;

    [OneTimeSetUp]
    public void Build()
    {
        _topology.Start(transport);
        Subject.Announce(Own(Family.IPv4), Own(Family.IPv6));
        foreach (var kind in Members)
        {
            _topology.Member(kind).Announce(OffersOfMember(kind));
        }

        foreach (var kind in Outside)
        {
            _topology.Neighbor(kind).Announce(OfOutside(kind, Family.IPv4), OfOutside(kind, Family.IPv6));
        }
    }

    [OneTimeTearDown]
    public void TearDown() => _topology.Dispose();

    [Test]
    public void RouteOfMember_AtTheSubject_BeginsWithItsMemberAs([ValueSource(nameof(Members))] PeerKind kind, [Values] Family family)
    {
        var sent = OfMember(kind, family);

        var received = Routes.Await(sent.Prefix, Subject, _topology.Member(kind).Host);

        Routes.AssertSame(received, sent with { AsPath = $"({ConfederationTopology.MemberAsn(kind)}) {sent.AsPath}", NextHop = _topology.Member(kind).Host.Address(family) });
    }

    [TestCaseSource(nameof(MembersOfTwo))]
    public void RouteOfMember_AtAnotherMember_HasBothMemberAsesAndAllElseUnchanged(PeerKind from, PeerKind to, Family family)
    {
        var sent = OfMember(from, family);

        var received = Routes.Await(sent.Prefix, _topology.Member(to), Subject.Host);

        Routes.AssertSame(received, sent with
        {
            AsPath = $"({ConfederationTopology.SubjectAsn} {ConfederationTopology.MemberAsn(from)}) {sent.AsPath}",
            NextHop = _topology.Member(from).Host.Address(family),
            LocalPref = sent.LocalPref ?? 100,
        });
    }

    [TestCaseSource(nameof(OutwardOfMembers))]
    public void RouteOfMember_Outside_IsOneOfTheConfederation(PeerKind from, PeerKind to, Family family)
    {
        var sent = OfMember(from, family);

        var received = Routes.Await(sent.Prefix, _topology.Neighbor(to), Subject.Host);

        Routes.AssertSame(received, sent with
        {
            AsPath = $"{ConfederationTopology.Id} {sent.AsPath}",
            NextHop = _topology.Member(from).Host.Address(family),
            Med = null,
            LocalPref = received.LocalPref,
        });
    }

    [TestCaseSource(nameof(InwardOfOutside))]
    public void RouteOfOutside_AtMember_HasOurMemberAsInFrontAndItsMedAndNextHop(PeerKind from, PeerKind to, Family family)
    {
        var sent = OfOutside(from, family);

        var received = Routes.Await(sent.Prefix, _topology.Member(to), Subject.Host);

        Routes.AssertSame(received, sent with
        {
            AsPath = $"({ConfederationTopology.SubjectAsn}) {ConfederationTopology.OutsideAsn(from)}",
            NextHop = _topology.Neighbor(from).Host.Address(family),
            LocalPref = 100,
        });
    }

    [Test]
    public void RouteOfTheSubject_AtMember_HasOurMemberAs([ValueSource(nameof(Members))] PeerKind kind, [Values] Family family)
    {
        var received = Routes.Await(Own(family).Prefix, _topology.Member(kind), Subject.Host);

        Routes.AssertSame(received, Own(family) with { AsPath = $"({ConfederationTopology.SubjectAsn})", NextHop = Subject.Host.Address(family), LocalPref = 100 });
    }

    [Test]
    public void RouteOfTheSubject_Outside_HasTheConfederationsNumber([ValueSource(nameof(Outside))] PeerKind kind, [Values] Family family)
    {
        var received = Routes.Await(Own(family).Prefix, _topology.Neighbor(kind), Subject.Host);

        Routes.AssertSame(received, Own(family) with { AsPath = $"{ConfederationTopology.Id}", NextHop = Subject.Host.Address(family), LocalPref = received.LocalPref });
    }

    // RFC 1997: NO_EXPORT holds at the edge of the confederation, NO_EXPORT_SUBCONFED at that of our member AS.
    [Test]
    public void WellKnownCommunities_OfAnOutsideRoute_StopWhereTheySay()
    {
        var (source, member, outside) = (_topology.Neighbor(PeerKind.Bird), _topology.Member(PeerKind.Frr), _topology.Neighbor(PeerKind.GoBgp));
        var always = new[] { OfOutside(PeerKind.Bird, Family.IPv4), OfOutside(PeerKind.Bird, Family.IPv6) };
        var kept = new Route("198.19.1.0/24") { Communities = [NoExportSubconfed] };
        var inside = new Route("198.19.2.0/24") { Communities = [NoExport] };
        var passed = new Route("198.19.3.0/24");
        source.Announce([.. always, kept]);
        Routes.Await(kept.Prefix, Subject, source.Host);
        source.Announce([.. always, kept, inside]);
        Routes.Await(inside.Prefix, member, Subject.Host);
        source.Announce([.. always, kept, inside, passed]);
        Routes.Await(passed.Prefix, member, Subject.Host);
        Routes.Await(passed.Prefix, outside, Subject.Host);

        // Each came before one that has arrived.
        Assert.That((member.Received(kept.Prefix, Subject.Host), outside.Received(kept.Prefix, Subject.Host), outside.Received(inside.Prefix, Subject.Host)), Is.EqualTo(((Route?)null, (Route?)null, (Route?)null)));
        source.Announce(always);
    }

    [Test]
    public void Neighbors_OfEachKind_AreShownWithTheNumberThatTheyKnow()
    {
        var inside = Subject.Neighbor(_topology.Member(PeerKind.Bird).Host);
        var outside = Subject.Neighbor(_topology.Neighbor(PeerKind.Bird).Host);

        Assert.That((inside.GetProperty("localAsn").GetUInt32(), inside.GetProperty("sessionType").GetString()), Is.EqualTo((ConfederationTopology.SubjectAsn, "confederation")));
        Assert.That((outside.GetProperty("localAsn").GetUInt32(), outside.GetProperty("sessionType").GetString()), Is.EqualTo((ConfederationTopology.Id, "ebgp")));
    }

    private static IEnumerable<object[]> MembersOfTwo() =>
        from kind in Members from other in Members where kind != other from family in Enum.GetValues<Family>() select new object[] { kind, other, family };

    private static IEnumerable<object[]> OutwardOfMembers() => from kind in Members from other in Outside from family in Enum.GetValues<Family>() select new object[] { kind, other, family };

    private static IEnumerable<object[]> InwardOfOutside() => from kind in Outside from other in Members from family in Enum.GetValues<Family>() select new object[] { kind, other, family };

    private static Route OfMember(PeerKind kind, Family family) => new(family == Family.IPv4 ? $"198.18.{(int)kind}.0/24" : $"2001:db8:{(int)kind + 1}::/48")
    {
        Origin = "incomplete",
        AsPath = "65201 4200065100",
        Med = 50,
        LocalPref = PeerLimits.Can(kind, PeerNeed.LocalPrefToMembers) ? 250 : null,
        Communities = ["64512:7"],
        LargeCommunities = ["4200000001:1:2"],
    };

    private static Route[] OffersOfMember(PeerKind kind) => [OfMember(kind, Family.IPv4), OfMember(kind, Family.IPv6)];

    private static Route OfOutside(PeerKind kind, Family family) => new(family == Family.IPv4 ? $"198.18.{100 + (int)kind}.0/24" : $"2001:db8:{100 + (int)kind}::/48")
    {
        Med = 60,
        Communities = ["64512:8"],
    };

    private static Route Own(Family family) => new(family == Family.IPv4 ? "203.0.113.0/24" : "2001:db8:200::/48");
}
