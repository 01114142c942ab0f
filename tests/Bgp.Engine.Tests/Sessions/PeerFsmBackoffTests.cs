using Bgp.Protocol;
using static Bgp.Engine.Tests.PeerScript;

namespace Bgp.Engine.Tests;

/// <summary>How the wait grows while a neighbor's sessions fail, where it ends, and what starts it over.</summary>
internal sealed class PeerFsmBackoffTests
{
    [Test]
    public void Handshake_FailsAgainAndAgain_WaitDoublesToTheBound()
    {
        var peer = new PeerScript();
        peer.Configure();
        var connection = Out;
        for (var failure = 0; failure < 12; failure++)
        {
            var full = TimeSpan.FromSeconds(Math.Min(5 * Math.Pow(2, failure), RetryBackoff.MaxDelay.TotalSeconds));
            Assert.That(FailAndReconnect(peer, connection), Is.InRange(full * 0.75, full));
            connection = new ConnectionId(connection.Value + 2);
        }
    }

    [Test]
    public void Handshake_FailsWithLongConnectRetry_WaitStaysThere()
    {
        var peer = new PeerScript();
        peer.Configure(Neighbor with { ConnectRetry = TimeSpan.FromMinutes(10) });
        FailAndReconnect(peer, Out);
        Assert.That(FailAndReconnect(peer, new ConnectionId(4)), Is.InRange(TimeSpan.FromMinutes(7.5), TimeSpan.FromMinutes(10)));
    }

    [Test]
    public void Connect_FailsAgainAndAgain_WaitDoesNotGrow()
    {
        var peer = new PeerScript();
        peer.Configure();
        for (var connection = 2u; connection < 40; connection += 2)
        {
            peer.Failed(new ConnectionId(connection));
            Assert.That(peer.Fsm.NextDeadline - peer.Now, Is.LessThanOrEqualTo(TimeSpan.FromSeconds(5)));
            peer.AtDeadline();
        }
    }

    [Test]
    public void Session_StayedUp_StartsOver()
    {
        var peer = new PeerScript();
        peer.Configure();
        FailAndReconnect(peer, Out);
        FailAndReconnect(peer, new ConnectionId(4));
        Establish(peer, new ConnectionId(6));
        peer.Pass(RetryBackoff.StableTime);
        peer.Closed(new ConnectionId(6));
        Assert.That(peer.Fsm.NextDeadline - peer.Now, Is.LessThanOrEqualTo(RetryBackoff.QuickDelay));
    }

    [Test]
    public void Session_OneTickShortOfStable_CountsAsFailure()
    {
        var peer = new PeerScript();
        peer.Configure();
        FailAndReconnect(peer, Out);
        Establish(peer, new ConnectionId(4));
        peer.Pass(RetryBackoff.StableTime - TimeSpan.FromMicroseconds(1));
        peer.Closed(new ConnectionId(4));
        Assert.That(peer.State, Is.EqualTo(SessionState.Idle));
    }

    [Test]
    public void Reset_AfterFailures_StartsOver()
    {
        var peer = new PeerScript();
        peer.Configure();
        FailAndReconnect(peer, Out);
        Fail(peer, new ConnectionId(4));
        Assert.That(peer.Do(SessionInputKind.Reset), Is.EqualTo(["Connect 6", "State Idle→Connect"]));
    }

    [Test]
    public void FirstFailure_IncomingAtOnce_IsAccepted()
    {
        var peer = new PeerScript();
        peer.Configure();
        Fail(peer, Out);
        Assert.That(peer.Opened(In), Is.EqualTo(["Send 1 OPEN", "State Active→OpenSent"]));
    }

    [Test]
    public void SecondFailure_IncomingOneTickBeforeIdleHoldEnds_IsRejected()
    {
        var peer = TwiceFailed();
        peer.Pass(RetryBackoff.IdleHold - TimeSpan.FromMicroseconds(1));
        Assert.That(peer.Opened(In), Is.EqualTo(
            ["Send 1 NOTIFICATION Cease / Connection Rejected", "Close 1", "AttemptFailed 1 NotificationSent: Cease / Connection Rejected"]));
    }

    [Test]
    public void SecondFailure_IdleHoldOver_TurnsActiveAndAccepts()
    {
        var peer = TwiceFailed();
        Assert.That(peer.After(RetryBackoff.IdleHold), Is.EqualTo(["State Idle→Active"]));
        Assert.That(peer.Opened(In), Does.Contain("Send 1 OPEN"));
    }

    [Test]
    public void SecondFailure_Passive_ListensAgainAfterIdleHold()
    {
        var peer = new PeerScript();
        peer.Configure(Neighbor with { Passive = true });
        peer.Opened(In);
        peer.Closed(In);
        peer.Opened(new ConnectionId(3));
        peer.Closed(new ConnectionId(3));
        Assert.That(peer.State, Is.EqualTo(SessionState.Idle));
        Assert.That(peer.AtDeadline(), Is.EqualTo(["State Idle→Active"]));
        Assert.That(peer.Fsm.NextDeadline, Is.Null);
    }

