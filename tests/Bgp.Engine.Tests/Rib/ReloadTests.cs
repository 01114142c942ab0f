using Bgp.Protocol;

namespace Bgp.Engine.Tests;

/// <summary>What a reload changes of a session's routes while it stays up: those that are there already are treated as new ones would be.</summary>
public sealed class ReloadTests
{
    private const string Block = "10.244.0.0/24";

    [Test]
    public void RouteReflectorClient_Changed_RoutesOfTheNeighborGoWhereTheyMayGoNow([Values] bool isClient)
    {
        using var engine = Up(out var source, out var other, client: !isClient);
        engine.Announce(source, Block);
        engine.Settle();
        Assert.That(other.Has(Block), Is.EqualTo(!isClient));

        Reload(engine, source, neighbor => neighbor with { RouteReflectorClient = isClient });

        Assert.That(other.Has(Block), Is.EqualTo(isClient));
    }

    [Test]
    public void RouteServerClient_Changed_RoutesOfTheNeighborAreTransparentOrNot([Values] bool isClient)
    {
        using var engine = new EngineHarness();
        var source = engine.Add(1, external: true, change: neighbor => neighbor with { RouteServerClient = !isClient });
        var other = engine.Add(2, external: true, change: neighbor => neighbor with { RouteServerClient = true });
        Start(engine);
        engine.Announce(source, Block);
        engine.Settle();

        Reload(engine, source, neighbor => neighbor with { RouteServerClient = isClient });

        Assert.That(other[Block].AsPath.ToString(), Is.EqualTo(isClient ? "65001" : "64512 65001"));
    }

    [Test]
    public void AllowLocalAs_Changed_RoutesThatLoopedOrDidNotAreJudgedAgain([Values] bool isAllowed)
    {
        using var engine = Up(out var source, out var other, external: true, change: neighbor => neighbor with { AllowLocalAs = isAllowed ? 0 : 1 });
        engine.Announce(source, Block, spec => spec.Path = [65001, EngineHarness.LocalAsn.Value]);
        engine.Settle();
        Assert.That(other.Has(Block), Is.EqualTo(!isAllowed));

        Reload(engine, source, neighbor => neighbor with { AllowLocalAs = isAllowed ? 1 : 0 });

        Expect(engine, other, isAllowed, PathReason.AsLoop);
    }

    [Test]
    public void EnforceFirstAs_Changed_RoutesAreJudgedAgain([Values] bool isEnforced)
    {
        using var engine = Up(out var source, out var other, external: true, change: neighbor => neighbor with { EnforceFirstAs = !isEnforced });
        engine.Announce(source, Block, spec => spec.Path = [64999]);
        engine.Settle();
        Assert.That(other.Has(Block), Is.EqualTo(isEnforced));

        Reload(engine, source, neighbor => neighbor with { EnforceFirstAs = isEnforced });

        Expect(engine, other, !isEnforced, PathReason.FirstAsMismatch);
    }

    [Test]
    public void ClusterId_OfTheNeighborChanged_RoutesAreJudgedAgain([Values] bool isLoop)
    {
        var (ours, theirs) = (new RouterId(0x0a0a0a0a), new RouterId(0x0b0b0b0b));
        using var engine = Up(out var source, out var other, client: true, change: neighbor => neighbor with { ClusterId = isLoop ? ours : theirs });
        engine.Announce(source, Block, spec => spec.ClusterList = [theirs.Value]);
        engine.Settle();
        Assert.That(other.Has(Block), Is.EqualTo(isLoop));

        Reload(engine, source, neighbor => neighbor with { ClusterId = isLoop ? theirs : ours });

        Expect(engine, other, !isLoop, PathReason.ClusterLoop);
    }

    [Test]
    public void ClusterId_OfTheSpeakerChanged_RoutesAreJudgedAgain([Values] bool isLoop)
    {
        var (ours, theirs) = (new RouterId(0x0a0a0a0a), new RouterId(0x0b0b0b0b));
        using var engine = new EngineHarness();
        engine.Config = engine.Config with { ClusterId = isLoop ? ours : theirs };
        var source = engine.Add(1, client: true);
        var other = engine.Add(2);
        Start(engine);
        engine.Announce(source, Block, spec => spec.ClusterList = [theirs.Value]);
        engine.Settle();
        Assert.That(other.Has(Block), Is.EqualTo(isLoop));

        engine.Config = engine.Config with { ClusterId = isLoop ? theirs : ours };
        Reload(engine, source, neighbor => neighbor);

        Expect(engine, other, !isLoop, PathReason.ClusterLoop);
    }

