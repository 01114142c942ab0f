using static Bgp.Engine.Tests.PeerScript;

namespace Bgp.Engine.Tests;

/// <summary>Hold, keepalive and send-hold timers (RFC 4271 §8.1.3, RFC 9687): one tick before the deadline, one past.</summary>
internal sealed class PeerFsmTimerTests
{
    private const string HoldExpired = "Send 2 NOTIFICATION Hold Timer Expired";

    private static readonly TimeSpan Tick = TimeSpan.FromMicroseconds(1);
    private static readonly TimeSpan Hold = TimeSpan.FromSeconds(90);
    private static readonly TimeSpan SendHold = SessionTimers.MinSendHold;

    [Test]
    public void OpenSent_TickBeforeOpenHold_StaysUp() =>
        Assert.That(new PeerScript().ToOpenSent().After(SessionTimers.OpenHoldTime - Tick), Is.Empty);

    [Test]
    public void OpenSent_OpenHoldOver_Expires() =>
        Assert.That(new PeerScript().ToOpenSent().After(SessionTimers.OpenHoldTime), Is.EqualTo(
            [HoldExpired, "Close 2", "AttemptFailed 2 HoldTimerExpired: Hold Timer Expired", "State OpenSent→Active"]));

    [Test]
    public void OpenConfirm_HoldOver_ProbesAndExpires()
    {
        var peer = new PeerScript().ToOpenConfirm();
        var opened = peer.Now;
        Assert.That(peer.After(Hold), Does.Contain("Probe 2"));
        Assert.That(peer.Probed(Out, Silent(opened)), Is.EqualTo(
            [HoldExpired, "Close 2", "AttemptFailed 2 HoldTimerExpired: Hold Timer Expired", "State OpenConfirm→Active"]));
    }

    [Test]
    public void Established_TickBeforeHold_DoesNotProbe() =>
        Assert.That(new PeerScript().ToEstablished().After(Hold - Tick), Has.None.StartsWith("Probe"));

    [Test]
    public void Established_HoldOver_ProbesAndExpires()
    {
        var peer = new PeerScript().ToEstablished();
        var up = peer.Now;
        Assert.That(peer.After(Hold), Does.Contain("Probe 2"));
        Assert.That(peer.Probed(Out, Silent(up)), Is.EqualTo(
            [HoldExpired, "Close 2", "Down #1 HoldTimerExpired: Hold Timer Expired", "State Established→Active"]));
    }

    [Test]
    public void Established_ProbeFindsNewerMessage_MovesTheDeadline()
    {
        var peer = new PeerScript().ToEstablished();
        var update = peer.Now + TimeSpan.FromSeconds(50);
        peer.After(Hold);
        Assert.That(peer.Probed(Out, Silent(update)), Is.Empty);
        Assert.That(peer.At(new Instant((update + Hold).Microseconds - 1)), Has.None.StartsWith("Probe"));
        Assert.That(peer.At(update + Hold), Does.Contain("Probe 2"));
    }

    [Test]
    public void Established_ProbeOneTickShortOfHold_DoesNotExpire()
    {
        var peer = new PeerScript().ToEstablished();
        var up = peer.Now;
        peer.After(Hold);
        Assert.That(peer.Probed(Out, Silent(up + Tick)), Is.Empty);
    }

    [Test]
    public void Established_InputPending_DefersAndProbesAgain()
    {
        var peer = new PeerScript().ToEstablished();
        var up = peer.Now;
        peer.After(Hold);
        Assert.That(peer.Probed(Out, Silent(up) with { InputPending = true }), Is.Empty);
        Assert.That(peer.After(SessionTimers.ProbeInterval - Tick), Has.None.StartsWith("Probe"));
        Assert.That(peer.After(Tick), Does.Contain("Probe 2"));
        Assert.That(peer.Probed(Out, Silent(up)), Does.Contain(HoldExpired));
    }

