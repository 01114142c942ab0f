using Bgp.Protocol;
using static Bgp.Engine.Tests.PeerScript;

namespace Bgp.Engine.Tests;

/// <summary>
/// Two connections at once (RFC 4271 §6.8): the speaker with the higher identifier keeps the one that it opened, whichever OPEN comes
/// first; of equal identifiers the larger AS number's (RFC 6286 §2.3).
/// </summary>
internal sealed class PeerFsmCollisionTests
{
    private const string Collision = "NOTIFICATION Cease / Connection Collision Resolution";
    private const string Lost = "CollisionLost: Cease / Connection Collision Resolution";

    [TestCase("9.9.9.9", "2.2.2.2", 1u)]
    [TestCase("1.1.1.1", "2.2.2.2", 2u)]
    [TestCase("200.0.0.1", "100.0.0.1", 1u)]
    public void BothOpen_OutgoingConfirmedFirst_LoserIsClosed(string ours, string theirs, uint loser)
    {
        var peer = BothOpenSent(Id(ours));
        peer.Receive(Out, Bytes(Open(Id(theirs))));
        var effects = peer.Receive(In, Bytes(Open(Id(theirs))));
        string[] expected = loser == 1
            ? [$"Send 1 {Collision}", "Close 1", $"AttemptFailed 1 {Lost}"]
            : [$"Send 2 {Collision}", "Close 2", $"AttemptFailed 2 {Lost}", "Negotiated 1", "Send 1 KEEPALIVE"];
        Assert.That(effects, Is.EqualTo(expected));
        Assert.That(peer.Receive(loser == 1 ? Out : In, Keepalive()), Does.Contain($"Up {3 - loser} #1"));
    }

    [TestCase("9.9.9.9", "2.2.2.2", 1u)]
    [TestCase("1.1.1.1", "2.2.2.2", 2u)]
    public void BothOpen_IncomingConfirmedFirst_LoserIsClosed(string ours, string theirs, uint loser)
    {
        var peer = BothOpenSent(Id(ours));
        peer.Receive(In, Bytes(Open(Id(theirs))));
        var effects = peer.Receive(Out, Bytes(Open(Id(theirs))));
        string[] expected = loser == 2
            ? [$"Send 2 {Collision}", "Close 2", $"AttemptFailed 2 {Lost}"]
            : [$"Send 1 {Collision}", "Close 1", $"AttemptFailed 1 {Lost}", "Negotiated 2", "Send 2 KEEPALIVE"];
        Assert.That(effects, Is.EqualTo(expected));
        Assert.That(peer.Receive(loser == 1 ? Out : In, Keepalive()), Does.Contain($"Up {3 - loser} #1"));
    }

    [Test]
    public void CollisionNotification_AfterAReset_ResetStaysTheLastReason()
    {
        var peer = new PeerScript().ToEstablished();
        peer.Do(SessionInputKind.Reset);
        peer.Opened(In);
        peer.Receive(In, Bytes(BgpError.Cease(CeaseSubcode.ConnectionCollisionResolution)));

        Assert.That(peer.Fsm.Status.LastDown?.Kind, Is.EqualTo(SessionDownKind.AdminReset));
    }

    [TestCase(65001u, 65002u, 2u)]
    [TestCase(65002u, 65001u, 1u)]
    public void BothOpen_EqualIdentifiers_LargerAsWins(uint ours, uint theirs, uint loser)
    {
        var neighbor = Neighbor with { LocalAsn = new Asn(ours), RemoteAsn = new Asn(theirs) };
        var open = Bytes(Open(OurId, new Asn(theirs)));
        var peer = BothOpenSent(OurId, neighbor);
        peer.Receive(Out, open);
        Assert.That(peer.Receive(In, open), Does.Contain($"Close {loser}"));
    }

    [Test]
    public void BothOpen_ConnectedWhileIncomingIsConfirmed_ResolvedAtItsOpen()
    {
        var peer = new PeerScript();
        peer.Configure();
        peer.Opened(In);
        peer.Receive(In, Bytes(Open()));
        Assert.That(peer.Opened(Out), Is.EqualTo(["Send 2 OPEN"]));
        Assert.That(peer.Receive(Out, Bytes(Open())), Is.EqualTo([$"Send 2 {Collision}", "Close 2", $"AttemptFailed 2 {Lost}"]));
    }