    [Test]
    public void ClientToClient_Changed_RoutesOfClientsGoWhereTheyMayGoNow([Values] bool isOn)
    {
        using var engine = new EngineHarness();
        engine.Config = engine.Config with { ClientToClient = !isOn };
        var source = engine.Add(1, client: true);
        var other = engine.Add(2, client: true);
        Start(engine);
        engine.Announce(source, Block);
        engine.Settle();
        Assert.That(other.Has(Block), Is.EqualTo(!isOn));

        engine.Config = engine.Config with { ClientToClient = isOn };
        Reload(engine, source, neighbor => neighbor);

        Assert.That(other.Has(Block), Is.EqualTo(isOn));
    }

    [Test]
    public void Fib_OffWhileARouteGoes_IsNotToldOfItWhenItIsOnAgain()
    {
        using var engine = new EngineHarness();
        var peer = engine.Add(1);
        engine.Configure();
        engine.Up(peer);
        engine.Announce(peer, [IpPrefix.Parse("10.1.0.0/16"), IpPrefix.Parse("10.2.0.0/16")]);
        engine.Settle();
        engine.Config = engine.Config with { Fib = engine.Config.Fib with { Enabled = false } };
        engine.Configure();
        engine.Settle();

        engine.Withdraw(peer, "10.1.0.0/16");
        engine.Settle();
        engine.Config = engine.Config with { Fib = engine.Config.Fib with { Enabled = true } };
        engine.Configure();
        engine.Settle();

        Assert.That(engine.Fib.Keys, Is.EqualTo(new[] { IpPrefix.Parse("10.2.0.0/16") }));
    }

    [Test]
    public void DefaultLocalPref_Changed_ImportPoliciesThatAskForItJudgeAgain([Values] bool isInRange)
    {
        var rejects = new PolicyRule { Match = new RouteMatch { LocalPref = new ValueRange(200, 300) }, Action = PolicyAction.Reject };
        var policy = new PolicyConfig("low", [rejects, new PolicyRule { Action = PolicyAction.Accept }]);
        using var engine = new EngineHarness();
        engine.Config = engine.Config with { DefaultLocalPref = isInRange ? 100u : 200u };
        var source = engine.Add(1, external: true, change: neighbor => neighbor with { Families = [neighbor.Families[0] with { ImportPolicy = [policy] }] });
        var other = engine.Add(2);
        Start(engine);
        engine.Announce(source, Block);
        engine.Settle();
        Assert.That(other.Has(Block), Is.EqualTo(isInRange));

        engine.Config = engine.Config with { DefaultLocalPref = isInRange ? 200u : 100u };
        Reload(engine, source, neighbor => neighbor);

        Expect(engine, other, !isInRange, PathReason.RejectedByPolicy);
    }

    [Test]
    public void Policies_ReloadedManyTimes_OnlyThoseInForceAreKept()
    {
        using var engine = Up(out var source, out var other, external: true);
        for (uint number = 0; number < 20; number++)
        {
            var policy = new PolicyConfig("p", [new PolicyRule { Set = new RouteChanges { Med = number }, Action = PolicyAction.Accept }]);
            engine.Config = engine.Config with { FibPolicy = [policy], Aggregates = [new AggregateConfig(IpPrefix.Parse("10.0.0.0/8")) { Policy = policy }] };
            Reload(engine, source, neighbor => neighbor with { Families = [neighbor.Families[0] with { ImportPolicy = [policy], ExportPolicy = [policy] }] });
        }

        engine.Announce(source, Block);
        engine.Settle();

        // Import (the kernel's and the aggregate's are the same), export; accept-all, both ways, for the other neighbor.
        Assert.That((engine.Engine.PolicyPrograms, other[Block].Med), Is.EqualTo((4, (uint?)19)));
    }

    private static EngineHarness Up(
        out TestPeer source, out TestPeer other, bool client = false, bool external = false, Func<NeighborConfig, NeighborConfig>? change = null)
    {
        var engine = new EngineHarness();
        source = engine.Add(1, external, client, change);
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

    private static void Reload(EngineHarness engine, TestPeer peer, Func<NeighborConfig, NeighborConfig> change)
    {
        peer.Neighbor = change(peer.Neighbor);
        engine.Configure();
        engine.Settle();
    }

    private static void Expect(EngineHarness engine, TestPeer other, bool isEligible, PathReason otherwise)
    {
        var reason = engine.Routes().Single().Reason;
        Assert.That((reason, other.Has(Block)), Is.EqualTo((isEligible ? PathReason.None : otherwise, isEligible)));
    }
}
