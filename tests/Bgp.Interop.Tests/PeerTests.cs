namespace Bgp.Interop.Tests;

/// <summary>Routes and sessions between the subject and FRR, GoBGP, OpenBGPD and ExaBGP. BIRD has <see cref="TransitTests"/>.</summary>
[TestFixture(SubjectKind.Daemon, SessionType.Ebgp, Family.IPv4)]
[TestFixture(SubjectKind.Daemon, SessionType.Ibgp, Family.IPv6)]
[NonParallelizable]
internal sealed class PeerTests(SubjectKind subject, SessionType type, Family transport)
{
    private static readonly PeerKind[] Kinds = [PeerKind.Frr, PeerKind.GoBgp, PeerKind.OpenBgpd, PeerKind.ExaBgp];

    private readonly StarTopology _topology = new(type);

    private IPeer Subject => _topology.Subject;

    private BirdPeer Source => _topology.Source;

    private bool IsInternal => type == SessionType.Ibgp;

    [OneTimeSetUp]
    public void Build()
    {
        _topology.Start(subject, transport, Kinds);
        Source.Announce(Offer(PeerKind.Bird, Family.IPv4), Offer(PeerKind.Bird, Family.IPv6));
        Subject.Announce(Own(Family.IPv4), Own(Family.IPv6));
        foreach (var kind in Kinds)
        {
            _topology[kind].Announce(Offers(kind));
        }
    }

    [OneTimeTearDown]
    public void TearDown() => _topology.Dispose();

    [Test]
    public void Route_FromPeer_ArrivesIntact([ValueSource(nameof(Kinds))] PeerKind kind, [Values] Family family)
    {
        var sent = Offer(kind, family);

        var received = Routes.Await(sent.Prefix, Subject, _topology[kind].Host);

        Routes.AssertSame(received, sent with
        {
            AsPath = PathBehind(_topology.AsnOf(kind), sent.AsPath),
            NextHop = NextHopOf(kind, family),
            LocalPref = IsInternal ? sent.LocalPref : received.LocalPref,
        });
    }

    [Test]
    public void Route_FromPeer_IsPassedOnIntact([ValueSource(nameof(Kinds))] PeerKind kind, [Values] Family family)
    {
        var sent = Offer(kind, family);

        var received = Routes.Await(sent.Prefix, Source, Subject.Host);

        Routes.AssertSame(received, PassedOn(sent, _topology.AsnOf(kind), _topology[kind].Host, received) with { NextHop = NextHopOf(kind, family) });
    }

    [Test]
    public void Route_OfAnother_ArrivesIntactAtPeer([ValueSource(nameof(Kinds))] PeerKind kind, [Values] Family family)
    {
        var sent = Offer(PeerKind.Bird, family);

        var received = Routes.Await(sent.Prefix, _topology[kind], Subject.Host);

        Routes.AssertSame(received, PassedOn(sent, _topology.SourceAsn, Source.Host, received));
    }

    [Test]
    public void Route_OfTheSubject_ArrivesAtPeer([ValueSource(nameof(Kinds))] PeerKind kind, [Values] Family family)
    {
        var received = Routes.Await(Own(family).Prefix, _topology[kind], Subject.Host);

        Routes.AssertSame(received, Own(family) with
        {
            AsPath = PathBehind(StarTopology.SubjectAsn, ""),
            NextHop = Subject.Host.Address(family),
            LocalPref = IsInternal ? 100 : received.LocalPref,
        });
    }

    [Test]
    public void Route_WithdrawnByPeer_GoesEverywhere([ValueSource(nameof(Kinds))] PeerKind kind, [Values] Family family)
    {
        var extra = new Route(Prefix(kind, family, 'e'));
        var peer = _topology[kind];
        peer.Announce([.. Offers(kind), extra]);
        var line = Eventually.Get($"{extra.Prefix} in the kernel", () => InKernel(extra), text => text.Length > 0);
        Routes.Await(extra.Prefix, Source, Subject.Host);

        peer.Announce(Offers(kind));

        Routes.AwaitNone(extra.Prefix, Subject, peer.Host);
        Routes.AwaitNone(extra.Prefix, Source, Subject.Host);
        Eventually.Get($"no {extra.Prefix} in the kernel", () => InKernel(extra), text => text.Length == 0);
        Assert.That(line, Does.Contain($"{NextHopOf(kind, family)} dev eth0"));
    }

