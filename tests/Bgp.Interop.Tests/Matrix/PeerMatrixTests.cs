using System.Globalization;

namespace Bgp.Interop.Tests;

/// <summary>
/// Settings of a session that both sides have to agree on, with each peer: every session has a key, TTL security, a role, long messages and enhanced
/// refresh as far as the peer can. We are the provider. What must not come up is made by a reload on our side, for one neighbor, and taken back: the next
/// test of that peer begins with its session up again.
/// </summary>
[NonParallelizable]
internal sealed class PeerMatrixTests
{
    private const string Prefix = "198.51.100.0/24";
    private const string Own = "203.0.113.0/25";
    private const string OwnLong = "203.0.113.128/25";

    /// <summary>How many routes the peers take of us. As many more as they get at first stand ready to break it.</summary>
    private const int PeersLimit = 10;

    private const string Sections = """
        policies:
          few: [{match: {prefix: {notIn: 198.19.0.0/16}}, action: accept}]
        """;

    private static readonly PeerKind[] Kinds = Enum.GetValues<PeerKind>();

    private readonly MatrixTopology _topology = new();

    private DaemonPeer Subject => _topology.Subject;

    [OneTimeSetUp]
    public void Build()
    {
        _topology.Start(Family.IPv4, Kinds, AtPeer, AtSubject, sections: Sections);
        Subject.Announce([new Route(Own), Long(OwnLong), .. Enumerable.Range(0, PeersLimit).Select(number => new Route($"198.19.{number}.0/24"))]);
    }

    [OneTimeTearDown]
    public void TearDown() => _topology.Dispose();

    [Test]
    public void Password_Wrong_NothingIsTakenUntilItIsRight([PeersThat(PeerNeed.Md5)] PeerKind kind)
    {
        var peer = Up(kind);
        Assert.That(Subject.Neighbor(peer.Host).GetProperty("md5").GetBoolean(), Is.True);

        AssertDownWhile(
            kind, session => session with { Password = "wrong" }, Refusals(() => Subject.Host.TcpCounter("TCPMD5Failure") + peer.Host.TcpCounter("TCPMD5Failure")));
    }

    [Test]
    public void TtlSecurity_OnBothSides_SessionIsUp([PeersThat(PeerNeed.SendTtl255)] PeerKind kind) =>
        Assert.That(Subject.IsEstablished(Up(kind).Host), Is.True);

    [Test]
    public void TtlSecurity_OursOff_PeerTakesNothing([PeersThat(PeerNeed.CheckTtl)] PeerKind kind)
    {
        var peer = Up(kind);

        AssertDownWhile(kind, session => session with { TtlSecurity = false }, Refusals(() => peer.Host.TcpCounter("TCPMinTTLDrop")));
    }

    [Test]
    public void ExtendedMessage_FromPeer_Arrives([PeersThat(PeerNeed.SendExtendedMessage)] PeerKind kind)
    {
        var peer = Up(kind);

        peer.Announce(Long(Prefix));

        var received = Routes.Await(Prefix, Subject, peer.Host);
        peer.Announce();
        Assert.That(received.LargeCommunities, Is.EquivalentTo(Long(Prefix).LargeCommunities));
        Routes.AwaitNone(Prefix, Subject, peer.Host);
    }

    [Test]
    public void ExtendedMessage_ToPeer_Arrives([PeersThat(PeerNeed.ReceiveExtendedMessage)] PeerKind kind) =>
        // BIRD's command cuts long lists.
        Assert.That(
            Routes.Await(OwnLong, Up(kind), Subject.Host).LargeCommunities,
            kind == PeerKind.Bird ? Is.Not.Empty.And.SubsetOf(Long(OwnLong).LargeCommunities) : Is.EquivalentTo(Long(OwnLong).LargeCommunities));

    /// <summary>RFC 8654 §5: a route that needs a longer message than the peer takes is not sent, and the session stays.</summary>
    [Test]
    public void ExtendedMessage_PeerTakesNone_OnlyThatRouteIsMissing([Values(PeerKind.GoBgp, PeerKind.OpenBgpd)] PeerKind kind)
    {
        var peer = Up(kind);
        Routes.Await(Own, peer, Subject.Host);

        Assert.That(peer.Received(OwnLong, Subject.Host), Is.Null);
    }