    [Test]
    public void Established_InputPendingForEver_ExpiresAtTheBound()
    {
        var peer = new PeerScript().ToEstablished();
        var up = peer.Now;
        peer.After(Hold);
        peer.Probed(Out, Silent(up) with { InputPending = true });
        Assert.That(peer.After(SessionTimers.MaxDeferral - Tick), Does.Not.Contain(HoldExpired));
        Assert.That(peer.After(Tick), Does.Contain(HoldExpired));
    }

    [Test]
    public void Established_ProbeNeverAnswered_ExpiresAtTheBound() =>
        Assert.That(new PeerScript().ToEstablished().After(Hold + SessionTimers.MaxDeferral), Does.Contain(HoldExpired));

    [Test]
    public void Established_Keepalive_RestartsHold()
    {
        var peer = new PeerScript().ToEstablished(Neighbor with { SendHoldTime = TimeSpan.Zero });
        peer.Pass(TimeSpan.FromSeconds(80));
        peer.Receive(Out, Keepalive());
        Assert.That(peer.After(Hold - Tick), Has.None.StartsWith("Probe"));
        Assert.That(peer.After(Tick), Does.Contain("Probe 2"));
    }

    [Test]
    public void Established_MessageAtTheDeadline_WinsOverExpiry()
    {
        var peer = new PeerScript().ToEstablished();
        peer.Pass(Hold);
        Assert.That(peer.Receive(Out, Keepalive()), Has.None.StartsWith("Probe"));
    }

    [Test]
    public void Probed_OtherConnection_IsIgnored()
    {
        var peer = new PeerScript().ToEstablished();
        var up = peer.Now;
        peer.After(Hold);
        Assert.That(peer.Probed(new ConnectionId(8), Silent(up)), Is.Empty);
    }

    [Test]
    public void Keepalive_OverFiveMinutes_ComesWithJitterButNeverLate()
    {
        var peer = new PeerScript().ToEstablished(Neighbor with { SendHoldTime = TimeSpan.Zero });
        var last = peer.Now;
        for (var count = 0; count < 10; count++)
        {
            Assert.That(peer.AtDeadline(), Is.EqualTo(["Send 2 KEEPALIVE"]));
            Assert.That(peer.Now - last, Is.InRange(TimeSpan.FromSeconds(22.5), TimeSpan.FromSeconds(30)));
            last = peer.Now;
            peer.Receive(Out, Keepalive());
        }
    }

    [Test]
    public void Keepalive_ShortestHoldTime_IsNeverFasterThanASecond()
    {
        var peer = new PeerScript().ToEstablished(open: Open(holdTime: 3));
        var sent = peer.Now;
        peer.AtDeadline();
        Assert.That(peer.Now - sent, Is.EqualTo(SessionTimers.MinKeepalive));
    }

    [Test]
    public void HoldTimeZero_Established_HasNoTimers()
    {
        var peer = new PeerScript().ToEstablished(open: Open(holdTime: 0));
        Assert.That(peer.Fsm.NextDeadline, Is.Null);
        Assert.That(peer.After(TimeSpan.FromDays(1)), Is.Empty);
    }

    [Test]
    public void SendHold_QuarterOfIt_AsksHowFarTheTransportGot()
    {
        var peer = EstablishedAndHeard((SendHold / 4) - Tick);
        Assert.That(peer.Do(SessionInputKind.Tick), Has.None.StartsWith("Probe"));
        Assert.That(peer.After(Tick), Does.Contain("Probe 2"));
    }

    [Test]
    public void SendHold_TickBefore_DoesNotExpire()
    {
        var peer = EstablishedAndHeard(SendHold - Tick, out var up);
        Assert.That(Stuck(peer, since: up), Has.None.StartsWith("Down"));
    }

    [Test]
    public void SendHold_NothingTakenSinceUp_Expires()
    {
        var peer = EstablishedAndHeard(SendHold, out var up);
        Assert.That(peer.Effects.Select(effect => effect.Kind), Does.Contain(SessionEffectKind.Probe));
        Assert.That(peer.Probed(Out, new ProbeResult(peer.Now, false, true, up)), Is.EqualTo(
        [
            "Send 2 NOTIFICATION Send Hold Timer Expired",
            "Close 2",
            "Down #1 SendHoldTimerExpired: Send Hold Timer Expired",
            "State Established→Active",
        ]));
    }

