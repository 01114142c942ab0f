using Bgp.Protocol;

namespace Bgp.Engine.Tests;

/// <summary>However much there is to do, one step of the engine's work looks at a bounded number of destinations, so that no input waits long.</summary>
internal sealed class StepTests
{
    private const int PerStep = 4;
    private const int Routes = 100;

    [Test]
    public void Work_ManyDestinationsOfEveryKindOfWalk_StaysWithinTheBoundAndReachesIt()
    {
        using var engine = new EngineHarness(new EngineLimits { DestinationsPerStep = PerStep });
        var source = engine.Add(1, client: true);
        var (early, late) = (engine.Add(2, client: true), engine.Add(3, client: true));
        engine.Configure();
        engine.Up(source);
        engine.Up(early);

        engine.Announce(source, [.. Enumerable.Range(0, Routes).Select(number => new IpPrefix(IpAddress.V4(0x0af40000 + ((uint)number << 8)), 24))]);
        engine.Settle();
        engine.Up(late);
        engine.Refresh(early);
        engine.Settle();
        engine.Down(source);
        engine.Settle();

        Assert.That((late.Log.Count(word => word.StartsWith("withdraw", StringComparison.Ordinal)), engine.Engine.BusiestStep), Is.EqualTo((Routes, PerStep)));
        Assert.That(engine.Engine.BusiestStep, Is.LessThanOrEqualTo(engine.Engine.StepBound));
    }

    /// <summary>Every route has a next hop of its own, and all lead over one route, which leads over another one: what becomes of that concerns them all.</summary>
    [Test]
    public void Work_ManyNextHopsOverOneRoute_StaysWithinTheBoundAndReachesAll()
    {
        using var engine = Start(out var near, out var source);
        engine.Announce(near, "203.0.113.0/24");
        engine.Announce(near, "198.18.0.0/16", spec => spec.NextHop = IpAddress.Parse("203.0.113.1"));
        AnnounceOverManyNextHops(engine, source);
        var whole = engine.Fib.Count;
        engine.Withdraw(near, "203.0.113.0/24");
        engine.Settle();
        var meanwhile = engine.Fib.Count;
        engine.Announce(near, "203.0.113.0/24");
        engine.Settle();

        Assert.That((whole, meanwhile, engine.Fib.Count), Is.EqualTo((Routes + 2, 0, Routes + 2)));
        Assert.That(engine.Engine.BusiestStep, Is.LessThanOrEqualTo(engine.Engine.StepBound));
    }

    /// <summary>Two covering routes change before each step: what next hops lead over is found out all the same, and nothing piles up.</summary>
    [Test]
    public void Work_CoveringRoutesChangeAllTheTime_AllNextHopsAreReached()
    {
        using var engine = Start(out var near, out var source);
        AnnounceOverManyNextHops(engine, source);
        var before = engine.Fib.Count;
        for (var round = 0; round < 100 * Routes; round++)
        {
            engine.Announce(near, "198.18.0.0/16", spec => spec.Med = (uint)(round + 1));
            engine.Announce(near, "198.18.0.0/15", spec => spec.Med = (uint)(round + 1));
            engine.Work(1);
        }

        Assert.That((before, engine.Fib.Keys.Count(prefix => prefix.Length == 24)), Is.EqualTo((0, Routes)));
    }

    private static EngineHarness Start(out TestPeer near, out TestPeer source)
    {
        var engine = new EngineHarness(new EngineLimits { DestinationsPerStep = PerStep });
        near = engine.Add(1, client: true);
        source = engine.Add(2, client: true);
        engine.Configure();
        engine.Up(near);
        engine.Up(source);
        return engine;
    }

    /// <summary>Each route has a next hop of its own in 198.18.0.0/16.</summary>
    private static void AnnounceOverManyNextHops(EngineHarness engine, TestPeer source)
    {
        for (var number = 0; number < Routes; number++)
        {
            engine.Announce(source, $"10.99.{number}.0/24", spec => spec.NextHop = IpAddress.V4(0xc6120000 + (uint)number));
        }

        engine.Settle();
    }
}
