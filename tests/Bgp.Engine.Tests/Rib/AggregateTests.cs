using Bgp.Protocol;

namespace Bgp.Engine.Tests;

/// <summary>Aggregates (RFC 4271 §9.2.2.2): there while a more specific best route contributes, with their own attributes, and alone where they are to be.</summary>
internal sealed class AggregateTests
{
    private const string Sum = "10.244.0.0/16";
    private const string First = "10.244.1.0/24";
    private const string Second = "10.244.2.0/24";

    [Test]
    public void Aggregate_FirstContributorComesAndLastOneGoes_ComesAndGoes()
    {
        using var engine = Up(out var source, out var other, new AggregateConfig(IpPrefix.Parse(Sum)));
        Assert.That(other.Has(Sum), Is.False);

        engine.Announce(source, First);
        engine.Announce(source, Second);
        engine.Settle();
        Assert.That((other.Has(Sum), other.Has(First), other.Has(Second)), Is.EqualTo((true, true, true)));

        engine.Withdraw(source, First);
        engine.Settle();
        Assert.That(other.Has(Sum), Is.True);

        engine.Withdraw(source, Second);
        engine.Settle();
        Assert.That((other.Routes.Count, engine.Routes().Count, engine.Engine.AttributeSets), Is.EqualTo((0, 0, 0)));
    }

    [Test]
    public void Aggregate_Announced_HasAnEmptyPathWithAtomicAggregateAndAggregator()
    {
        using var engine = Up(out var source, out var other, new AggregateConfig(IpPrefix.Parse(Sum)));

        engine.Announce(source, First, spec => (spec.Path, spec.Communities, spec.Med) = ([65001, 65009], [0xFC000001], 7));
        engine.Settle();

        var route = other[Sum];
        Assert.That(
            (route.AsPath.ToString(), route.AtomicAggregate, route.Aggregator?.Asn, route.Aggregator?.Address.ToString(), route.Origin, route.Communities.Count, route.Med, route.NextHop),
            Is.EqualTo(("", true, (Asn?)EngineHarness.LocalAsn, "10.0.0.1", Origin.Igp, 0, (uint?)null, EngineHarness.LocalAddress)));
    }

    [TestCase(Origin.Igp, Origin.Igp, Origin.Igp)]
    [TestCase(Origin.Igp, Origin.Egp, Origin.Egp)]
    [TestCase(Origin.Incomplete, Origin.Egp, Origin.Incomplete)]
    public void Aggregate_ContributorsOfSeveralOrigins_HasTheWorst(Origin first, Origin second, Origin expected)
    {
        using var engine = Up(out var source, out var other, new AggregateConfig(IpPrefix.Parse(Sum)));

        engine.Announce(source, First, spec => spec.Origin = first);
        engine.Announce(source, Second, spec => spec.Origin = second);
        engine.Settle();
        Assert.That(other[Sum].Origin, Is.EqualTo(expected));

        engine.Withdraw(source, Second);
        engine.Settle();
        Assert.That(other[Sum].Origin, Is.EqualTo(first));
    }

    [Test]
    public void Aggregate_AttributesOfContributorsChange_IsNotAnnouncedAgain()
    {
        using var engine = Up(out var source, out var other, new AggregateConfig(IpPrefix.Parse(Sum)));
        engine.Announce(source, First);
        engine.Settle();

        for (uint med = 1; med < 10; med++)
        {
            engine.Announce(source, First, spec => (spec.Med, spec.Path) = (med, [65001, 65000 + med]));
            engine.Announce(source, Second, spec => spec.Med = med);
            engine.Settle();
        }

        Assert.That(other.Log.Count(word => word.EndsWith(Sum, StringComparison.Ordinal)), Is.EqualTo(1));
    }

    [Test]
    public void Aggregate_OwnNetworkWithin_Contributes()
    {
        using var engine = Up(out _, out var other, new AggregateConfig(IpPrefix.Parse(Sum)), config => config with { Networks = [new NetworkConfig(IpPrefix.Parse(First), Blackhole: false)] });

        Assert.That(other.Has(Sum), Is.True);
    }

    [Test]
    public void Aggregate_OnlyItsOwnPrefixIsKnown_IsNotOriginated()
    {
        using var engine = Up(out var source, out var other, new AggregateConfig(IpPrefix.Parse(Sum)));

        engine.Announce(source, Sum);
        engine.Settle();

        Assert.That((engine.Best(Sum).Source, other[Sum].AtomicAggregate), Is.EqualTo((RouteSource.External, false)));
    }

