using Bgp.Protocol;
using static Bgp.Engine.Tests.PeerScript;

namespace Bgp.Engine.Tests;

/// <summary>From Idle to Established and back by the operator's hand (RFC 4271 §8.2.2, RFC 4486, RFC 9003).</summary>
internal sealed class PeerFsmLifecycleTests
{
    private static readonly NeighborConfig Passive = Neighbor with { Passive = true };

    [Test]
    public void Configure_First_ConnectsAtOnce() =>
        Assert.That(new PeerScript().Configure(), Is.EqualTo(["Connect 2", "State Idle→Connect"]));

    [Test]
    public void Configure_Passive_WaitsWithoutDeadline()
    {
        var peer = new PeerScript();
        Assert.That(peer.Configure(Passive), Is.EqualTo(["State Idle→Active"]));
        Assert.That(peer.Fsm.NextDeadline, Is.Null);
    }

    [Test]
    public void Configure_Shutdown_StaysIdle()
    {
        var peer = new PeerScript();
        Assert.That(peer.Configure(Neighbor with { Shutdown = true }), Is.Empty);
        Assert.That(peer.Fsm.NextDeadline, Is.Null);
        Assert.That(peer.Fsm.Status.AdminDown, Is.True);
    }

    [Test]
    public void Connect_Opened_SendsOpen()
    {
        var peer = new PeerScript();
        peer.Configure();
        Assert.That(peer.Opened(Out), Is.EqualTo(["Send 2 OPEN", "State Connect→OpenSent"]));
    }

    [Test]
    public void OpenSent_OpenReceived_NegotiatesThenSendsKeepalive()
    {
        var peer = new PeerScript().ToOpenSent();
        Assert.That(peer.Receive(Out, Bytes(Open())), Is.EqualTo(["Negotiated 2", "Send 2 KEEPALIVE", "State OpenSent→OpenConfirm"]));
    }

    [Test]
    public void OpenConfirm_KeepaliveReceived_IsUp()
    {
        var peer = new PeerScript().ToOpenConfirm();
        Assert.That(peer.Receive(Out, Keepalive()), Is.EqualTo(["Up 2 #1", "State OpenConfirm→Established"]));
    }

    [Test]
    public void Incoming_InActive_ReachesEstablished()
    {
        var peer = new PeerScript();
        peer.Configure(Passive);
        Assert.That(peer.Opened(In), Is.EqualTo(["Send 1 OPEN", "State Active→OpenSent"]));
        peer.Receive(In, Bytes(Open()));
        Assert.That(peer.Receive(In, Keepalive()), Is.EqualTo(["Up 1 #1", "State OpenConfirm→Established"]));
    }

    [Test]
    public void Connect_Refused_RetriesAfterConnectRetry()
    {
        var peer = new PeerScript();
        peer.Configure();
        Assert.That(peer.Failed(Out), Is.EqualTo(["AttemptFailed 2 ConnectFailed (refused)", "State Connect→Active"]));
        Assert.That(peer.Fsm.NextDeadline - peer.Now, Is.InRange(TimeSpan.FromSeconds(3.75), TimeSpan.FromSeconds(5)));
        Assert.That(peer.AtDeadline(), Is.EqualTo(["Connect 4", "State Active→Connect"]));
    }

    [Test]
    public void Connect_RefusedOneTickBeforeRetry_StaysActive()
    {
        var peer = new PeerScript();
        peer.Configure();
        peer.Failed(Out);
        var deadline = peer.Fsm.NextDeadline!.Value;
        Assert.That(peer.At(new Instant(deadline.Microseconds - 1)), Is.Empty);
    }

    [Test]
    public void Connect_NoAnswer_GivesUpAndConnectsAnew()
    {
        var peer = new PeerScript();
        peer.Configure();
        Assert.That(peer.After(PeerFsm.MinConnectWait - TimeSpan.FromMicroseconds(1)), Is.Empty);
        Assert.That(peer.AtDeadline(), Is.EqualTo(["Close 2", "AttemptFailed 2 ConnectFailed (no answer in time)", "Connect 4"]));
        Assert.That(peer.Now, Is.EqualTo(new Instant(1_000_000) + PeerFsm.MinConnectWait));
    }

