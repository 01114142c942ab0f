using static Bgp.Interop.Tests.Routes;

namespace Bgp.Interop.Tests;

/// <summary>Routes and sessions between the subject and BIRD 2 on either side.</summary>
[TestFixture(SubjectKind.Bird, SessionType.Ebgp, Family.IPv4)]
[TestFixture(SubjectKind.Bird, SessionType.Ibgp, Family.IPv6)]
[TestFixture(SubjectKind.Daemon, SessionType.Ebgp, Family.IPv4)]
[TestFixture(SubjectKind.Daemon, SessionType.Ebgp, Family.IPv6)]
[TestFixture(SubjectKind.Daemon, SessionType.Ibgp, Family.IPv4)]
[TestFixture(SubjectKind.Daemon, SessionType.Ibgp, Family.IPv6)]
[NonParallelizable]
internal sealed class TransitTests(SubjectKind subject, SessionType type, Family transport)
{
    private TransitTopology _topology = null!;

    private BirdPeer Left => _topology.Left;

    private IPeer Subject => _topology.Subject;

    private BirdPeer Right => _topology.Right;

    [OneTimeSetUp]
    public void Build()
    {
        _topology = new TransitTopology(type);
        _topology.Start(subject, transport);
        Left.Announce(FromLeft(Family.IPv4), FromLeft(Family.IPv6));
        Subject.Announce(Own(Family.IPv4), Own(Family.IPv6));
        _topology.AwaitSessions();
    }

    [OneTimeTearDown]
    public void TearDown() => _topology?.Dispose();

    [Test]
    public void Route_FromPeer_ArrivesIntact([Values] Family family)
    {
        var sent = FromLeft(family);
        var received = Await(sent.Prefix, Subject, Left.Host);

        AssertIntact(received, sent, type == SessionType.Ebgp ? PathBehind(_topology.LeftAsn, sent.AsPath) : sent.AsPath, Left.Host.Address(family));
        Assert.That(received.Med, Is.EqualTo(sent.Med));
    }

    [Test]
    public void Route_FromPeer_IsPassedOnIntact([Values] Family family)
    {
        var sent = FromLeft(family);
        var received = Await(sent.Prefix, Right, Subject.Host);

        // All are on one segment: the next hop stays with the one who has it.
        var path = PathBehind(TransitTopology.SubjectAsn, PathBehind(_topology.LeftAsn, sent.AsPath));
        AssertIntact(received, sent, type == SessionType.Ebgp ? path : sent.AsPath, Left.Host.Address(family));
        // RFC 4271 §5.1.4: a MED from one neighboring AS is not passed on to another.
        Assert.That(received.Med, Is.EqualTo(type == SessionType.Ebgp ? null : sent.Med));
    }