    [Test]
    public void Aggregate_ContributorsNextHopIsNotReached_IsNotOriginated()
    {
        using var engine = Up(out var source, out var other, new AggregateConfig(IpPrefix.Parse(Sum)));

        engine.Announce(source, First, spec => spec.NextHop = IpAddress.Parse("198.51.100.1"));
        engine.Settle();

        Assert.That(other.Has(Sum), Is.False);
    }

    [Test]
    public void Aggregate_WithinAnother_NeitherContributesNorIsSuppressed()
    {
        using var engine = Up(
            out var source,
            out var other,
            new AggregateConfig(IpPrefix.Parse("10.0.0.0/8")) { SummaryOnly = true, Policy = Only(IpPrefix.Parse("10.244.0.0/16"), 0, 24) },
            config => config with { Aggregates = config.Aggregates.Add(new AggregateConfig(IpPrefix.Parse(Sum))) });

        engine.Announce(source, "10.244.1.128/25");
        engine.Settle();

        Assert.That(other.Routes.Keys.Select(prefix => prefix.ToString()), Is.EqualTo(new[] { Sum, "10.244.1.128/25" }));
    }

    [Test]
    public void Aggregate_SessionsEnd_GoesWithTheLastRoute()
    {
        using var engine = Up(out var source, out var other, new AggregateConfig(IpPrefix.Parse(Sum)));
        engine.Announce(source, [.. Enumerable.Range(0, 200).Select(number => new IpPrefix(IpAddress.V4(0x0af40000 + ((uint)number << 8)), 24))]);
        engine.Settle();
        Assert.That(other.Routes, Has.Count.EqualTo(201));

        engine.Down(source);
        engine.Settle();

        Assert.That((other.Routes.Count, engine.Fib.Count), Is.EqualTo((0, 0)));
    }

    [Test]
    public void Policy_AcceptsSome_OnlyThoseContributeAndAreSuppressed()
    {
        using var engine = Up(out var source, out var other, new AggregateConfig(IpPrefix.Parse(Sum)) { SummaryOnly = true, Policy = Only(IpPrefix.Parse(First), 24, 32) });

        engine.Announce(source, Second);
        engine.Settle();
        Assert.That((other.Has(Sum), other.Has(Second)), Is.EqualTo((false, true)));

        engine.Announce(source, First);
        engine.Settle();
        Assert.That((other.Has(Sum), other.Has(Second), other.Has(First)), Is.EqualTo((true, true, false)));
    }

    [Test]
    public void Policy_ThatSets_DecidesAndChangesNothing()
    {
        var policy = new PolicyConfig("p", [new PolicyRule { Set = new RouteChanges { Med = 9, Origin = Origin.Incomplete }, Action = PolicyAction.Accept }]);
        using var engine = Up(out var source, out var other, new AggregateConfig(IpPrefix.Parse(Sum)) { Policy = policy });

        engine.Announce(source, First);
        engine.Settle();

        Assert.That((other[Sum].Med, other[Sum].Origin, other[First].Med), Is.EqualTo(((uint?)null, Origin.Igp, (uint?)null)));
    }

    [Test]
    public void SummaryOnly_Contributors_AreInTheKernelAndSayWhatSuppressesThem()
    {
        using var engine = Up(out var source, out var other, new AggregateConfig(IpPrefix.Parse(Sum)) { SummaryOnly = true });
        engine.Announce(source, First);
        engine.Settle();

        var sent = engine.Routes(new RouteQuery(AddressFamily.Ipv4Unicast, RouteTable.AdjRibOut) { Peer = other.Id });
        using (Assert.EnterMultipleScope())
        {
            Assert.That(sent.Select(route => route.Prefix.ToString()), Is.EqualTo(new[] { Sum }));
            Assert.That(engine.Best(First).SuppressedBy, Is.EqualTo(IpPrefix.Parse(Sum)));
            Assert.That(engine.Best(Sum).SuppressedBy, Is.Null);
            Assert.That(engine.Fib.Keys.Select(prefix => prefix.ToString()), Is.EqualTo(new[] { Sum, First }));
            Assert.That(engine.Fib[IpPrefix.Parse(Sum)].IsBlackhole, Is.True);
        }
    }

    [Test]
    public void SummaryOnly_NeighborWithAddPath_IsSentNoPathOfAContributor()
    {
        using var engine = new EngineHarness();
        engine.Config = engine.Config with { Aggregates = [new AggregateConfig(IpPrefix.Parse(Sum)) { SummaryOnly = true }] };
        var (left, right) = (engine.Add(1, external: true), engine.Add(2, external: true));
        var other = engine.Add(3, change: neighbor => neighbor with { Families = [neighbor.Families[0] with { AddPathSend = 4 }] });
        other.ToPeer = other.ToPeer with { Flags = other.ToPeer.Flags | CodecFlags.AddPathIpv4 };
        Start(engine);

        engine.Announce(left, First);
        engine.Announce(right, First);
        engine.Settle();

        Assert.That(other.Paths.Keys.Select(path => path.Prefix.ToString()), Is.EqualTo(new[] { Sum }));
    }

