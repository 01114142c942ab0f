using Bgp.Protocol;

namespace Bgp.Engine.Tests;

/// <summary>Routes that come into a member of a confederation: RFC 5065 §4 (loops), §5 (faults), §5.2 and §5.3 (path selection).</summary>
internal sealed class ConfederationTests
{
    private const string Block = "10.9.0.0/16";

    // §4: "containing an autonomous system matching its own AS Confederation Identifier SHALL treat the path in the same fashion as if it had received a path containing its own AS number".
    [Test]
    public void Received_ConfederationIdentifierInThePath_IsALoop([Values] SessionType from) =>
        Assert.That(ReasonOf(from, spec => spec.Path = [.. spec.Path, 7, ConfederationRig.Id]), Is.EqualTo(PathReason.AsLoop));

    // §4: "containing an AS_CONFED_SEQUENCE or AS_CONFED_SET that contains its own Member-AS Number SHALL treat the path in the same fashion".
    [TestCase(SessionType.Internal)]
    [TestCase(SessionType.Confederation)]
    public void Received_OwnMemberAsInAConfederationSegment_IsALoop(SessionType from) =>
        Assert.That(ReasonOf(from, spec => spec.MemberPath = [.. spec.MemberPath, 64599, ConfederationRig.Own]), Is.EqualTo(PathReason.AsLoop));

    [Test]
    public void Received_MemberAsNumberOutsideOfConfederationSegments_IsSomebodyElses([Values] SessionType from) =>
        Assert.That(ReasonOf(from, spec => spec.Path = [.. spec.Path, ConfederationRig.Own]), Is.EqualTo(PathReason.None));

    [Test]
    public void Received_ConfederationIdentifierInAConfederationSegment_IsAnotherMemberAs() =>
        Assert.That(ReasonOf(SessionType.Confederation, spec => spec.MemberPath = [.. spec.MemberPath, ConfederationRig.Id]), Is.EqualTo(PathReason.None));

    [Test]
    public void Received_OwnMemberAsAsOftenAsAllowed_IsTaken() =>
        Assert.That(ReasonOf(SessionType.Confederation, spec => spec.MemberPath = [.. spec.MemberPath, ConfederationRig.Own], neighbor => neighbor with { AllowLocalAs = 1 }), Is.EqualTo(PathReason.None));

    // §5: "receive an update message from a confederation peer that is not in the same Member-AS that does not have AS_CONFED_SEQUENCE as the first segment … malformed AS_PATH".
    [TestCase(new uint[] { 65001 })]
    [TestCase(new uint[0])]
    public void Received_FromAnotherMemberWithoutConfederationSequenceInFront_IsTreatedAsWithdraw(uint[] path)
    {
        using var rig = new ConfederationRig();
        rig.Engine.Announce(rig.Members[0], Block);
        rig.Engine.Announce(rig.Members[0], Block, spec =>
        {
            spec.MemberPath = [];
            spec.Path = path;
        });
        rig.Engine.Settle();

        Assert.That(rig.Engine.Routes(), Is.Empty);
        Assert.That(rig.Engine.Faults.Single().Action, Is.EqualTo(UpdateErrorAction.TreatAsWithdraw));
        Assert.That(rig.Engine.Verdicts, Is.Empty);
    }

    // §5: "It is an error … AS_CONFED_SEQUENCE or AS_CONFED_SET segments from a neighbor that is not located in the same confederation".
    [Test]
    public void Received_ConfederationSegmentsFromOutside_IsTreatedAsWithdraw()
    {
        using var rig = new ConfederationRig();
        rig.Engine.Announce(rig.Outside[0], Block);
        rig.Engine.Announce(rig.Outside[0], Block, spec => spec.MemberPath = [64599]);
        rig.Engine.Settle();

        Assert.That(rig.Engine.Routes(), Is.Empty);
        Assert.That(rig.Engine.Faults.Single().Action, Is.EqualTo(UpdateErrorAction.TreatAsWithdraw));
    }

    [TestCase(true, PathReason.FirstAsMismatch)]
    [TestCase(false, PathReason.None)]
    public void Received_AnotherMemberAsThanTheNeighborsInFront_IsIneligibleWhereTheFirstAsIsEnforced(bool enforces, PathReason expected) =>
        Assert.That(ReasonOf(SessionType.Confederation, spec => spec.MemberPath = [64599, 64513], neighbor => neighbor with { EnforceFirstAs = enforces }), Is.EqualTo(expected));