    [Test]
    public void Connect_OpenedAfterWeGaveUp_IsIgnored()
    {
        var peer = new PeerScript();
        peer.Configure();
        peer.AtDeadline();
        Assert.That(peer.Opened(Out), Is.Empty);
    }

    [Test]
    public void Established_PeerCloses_GoesDownAndRetries()
    {
        var peer = new PeerScript().ToEstablished();
        peer.Pass(RetryBackoff.StableTime);
        Assert.That(peer.Closed(Out), Does.Contain("Down #1 ConnectionClosed (reset)"));
        Assert.That(peer.State, Is.EqualTo(SessionState.Active));
        Assert.That(peer.AtDeadline(), Does.Contain("Connect 4"));
    }

    [Test]
    public void Established_SecondSession_HasNextGeneration()
    {
        var peer = new PeerScript().ToEstablished();
        peer.Closed(Out);
        peer.AtDeadline();
        peer.Opened(new ConnectionId(4));
        peer.Receive(new ConnectionId(4), Bytes(Open()));
        Assert.That(peer.Receive(new ConnectionId(4), Keepalive()), Does.Contain("Up 4 #2"));
    }

    [Test]
    public void Disable_Established_SendsMessageAndStaysDown()
    {
        var peer = new PeerScript().ToEstablished();
        Assert.That(peer.Do(new SessionInput(SessionInputKind.Disable) { Text = "maintenance" }), Is.EqualTo(
        [
            "Send 2 NOTIFICATION Cease / Administrative Shutdown \"maintenance\"",
            "Close 2",
            "Down #1 AdminDown: Cease / Administrative Shutdown (maintenance)",
            "State Established→Idle",
        ]));
        Assert.That(peer.Fsm.NextDeadline, Is.Null);
    }

    [Test]
    public void Disable_Connecting_GivesUpWithoutNotification()
    {
        var peer = new PeerScript();
        peer.Configure();
        Assert.That(peer.Do(SessionInputKind.Disable), Is.EqualTo(
            ["Close 2", "AttemptFailed 2 AdminDown: Cease / Administrative Shutdown", "State Connect→Idle"]));
    }

    [Test]
    public void Disable_Twice_SecondDoesNothing()
    {
        var peer = new PeerScript().ToEstablished();
        peer.Do(SessionInputKind.Disable);
        Assert.That(peer.Do(SessionInputKind.Disable), Is.Empty);
    }

    [Test]
    public void Disable_IncomingConnection_IsRejected()
    {
        var peer = new PeerScript();
        peer.Configure();
        peer.Do(SessionInputKind.Disable);
        Assert.That(peer.Opened(In), Is.EqualTo(
            ["Send 1 NOTIFICATION Cease / Connection Rejected", "Close 1", "AttemptFailed 1 NotificationSent: Cease / Connection Rejected"]));
    }

    [Test]
    public void Enable_AfterDisable_ConnectsAtOnce()
    {
        var peer = new PeerScript().ToEstablished();
        peer.Do(SessionInputKind.Disable);
        Assert.That(peer.Do(SessionInputKind.Enable), Is.EqualTo(["Connect 4", "State Idle→Connect"]));
    }

    [Test]
    public void Enable_Established_DoesNothing() => Assert.That(new PeerScript().ToEstablished().Do(SessionInputKind.Enable), Is.Empty);

    [Test]
    public void Reset_Established_ClosesAndComesBackSoon()
    {
        var peer = new PeerScript().ToEstablished();
        Assert.That(peer.Do(new SessionInput(SessionInputKind.Reset) { Text = "try again" }), Is.EqualTo(
        [
            "Send 2 NOTIFICATION Cease / Administrative Reset \"try again\"",
            "Close 2",
            "Down #1 AdminReset: Cease / Administrative Reset (try again)",
            "State Established→Active",
        ]));
        Assert.That(peer.Fsm.NextDeadline - peer.Now, Is.LessThanOrEqualTo(RetryBackoff.QuickDelay));
        Assert.That(peer.AtDeadline(), Does.Contain("Connect 4"));
    }

