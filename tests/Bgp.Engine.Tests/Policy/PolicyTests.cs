using System.Collections.Immutable;
using Bgp.Protocol;

namespace Bgp.Engine.Tests;

/// <summary>What policies make of routes on their way in and out, through the whole engine.</summary>
internal sealed class PolicyTests
{
    private const string Block = "10.244.1.0/24";
    private const string Other = "10.244.2.0/24";

    private static readonly Community Red = new(64512, 1);
    private static readonly Community Blue = new(64512, 2);

    [Test]
    public void Import_SetsAttributes_ReceivedOnesAreKept()
    {
        using var run = new PolicyRun(import: [Rule(new RouteChanges { LocalPref = 200, Med = 7, AddCommunities = [Red] }, PolicyAction.Accept)]);

        run.Announce(Block, spec => spec.Communities = [Blue.Value]);

        var best = run.Engine.Best(Block);
        var received = run.Engine.Routes(new RouteQuery(AddressFamily.Ipv4Unicast, RouteTable.AdjRibIn) { Peer = run.Source.Id }).Single();
        Assert.Multiple(() =>
        {
            Assert.That(best.LocalPref, Is.EqualTo(200));
            Assert.That(best.Med, Is.EqualTo(7));
            Assert.That(best.Communities, Is.EqualTo(["64512:1", "64512:2"]));
            Assert.That(received.LocalPref, Is.Null);
            Assert.That(received.Communities, Is.EqualTo(["64512:2"]));
        });
    }

    [Test]
    public void Rule_WithoutAction_LaterRulesSeeTheChange()
    {
        using var run = new PolicyRun(import:
        [
            Rule(new RouteChanges { AddCommunities = [Red] }),
            Rule(new RouteMatch { Communities = [CommunityPattern.Exactly(Red)] }, new RouteChanges { LocalPref = 300 }, PolicyAction.Accept),
            Rule(null, PolicyAction.Reject),
        ]);

        run.Announce(Block);

        Assert.That(run.Engine.Best(Block).LocalPref, Is.EqualTo(300));
    }

    [Test]
    public void Rule_Next_LeavesThePolicyForTheNextOne()
    {
        var first = new PolicyConfig("first", [new PolicyRule { Action = PolicyAction.Next }, new PolicyRule { Action = PolicyAction.Reject }]);
        var second = new PolicyConfig("second", [new PolicyRule { Set = new RouteChanges { LocalPref = 5 }, Action = PolicyAction.Accept }]);
        using var run = new PolicyRun(import: [first, second]);

        run.Announce(Block);

        Assert.That(run.Engine.Best(Block).LocalPref, Is.EqualTo(5));
    }

    [Test]
    public void List_EndsWithoutVerdict_RejectsAndKeepsTheRoute()
    {
        using var run = new PolicyRun(import: [Rule(new RouteChanges { LocalPref = 5 })]);

        run.Announce(Block);

        var kept = run.Engine.Routes(new RouteQuery(AddressFamily.Ipv4Unicast, RouteTable.AdjRibIn) { Peer = run.Source.Id }).Single();
        Assert.That((kept.Reason, kept.IsBest), Is.EqualTo((PathReason.RejectedByPolicy, false)));
    }

    [Test]
    public void Import_ChangedByReload_IsAppliedToWhatWasReceived()
    {
        using var run = new PolicyRun(import: [Rule(null, PolicyAction.Reject)]);
        run.Announce(Block);

        run.Reconfigure(run.Source, import: [Rule(new RouteChanges { LocalPref = 250 }, PolicyAction.Accept)]);

        Assert.That(run.Engine.Best(Block).LocalPref, Is.EqualTo(250));
    }

    [Test]
    public void Import_ByPrefix_ChangesOnlyWhatMatches()
    {
        var rule = new PolicyRule
        {
            Prefixes = [new PrefixMatch(PrefixOperator.Equal, IpPrefix.Parse(Block), 24, 24)],
            Set = new RouteChanges { LocalPref = 200 },
            Action = PolicyAction.Accept,
        };
        using var run = new PolicyRun(import: [new PolicyConfig("p", [rule, new PolicyRule { Action = PolicyAction.Accept }])]);

        run.Engine.Announce(run.Source, [IpPrefix.Parse(Block), IpPrefix.Parse(Other)]);
        run.Engine.Settle();

        Assert.That((run.Engine.Best(Block).LocalPref, run.Engine.Best(Other).LocalPref), Is.EqualTo(((uint?)200, (uint?)null)));
    }