    [Test]
    public void BothOpen_OneEstablished_OtherIsClosed()
    {
        var peer = BothOpenSent(OurId);
        peer.Receive(Out, Bytes(Open()));
        Assert.That(peer.Receive(Out, Keepalive()), Is.EqualTo(
            [$"Send 1 {Collision}", "Close 1", $"AttemptFailed 1 {Lost}", "Up 2 #1", "State OpenConfirm→Established"]));
    }

    [Test]
    public void Connecting_IncomingEstablished_ConnectIsGivenUp()
    {
        var peer = new PeerScript();
        peer.Configure();
        peer.Opened(In);
        peer.Receive(In, Bytes(Open()));
        Assert.That(peer.Receive(In, Keepalive()), Is.EqualTo(["Close 2", $"AttemptFailed 2 {Lost}", "Up 1 #1", "State OpenConfirm→Established"]));
    }

    [Test]
    public void Established_Incoming_IsRefusedAndTheSessionProved()
    {
        var peer = new PeerScript().ToEstablished();
        peer.Pass(TimeSpan.FromSeconds(5));
        Assert.That(peer.Opened(In), Is.EqualTo([$"Send 1 {Collision}", "Close 1", $"AttemptFailed 1 {Lost}", "Send 2 KEEPALIVE"]));
        Assert.That(peer.State, Is.EqualTo(SessionState.Established));
    }

    [Test]
    public void Established_IncomingAgainAndAgain_KeepalivesStayASecondApart()
    {
        var peer = new PeerScript().ToEstablished();
        peer.Pass(TimeSpan.FromSeconds(5));
        peer.Opened(In);
        peer.Pass(SessionTimers.MinKeepalive - TimeSpan.FromMicroseconds(1));
        Assert.That(peer.Opened(new ConnectionId(3)), Does.Not.Contain("Send 2 KEEPALIVE"));
    }

    [Test]
    public void BothOpen_OneCloses_OtherGoesOn()
    {
        var peer = BothOpenSent(OurId);
        Assert.That(peer.Closed(Out), Is.EqualTo(["AttemptFailed 2 ConnectionClosed (reset)"]));
        peer.Receive(In, Bytes(Open()));
        Assert.That(peer.Receive(In, Keepalive()), Does.Contain("Up 1 #1"));
    }

    [Test]
    public void BothOpen_BothClose_RetriesOnce()
    {
        var peer = BothOpenSent(OurId);
        peer.Closed(Out);
        peer.Closed(In);
        Assert.That(peer.State, Is.EqualTo(SessionState.Idle));
        peer.AtDeadline();
        Assert.That(peer.AtDeadline(), Does.Contain("Connect 4"));
    }

    [Test]
    public void Incoming_AnotherIncoming_ReplacesIt()
    {
        var peer = new PeerScript();
        peer.Configure(Neighbor with { Passive = true });
        peer.Opened(In);
        Assert.That(peer.Opened(new ConnectionId(3)), Is.EqualTo([$"Send 1 {Collision}", "Close 1", $"AttemptFailed 1 {Lost}", "Send 3 OPEN"]));
    }

    [Test]
    public void Collision_Lost_DoesNotCountAsFailure()
    {
        var peer = new PeerScript().ToOpenSent();
        peer.Receive(Out, Bytes(BgpError.Cease(CeaseSubcode.ConnectionCollisionResolution)));
        Assert.That(peer.State, Is.EqualTo(SessionState.Active));
        Assert.That(peer.Fsm.NextDeadline - peer.Now, Is.LessThanOrEqualTo(RetryBackoff.QuickDelay));
    }

    private static PeerScript BothOpenSent(RouterId ours, NeighborConfig? neighbor = null)
    {
        var peer = new PeerScript();
        peer.Configure(neighbor, ours);
        peer.Opened(Out);
        Assert.That(peer.Opened(In), Is.EqualTo(["Send 1 OPEN"]));
        return peer;
    }
}
