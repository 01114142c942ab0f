namespace Bgp.Interop.Tests;

/// <summary>Several paths of a prefix from BIRD 2 to the subject and from the subject to BIRD 2 (RFC 7911).</summary>
[TestFixture(SubjectKind.Bird, Family.IPv4)]
[TestFixture(SubjectKind.Daemon, Family.IPv4)]
[TestFixture(SubjectKind.Daemon, Family.IPv6)]
[NonParallelizable]
internal sealed class AddPathTests(SubjectKind kind, Family transport)
{
    private AddPathTopology _topology = null!;

    private IPathPeer Subject => _topology.Subject;

    private BirdPeer Receiver => _topology.Receiver;

    [OneTimeSetUp]
    public void Build()
    {
        _topology = new AddPathTopology();
        _topology.Start(kind, transport);
        _topology.AwaitSessions();
    }

    [OneTimeTearDown]
    public void TearDown() => _topology?.Dispose();

    [SetUp]
    public void AnnounceBoth()
    {
        _topology.First.Announce(FromFirst(Family.IPv4), FromFirst(Family.IPv6));
        _topology.Second.Announce(FromSecond(Family.IPv4), FromSecond(Family.IPv6));
    }

    [Test]
    public void Paths_FromBird_AllArriveIntact([Values] Family family)
    {
        var paths = Await(Subject, _topology.Hub.Host, family, 2);

        AssertPaths(paths, family, [_topology.Hub.Host.IPv4]);
    }

    [Test]
    public void Paths_ToBird_AllArriveIntact([Values] Family family)
    {
        var paths = Await(Receiver, Subject.Host, family, 2);

        AssertPaths(paths, family, [Subject.Host.IPv4, _topology.Hub.Host.IPv4]);
    }

    [Test]
    public void Path_WithdrawnByItsOriginator_OnlyThatOneGoes([Values] Family family)
    {
        Await(Receiver, Subject.Host, family, 2);

        _topology.First.Announce();

        Assert.That(Await(Subject, _topology.Hub.Host, family, 1).Single().Med, Is.EqualTo(FromSecond(family).Med));
        Assert.That(Await(Receiver, Subject.Host, family, 1).Single().Med, Is.EqualTo(FromSecond(family).Med));
    }

    [Test]
    public void Path_ChangesItsAttributes_ReplacesItself([Values] Family family)
    {
        Await(Receiver, Subject.Host, family, 2);

        _topology.Second.Announce(FromSecond(family) with { Med = 99 });

        var paths = Eventually.Get("the changed path", () => Receiver.ReceivedPaths(Prefix(family), Subject.Host), paths => paths.Any(path => path.Med == 99));
        Assert.That(paths.Select(path => path.Med), Is.EquivalentTo(new[] { FromFirst(family).Med, 99u }));
    }

    [Test]
    public void Refresh_AskedByPeer_BringsAllPathsAgain()
    {
        foreach (var family in Enum.GetValues<Family>())
        {
            Await(Receiver, Subject.Host, family, 2);
        }

        var before = Receiver.UpdatesReceived(Subject.Host);

        Receiver.RequestRefresh(Subject.Host);

        Eventually.Get("four paths come again", () => Receiver.UpdatesReceived(Subject.Host), count => count >= before + 4);
        AssertPaths(Await(Receiver, Subject.Host, Family.IPv4, 2), Family.IPv4, [Subject.Host.IPv4, _topology.Hub.Host.IPv4]);
    }

    [Test]
    public void Session_ResetByPeer_AllPathsComeBack()
    {
        var before = Subject.Incarnation(Receiver.Host);

        Receiver.Reset(Subject.Host);

        Eventually.Get("another session", () => Subject.Incarnation(Receiver.Host), now => now != before);
        _topology.AwaitSessions();
        if (Subject is DaemonPeer daemon)
        {
            var directions = daemon.Neighbor(Receiver.Host).GetProperty("families").EnumerateArray().Select(family => family.GetProperty("addPaths").GetString());
            Assert.That(directions, Is.EqualTo(new[] { "both", "both" }));
        }

        foreach (var family in Enum.GetValues<Family>())
        {
            AssertPaths(Await(Receiver, Subject.Host, family, 2), family, [Subject.Host.IPv4, _topology.Hub.Host.IPv4]);
        }
    }

    private static string Prefix(Family family) => family == Family.IPv4 ? "198.51.100.0/24" : "2001:db8:100::/48";

    private static Route FromFirst(Family family) => new(Prefix(family)) { AsPath = "65101", Origin = "igp", Med = 10, LocalPref = 200, Communities = ["64512:1"] };

    private static Route FromSecond(Family family) => new(Prefix(family)) { AsPath = "65102 65103", Origin = "incomplete", Med = 20, LocalPref = 100, Communities = ["64512:2"] };

    private static IReadOnlyList<Route> Await(IPathPeer at, Host from, Family family, int count) =>
        Eventually.Get($"{count} paths of {Prefix(family)} at {at.Host.Name}", () => at.ReceivedPaths(Prefix(family), from), paths => paths.Count == count);

    private void AssertPaths(IReadOnlyList<Route> received, Family family, string[] clusters)
    {
        (Route Sent, Host Origin)[] expected = [(FromFirst(family), _topology.First.Host), (FromSecond(family), _topology.Second.Host)];
        using (Assert.EnterMultipleScope())
        {
            foreach (var (sent, origin) in expected)
            {
                var path = received.SingleOrDefault(path => path.Med == sent.Med);
                Assert.That(
                    (path?.AsPath, path?.Origin, path?.LocalPref, path?.NextHop, path?.OriginatorId),
                    Is.EqualTo((sent.AsPath, sent.Origin, sent.LocalPref, origin.Address(family), origin.IPv4)));
                Assert.That(path?.Communities, Is.EqualTo(sent.Communities));
                Assert.That(path?.ClusterList, Is.EqualTo(clusters));
            }
        }
    }
}