    [Test]
    public void Route_Reflected_CarriesOriginatorAndCluster([Values] Family family)
    {
        var received = Await(FromLeft(family).Prefix, Right, Subject.Host);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(received.OriginatorId, Is.EqualTo(type == SessionType.Ibgp ? Left.Host.IPv4 : null));
            Assert.That(received.ClusterList, Is.EqualTo(type == SessionType.Ibgp ? [Subject.Host.IPv4] : Array.Empty<string>()));
        }
    }

    [Test]
    public void Route_OfTheSubject_ArrivesAtPeers([Values] Family family)
    {
        var sent = Own(family);
        var path = type == SessionType.Ebgp ? $"{TransitTopology.SubjectAsn}" : "";

        AssertIntact(Await(sent.Prefix, Left, Subject.Host), sent with { LocalPref = 100 }, path, Subject.Host.Address(family));
        AssertIntact(Await(sent.Prefix, Right, Subject.Host), sent with { LocalPref = 100 }, path, Subject.Host.Address(family));
    }

    [Test]
    public void Route_WithdrawnByPeer_GoesEverywhere([Values] Family family)
    {
        var extra = new Route(Extra(family));
        Left.Announce(FromLeft(Family.IPv4), FromLeft(Family.IPv6), extra);
        Await(extra.Prefix, Subject, Left.Host);
        Await(extra.Prefix, Right, Subject.Host);

        Left.Announce(FromLeft(Family.IPv4), FromLeft(Family.IPv6));

        AwaitNone(extra.Prefix, Subject, Left.Host);
        AwaitNone(extra.Prefix, Right, Subject.Host);
    }

    [Test]
    public void Route_WithdrawnByTheSubject_GoesEverywhere([Values] Family family)
    {
        var extra = new Route(Extra(family));
        Subject.Announce(Own(Family.IPv4), Own(Family.IPv6), extra);
        Await(extra.Prefix, Left, Subject.Host);
        Await(extra.Prefix, Right, Subject.Host);

        Subject.Announce(Own(Family.IPv4), Own(Family.IPv6));

        AwaitNone(extra.Prefix, Left, Subject.Host);
        AwaitNone(extra.Prefix, Right, Subject.Host);
    }

    [Test]
    public void Refresh_AskedByPeer_BringsRoutesAgain()
    {
        var session = Subject.Incarnation(Left.Host);
        AwaitOwnAt(Left);
        var before = Left.UpdatesReceived(Subject.Host);

        Left.RequestRefresh(Subject.Host);

        Eventually.Get("both routes come again", () => Left.UpdatesReceived(Subject.Host), count => count >= before + 2);
        Assert.That(Subject.Incarnation(Left.Host), Is.EqualTo(session));
    }

    [Test]
    public void Refresh_AskedByTheSubject_BringsRoutesAgain()
    {
        var session = Subject.Incarnation(Left.Host);
        AwaitLeftAtSubject();
        var before = Left.UpdatesSent(Subject.Host);

        Subject.RequestRefresh(Left.Host);

        Eventually.Get("both routes are sent again", () => Left.UpdatesSent(Subject.Host), count => count >= before + 2);
        Assert.That(Subject.Incarnation(Left.Host), Is.EqualTo(session));
        AwaitLeftAtSubject();
    }

    [Test]
    public void Routes_SentAgainUnasked_ChangeNothing()
    {
        var session = Subject.Incarnation(Left.Host);
        AwaitLeftAtSubject();
        var before = Left.UpdatesSent(Subject.Host);

        Left.Resend(Subject.Host);

        Eventually.Get("both routes are sent again", () => Left.UpdatesSent(Subject.Host), count => count >= before + 2);
        AwaitLeftAtSubject();
        Assert.That(Subject.Incarnation(Left.Host), Is.EqualTo(session));
    }

    [Test]
    public void Session_ResetByPeer_ComesBackWithItsRoutes()
    {
        var before = Subject.Incarnation(Left.Host);

        Left.Reset(Subject.Host);

        Eventually.Get("another session", () => Subject.Incarnation(Left.Host), now => now != before);
        _topology.AwaitSession(Left);
        Assert.That(Subject.LastError(Left.Host), Does.Contain("Administrative Reset").IgnoreCase);
        AwaitLeftAtSubject();
        AwaitOwnAt(Left);
    }

    [Test]
    public void Session_ResetByTheSubject_ComesBackWithItsRoutes()
    {
        var before = Left.Incarnation(Subject.Host);

        Subject.Reset(Left.Host);

        Eventually.Get("another session", () => Left.Incarnation(Subject.Host), now => now != before);
        _topology.AwaitSession(Left);
        Assert.That(Left.LastError(Subject.Host), Does.Contain("Administrative Reset").IgnoreCase);
        AwaitLeftAtSubject();
        AwaitOwnAt(Left);
    }

    private static Route FromLeft(Family family) => new(family == Family.IPv4 ? "198.51.100.0/24" : "2001:db8:100::/48")
    {
        Origin = "incomplete",
        AsPath = "65101 65100 65100",
        Med = 50,
        LocalPref = 250,
        Communities = ["64512:7", "1:2"],
        LargeCommunities = ["4200000001:1:2", "64512:0:4294967295"],
        ExtendedCommunities = ["rt:64512:9", "soo:64512:10"],
    };

    private static Route Own(Family family) => new(family == Family.IPv4 ? "203.0.113.0/24" : "2001:db8:200::/48");

    private static string Extra(Family family) => family == Family.IPv4 ? "192.0.2.128/25" : "2001:db8:300::/47";

    private static string PathBehind(uint asn, string path) => $"{asn} {path}".Trim();

    private void AwaitLeftAtSubject()
    {
        Await(FromLeft(Family.IPv4).Prefix, Subject, Left.Host);
        Await(FromLeft(Family.IPv6).Prefix, Subject, Left.Host);
    }

    private void AwaitOwnAt(BirdPeer peer)
    {
        Await(Own(Family.IPv4).Prefix, peer, Subject.Host);
        Await(Own(Family.IPv6).Prefix, peer, Subject.Host);
    }

    /// <summary>All but MED, which has its own rule. Communities are sets: their order means nothing (RFC 1997, RFC 4360, RFC 8092).</summary>
    private void AssertIntact(Route received, Route sent, string path, string nextHop)
    {
        using (Assert.EnterMultipleScope())
        {
            Assert.That(received.Origin, Is.EqualTo(sent.Origin));
            Assert.That(received.AsPath, Is.EqualTo(path));
            Assert.That(received.NextHop, Is.EqualTo(nextHop));
            Assert.That(received.Communities, Is.EquivalentTo(sent.Communities));
            Assert.That(received.LargeCommunities, Is.EquivalentTo(sent.LargeCommunities));
            Assert.That(received.ExtendedCommunities, Is.EquivalentTo(sent.ExtendedCommunities));
            if (type == SessionType.Ibgp)
            {
                Assert.That(received.LocalPref, Is.EqualTo(sent.LocalPref));
            }
        }
    }
}