    [TestCase(CeaseSubcode.AdministrativeShutdown)]
    [TestCase(CeaseSubcode.PeerDeconfigured)]
    [TestCase(CeaseSubcode.AdministrativeReset)]
    [TestCase(CeaseSubcode.OtherConfigurationChange)]
    public void Session_EndedByTheOperatorThere_NeighborIsTakenBackAtOnce(CeaseSubcode subcode)
    {
        var peer = TwiceEnded(BgpError.Cease(subcode), RetryBackoff.IdleHold);
        Assert.That(peer.Opened(new ConnectionId(9)), Is.EqualTo(["Send 9 OPEN", "State Active→OpenSent"]));
    }

    [Test]
    public void Session_EndedByAHardResetOfTheOperatorThere_NeighborIsTakenBackAtOnce()
    {
        var peer = TwiceEnded(BgpError.HardReset(BgpError.Cease(CeaseSubcode.AdministrativeReset)), RetryBackoff.IdleHold);
        Assert.That(peer.State, Is.EqualTo(SessionState.Active));
    }

    [Test]
    public void Session_EndedByTheOperatorThereOneTickTooSoon_CountsAsFailure() =>
        Assert.That(TwiceEnded(BgpError.Cease(CeaseSubcode.AdministrativeShutdown), RetryBackoff.IdleHold - TimeSpan.FromMicroseconds(1)).State, Is.EqualTo(SessionState.Idle));

    [TestCase(CeaseSubcode.MaximumNumberOfPrefixesReached)]
    [TestCase(CeaseSubcode.OutOfResources)]
    public void Session_EndedByTheNeighborForAFault_CountsAsFailure(CeaseSubcode subcode) =>
        Assert.That(TwiceEnded(BgpError.Cease(subcode), RetryBackoff.IdleHold).State, Is.EqualTo(SessionState.Idle));

    [Test]
    public void Retry_TwoNeighborsOfOneSeed_DoNotMoveInStep()
    {
        var effects = new EffectBuffer<SessionEffect>();
        var deadlines = Enumerable.Range(0, 8).Select(number =>
        {
            var fsm = new PeerFsm(new PeerNumber(new PeerId(number)), 1);
            fsm.Step(new SessionInput(SessionInputKind.Configure) { Config = new PeerSettings(Neighbor, OurId) }, Instant.Zero, effects);
            fsm.Step(new SessionInput(SessionInputKind.ConnectionFailed) { Connection = Out }, Instant.Zero, effects);
            return fsm.NextDeadline;
        });
        Assert.That(deadlines, Is.Unique);
    }

    [Test]
    public void Retry_SameSeed_IsTheSame()
    {
        var (first, second, other) = (Trace(7), Trace(7), Trace(8));
        Assert.That(second, Is.EqualTo(first));
        Assert.That(other, Is.Not.EqualTo(first));

        static Instant?[] Trace(ulong seed)
        {
            var peer = new PeerScript(seed);
            peer.Configure();
            return [.. Enumerable.Range(1, 10).Select(attempt =>
            {
                FailAndReconnect(peer, new ConnectionId((uint)attempt * 2));
                return (Instant?)peer.Now;
            })];
        }
    }

    private static PeerScript TwiceFailed()
    {
        var peer = new PeerScript();
        peer.Configure();
        FailAndReconnect(peer, Out);
        Fail(peer, new ConnectionId(4));
        Assert.That(peer.State, Is.EqualTo(SessionState.Idle));
        return peer;
    }

    /// <summary>Two sessions in a row, each ended by this NOTIFICATION when it was up for so long.</summary>
    private static PeerScript TwiceEnded(BgpError error, TimeSpan upFor)
    {
        var peer = new PeerScript();
        peer.Configure(Neighbor with { Passive = true });
        foreach (var connection in new ConnectionId[] { new(1), new(3) })
        {
            Establish(peer, connection);
            peer.Pass(upFor);
            peer.Receive(connection, Bytes(error));
        }

        return peer;
    }

    private static void Establish(PeerScript peer, ConnectionId connection)
    {
        peer.Opened(connection);
        peer.Receive(connection, Bytes(Open()));
        peer.Receive(connection, Keepalive());
        Assert.That(peer.State, Is.EqualTo(SessionState.Established));
    }

    private static void Fail(PeerScript peer, ConnectionId connection)
    {
        peer.Opened(connection);
        peer.Closed(connection);
    }

    /// <summary>Lets a handshake fail; the result is how long it took to connect again.</summary>
    private static TimeSpan FailAndReconnect(PeerScript peer, ConnectionId connection)
    {
        Fail(peer, connection);
        var failed = peer.Now;
        while (peer.State != SessionState.Connect)
        {
            peer.AtDeadline();
        }

        return peer.Now - failed;
    }
}
