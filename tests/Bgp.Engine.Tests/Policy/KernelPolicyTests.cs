using Bgp.Protocol;

namespace Bgp.Engine.Tests;

/// <summary>What policies make of a route in our kernel: its metric, and whether it is dropped.</summary>
[TestFixture]
internal sealed class KernelPolicyTests
{
    private static readonly IpPrefix Block = IpPrefix.Parse("10.244.1.0/24");
    private static readonly Forwarding Way = FibRig.Via("10.0.0.101");

    private EngineHarness _engine = null!;
    private TestPeer _source = null!;
    private TestPeer _target = null!;

    [SetUp]
    public void SetUp()
    {
        _engine = new EngineHarness();
        _source = _engine.Add(1, external: true);
        _target = _engine.Add(2);
        Configure();
        _engine.Up(_source);
        _engine.Up(_target);
    }

    [TearDown]
    public void TearDown() => _engine.Dispose();

    [Test]
    public void KernelMetric_SetOnImport_IsTheRoutesOwnAndStaysHere()
    {
        Import(new RouteChanges { KernelMetric = 50 });
        Announce();

        using (Assert.EnterMultipleScope())
        {
            Assert.That((_engine.Fib[Block], _engine.FibMetrics[Block]), Is.EqualTo((Way, 50u)));
            Assert.That(new PathAttributes(_target.Routes[Block]).TryGet(AttributeType.None, out _), Is.False);
        }
    }

    [Test]
    public void KernelMetric_SetByTheFibPolicy_GoesBeforeImports()
    {
        Import(new RouteChanges { KernelMetric = 50 });
        Announce();

        _engine.Config = _engine.Config with { FibPolicy = [Rule(new RouteMatch { KernelMetric = new ValueRange(50, 50) }, new RouteChanges { KernelMetric = 60 })] };
        Configure();

        Assert.That(_engine.FibMetrics[Block], Is.EqualTo(60u));
    }

    [TestCase(null, 2147483547u)]
    [TestCase(100u, 2147483547u)]
    [TestCase(0u, 2147483647u)]
    [TestCase(2147482623u, 1024u)]
    [TestCase(2147483646u, 1u)]
    [TestCase(4294967295u, 1u)]
    public void MetricFromLocalPref_AnyLocalPref_IsItsComplementAndNeverZero(uint? localPref, uint metric)
    {
        _engine.Config = _engine.Config with { Fib = _engine.Config.Fib with { MetricFromLocalPref = true } };
        Import(new RouteChanges { LocalPref = localPref });
        Announce();

        Assert.That(_engine.FibMetrics[Block], Is.EqualTo(metric));
    }

    [Test]
    public void MetricFromLocalPref_SwitchedByAReload_EveryRouteIsToldAnew()
    {
        Announce();
        var before = _engine.FibMetrics[Block];

        _engine.Config = _engine.Config with { Fib = _engine.Config.Fib with { MetricFromLocalPref = true } };
        Configure();

        Assert.That((before, _engine.FibMetrics[Block]), Is.EqualTo((0u, 2147483547u)));
    }

    [Test]
    public void MetricFromLocalPref_PolicySetsOne_ThePolicyWins()
    {
        _engine.Config = _engine.Config with { Fib = _engine.Config.Fib with { MetricFromLocalPref = true } };
        Import(new RouteChanges { LocalPref = 300, KernelMetric = 5 });
        Announce();

        Assert.That(_engine.FibMetrics[Block], Is.EqualTo(5u));
    }

    [Test]
    public void Blackhole_CommunityWithoutAPolicy_ActsOnNothing([Values(0xFFFF029Au, 0xFFFFFF04u)] uint blackholeOrNoPeer)
    {
        Announce(blackholeOrNoPeer);

        Assert.That((_engine.Fib[Block], _target.Routes.ContainsKey(Block)), Is.EqualTo((Way, true)));
    }

    [Test]
    public void Blackhole_PermittedOnImport_TheKernelDropsItAlsoWithoutAWayToTheNextHop()
    {
        Assert.That(CommunityPattern.TryParse("BLACKHOLE", out var blackhole), Is.True);
        _source.Neighbor = _source.Neighbor with
        {
            Families = [_source.Neighbor.Families[0] with { ImportPolicy = [Rule(new RouteMatch { Communities = [blackhole] }, new RouteChanges { Blackhole = true }), PolicyConfig.AcceptAll] }],
        };
        Configure();

        _engine.Announce(_source, "10.244.1.0/24", spec => (spec.NextHop, spec.Communities) = (IpAddress.Parse("192.0.2.1"), [0xFFFF029A]));
        _engine.Announce(_source, "10.244.2.0/24", spec => spec.NextHop = IpAddress.Parse("192.0.2.1"));
        _engine.Settle();

        Assert.That((_engine.Fib.Keys.Single(), _engine.Fib[Block].IsBlackhole), Is.EqualTo((Block, true)));
    }

    [Test]
    public void Blackhole_SetByTheFibPolicy_TheKernelDropsItAndOthersAreToldAsBefore()
    {
        Announce();

        _engine.Config = _engine.Config with { FibPolicy = [Rule(new RouteMatch(), new RouteChanges { Blackhole = true })] };
        Configure();

        Assert.That((_engine.Fib[Block].IsBlackhole, _target.Routes.ContainsKey(Block)), Is.EqualTo((true, true)));
    }

    [Test]
    public void Network_WithAMetricOfItsOwn_ItsBlackholeHasIt()
    {
        _engine.Config = _engine.Config with { Networks = [new NetworkConfig(Block, Blackhole: true, new RouteChanges { KernelMetric = 9 })] };
        Configure();

        Assert.That((_engine.Fib[Block].IsBlackhole, _engine.FibMetrics[Block]), Is.EqualTo((true, 9u)));
    }

    private void Import(RouteChanges changes)
    {
        _source.Neighbor = _source.Neighbor with { Families = [_source.Neighbor.Families[0] with { ImportPolicy = [Rule(new RouteMatch(), changes)] }] };
        Configure();
    }

    private void Announce(params uint[] communities)
    {
        _engine.Announce(_source, "10.244.1.0/24", spec => spec.Communities = communities);
        _engine.Settle();
    }

    private void Configure()
    {
        _engine.Configure();
        _engine.Settle();
    }

    private static PolicyConfig Rule(RouteMatch match, RouteChanges changes) => new("p", [new PolicyRule { Match = match, Set = changes, Action = PolicyAction.Accept }]);
}