    [Test]
    public void Export_SetsMed_LeavesForAnotherAs()
    {
        using var run = new PolicyRun(export: [Rule(new RouteChanges { Med = 50 }, PolicyAction.Accept)]);

        run.Announce(Block, spec => spec.Med = 10);

        Assert.That(run.Target[Block].Med, Is.EqualTo(50));
    }

    [Test]
    public void Export_WithoutMedOfItsOwn_StripsTheReceivedOne()
    {
        using var run = new PolicyRun(export: [Rule(new RouteChanges { AddCommunities = [Red] }, PolicyAction.Accept)]);

        run.Announce(Block, spec => spec.Med = 10);

        Assert.That(run.Target[Block].Med, Is.Null);
    }

    [Test]
    public void Export_Prepends_OwnAsGoesFirst()
    {
        using var run = new PolicyRun(export: [Rule(new RouteChanges { Prepend = [new Asn(1), new Asn(2)] }, PolicyAction.Accept)]);

        run.Announce(Block);

        Assert.That(run.Target[Block].AsPath.ToString(), Is.EqualTo("64512 1 2 65001"));
    }

    [Test]
    public void Export_AddsNoExport_IsAnnouncedWithIt()
    {
        using var run = new PolicyRun(export: [Rule(new RouteChanges { AddCommunities = [Communities.NoExport] }, PolicyAction.Accept)]);

        run.Announce(Block);

        Assert.That(run.Target[Block].Communities.Contains(Communities.NoExport), Is.True);
    }

    [Test]
    public void Export_RemovesCommunities_ByPatternBeforeItAdds()
    {
        using var run = new PolicyRun(export: [Rule(new RouteChanges { RemoveCommunities = [new CommunityPattern(64512u << 16, 0xffff0000)], AddCommunities = [Red] }, PolicyAction.Accept)]);

        run.Announce(Block, spec => spec.Communities = [Blue.Value, new Community(1, 1).Value]);

        Assert.That(run.Target[Block].Communities.Value.ToArray(), Is.EqualTo(new byte[] { 0, 1, 0, 1, 0xfc, 0, 0, 1 }));
    }

    [TestCase(NextHopChangeKind.Self, "10.0.0.1")]
    [TestCase(NextHopChangeKind.Keep, "172.16.0.9")]
    [TestCase(NextHopChangeKind.Address, "10.0.0.77")]
    public void Export_NextHop_IsWhatThePolicySays(NextHopChangeKind kind, string expected)
    {
        var change = new NextHopChange(kind, kind == NextHopChangeKind.Address ? IpAddress.Parse(expected) : default);
        using var run = new PolicyRun(export: [Rule(new RouteChanges { NextHop = change }, PolicyAction.Accept)]);

        run.Announce(Block, spec => spec.NextHop = IpAddress.Parse("172.16.0.9"));

        Assert.That(run.Target[Block].NextHop, Is.EqualTo(IpAddress.Parse(expected)));
    }

    [Test]
    public void Export_From_TellsSourcesApart()
    {
        var match = new RouteMatch { From = new SourceMatch(null, PeerType.Ebgp, null) };
        using var run = new PolicyRun(export: [Rule(match, new RouteChanges { AddCommunities = [Red] }, PolicyAction.Accept), Rule(null, PolicyAction.Accept)]);
        run.Engine.Config = run.Engine.Config with { Networks = [new NetworkConfig(IpPrefix.Parse(Other), false)] };
        run.Engine.Configure();

        run.Announce(Block);

        Assert.That((run.Target[Block].Communities.Count, run.Target[Other].Communities.Count), Is.EqualTo((1, 0)));
    }

    [Test]
    public void Export_To_HoldsForThatNeighborOnly()
    {
        var match = new RouteMatch { To = new TargetMatch(IpAddress.Parse("10.0.0.200"), null) };
        using var run = new PolicyRun(export: [Rule(match, null, PolicyAction.Reject), Rule(null, PolicyAction.Accept)]);

        run.Announce(Block);

        Assert.That(run.Target.Has(Block), Is.True);
    }