    [Test]
    public void Reset_WaitingForRetry_ConnectsAtOnce()
    {
        var peer = new PeerScript();
        peer.Configure();
        peer.Failed(Out);
        Assert.That(peer.Do(SessionInputKind.Reset), Is.EqualTo(["Connect 4", "State Active→Connect"]));
    }

    [Test]
    public void Reset_AdminDown_DoesNothing()
    {
        var peer = new PeerScript();
        peer.Configure(Neighbor with { Shutdown = true });
        Assert.That(peer.Do(SessionInputKind.Reset), Is.Empty);
    }

    [Test]
    public void Remove_Established_CeasesAndIsRemoved()
    {
        var peer = new PeerScript().ToEstablished();
        Assert.That(peer.Do(new SessionInput(SessionInputKind.Remove) { Error = BgpError.Cease(CeaseSubcode.PeerDeconfigured) }), Is.EqualTo(
        [
            "Send 2 NOTIFICATION Cease / Peer De-configured",
            "Close 2",
            "Down #1 Deconfigured: Cease / Peer De-configured",
            "Removed",
            "State Established→Idle",
        ]));
        Assert.That(peer.Fsm.NextDeadline, Is.Null);
    }

    [Test]
    public void Remove_SpeakerLeaves_SaysShutdown()
    {
        var peer = new PeerScript().ToOpenSent();
        Assert.That(peer.Do(new SessionInput(SessionInputKind.Remove) { Error = BgpError.Cease(CeaseSubcode.AdministrativeShutdown) }), Is.EqualTo(
        [
            "Send 2 NOTIFICATION Cease / Administrative Shutdown",
            "Close 2",
            "AttemptFailed 2 SpeakerLeaving: Cease / Administrative Shutdown",
            "Removed",
            "State OpenSent→Idle",
        ]));
    }

    [Test]
    public void Remove_NothingOpen_IsRemoved()
    {
        var peer = new PeerScript();
        peer.Configure(Passive);
        var effects = peer.Do(new SessionInput(SessionInputKind.Remove) { Error = BgpError.Cease(CeaseSubcode.PeerDeconfigured) });
        Assert.That(effects, Is.EqualTo(["Removed", "State Active→Idle"]));
    }

    [Test]
    public void Abandon_Established_ClosesWithoutNotification()
    {
        var peer = new PeerScript().ToEstablished();
        Assert.That(peer.Do(SessionInputKind.Abandon), Is.EqualTo(["Close 2", "Down #1 SpeakerRestarting", "Removed", "State Established→Idle"]));
    }

    [Test]
    public void Removed_LateIncomingConnection_IsClosed()
    {
        var peer = new PeerScript().ToEstablished();
        peer.Do(SessionInputKind.Abandon);
        Assert.That(peer.Opened(In), Does.Contain("Close 1"));
    }

    [Test]
    public void Status_OverASession_TellsItsStory()
    {
        var peer = new PeerScript().ToEstablished();
        var up = peer.Fsm.Status;
        Assert.That(up.Since, Is.EqualTo(peer.Now));
        Assert.That(up.Session!.RemoteRouterId, Is.EqualTo(TheirId));
        Assert.That(up.Capabilities, Is.EqualTo(["multiprotocol", "route-refresh", "four-octet-as"]));
        Assert.That((up.MessagesReceived, up.MessagesSent), Is.EqualTo((2L, 2L)));
        peer.Pass(TimeSpan.FromSeconds(7));
        peer.Closed(Out);
        var down = peer.Fsm.Status;
        Assert.That(down.Since, Is.EqualTo(peer.Now));
        Assert.That(down.Session, Is.Null);
        Assert.That(down.Flaps, Is.EqualTo(1));
        Assert.That(down.LastDown!.Kind, Is.EqualTo(SessionDownKind.ConnectionClosed));
        Assert.That((up.LastDownAt, down.LastDownAt), Is.EqualTo(((Instant?)null, (Instant?)peer.Now)));
    }
}