    [Test]
    public void Route_WithdrawnByTheSubject_GoesAtPeer([ValueSource(nameof(Kinds))] PeerKind kind, [Values] Family family)
    {
        var extra = new Route(Prefix(kind, family, 'f'));
        Subject.Announce(Own(Family.IPv4), Own(Family.IPv6), extra);
        Routes.Await(extra.Prefix, _topology[kind], Subject.Host);

        Subject.Announce(Own(Family.IPv4), Own(Family.IPv6));

        Routes.AwaitNone(extra.Prefix, _topology[kind], Subject.Host);
    }

    [Test]
    public void Refresh_AskedByPeer_BringsRoutesAgain([ValueSource(nameof(AskRefresh))] PeerKind kind)
    {
        var peer = _topology[kind];
        AwaitRoutes(kind);
        var session = Subject.Incarnation(peer.Host);
        var before = peer.UpdatesReceived(Subject.Host);

        peer.RequestRefresh(Subject.Host);

        Eventually.Get("routes of both families come again", () => peer.UpdatesReceived(Subject.Host), count => count >= before + 2);
        Assert.That(Subject.Incarnation(peer.Host), Is.EqualTo(session));
    }

    [Test]
    public void Refresh_AskedByTheSubject_BringsRoutesAgain([ValueSource(nameof(AnswerRefresh))] PeerKind kind)
    {
        var peer = _topology[kind];
        AwaitRoutes(kind);
        var session = Subject.Incarnation(peer.Host);
        var before = peer.UpdatesSent(Subject.Host);

        Subject.RequestRefresh(peer.Host);

        Eventually.Get("routes of both families are sent again", () => peer.UpdatesSent(Subject.Host), count => count >= before + 2);
        AwaitRoutes(kind);
        Assert.That(Subject.Incarnation(peer.Host), Is.EqualTo(session));
    }

    [Test]
    public void Refresh_AskedByTheSubject_IsHeard([ValueSource(nameof(CountRefresh))] PeerKind kind)
    {
        var peer = _topology[kind];
        AwaitRoutes(kind);
        var session = Subject.Incarnation(peer.Host);
        var before = peer.RefreshesReceived(Subject.Host);

        Subject.RequestRefresh(peer.Host);

        Eventually.Get("a request for each family", () => peer.RefreshesReceived(Subject.Host), count => count >= before + 2);
        Assert.That(Subject.Incarnation(peer.Host), Is.EqualTo(session));
    }

    [Test]
    public void Session_ResetByPeer_ComesBackWithItsRoutes([ValueSource(nameof(Kinds))] PeerKind kind)
    {
        var peer = _topology[kind];
        AwaitRoutes(kind);
        var before = Subject.NotificationsFrom(peer.Host).Count;

        peer.Reset(Subject.Host);

        var heard = AwaitNotification(Subject, peer.Host, before);
        _topology.AwaitSession(peer);
        AwaitRoutes(kind);
        Assert.That(heard, Does.Contain("Administrative Reset").IgnoreCase);
    }

    [Test]
    public void Session_ResetByTheSubject_ComesBackWithItsRoutes([ValueSource(nameof(Kinds))] PeerKind kind)
    {
        var peer = _topology[kind];
        AwaitRoutes(kind);
        var before = peer.NotificationsFrom(Subject.Host).Count;

        Subject.Reset(peer.Host);

        var heard = AwaitNotification(peer, Subject.Host, before);
        _topology.AwaitSession(peer);
        AwaitRoutes(kind);
        Assert.That(heard, Does.Contain("Administrative Reset").IgnoreCase);
    }