    [Test]
    public void SummaryOnly_RouteServersClient_IsNotSentContributors()
    {
        using var engine = new EngineHarness();
        engine.Config = engine.Config with { Aggregates = [new AggregateConfig(IpPrefix.Parse(Sum)) { SummaryOnly = true }] };
        var source = engine.Add(1, external: true);
        var other = engine.Add(2, external: true, change: neighbor => neighbor with { RouteServerClient = true });
        Start(engine);

        engine.Announce(source, First);
        engine.Settle();

        Assert.That(other.Routes.Keys.Select(prefix => prefix.ToString()), Is.EqualTo(new[] { Sum }));
    }

    [Test]
    public void Network_OfTheSamePrefix_GoesFirstAndLeavesTheAggregateBehind()
    {
        using var engine = Up(
            out var source, out var other, new AggregateConfig(IpPrefix.Parse(Sum)), config => config with { Networks = [new NetworkConfig(IpPrefix.Parse(Sum), Blackhole: false)] });
        engine.Announce(source, First);
        engine.Settle();
        Assert.That((other[Sum].AtomicAggregate, engine.Fib.ContainsKey(IpPrefix.Parse(Sum))), Is.EqualTo((false, false)));

        Reload(engine, config => config with { Networks = [] });
        Assert.That((other[Sum].AtomicAggregate, engine.Fib.ContainsKey(IpPrefix.Parse(Sum))), Is.EqualTo((true, true)));

        Reload(engine, config => config with { Networks = [new NetworkConfig(IpPrefix.Parse(Sum), Blackhole: true)], Aggregates = [] });
        Assert.That((other[Sum].AtomicAggregate, engine.Fib.ContainsKey(IpPrefix.Parse(Sum))), Is.EqualTo((false, true)));
    }

    [Test]
    public void Aggregate_CoversTheNextHopOfItsContributor_LeadsNowhere()
    {
        // Behind the kernel's 172.16.0.0/12: were the aggregate's blackhole to lead to the next hop, its only contributor would lose it, and have it again.
        using var engine = Up(out var source, out var other, new AggregateConfig(IpPrefix.Parse("172.20.0.0/16")));

        engine.Announce(source, "172.20.1.0/24", spec => spec.NextHop = IpAddress.Parse("172.20.1.1"));
        engine.Settle();

        Assert.That((other.Has("172.20.0.0/16"), engine.Best("172.20.1.0/24").Through), Is.EqualTo((true, (IpPrefix?)null)));
    }

    [Test]
    public void Reload_AddedOverRoutesThatAreThere_ComesAndGoesAgain()
    {
        using var engine = Up(out var source, out var other, new AggregateConfig(IpPrefix.Parse("192.0.2.0/24")));
        engine.Announce(source, First);
        engine.Settle();

        Reload(engine, config => config with { Aggregates = [new AggregateConfig(IpPrefix.Parse(Sum)) { SummaryOnly = true }] });
        Assert.That(other.Routes.Keys.Select(prefix => prefix.ToString()), Is.EqualTo(new[] { Sum }));

        Reload(engine, config => config with { Aggregates = [] });
        Assert.That(other.Routes.Keys.Select(prefix => prefix.ToString()), Is.EqualTo(new[] { First }));

        Reload(engine, config => config with { Aggregates = [new AggregateConfig(IpPrefix.Parse(Sum))] });
        Assert.That(other.Routes.Keys.Select(prefix => prefix.ToString()), Is.EqualTo(new[] { Sum, First }));
    }

    [Test]
    public void Reload_SummaryOnlyChanged_ContributorsAreAnnouncedOrNot([Values] bool isAlone)
    {
        using var engine = Up(out var source, out var other, new AggregateConfig(IpPrefix.Parse(Sum)) { SummaryOnly = !isAlone });
        engine.Announce(source, First);
        engine.Settle();
        other.Log.Clear();

        Reload(engine, config => config with { Aggregates = [new AggregateConfig(IpPrefix.Parse(Sum)) { SummaryOnly = isAlone }] });

        Assert.That((other.Has(First), string.Join(", ", other.Log)), Is.EqualTo((!isAlone, $"{(isAlone ? "withdraw" : "announce")} {First}")));
    }

