using Bgp.Protocol;

namespace Bgp.Engine.Tests;

/// <summary>Static routes are in the kernel while their gateways are reached, lead to next hops, and go out to nobody.</summary>
[TestFixture]
internal sealed class StaticRouteTests
{
    private static readonly IpPrefix Block = IpPrefix.Parse("198.51.100.0/24");

    private EngineHarness _engine = null!;
    private TestPeer _source = null!;
    private TestPeer _other = null!;

    [SetUp]
    public void SetUp()
    {
        _engine = new EngineHarness();
        _source = _engine.Add(1, external: true);
        _other = _engine.Add(2, external: true);
        _engine.Configure();
        _engine.Up(_source);
        _engine.Up(_other);
        _engine.Settle();
    }

    [TearDown]
    public void TearDown() => _engine.Dispose();

    [Test]
    public void Static_ViaAConnectedGateway_IsInTheKernelAndNotAnnounced()
    {
        Routes("198.51.100.0/24 10.0.0.9");

        using (Assert.EnterMultipleScope())
        {
            Assert.That(_engine.Fib, Is.EqualTo(new Dictionary<IpPrefix, Forwarding> { [Block] = FibRig.Via("10.0.0.9") }));
            Assert.That(_source.Routes, Is.Empty);
            Assert.That(Unreached, Is.Empty);
        }
    }

    [Test]
    public void Static_TwoGateways_ShareTheTraffic()
    {
        Routes("198.51.100.0/24 10.0.0.9", "198.51.100.0/24 10.0.0.8", "198.51.100.0/24 192.0.2.1");

        Assert.That(_engine.Fib[Block], Is.EqualTo(FibRig.Via(("10.0.0.8", 2), ("10.0.0.9", 2))));
    }

    [Test]
    public void Static_GatewayIsNotReached_IsNotInstalledAndTheReasonIsShownUntilItIs()
    {
        Routes("198.51.100.0/24 192.0.2.1");
        var (before, reason) = (_engine.Fib.Count, Unreached.Single());

        _engine.Apply(new EngineInput(EngineInputKind.Kernel) { Kernel = new KernelUpdate { Routes = [Route("192.0.2.0/24")] } });
        _engine.Settle();

        using (Assert.EnterMultipleScope())
        {
            Assert.That((before, reason.Prefix, reason.Error), Is.EqualTo((0, Block, "192.0.2.1: no route leads there")));
            Assert.That(_engine.Fib[Block], Is.EqualTo(FibRig.Via("10.0.0.9")));
            Assert.That(Unreached, Is.Empty);
        }
    }

    [Test]
    public void Static_OfANeighborsPrefix_GoesBeforeItWhileItIsReached()
    {
        _engine.Announce(_source, "198.51.100.0/24");
        _engine.Settle();
        var way = _engine.Fib[Block];

        Routes("198.51.100.0/24 10.0.0.9");
        var withStatic = _engine.Fib[Block];
        _engine.Withdraw(_source, "198.51.100.0/24");
        _engine.Announce(_source, "198.51.100.0/24");
        _engine.Settle();
        var afterChurn = _engine.Fib[Block];
        Routes("198.51.100.0/24 192.0.2.1");
        var unreached = _engine.Fib[Block];
        Routes();

        Assert.That(
            (withStatic, afterChurn, unreached, _engine.Fib[Block], _other.Routes.ContainsKey(Block)),
            Is.EqualTo((FibRig.Via("10.0.0.9"), FibRig.Via("10.0.0.9"), way, way, true)));
    }

    [Test]
    public void Static_NeighborsRouteGoesWhileItIsThere_StaysInTheKernel()
    {
        _engine.Announce(_source, "198.51.100.0/24");
        Routes("198.51.100.0/24 10.0.0.9");

        _engine.Withdraw(_source, "198.51.100.0/24");
        _engine.Settle();

        Assert.That(_engine.Fib[Block], Is.EqualTo(FibRig.Via("10.0.0.9")));
    }

    [Test]
    public void Static_LeadsToNextHopsAndOverOtherStatics_UntilItGoes()
    {
        Routes("192.0.2.0/24 10.0.0.9", "203.0.113.0/24 192.0.2.1");
        _engine.Announce(_source, "198.51.100.0/24", spec => spec.NextHop = IpAddress.Parse("203.0.113.7"));
        _engine.Settle();
        var reached = _engine.Fib.GetValueOrDefault(Block);

        Routes("203.0.113.0/24 192.0.2.1");

        Assert.That((reached, _engine.Fib.GetValueOrDefault(Block), _engine.Fib.Count), Is.EqualTo((FibRig.Via("10.0.0.9"), (Forwarding?)null, 0)));
    }

    [Test]
    public void Static_GatewayInItsOwnPrefix_DoesNotLeadToItself()
    {
        Routes("192.0.2.0/24 192.0.2.1");

        Assert.That((_engine.Fib.Count, Unreached.Count), Is.EqualTo((0, 1)));
    }

    [Test]
    public void Static_TwoThatLeadToEachOther_AreNotReached()
    {
        Routes("192.0.2.0/24 203.0.113.1", "203.0.113.0/24 192.0.2.1");

        Assert.That((_engine.Fib.Count, Unreached.Count), Is.EqualTo((0, 2)));
    }

    [Test]
    public void Static_GoesWhileTheFibIsOff_IsNotThereWhenItIsOnAgain()
    {
        Routes("198.51.100.0/24 10.0.0.9", "203.0.113.0/24 10.0.0.9");

        _engine.Config = _engine.Config with { Fib = _engine.Config.Fib with { Enabled = false } };
        Routes("203.0.113.0/24 10.0.0.9");
        var whileOff = _engine.Fib.Count;
        _engine.Config = _engine.Config with { Fib = _engine.Config.Fib with { Enabled = true } };
        Routes("203.0.113.0/24 10.0.0.9");

        Assert.That((whileOff, _engine.Fib.Keys.Single().ToString()), Is.EqualTo((0, "203.0.113.0/24")));
    }

    [Test]
    public void Static_LinkOfItsGatewayGoesDown_IsTakenOut()
    {
        Routes("198.51.100.0/24 10.0.0.9");

        _engine.Apply(new EngineInput(EngineInputKind.Kernel) { Kernel = new KernelUpdate { Links = [new KernelLink(2, "eth0", false)] } });
        _engine.Settle();

        Assert.That((_engine.Fib.Count, Unreached.Single().Error), Is.EqualTo((0, "10.0.0.9: its link is down")));
    }

    private List<FibRouteStatus> Unreached
    {
        get
        {
            var routes = new List<FibRouteStatus>();
            _engine.Engine.ReadUnreachedStatics(routes);
            return routes;
        }
    }

    private void Routes(params string[] routes)
    {
        _engine.Config = _engine.Config with { StaticRoutes = [.. routes.Select(route => new StaticRouteConfig(IpPrefix.Parse(route.Split(' ')[0]), IpAddress.Parse(route.Split(' ')[1])))] };
        _engine.Configure();
        _engine.Settle();
    }

    private static KernelRoute Route(string prefix) => new()
    {
        Prefix = IpPrefix.Parse(prefix),
        Kind = KernelRouteKind.Unicast,
        Protocol = 4,
        Table = 254,
        Hops = [new KernelHop(IpAddress.Parse("10.0.0.9"), 2, 1, false, false)],
    };
}
