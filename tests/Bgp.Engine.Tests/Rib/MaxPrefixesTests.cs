using Bgp.Protocol;

namespace Bgp.Engine.Tests;

/// <summary>A neighbor that announces more than it may (RFC 4486 §4).</summary>
internal sealed class MaxPrefixesTests
{
    private static readonly TimeSpan RestartAfter = TimeSpan.FromSeconds(60);

    [TestCase(MaxPrefixesAction.Restart)]
    [TestCase(MaxPrefixesAction.Shutdown)]
    public void Limit_Exceeded_EndsTheSessionWithTheBound(MaxPrefixesAction action)
    {
        using var engine = Engine(action, out var peer);

        engine.Announce(peer, "10.0.0.0/24");
        engine.Announce(peer, "10.0.1.0/24");
        Assert.That(engine.Verdicts, Is.Empty);
        engine.Announce(peer, "10.0.2.0/24");

        Assert.That(engine.Verdicts.Single().Error, Is.EqualTo(new BgpError(NotificationCode.Cease, 1, new byte[] { 0, 1, 1, 0, 0, 0, 2 })));
    }

    [Test]
    public void Limit_ExceededWithWarn_IsSaidOnceAndAgainAfterItWasKept()
    {
        using var engine = Engine(MaxPrefixesAction.Warn, out var peer);

        engine.Announce(peer, "10.0.0.0/24");
        engine.Announce(peer, "10.0.1.0/24");
        engine.Announce(peer, "10.0.2.0/24");
        engine.Announce(peer, "10.0.3.0/24");
        Assert.That(engine.PrefixLimits, Is.EqualTo(1));
        engine.Withdraw(peer, "10.0.1.0/24", "10.0.2.0/24", "10.0.3.0/24");
        engine.Announce(peer, "10.0.1.0/24");
        engine.Announce(peer, "10.0.2.0/24");

        Assert.That((engine.PrefixLimits, engine.Verdicts.Count), Is.EqualTo((2, 0)));
    }

    [Test]
    public void Limit_SamePrefixAnnouncedAgain_CountsOnce()
    {
        using var engine = Engine(MaxPrefixesAction.Restart, out var peer);

        for (uint localPref = 0; localPref < 10; localPref++)
        {
            engine.Announce(peer, "10.0.0.0/24", spec => spec.LocalPref = localPref);
        }

        Assert.That(engine.Verdicts, Is.Empty);
    }

    [Test]
    public void Limit_RaisedByReload_Counts()
    {
        using var engine = Engine(MaxPrefixesAction.Restart, out var peer);
        peer.Neighbor = Limited(peer.Neighbor, 3, MaxPrefixesAction.Restart);
        engine.Configure();

        engine.Announce(peer, "10.0.0.0/24");
        engine.Announce(peer, "10.0.1.0/24");
        engine.Announce(peer, "10.0.2.0/24");

        Assert.That(engine.Verdicts, Is.Empty);
    }

    [Test]
    public void Limit_LoweredByReload_ActsAtOnce()
    {
        using var engine = Engine(MaxPrefixesAction.Restart, out var peer);
        engine.Announce(peer, "10.0.0.0/24");
        engine.Announce(peer, "10.0.1.0/24");
        peer.Neighbor = Limited(peer.Neighbor, 1, MaxPrefixesAction.Restart);

        engine.Configure();
        Assert.That(engine.Verdicts.Single().Error, Is.EqualTo(new BgpError(NotificationCode.Cease, 1, new byte[] { 0, 1, 1, 0, 0, 0, 1 })));

        engine.Configure();
        Assert.That(engine.Verdicts, Has.Count.EqualTo(1));
    }

    [Test]
    public void Limit_LoweredByReloadWithWarn_IsSaidOnce()
    {
        using var engine = Engine(MaxPrefixesAction.Warn, out var peer);
        engine.Announce(peer, "10.0.0.0/24");
        engine.Announce(peer, "10.0.1.0/24");
        peer.Neighbor = Limited(peer.Neighbor, 1, MaxPrefixesAction.Warn);

        engine.Configure();
        engine.Configure();

        Assert.That((engine.PrefixLimits, engine.Verdicts.Count), Is.EqualTo((1, 0)));
    }

    [Test]
    public void Session_EndedByTheLimit_ComesBackAfterTheWait()
    {
        var peer = new PeerScript().ToEstablished(Limited(PeerScript.Neighbor, 2, MaxPrefixesAction.Restart));
        peer.Verdict(1, BgpError.MaximumPrefixes(AddressFamily.Ipv4Unicast, 2));

        Assert.That(peer.State, Is.EqualTo(SessionState.Idle));
        Assert.That(peer.After(RestartAfter - TimeSpan.FromMicroseconds(1)), Has.None.StartsWith("Connect"));
        Assert.That(peer.After(TimeSpan.FromMicroseconds(1)), Has.Some.StartsWith("Connect"));
    }

    /// <summary>A neighbor on an interface may show another link-local address whenever it likes.</summary>
    [TestCase("fe80::2")]
    [TestCase(null)]
    public void Session_EndedByTheLimitOfANeighborThatMoves_ComesBackAfterTheWait(string? address)
    {
        var neighbor = Limited(PeerScript.Neighbor with { Interface = "eth0" }, 2, MaxPrefixesAction.Restart);
        var peer = new PeerScript().ToEstablished(neighbor);
        peer.Verdict(1, BgpError.MaximumPrefixes(AddressFamily.Ipv4Unicast, 2));
        var moved = neighbor with { Key = neighbor.Key with { Address = address is null ? IpAddress.None : IpAddress.Parse(address), Zone = "eth0" } };

        Assert.That(peer.Configure(moved), Has.None.StartsWith("Connect"));
        Assert.That(peer.Opened(PeerScript.In), Has.Some.StartsWith("Close"));
        Assert.That(peer.After(RestartAfter - TimeSpan.FromMicroseconds(1)), Has.None.StartsWith("Connect"));
        Assert.That(peer.After(TimeSpan.FromMicroseconds(1)), Has.Some.StartsWith("Connect"));
    }

    [Test]
    public void Session_ShutDownByTheLimit_StaysDownUntilEnabled()
    {
        var peer = new PeerScript().ToEstablished(Limited(PeerScript.Neighbor, 2, MaxPrefixesAction.Shutdown));
        peer.Verdict(1, BgpError.MaximumPrefixes(AddressFamily.Ipv4Unicast, 2));

        Assert.That((peer.Fsm.Status.AdminDown, peer.Fsm.NextDeadline), Is.EqualTo((true, (Instant?)null)));
        Assert.That(peer.Do(SessionInputKind.Enable), Has.Some.StartsWith("Connect"));
    }

    private static EngineHarness Engine(MaxPrefixesAction action, out TestPeer peer)
    {
        var engine = new EngineHarness();
        peer = engine.Add(1, change: neighbor => Limited(neighbor, 2, action));
        engine.Configure();
        engine.Up(peer);
        return engine;
    }

    private static NeighborConfig Limited(NeighborConfig neighbor, int limit, MaxPrefixesAction action) => neighbor with
    {
        Families = [.. neighbor.Families.Select(family => family with { MaxPrefixes = new MaxPrefixesConfig(limit, action, RestartAfter) })],
    };
}