    [Test]
    public void Received_LocalPrefFromAnotherMember_Counts()
    {
        using var rig = new ConfederationRig();
        rig.Engine.Announce(rig.Members[0], Block, spec => spec.LocalPref = 50);
        rig.Engine.Announce(rig.Members[1], Block, spec => spec.LocalPref = 60);
        rig.Engine.Settle();

        Assert.That(rig.Engine.Best(Block).LocalPref, Is.EqualTo(60u));
    }

    [Test]
    public void Received_ReflectionAttributesFromAnotherMember_AreDropped()
    {
        using var rig = new ConfederationRig();
        rig.Engine.Announce(rig.Members[0], Block, spec =>
        {
            spec.OriginatorId = 7;
            spec.ClusterList = [8];
        });
        rig.Engine.Settle();

        var route = rig.Engine.Best(Block);
        Assert.That((route.OriginatorId, route.ClusterList), Is.EqualTo(((RouterId?)null, (System.Collections.Immutable.ImmutableArray<RouterId>?)null)));
    }

    public static IEnumerable<TestCaseData> Choices()
    {
        // §5.3, 3: "When comparing routes using AS_PATH length, CONFED_SEQUENCE and CONFED_SETs SHOULD NOT be counted."
        yield return Choice("Confederation segments have no length", PathReason.LongerAsPath, (3, Path([64513, 64598, 64599], 65001)), (1, Path([], 65001, 7)));

        // §5.3, 4: a route "learned from a peer that is in the same confederation (not necessarily the same Member-AS)" is "internal".
        yield return Choice("External over another member", PathReason.InternalPeer, (11, Path([], 65011)), (3, Path([64513], 65011)));
        yield return Choice("Another member is no external one", PathReason.LongerConfederationPath, (1, Path([], 65011)), (3, Path([64513], 65011)));

        // Of no RFC, and found by simulation, seed 15: what keeps two routers of a confederation from preferring each other's path.
        yield return Choice("Fewer member ASes", PathReason.LongerConfederationPath, (4, Path([64514], 65011)), (3, Path([64513, 64599], 65011)));
        yield return Choice("Another member over the own", PathReason.InternalPeer, (3, Path([64513], 65011)), (1, Path([64513], 65011)));

        // §5.2: MEDs are compared where "the first autonomous systems in the first AS_SEQUENCE in both routes are the same".
        yield return Choice("Med of one neighbor AS behind member ASes", PathReason.HigherMed, (4, Path([64514], 65001, med: 10)), (3, Path([64513, 64599], 65001, med: 20)));
        yield return Choice("Med of two neighbor ASes behind one member AS", PathReason.HigherRouterId, (3, Path([64513, 64599], 65001, med: 20)), (4, Path([64514, 64599], 65002, med: 10)));

        // §5.3, 1: "If the AS_PATH is internal to the local confederation …, consider the neighbor AS to be the local AS."
        yield return Choice("Med within the confederation", PathReason.HigherMed, (4, Path([64514], med: 10)), (1, Path([], med: 20)));
        yield return Choice("Med is not transitive", PathReason.HigherMed, (3, Path([64513], 65001, med: 0)), (1, Path([], 65001, med: 10)), (4, Path([64514], 65002, med: 5)));
    }

    [TestCaseSource(nameof(Choices))]
    public void BestPath_EveryOrderOfArrival_SameWinnerAndReason((int Peer, Action<AttributeSpec> Change)[] paths, PathReason reason)
    {
        foreach (var order in DecisionTests.Permutations(paths.Length))
        {
            using var rig = new ConfederationRig();
            foreach (var at in order)
            {
                rig.Engine.Announce(rig.Engine.Peers[new PeerId(paths[at].Peer)], Block, paths[at].Change);
            }

            rig.Engine.Settle();
            var views = rig.Engine.Routes();
            Assert.Multiple(() =>
            {
                Assert.That(views.Single(view => view.IsBest).Peer.Value, Is.EqualTo(paths[0].Peer), string.Join(',', order));
                Assert.That(views.Single(view => view.Peer.Value == paths[1].Peer).Reason, Is.EqualTo(reason), string.Join(',', order));
            });
        }
    }