    [Test]
    public void SendHold_SomeTakenMeanwhile_MovesTheDeadline()
    {
        var peer = EstablishedAndHeard(SendHold, out var up);
        var progress = up + TimeSpan.FromMinutes(3);
        Assert.That(Stuck(peer, since: progress), Has.None.StartsWith("Down"));
        peer.Pass(TimeSpan.FromMinutes(3) - Tick);
        Assert.That(Stuck(peer, since: progress), Has.None.StartsWith("Down"));
        peer.Pass(Tick);
        Assert.That(Stuck(peer, since: progress), Has.Some.Contains("SendHoldTimerExpired"));
    }

    [Test]
    public void SendHold_NothingPending_StartsOver()
    {
        var peer = EstablishedAndHeard(SendHold, out var up);
        Assert.That(peer.Probed(Out, new ProbeResult(peer.Now, false, false, up)), Is.Empty);
        Assert.That(peer.Fsm.NextDeadline, Is.GreaterThan(peer.Now + SessionTimers.ProbeInterval));
    }

    [Test]
    public void SendHold_Configured_IsUsed()
    {
        var peer = new PeerScript().ToEstablished(Neighbor with { SendHoldTime = TimeSpan.FromSeconds(60) });
        AssertExpiresAfter(peer, TimeSpan.FromSeconds(60));
    }

    [Test]
    public void SendHold_LongHoldTime_IsTwiceOfIt()
    {
        var peer = new PeerScript().ToEstablished(Neighbor with { HoldTime = TimeSpan.FromSeconds(600) }, Open(holdTime: 600));
        AssertExpiresAfter(peer, TimeSpan.FromSeconds(1200));
    }

    [Test]
    public void SendHold_ConfiguredZero_IsOff()
    {
        var peer = EstablishedAndHeard(TimeSpan.FromHours(1), out _, Neighbor with { SendHoldTime = TimeSpan.Zero });
        Assert.That(peer.Do(SessionInputKind.Tick), Has.None.StartsWith("Probe"));
    }

    [Test]
    public void SendHold_ChangedWhileUp_IsUsedFromNowOn()
    {
        var peer = new PeerScript().ToEstablished();
        peer.Pass(TimeSpan.FromSeconds(30));
        peer.Configure(Neighbor with { SendHoldTime = TimeSpan.FromSeconds(40) });
        Assert.That(peer.State, Is.EqualTo(SessionState.Established));
        AssertExpiresAfter(peer, TimeSpan.FromSeconds(40));
    }

    /// <summary>The transport's answer while the peer's window is shut, and the peer is heard.</summary>
    private static string[] Stuck(PeerScript peer, Instant since) => peer.Probed(Out, new ProbeResult(peer.Now, false, true, since));

    private static void AssertExpiresAfter(PeerScript peer, TimeSpan time)
    {
        var since = peer.Now;
        peer.Pass(time - Tick);
        Assert.That(Stuck(peer, since), Has.None.StartsWith("Down"));
        peer.Pass(Tick);
        Assert.That(Stuck(peer, since), Has.Some.Contains("SendHoldTimerExpired"));
    }

    /// <summary>The last message came at a time; nothing is under way in either direction.</summary>
    private static ProbeResult Silent(Instant lastReceived) => new(lastReceived, false, false, lastReceived);

    private static PeerScript EstablishedAndHeard(TimeSpan forTime) => EstablishedAndHeard(forTime, out _);

    /// <summary>Established for a time, with a KEEPALIVE from the peer every minute and one just now.</summary>
    private static PeerScript EstablishedAndHeard(TimeSpan forTime, out Instant up, NeighborConfig? neighbor = null)
    {
        var peer = new PeerScript().ToEstablished(neighbor);
        up = peer.Now;
        var end = up + forTime;
        while (end - peer.Now > TimeSpan.FromMinutes(1))
        {
            peer.Pass(TimeSpan.FromMinutes(1));
            peer.Receive(Out, Keepalive());
        }

        peer.Pass(end - peer.Now);
        peer.Receive(Out, Keepalive());
        return peer;
    }
}