    [Test]
    public void Reload_PolicyForOtherContributors_DoesNotWithdrawTheAggregateInBetween()
    {
        using var engine = Up(
            out var source, out var other, new AggregateConfig(IpPrefix.Parse(Sum)) { Policy = Only(IpPrefix.Parse(First), 24, 32) }, limits: new EngineLimits { DestinationsPerStep = 1 });
        engine.Announce(source, First);
        engine.Announce(source, Second);
        engine.Settle();
        other.Log.Clear();

        Reload(engine, config => config with { Aggregates = [new AggregateConfig(IpPrefix.Parse(Sum)) { Policy = Only(IpPrefix.Parse(Second), 24, 32) }] });
        Assert.That((other.Has(Sum), other.Log.Count), Is.EqualTo((true, 0)));

        engine.Withdraw(source, Second);
        engine.Settle();
        Assert.That(other.Has(Sum), Is.False);
    }

    [Test]
    public void Reload_RemovedAndAddedWhileItsWalkIsUnderWay_CountsEachContributorOnce()
    {
        using var engine = Up(out var source, out var other, new AggregateConfig(IpPrefix.Parse(Sum)) { SummaryOnly = true }, limits: new EngineLimits { DestinationsPerStep = 1 });
        var prefixes = Enumerable.Range(0, 20).Select(number => new IpPrefix(IpAddress.V4(0x0af40000 + ((uint)number << 8)), 24)).ToArray();
        engine.Announce(source, prefixes);
        engine.Settle();

        engine.Config = engine.Config with { Aggregates = [] };
        engine.Configure();
        engine.Work(steps: 8);
        engine.Config = engine.Config with { Aggregates = [new AggregateConfig(IpPrefix.Parse(Sum)) { SummaryOnly = true }] };
        engine.Configure();
        engine.Work(steps: 3);
        engine.Settle();
        Assert.That(other.Routes.Keys.Select(prefix => prefix.ToString()), Is.EqualTo(new[] { Sum }));

        engine.Withdraw(source, [.. prefixes.Select(prefix => prefix.ToString())]);
        engine.Settle();
        Assert.That((other.Routes.Count, engine.Routes().Count), Is.EqualTo((0, 0)));
    }

    [Test]
    public void Reload_RouterIdChanged_TheAggregatorIsTheNewOne()
    {
        using var engine = Up(out var source, out var other, new AggregateConfig(IpPrefix.Parse(Sum)));
        engine.Announce(source, First);
        engine.Settle();

        Reload(engine, config => config with { RouterId = new RouterId(0x0a000009) });

        Assert.That(other[Sum].Aggregator?.Address.ToString(), Is.EqualTo("10.0.0.9"));
    }

    [Test]
    public void Work_AggregateOfEverything_StaysWithinTheBoundOfAStep()
    {
        using var engine = Up(out var source, out var other, new AggregateConfig(IpPrefix.Parse("192.0.2.0/24")), limits: new EngineLimits { DestinationsPerStep = 4 });
        engine.Announce(source, [.. Enumerable.Range(0, 100).Select(number => new IpPrefix(IpAddress.V4(0x0af40000 + ((uint)number << 8)), 24))]);
        engine.Settle();

        Reload(engine, config => config with { Aggregates = [new AggregateConfig(IpPrefix.Parse("0.0.0.0/0")) { SummaryOnly = true }] });
        engine.Down(source);
        engine.Settle();

        Assert.That((other.Routes.Count, engine.Engine.BusiestStep <= engine.Engine.StepBound), Is.EqualTo((0, true)));
    }

    private static PolicyConfig Only(IpPrefix prefix, byte least, byte most) =>
        new("only", [new PolicyRule { Prefixes = [new PrefixMatch(PrefixOperator.In, prefix, least, most)], Action = PolicyAction.Accept }]);

    private static EngineHarness Up(
        out TestPeer source, out TestPeer other, AggregateConfig aggregate, Func<SpeakerConfig, SpeakerConfig>? change = null, EngineLimits? limits = null)
    {
        var engine = new EngineHarness(limits);
        engine.Config = engine.Config with { Aggregates = [aggregate] };
        engine.Config = change?.Invoke(engine.Config) ?? engine.Config;
        source = engine.Add(1, external: true);
        other = engine.Add(2);
        Start(engine);
        return engine;
    }

    private static void Start(EngineHarness engine)
    {
        engine.Configure();
        foreach (var peer in engine.Peers.Values)
        {
            engine.Up(peer);
        }

        engine.Settle();
    }

    private static void Reload(EngineHarness engine, Func<SpeakerConfig, SpeakerConfig> change)
    {
        engine.Config = change(engine.Config);
        engine.Configure();
        engine.Settle();
    }
}