    [Test]
    public void Import_To_NeverHolds()
    {
        var match = new RouteMatch { To = new TargetMatch(null, PeerType.Ebgp) };
        using var run = new PolicyRun(import: [Rule(match, null, PolicyAction.Accept)]);

        run.Announce(Block);

        Assert.That(run.Target.Has(Block), Is.False);
    }

    [Test]
    public void Program_OfMoreRulesThanAreRemembered_IsRunToItsEnd()
    {
        var never = Enumerable.Range(0, 100).Select(number => Rule(new RouteMatch { OriginAs = [new Asn(1u + (uint)number)] }, null, PolicyAction.Reject));
        var last = Rule(new RouteMatch { OriginAs = [new Asn(65001)] }, new RouteChanges { LocalPref = 9 }, PolicyAction.Accept);
        using var run = new PolicyRun(import: [.. never, last]);

        run.Announce(Block);

        Assert.That(run.Engine.Best(Block).LocalPref, Is.EqualTo(9));
    }

    [Test]
    public void Prefixes_OfALargeSet_MatchAsOneByOne()
    {
        var tests = Enumerable.Range(0, 50).Select(number => new PrefixMatch(PrefixOperator.In, IpPrefix.Parse($"10.{number}.0.0/16"), 20, 24)).ToImmutableArray();
        var compiled = new PrefixTests(tests);

        string[] candidates = ["10.3.0.0/16", "10.3.0.0/20", "10.3.255.0/24", "10.3.255.0/25", "10.49.1.0/24", "10.50.1.0/24", "0.0.0.0/0"];
        Assert.That(candidates.Select(text => compiled.Matches(IpPrefix.Parse(text))), Is.EqualTo(candidates.Select(text => tests.Any(test => test.Matches(IpPrefix.Parse(text))))));
    }

    [Test]
    public void GracefulShutdown_FromAnotherAs_IsTheLastChoice()
    {
        using var run = new PolicyRun(import: [Rule(new RouteChanges { LocalPref = 200 }, PolicyAction.Accept)]);

        run.Announce(Block, spec => spec.Communities = [Communities.GracefulShutdown.Value]);

        Assert.That(run.Engine.Best(Block).LocalPref, Is.Zero);
    }

    [Test]
    public void Weight_OfImport_DecidesFirstAndDoesNotLeave()
    {
        using var run = new PolicyRun(import: [Rule(new RouteChanges { Weight = 10 }, PolicyAction.Accept)]);
        var better = run.Engine.Add(3, client: true);
        run.Engine.Configure();
        run.Engine.Up(better);
        run.Engine.Announce(better, Block, spec => spec.LocalPref = 500);

        run.Announce(Block);

        var loser = run.Engine.Routes(new RouteQuery(AddressFamily.Ipv4Unicast)).Single(route => !route.IsBest);
        Assert.Multiple(() =>
        {
            Assert.That(run.Engine.Best(Block).Peer, Is.EqualTo(run.Source.Id));
            Assert.That(loser.Reason, Is.EqualTo(PathReason.LowerWeight));
            Assert.That(run.Target[Block].TryGet(AttributeType.None, out _), Is.False);
        });
    }

    [Test]
    public void FibPolicy_Rejects_RouteIsPassedOnButNotInTheKernel()
    {
        using var run = new PolicyRun();
        run.Engine.Config = run.Engine.Config with { FibPolicy = [Rule(new RouteMatch { From = new SourceMatch(null, PeerType.Ibgp, null) }, null, PolicyAction.Accept)] };
        run.Engine.Configure();

        run.Announce(Block);
        Assert.That((run.Target.Has(Block), run.Engine.Fib.ContainsKey(IpPrefix.Parse(Block))), Is.EqualTo((true, false)));
        run.Engine.Config = run.Engine.Config with { FibPolicy = [] };
        run.Engine.Configure();
        run.Engine.Settle();

        Assert.That(run.Engine.Fib.ContainsKey(IpPrefix.Parse(Block)), Is.True);
    }