    [Test]
    public void Refresh_AskedByPeer_IsBetweenDemarcations([PeersThat(PeerNeed.HearDemarcation)] PeerKind kind)
    {
        var peer = Up(kind);
        Routes.Await(Own, peer, Subject.Host);
        var before = peer.DemarcationsReceived(Subject.Host);

        peer.RequestRefresh(Subject.Host);

        Eventually.Get("BoRR and EoRR of both families", () => peer.DemarcationsReceived(Subject.Host), count => count >= before + 4);
        Assert.That(peer.Received(Own, Subject.Host), Is.Not.Null);
        AssertOffered(kind, "enhanced-route-refresh");
    }

    [Test]
    public void Refresh_AskedByTheSubject_IsBetweenDemarcations([PeersThat(PeerNeed.SendDemarcation)] PeerKind kind)
    {
        var peer = Up(kind);
        peer.Announce(new Route(Prefix));
        Routes.Await(Prefix, Subject, peer.Host);
        var before = peer.DemarcationsSent(Subject.Host);

        Subject.RequestRefresh(peer.Host);

        Eventually.Get("BoRR and EoRR of both families", () => peer.DemarcationsSent(Subject.Host), count => count >= before + 4);
        Assert.That(Subject.Received(Prefix, peer.Host), Is.Not.Null);
    }

    [Test]
    public void Role_Provider_RoutesToTheCustomerAreMarked([PeersThat(PeerNeed.Role)] PeerKind kind)
    {
        AssertOffered(kind, "role");

        Assert.That(Routes.Await(Own, Up(kind), Subject.Host).OnlyToCustomer, Is.EqualTo(MatrixTopology.SubjectAsn));
    }

    [Test]
    public void Role_BothCustomers_EachSideRefuses([PeersThat(PeerNeed.Role)] PeerKind kind)
    {
        var peer = Up(kind);

        AssertDownWhile(kind, session => session with { Role = SessionRole.Customer }, () => Eventually.Get(
            "the reason", () => Subject.LastError(peer.Host), error => error?.Contains("Role Mismatch", StringComparison.OrdinalIgnoreCase) ?? false));
    }

    [Test]
    public void MaxPrefixes_OursPassed_PeerHearsTheReason([PeersThat(PeerNeed.HearMaxPrefixes)] PeerKind kind)
    {
        var peer = Up(kind);
        Subject.Change(peer.Host, session => session with { MaxPrefixes = 1 });
        var before = peer.NotificationsFrom(Subject.Host).Count;

        peer.Announce(new Route(Prefix), new Route("192.0.2.0/24"));

        var heard = AwaitNotification(peer, Subject.Host, before);
        Assert.That(heard, Does.Contain("prefix").IgnoreCase);
        Assert.That(Subject.Neighbor(peer.Host).GetProperty("state").GetString(), Is.EqualTo("Idle"));
        peer.Announce();
        Subject.Change(peer.Host, session => session with { MaxPrefixes = null });
        Subject.Reset(peer.Host);
        peer.Retry(Subject.Host);
    }

    [Test]
    public void MaxPrefixes_OfPeerPassed_WeHearTheReason([PeersThat(PeerNeed.MaxPrefixes)] PeerKind kind)
    {
        var peer = Up(kind);
        var before = Subject.NotificationsFrom(peer.Host).Count;

        Subject.Change(peer.Host, session => session with { Options = [] });

        var heard = AwaitNotification(Subject, peer.Host, before);
        Subject.Change(peer.Host, session => session with { Options = Few });
        peer.Retry(Subject.Host);
        Assert.That(heard, Does.Contain("prefixes").IgnoreCase);
    }

