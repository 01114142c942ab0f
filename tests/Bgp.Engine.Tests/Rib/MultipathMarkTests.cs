using Bgp.Protocol;

namespace Bgp.Engine.Tests;

/// <summary>`multipath` is shown of the paths that the kernel was told to share traffic among, and of no others.</summary>
public sealed class MultipathMarkTests
{
    private const string Prefix = "203.0.113.0/24";

    [Test]
    public void Multipath_TwoEqualPaths_BothAreMarked()
    {
        using var engine = Start();
        Assert.That(Marked(engine), Is.EqualTo(2));
    }

    [Test]
    public void Multipath_AStaticRouteTakesThePrefixAndGoes_NoneIsMarkedMeanwhile()
    {
        using var engine = Start();
        Reload(engine, config => config with { StaticRoutes = [new StaticRouteConfig(IpPrefix.Parse(Prefix), IpAddress.Parse("10.0.0.77"))] });
        var meanwhile = Marked(engine);
        Reload(engine, config => config with { StaticRoutes = [] });
        Assert.That((meanwhile, Marked(engine)), Is.EqualTo((0, 2)));
    }

    [Test]
    public void Multipath_TheFibGoesOffAndOn_NoneIsMarkedMeanwhile()
    {
        using var engine = Start();
        Reload(engine, config => config with { Fib = config.Fib with { Enabled = false } });
        var meanwhile = Marked(engine);
        Reload(engine, config => config with { Fib = config.Fib with { Enabled = true } });
        Assert.That((meanwhile, Marked(engine)), Is.EqualTo((0, 2)));
    }

    [Test]
    public void Multipath_TheFibsPolicyRejectsThePrefix_NoneIsMarked()
    {
        using var engine = Start();
        Reload(engine, config => config with { FibPolicy = [PolicyConfig.RejectAll] });
        Assert.That(Marked(engine), Is.Zero);
    }

    [Test]
    public void Multipath_ANetworkOfOursTakesThePrefix_NoneIsMarked()
    {
        using var engine = Start();
        Reload(engine, config => config with { Networks = [new NetworkConfig(IpPrefix.Parse(Prefix), Blackhole: false)] });
        Assert.That(Marked(engine), Is.Zero);
    }

    [Test]
    public void Multipath_TheSameRouteByTwoReflectors_NoneIsMarked([Values] bool isThird)
    {
        using var engine = new EngineHarness();
        TestPeer[] reflectors = [engine.Add(1), engine.Add(2), engine.Add(3)];
        engine.Configure();
        foreach (var reflector in reflectors)
        {
            engine.Up(reflector);
        }

        engine.Announce(reflectors[0], Prefix, spec => spec.NextHop = IpAddress.Parse("10.0.0.201"));
        engine.Announce(reflectors[1], Prefix, spec => spec.NextHop = IpAddress.Parse("10.0.0.201"));
        if (isThird)
        {
            engine.Announce(reflectors[2], Prefix, spec => spec.NextHop = IpAddress.Parse("10.0.0.202"));
        }

        engine.Settle();
        Assert.That(Marked(engine), Is.EqualTo(isThird ? 2 : 0));
    }

    [Test]
    public void Multipath_TheCopyThatSharesGoes_TheOtherSharesInItsPlace()
    {
        using var engine = new EngineHarness();
        TestPeer[] peers = [engine.Add(1), engine.Add(2), engine.Add(3)];
        engine.Configure();
        foreach (var peer in peers)
        {
            engine.Up(peer);
            engine.Announce(peer, Prefix, spec => spec.NextHop = IpAddress.Parse(peer == peers[0] ? "10.0.0.201" : "10.0.0.202"));
        }

        engine.Settle();
        var marked = engine.Routes().Where(route => route.IsMultipath && !route.IsBest).ToList();
        engine.Withdraw(engine.Peers[marked.Single().Peer], Prefix);
        engine.Settle();
        Assert.That((Marked(engine), engine.Fib[IpPrefix.Parse(Prefix)].Hops.Length), Is.EqualTo((2, 2)));
    }

    [Test]
    public void Multipath_NextHopsBehindOneGateway_NoneIsMarked()
    {
        using var engine = new EngineHarness();
        TestPeer[] peers = [engine.Add(1), engine.Add(2)];
        engine.Configure();
        foreach (var peer in peers)
        {
            engine.Up(peer);
            engine.Announce(peer, Prefix, spec => spec.NextHop = IpAddress.Parse($"172.16.0.{peer.Id.Value}"));
        }

        engine.Settle();
        Assert.That((Marked(engine), engine.Fib[IpPrefix.Parse(Prefix)].Hops.Length), Is.EqualTo((0, 1)));
    }

    private static EngineHarness Start()
    {
        var engine = new EngineHarness();
        TestPeer[] peers = [engine.Add(1, external: true), engine.Add(2, external: true)];
        engine.Configure();
        foreach (var peer in peers)
        {
            engine.Up(peer);
            engine.Announce(peer, Prefix);
        }

        engine.Settle();
        return engine;
    }

    private static void Reload(EngineHarness engine, Func<SpeakerConfig, SpeakerConfig> change)
    {
        engine.Config = change(engine.Config);
        engine.Configure();
        engine.Settle();
    }

    private static int Marked(EngineHarness engine) => engine.Routes().Count(route => route.IsMultipath);
}