    [Test]
    public void FibPolicy_RejectsAll_OwnBlackholesStay()
    {
        using var run = new PolicyRun();
        run.Engine.Config = run.Engine.Config with { FibPolicy = [PolicyConfig.RejectAll], Networks = [new NetworkConfig(IpPrefix.Parse(Block), true)] };

        run.Engine.Configure();
        run.Engine.Settle();

        Assert.That(run.Engine.Fib[IpPrefix.Parse(Block)].IsBlackhole, Is.True);
    }

    [Test]
    public void EcmpWeight_OfImport_IsTheShareOfTraffic()
    {
        using var run = new PolicyRun(import: [Rule(new RouteChanges { EcmpWeight = 3 }, PolicyAction.Accept)]);
        run.Engine.Announce(run.Target, Block);

        run.Announce(Block);

        var weights = run.Engine.Fib[IpPrefix.Parse(Block)].Hops.ToDictionary(hop => hop.Gateway, hop => hop.Weight);
        Assert.That((weights[run.Source.Neighbor.Key.Address], weights[run.Target.Neighbor.Key.Address]), Is.EqualTo((3, 1)));
    }

    [Test]
    public void EcmpWeight_Changes_TheKernelHears()
    {
        using var run = new PolicyRun();
        run.Engine.Announce(run.Target, Block);
        run.Announce(Block);

        run.Reconfigure(run.Source, import: [Rule(new RouteChanges { EcmpWeight = 300 }, PolicyAction.Accept)]);

        Assert.That(run.Engine.Fib[IpPrefix.Parse(Block)].Hops.Max(hop => hop.Weight), Is.EqualTo(256));
    }

    [Test]
    public void Network_WithSet_IsAnnouncedWithIt()
    {
        using var run = new PolicyRun();
        run.Engine.Config = run.Engine.Config with { Networks = [new NetworkConfig(IpPrefix.Parse(Block), false, new RouteChanges { Communities = [Red], Med = 3 })] };

        run.Engine.Configure();
        run.Engine.Settle();

        Assert.That((run.Target[Block].Communities.Count, run.Target[Block].Med), Is.EqualTo((1, (uint?)3)));
    }

    [Test]
    public void Neighbors_ParsedSeparately_ShareOneProgram()
    {
        var compiler = new PolicyCompiler();
        using var run = new PolicyRun();

        var programs = Enumerable.Range(0, 100).Select(_ => compiler.Compile(
            [new PolicyConfig("p", [new PolicyRule
            {
                Prefixes = [new PrefixMatch(PrefixOperator.In, IpPrefix.Parse("10.0.0.0/8"), 8, 32)],
                Match = new RouteMatch { Communities = [CommunityPattern.Exactly(Red)], AsPath = Pattern("^1_"), To = new TargetMatch(null, PeerType.Ebgp) },
                Set = new RouteChanges { AddCommunities = [Blue], Prepend = [new Asn(1)] },
                Action = PolicyAction.Accept,
            }])],
            run.Target.Neighbor with { Description = "another" },
            isImport: false,
            requiresPolicy: true));

        Assert.That(programs.Distinct().Count(), Is.EqualTo(1));
    }

    [Test]
    public void Export_OfManySetsAndRules_KeepsNoSetBeyondTheEnd()
    {
        var rules = Enumerable.Range(0, 20).Select(number => Rule(new RouteChanges { AddCommunities = [new Community(1, (ushort)number)] }));
        using var run = new PolicyRun(export: [.. rules, Rule(null, PolicyAction.Accept)]);

        for (uint number = 0; number < 200; number++)
        {
            run.Announce($"10.244.{number}.0/24", spec => spec.Communities = [number]);
        }

        Assert.That(run.Target.Routes, Has.Count.EqualTo(200));
        Assert.That(run.Target["10.244.7.0/24"].Communities.Count, Is.EqualTo(21));
    }

    private static AsPathPattern Pattern(string text) => AsPathPattern.TryParse(text, out var pattern, out var fault) ? pattern : throw new FormatException(fault);

    private static PolicyConfig Rule(RouteChanges? set, PolicyAction action = PolicyAction.Continue) => Rule(null, set, action);

    private static PolicyConfig Rule(RouteMatch? match, RouteChanges? set, PolicyAction action) =>
        new("rule", [new PolicyRule { Match = match, Set = set, Action = action }]);
}
