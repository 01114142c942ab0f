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
}