    private static IEnumerable<PeerKind> AskRefresh() => Kinds.Where(kind => PeerLimits.Can(kind, PeerNeed.AskRefresh));

    private static IEnumerable<PeerKind> AnswerRefresh() => Kinds.Where(kind => PeerLimits.Can(kind, PeerNeed.AnswerRefresh));

    private static IEnumerable<PeerKind> CountRefresh() => Kinds.Where(kind => PeerLimits.Can(kind, PeerNeed.CountRefresh));

    private static string AwaitNotification(IPeer at, Host from, int before) => Eventually.Get(
        $"a NOTIFICATION from {from.Name} at {at.Host.Name}", () => at.NotificationsFrom(from), all => all.Count > before)[before];

    /// <summary>A prefix of its own for each peer and purpose.</summary>
    private static string Prefix(PeerKind kind, Family family, char purpose) =>
        family == Family.IPv4 ? $"198.18.{((int)kind << 4) + purpose % 16}.0/24" : $"2001:db8:{(int)kind + 1}{purpose}::/48";

    /// <summary>The route with everything on it that a peer of this kind can set.</summary>
    private Route Offer(PeerKind kind, Family family)
    {
        var hasClusterList = IsInternal && PeerLimits.Can(kind, PeerNeed.ClusterList);
        return new Route(Prefix(kind, family, 'a'))
        {
            Origin = "incomplete",
            AsPath = PeerLimits.Can(kind, PeerNeed.AsPath) ? "65101 4200065100 4200065100" : "",
            Med = 50,
            LocalPref = 250,
            Communities = ["64512:7", "1:2"],
            LargeCommunities = ["4200000001:1:2", "64512:0:4294967295"],
            ExtendedCommunities = PeerLimits.Can(kind, PeerNeed.ExtendedCommunities) ? ["rt:64512:9", "soo:64512:10"] : [],
            OriginatorId = hasClusterList ? "192.0.2.9" : null,
            ClusterList = hasClusterList ? ["192.0.2.7", "192.0.2.8"] : [],
        };
    }

    private Route[] Offers(PeerKind kind) => [Offer(kind, Family.IPv4), Offer(kind, Family.IPv6)];

    private static Route Own(Family family) => new(family == Family.IPv4 ? "203.0.113.0/24" : "2001:db8:200::/48");

    private string PathBehind(uint asn, string path) => IsInternal ? path : $"{asn} {path}".Trim();

    /// <summary>
    /// What the subject makes of a route. All are on one segment: the next hop stays with the one who has it. A MED from one neighboring AS is not
    /// passed on to another (RFC 4271 §5.1.4); LOCAL_PREF goes to internal peers only, what an external peer shows is its own.
    /// </summary>
    private Route PassedOn(Route sent, uint asn, Host from, Route received) => sent with
    {
        AsPath = PathBehind(StarTopology.SubjectAsn, PathBehind(asn, sent.AsPath)),
        NextHop = from.Address(sent.Family),
        Med = IsInternal ? sent.Med : null,
        LocalPref = IsInternal ? sent.LocalPref : received.LocalPref,
        OriginatorId = IsInternal ? sent.OriginatorId ?? from.IPv4 : null,
        ClusterList = IsInternal ? [Subject.Host.IPv4, .. sent.ClusterList] : [],
    };

    private string NextHopOf(PeerKind kind, Family family) => _topology[kind].Host.Address(family);

    private void AwaitRoutes(PeerKind kind)
    {
        foreach (var family in Enum.GetValues<Family>())
        {
            Routes.Await(Offer(kind, family).Prefix, Subject, _topology[kind].Host);
            Routes.Await(Own(family).Prefix, _topology[kind], Subject.Host);
            Routes.Await(Offer(PeerKind.Bird, family).Prefix, _topology[kind], Subject.Host);
        }
    }

    private string InKernel(Route route) => Subject.Host.Namespace.Ip(
        route.Family == Family.IPv4 ? "-4" : "-6", "route", "show", "proto", "bgp", route.Prefix).Trim();
}
