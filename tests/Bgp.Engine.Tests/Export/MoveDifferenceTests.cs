using Bgp.Protocol;

namespace Bgp.Engine.Tests;

/// <summary>Members that a reload moves to another update group are sent the difference and nothing else, however they move and whatever happens meanwhile.</summary>
internal sealed class MoveDifferenceTests
{
    private const int Routes = 50;

    private static readonly List<IpPrefix> Prefixes = GroupTests.Many(Routes);
    private static readonly string Last = Prefixes[^1].ToString();

    [Test]
    public void Move_WholeGroup_EachMemberIsSentTheDifferenceOnly()
    {
        using var engine = Started(out _, out var members);

        SetPolicy(members, Rejecting(Last));
        engine.Configure();
        engine.Settle();

        Assert.That(members.Select(member => member.Log), Is.All.EqualTo(new[] { $"withdraw {Last}" }));
    }

    [Test]
    public void Move_OneMemberOfThree_IsSentTheDifferenceAndTheOthersNothing()
    {
        using var engine = Started(out _, out var members);

        SetPolicy(members[..1], Marking(Last));
        engine.Configure();
        engine.Settle();

        Assert.That(members.Select(member => string.Join(',', member.Log)), Is.EqualTo(new[] { $"announce {Last}", "", "" }));
        Assert.That(members[0][Last].Med, Is.EqualTo(77));
    }

    [Test]
    public void Move_IntoAGroupThatOthersAreIn_IsSentTheDifferenceOnly()
    {
        using var engine = Started(out _, out var members);
        SetPolicy(members[..1], Rejecting(Last));
        engine.Configure();
        engine.Settle();
        Clear(members);

        SetPolicy(members[..1], PolicyConfig.AcceptAll);
        engine.Configure();
        engine.Settle();

        Assert.That(members.Select(member => string.Join(',', member.Log)), Is.EqualTo(new[] { $"announce {Last}", "", "" }));
    }

    [Test]
    public void Move_PolicyThatMakesNoDifference_SendsNothing()
    {
        using var engine = Started(out _, out var members);

        SetPolicy(members, Rejecting("203.0.113.0/24"));
        engine.Configure();
        engine.Settle();

        Assert.That(members.SelectMany(member => member.Log), Is.Empty);
    }

    // The group that is left changes under the walk's feet, before the walk has come there: the last word counts, whichever group said it.
    [Test]
    public void Move_RoutesChangeMeanwhile_MembersHaveWhatTheyShould([Range(0, 15)] int stepsBefore, [Values] bool leavesOne)
    {
        using var engine = Started(out var source, out var members);
        var movers = leavesOne ? members[1..] : members;
        SetPolicy(movers, Marking(Last));
        engine.Configure();

        engine.Work(stepsBefore);
        engine.Announce(source, [.. Prefixes.Where((_, at) => at % 3 == 0)], spec => spec.LocalPref = 50);
        engine.Withdraw(source, [.. Prefixes.Where((_, at) => at % 7 == 0).Select(prefix => prefix.ToString())]);
        engine.Work(1);
        engine.Announce(source, [Prefixes[0], Prefixes[7]]);
        engine.Settle();

        Assert.Multiple(() =>
        {
            foreach (var member in members)
            {
                Assert.That(member.Routes.Keys, Is.EqualTo(Prefixes.Where((_, at) => at is 0 or 7 || at % 7 != 0)));
                Assert.That(Prefixes.Where(prefix => member.Has(prefix.ToString())).Select(prefix => member[prefix.ToString()].LocalPref), Is.EqualTo(ExpectedPreferences()));
                Assert.That(member.Has(Last) && member[Last].Med == 77, Is.EqualTo(movers.Contains(member) && member.Has(Last)));
            }
        });
    }

    [Test]
    public void Move_AgainBeforeTheFirstIsOver_MembersHaveWhatTheyShould([Range(0, 15)] int stepsBefore)
    {
        using var engine = Started(out _, out var members);
        SetPolicy(members, Rejecting(Last));
        engine.Configure();
        engine.Work(stepsBefore);
        SetPolicy(members, Rejecting(Prefixes[0].ToString()));
        engine.Configure();
        engine.Settle();

        Assert.That(members.Select(member => member.Routes.Keys), Is.All.EqualTo(Prefixes.Skip(1)));
    }