    [Test]
    public void BestPath_OwnNumberAllowedAsNeighborAs_IsTheNeighborAsOfLocalPathsToo()
    {
        using var rig = new ConfederationRig(neighbor => neighbor with { AllowLocalAs = 1 });
        rig.Engine.Announce(rig.Inside[0], Block, Path([], ConfederationRig.Id, med: 20));
        rig.Engine.Announce(rig.Members[0], Block, spec =>
        {
            Path([64513], 65001)(spec);
            spec.Med = 5;
        });
        rig.Engine.Announce(rig.Members[1], Block, Path([64514], ConfederationRig.Id, med: 10));
        rig.Engine.Settle();

        Assert.That(rig.Engine.Routes().Single(view => view.Peer == rig.Inside[0].Id).Reason, Is.EqualTo(PathReason.HigherMed));
    }

    // What a router sends on must come nearer with each hop: over the edge of the member AS, or past fewer member ASes.
    [TestCase(3, new uint[] { 64513, 64599 }, 4, new uint[] { 64514, 64598 }, 2)]
    [TestCase(3, new uint[] { 64513 }, 4, new uint[] { 64514, 64598 }, 1)]
    [TestCase(3, new uint[] { 64513 }, 1, new uint[] { 64513 }, 1)]
    [TestCase(1, new uint[] { 64513 }, 2, new uint[] { 64514 }, 2)]
    [TestCase(1, new uint[] { 64513 }, 2, new uint[] { 64514, 64513 }, 1)]
    public void Multipath_PathsWithinTheConfederation_ShareTrafficWhereEquallyFarOverOneKindOfSession(int left, uint[] leftPath, int right, uint[] rightPath, int ways)
    {
        using var rig = new ConfederationRig();
        rig.Engine.Announce(rig.Engine.Peers[new PeerId(left)], Block, Path(leftPath, 65001));
        rig.Engine.Announce(rig.Engine.Peers[new PeerId(right)], Block, Path(rightPath, 65001));
        rig.Engine.Settle();

        Assert.That(rig.Engine.Fib[IpPrefix.Parse(Block)].Hops, Has.Length.EqualTo(ways));
    }

    // RFC 8326 §4.2 is for what comes from another AS: within the confederation LOCAL_PREF says it already.
    [Test]
    public void Received_GracefulShutdownFromAnotherMember_KeepsItsLocalPref()
    {
        using var rig = new ConfederationRig();
        rig.Engine.Announce(rig.Members[0], Block, spec => spec.Communities = [0xFFFF0000]);
        rig.Engine.Settle();

        Assert.That(rig.Engine.Best(Block).LocalPref, Is.EqualTo(100u));
    }

    [Test]
    public void Reload_ConfederationIdentifierChanged_RoutesAreJudgedAgain()
    {
        using var rig = new ConfederationRig();
        rig.Engine.Announce(rig.Inside[0], Block, spec => spec.Path = [7, 64999]);
        rig.Engine.Settle();
        Assert.That(rig.Engine.Routes().Single().Reason, Is.EqualTo(PathReason.None));

        rig.Engine.Config = rig.Engine.Config with { ConfederationId = new Asn(64999) };
        rig.Engine.Configure();
        rig.Engine.Settle();

        Assert.That(rig.Engine.Routes().Single().Reason, Is.EqualTo(PathReason.AsLoop));
    }

    private static PathReason ReasonOf(SessionType from, Action<AttributeSpec> change, Func<NeighborConfig, NeighborConfig>? neighborIs = null)
    {
        using var rig = new ConfederationRig(neighborIs);
        var peer = from switch
        {
            SessionType.Internal => rig.Inside[0],
            SessionType.Confederation => rig.Members[0],
            _ => rig.Outside[0],
        };
        rig.Engine.Announce(peer, Block, change);
        rig.Engine.Settle();
        return rig.Engine.Routes().Single().Reason;
    }

    private static Action<AttributeSpec> Path(uint[] members, uint? first = null, uint? second = null, uint? med = null) => spec =>
    {
        spec.MemberPath = members;
        spec.Path = [.. new[] { first, second }.OfType<uint>()];
        spec.Med = med;
    };

    private static TestCaseData Choice(string name, PathReason reason, params (int Peer, Action<AttributeSpec> Change)[] paths) => new TestCaseData(paths, reason).SetName($"BestPath_{name.Replace(' ', '_')}");
}