    [Test]
    public void Shutdown_WithMessage_PeerShowsIt([PeersThat(PeerNeed.HearShutdownMessage)] PeerKind kind)
    {
        var peer = Up(kind);
        var before = peer.NotificationsFrom(Subject.Host).Count;

        Subject.Disable(peer.Host, "back at noon");

        AwaitNotification(peer, Subject.Host, before);
        var shown = peer.ShutdownMessage(Subject.Host);
        Subject.Enable(peer.Host);
        peer.Retry(Subject.Host);
        Assert.That(shown, Does.Contain("back at noon"));
    }

    [Test]
    public void Shutdown_OfPeerWithMessage_WeShowIt([PeersThat(PeerNeed.SendShutdownMessage)] PeerKind kind)
    {
        var peer = Up(kind);
        var before = Subject.NotificationsFrom(peer.Host).Count;

        peer.Disable(Subject.Host, "back at noon");

        var heard = AwaitNotification(Subject, peer.Host, before);
        var error = Subject.LastError(peer.Host);
        peer.Retry(Subject.Host);
        Assert.That(heard, Does.Contain("Administrative Shutdown").IgnoreCase.And.Contain("back at noon"));
        Assert.That(error, Does.Contain("back at noon"));
    }

    private static string[] Few => ["exportPolicy: [few]"];

    private static Session AtPeer(PeerKind kind, Session session) => session with
    {
        Password = PeerLimits.Can(kind, PeerNeed.Md5) ? "secret" : null,
        TtlSecurity = PeerLimits.Can(kind, PeerNeed.SendTtl255),
        ExtendedMessages = true,
        EnhancedRefresh = true,
        Role = PeerLimits.Can(kind, PeerNeed.Role) ? SessionRole.Customer : null,
        MaxPrefixes = PeersLimit,
    };

    private static Session AtSubject(PeerKind kind, Session session) => session with
    {
        Password = PeerLimits.Can(kind, PeerNeed.Md5) ? "secret" : null,
        TtlSecurity = PeerLimits.Can(kind, PeerNeed.SendTtl255),
        Role = PeerLimits.Can(kind, PeerNeed.Role) ? SessionRole.Provider : null,
        Options = Few,
    };

    /// <summary>A route whose attributes alone take 4,800 octets.</summary>
    private static Route Long(string prefix) =>
        new(prefix) { LargeCommunities = [.. Enumerable.Range(1, 400).Select(number => string.Create(CultureInfo.InvariantCulture, $"64512:{number}:7"))] };

    private static string AwaitNotification(IPeer at, Host from, int before) => Eventually.Get(
        $"a NOTIFICATION from {from.Name} at {at.Host.Name}", () => at.NotificationsFrom(from), all => all.Count > before)[before];

    private IMeasuredPeer Up(PeerKind kind)
    {
        _topology.AwaitSession(kind);
        return _topology[kind];
    }

    private void AssertOffered(PeerKind kind, string capability) => Assert.That(
        Subject.Neighbor(Up(kind).Host).GetProperty("capabilities").EnumerateArray().Select(item => item.GetString()), Has.Some.StartsWith(capability));

    /// <summary>With other settings of ours the session ends and does not come up; the old ones are put back.</summary>
    private void AssertDownWhile(PeerKind kind, Func<Session, Session> change, Action awaitRefusal)
    {
        var peer = _topology[kind];
        Subject.Change(peer.Host, change);
        Eventually.Holds("the session ends", () => !Subject.IsEstablished(peer.Host));
        peer.Retry(Subject.Host);
        awaitRefusal();

        // What is sent as soon as the connection is there may come before the peer (GoBGP) has set its check: then one side alone takes the session for established.
        Assert.That(Subject.IsEstablished(peer.Host) && peer.IsEstablished(Subject.Host), Is.False);

        Subject.Change(peer.Host, _ => AtSubject(kind, new Session(peer.Host, MatrixTopology.AsnOf(kind), Family.IPv4)));
        peer.Retry(Subject.Host);
    }

    /// <summary>Waits until a count has grown since now.</summary>
    private static Action Refusals(Func<int> count)
    {
        var before = count();
        return () => Eventually.Get("refused packets", count, now => now > before);
    }
}