    [Test]
    public void Move_OneMemberDoesNotRead_TheOthersAreToldNonetheless()
    {
        using var engine = Started(out _, out var members, new EngineLimits { DestinationsPerStep = 4, WalkAheadBytes = 1 });
        SetPolicy(members, MarkingAll());
        engine.Configure();

        bool moved;
        do
        {
            moved = engine.Work(int.MaxValue);
            moved = members[1..].Aggregate(moved, (any, member) => engine.Read(member, int.MaxValue) || any);
        }
        while (moved);

        Assert.That(members.Select(member => member.Routes.Values.Count(set => new PathAttributes(set).Med == 77)), Is.EqualTo(new[] { 0, Routes, Routes }));
        engine.Settle();
        Assert.That(members[0].Routes.Values.Select(set => new PathAttributes(set).Med), Is.All.EqualTo(77));
    }

    [Test]
    public void Move_WithAddPath_KeepsIdentifiersAndSendsTheDifferenceOnly()
    {
        using var engine = new EngineHarness(new EngineLimits { DestinationsPerStep = 4 });
        TestPeer[] sources = [engine.Add(1, client: true), engine.Add(2, client: true)];
        TestPeer[] members = [engine.Add(3, client: true, change: WithPaths), engine.Add(4, client: true, change: WithPaths)];
        foreach (var member in members)
        {
            member.ToPeer = new CodecProfile(CodecFlags.FourOctetAs | CodecFlags.AddPathIpv4, BgpConstants.MaxMessageLength);
        }

        engine.Configure();
        foreach (var peer in engine.Peers.Values)
        {
            engine.Up(peer);
        }

        // The worse path comes first, so that it has the lower identifier.
        engine.Announce(sources[0], Prefixes, spec => spec.LocalPref = 50);
        engine.Settle();
        engine.Announce(sources[1], Prefixes);
        engine.Settle();
        Clear(members);

        SetPolicy(members[..1], Rejecting(Last));
        engine.Configure();
        engine.Settle();

        Assert.That(members.Select(member => string.Join(',', member.Log.Order())), Is.EqualTo(new[] { $"withdraw {Last} 1,withdraw {Last} 2", "" }));
    }

    private static NeighborConfig WithPaths(NeighborConfig neighbor) =>
        neighbor with { Families = [.. neighbor.Families.Select(family => family with { AddPathSend = 4 })] };

    private static IEnumerable<uint?> ExpectedPreferences() =>
        Enumerable.Range(0, Routes).Where(at => at is 0 or 7 || at % 7 != 0).Select(at => (uint?)(at % 3 == 0 && at != 0 ? 50 : 100));

    private static EngineHarness Started(out TestPeer source, out TestPeer[] members, EngineLimits? limits = null)
    {
        var engine = new EngineHarness(limits ?? new EngineLimits { DestinationsPerStep = 4 });
        source = engine.Add(1, client: true);
        members = [engine.Add(2, client: true), engine.Add(3, client: true), engine.Add(4, client: true)];
        SetPolicy(members, PolicyConfig.AcceptAll);
        engine.Configure();
        foreach (var peer in engine.Peers.Values)
        {
            engine.Up(peer);
        }

        engine.Announce(source, Prefixes);
        engine.Settle();
        Clear(members);
        return engine;
    }

    private static void Clear(TestPeer[] members)
    {
        foreach (var member in members)
        {
            member.Log.Clear();
        }
    }

    private static void SetPolicy(TestPeer[] members, PolicyConfig policy)
    {
        foreach (var member in members)
        {
            member.Neighbor = member.Neighbor with { Families = [.. member.Neighbor.Families.Select(family => family with { ExportPolicy = [policy] })] };
        }
    }

    private static PolicyConfig Rejecting(string prefix) => new("rejecting", [new PolicyRule { Prefixes = [Only(prefix)], Action = PolicyAction.Reject }, Accept]);

    private static PolicyConfig Marking(string prefix) => new("marking", [new PolicyRule { Prefixes = [Only(prefix)], Set = new RouteChanges { Med = 77 } }, Accept]);

    private static PolicyConfig MarkingAll() => new("marking-all", [new PolicyRule { Set = new RouteChanges { Med = 77 }, Action = PolicyAction.Accept }]);

    private static PolicyRule Accept => new() { Action = PolicyAction.Accept };

    private static PrefixMatch Only(string prefix) => new(PrefixOperator.Equal, IpPrefix.Parse(prefix), 0, 32);
}
