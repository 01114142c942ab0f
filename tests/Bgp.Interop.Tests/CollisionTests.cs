using Bgp.Protocol;

namespace Bgp.Interop.Tests;

/// <summary>Two connections at once (RFC 4271 §6.8), and a peer that lost its connection without saying so. A scripted peer decides what comes first.</summary>
[NonParallelizable]
internal sealed class CollisionTests
{
    private static readonly BgpError Collision = BgpError.Cease(CeaseSubcode.ConnectionCollisionResolution);

    // The daemon's own is 10.9.0.1.
    private static readonly RouterId Low = new(0x01010101);
    private static readonly RouterId High = new(0xc8000001);

    private readonly RawTopology _topology = new();

    [OneTimeSetUp]
    public void Build() => _topology.Start();

    [OneTimeTearDown]
    public void TearDown() => _topology.Dispose();

    /// <summary>The connection of the speaker with the higher identifier survives, whichever of the two OPENs comes first.</summary>
    [Test]
    public void BothOpenConfirm_HigherIdentifiersConnectionSurvives([Values] bool isOursHigher, [Values] bool isOursFirst)
    {
        var (peer, ours, theirs) = BothOpenSent(isOursHigher ? Low : High);
        var (first, second) = isOursFirst ? (ours, theirs) : (theirs, ours);
        var (winner, loser) = isOursHigher ? (ours, theirs) : (theirs, ours);

        first.Send(peer.Open());
        first.Await(MessageType.Keepalive);
        second.Send(peer.Open());

        Assert.That(loser.AwaitNotification(), Is.EqualTo(Collision));
        winner.Send(KeepaliveMessage.Bytes);
        winner.Await(MessageType.Update);
        Assert.That(_topology.Subject.IsEstablished(peer.Host), Is.True);
    }

    /// <summary>One that is established ends the other, which has not heard an OPEN yet, whatever the identifiers.</summary>
    [Test]
    public void OneEstablished_OtherOpenSent_IsClosed([Values] bool isOursHigher, [Values] bool isOursEstablished)
    {
        var (peer, ours, theirs) = BothOpenSent(isOursHigher ? Low : High);
        var (winner, loser) = isOursEstablished ? (ours, theirs) : (theirs, ours);

        winner.Send(peer.Open());
        winner.Await(MessageType.Keepalive);
        winner.Send(KeepaliveMessage.Bytes);

        Assert.That(loser.AwaitNotification(), Is.EqualTo(Collision));
        winner.Await(MessageType.Update);
        Assert.That(_topology.Subject.IsEstablished(peer.Host), Is.True);
    }

    /// <summary>A second connection does not disturb a session.</summary>
    [Test]
    public void Established_PeerConnectsAgain_SessionStays()
    {
        var peer = _topology.AddKnown();
        var session = peer.Establish();
        session.Await(MessageType.Update);
        var before = _topology.Subject.Incarnation(peer.Host);

        var second = peer.Connect();

        Assert.That(second.AwaitNotification(), Is.EqualTo(Collision));
        session.Send(RawMessages.Update("192.0.2.0", "4002060201" + "0000FDF2", peer.Host.IPv4));
        Routes.Await("192.0.2.0/24", _topology.Subject, peer.Host);
        Assert.That(_topology.Subject.Incarnation(peer.Host), Is.EqualTo(before));
    }

    /// <summary>The peer's host loses the connection, no FIN and no RST arrives, and it comes back long before the hold timer.</summary>
    [Test]
    public void HalfOpen_PeerComesBack_SessionEndsAndComesUpAgain()
    {
        var peer = _topology.AddKnown();
        // Keepalives go at most once a second, so the one that finds the loss out may be the next regular one.
        var lost = peer.Establish(holdTime: 30);
        _topology.AwaitEstablished(peer);
        var before = _topology.Subject.Incarnation(peer.Host);
        peer.Vanish(lost);

        var refused = peer.Connect();

        Assert.That(refused.AwaitNotification(), Is.EqualTo(Collision));
        Eventually.Get("the lost session ends", () => _topology.Subject.Incarnation(peer.Host), now => now != before);
        Assert.That(_topology.Subject.LastError(peer.Host), Does.Not.Contain("Hold").IgnoreCase);
        peer.Establish().Await(MessageType.Update);
        _topology.AwaitEstablished(peer);
    }

    /// <summary>A new peer with this identifier, a connection that the daemon opened and one that the peer opened; both have heard the daemon's OPEN.</summary>
    private (RawPeer Peer, RawConnection Ours, RawConnection Theirs) BothOpenSent(RouterId identifier)
    {
        var peer = _topology.Add((host, subject) => new RawPeer(host, subject, 65010) { RouterId = identifier });
        peer.Listen();
        _topology.Introduce(peer, isPassive: false);
        var ours = peer.Accept();
        ours.Await(MessageType.Open);
        var theirs = peer.Connect();
        theirs.Await(MessageType.Open);
        return (peer, ours, theirs);
    }
}
