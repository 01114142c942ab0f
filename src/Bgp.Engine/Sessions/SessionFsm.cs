using System.Diagnostics;
using Bgp.Protocol;

namespace Bgp.Engine;

/// <summary>What a message did to its connection, as far as <see cref="PeerFsm"/> must act on it.</summary>
internal enum SessionProgress : byte
{
    None,

    /// <summary>A good OPEN came; collisions are to be resolved before <see cref="SessionFsm.Confirm"/> answers it.</summary>
    OpenAccepted,

    /// <summary>The peer's KEEPALIVE confirmed the session.</summary>
    Established,
}

/// <summary>
/// One connection of a neighbor, from the connect to its end: Connect, OpenSent, OpenConfirm and Established of RFC 4271 §8.2.2.
/// <para>
/// <see cref="PeerFsm"/> drives it and owns what concerns several connections: collisions, retries, generations. A connection that ended
/// says so in <see cref="Ended"/>, the first reason wins, and everything that was to be sent and closed is then already among the effects.
/// </para>
/// <para>Notifications by RFC 4271 §6 and, for messages that do not fit the state, RFC 6608 §3.</para>
/// </summary>
internal sealed class SessionFsm(ConnectionId connection, Jitter jitter)
{
    private static readonly ReadOnlyMemory<byte> Keepalive = KeepaliveMessage.Bytes.ToArray();

    private readonly SessionTimers _timers = new(jitter);
    private PeerSettings? _settings;
    private OpenMessage? _localOpen;
    private ConnectionEnds _ends;

    public ConnectionId Connection { get; } = connection;

    public SessionState State { get; private set; } = SessionState.Connect;

    /// <summary>Why the connection ended; <c>null</c> while it lives.</summary>
    public SessionDownReason? Ended { get; private set; }

    /// <summary>The peer's OPEN, once it was accepted.</summary>
    public OpenMessage? RemoteOpen { get; private set; }

    /// <summary>What was agreed on; <c>null</c> before OpenConfirm.</summary>
    public NegotiatedSession? Session { get; private set; }

    /// <summary>The generation, from Established on.</summary>
    public SessionGeneration Generation { get; private set; }

    /// <summary>When the session was established; <c>null</c> before.</summary>
    public Instant? EstablishedAt { get; private set; }

    public Instant? NextDeadline => _timers.Next;

    /// <summary>The TCP connection stands: our OPEN goes out.</summary>
    public void Opened(in ConnectionEnds ends, PeerSettings settings, Instant now, EffectBuffer<SessionEffect> effects)
    {
        Debug.Assert(State == SessionState.Connect, "a connection opens once");
        _ends = ends;
        _settings = settings;
        _localOpen = Negotiation.Offer(settings);
        var message = new byte[_localOpen.Length];
        _localOpen.WriteTo(message);
        Send(message, effects);
        State = SessionState.OpenSent;
        _timers.StartOpenHold(now);
    }

    /// <summary>Takes one whole message.</summary>
    public SessionProgress Receive(ReadOnlyMemory<byte> message, Instant now, EffectBuffer<SessionEffect> effects)
    {
        Debug.Assert(message.Length >= BgpConstants.HeaderLength, "the framer checked the header");
        var type = (MessageType)message.Span[BgpConstants.HeaderLength - 1];
        var body = message.Span[BgpConstants.HeaderLength..];
        _timers.Received(now);
        switch (State, type)
        {
            case (_, MessageType.Notification):
                ReceiveNotification(body, effects);
                return SessionProgress.None;
            case (SessionState.OpenSent, MessageType.Open):
                return ReceiveOpen(body, effects);
            case (SessionState.OpenConfirm, MessageType.Keepalive):
                return SessionProgress.Established;
            case (SessionState.Established, MessageType.Keepalive):
                return SessionProgress.None;
            case (SessionState.Established, MessageType.RouteRefresh):
                ReceiveRefresh(body, effects);
                return SessionProgress.None;
            default:
                Fail(BgpError.Fsm(UnexpectedMessage(State)), effects);
                return SessionProgress.None;
        }
    }

    /// <summary>Answers the OPEN that was accepted: the session is agreed on, and a KEEPALIVE says so.</summary>
    public void Confirm(Instant now, EffectBuffer<SessionEffect> effects)
    {
        if (State != SessionState.OpenSent || RemoteOpen is null || _localOpen is null || _settings is null)
        {
            throw new UnreachableException("only an accepted OPEN is confirmed");
        }

        Session = Negotiation.Agree(_localOpen, RemoteOpen, _settings, _ends);
        State = SessionState.OpenConfirm;
        effects.Add(new SessionEffect(SessionEffectKind.Negotiated) { Connection = Connection, Session = Session });
        Send(Keepalive, effects);
        _timers.StartNegotiated(Session, now);
    }

    /// <summary>The session is up: UPDATEs may flow.</summary>
    public void Establish(SessionGeneration generation, TimeSpan? sendHoldTime, Instant now, EffectBuffer<SessionEffect> effects)
    {
        Debug.Assert(State == SessionState.OpenConfirm && Session is not null, "an agreed session is established");
        State = SessionState.Established;
        Generation = generation;
        EstablishedAt = now;
        _timers.StartSendHold(sendHoldTime, now);
        effects.Add(new SessionEffect(SessionEffectKind.Up) { Connection = Connection, Generation = generation, Session = Session });
    }

    /// <summary>The configured send-hold time changed.</summary>
    public void ChangeSendHold(TimeSpan? sendHoldTime, Instant now)
    {
        if (State == SessionState.Established)
        {
            _timers.StartSendHold(sendHoldTime, now);
        }
    }

    /// <summary>The transport's answer to a probe.</summary>
    public void Probed(in ProbeResult result, Instant now, EffectBuffer<SessionEffect> effects) => Act(_timers.Probed(result, now), now, effects);

    /// <summary>Does what is due.</summary>
    public void RunTimers(Instant now, EffectBuffer<SessionEffect> effects) => Act(_timers.Run(now), now, effects);

    /// <summary>Sends a KEEPALIVE ahead of its time, so that a peer that no longer knows this connection resets it.</summary>
    public void ProvePeer(Instant now, EffectBuffer<SessionEffect> effects)
    {
        if (State == SessionState.Established && _timers.MaySendKeepalive(now))
        {
            SendKeepalive(now, effects);
        }
    }

    /// <summary>
    /// Asks for the peer's routes again, in one family or, where it is default, in all; nothing where the peer cannot do it (RFC 2918 §4).
    /// </summary>
    public void RequestRefresh(AddressFamily wanted, EffectBuffer<SessionEffect> effects)
    {
        if (State != SessionState.Established || Session is not { RouteRefresh: true } session)
        {
            return;
        }

        foreach (var family in session.Families)
        {
            if (wanted == default || wanted == family)
            {
                var message = new byte[RouteRefreshMessage.Length];
                new RouteRefreshMessage(family, RouteRefreshSubtype.Request).WriteTo(message);
                Send(message, effects);
            }
        }
    }

    /// <summary>Ends the connection for the peer's fault, with the NOTIFICATION that it earned.</summary>
    public void Fail(in BgpError error, EffectBuffer<SessionEffect> effects) =>
        Close(new SessionDownReason(SessionDownKind.NotificationSent, error), effects);

    /// <summary>
    /// Ends the connection from our side. A reason with an error is told to the peer, once there is a connection to tell it on.
    /// </summary>
    public void Close(SessionDownReason reason, EffectBuffer<SessionEffect> effects)
    {
        if (Ended is not null)
        {
            return;
        }

        if (reason.Error is { } error && State != SessionState.Connect)
        {
            Send(Encode(error), effects);
        }

        CloseSilently(reason, effects);
    }

    /// <summary>The connection is gone already, or was never made.</summary>
    public void Lost(SessionDownReason reason) => Ended ??= reason;

    /// <summary>A NOTIFICATION as a whole message.</summary>
    public static ReadOnlyMemory<byte> Encode(in BgpError error)
    {
        var notification = new NotificationMessage(error);
        var message = new byte[notification.Length];
        notification.WriteTo(message);
        return message;
    }

    private SessionProgress ReceiveOpen(ReadOnlySpan<byte> body, EffectBuffer<SessionEffect> effects)
    {
        if (OpenMessage.TryParse(body, out var open, out var error))
        {
            error = Negotiation.Check(open, _settings ?? throw new UnreachableException("an open connection has settings"));
        }

        if (!error.IsNone)
        {
            Fail(error, effects);
            return SessionProgress.None;
        }

        RemoteOpen = open;
        return SessionProgress.OpenAccepted;
    }

    private void ReceiveNotification(ReadOnlySpan<byte> body, EffectBuffer<SessionEffect> effects)
    {
        // RFC 4271 §6.4: an error in a NOTIFICATION is not answered.
        var reason = NotificationMessage.TryParse(body, out var notification, out _)
            ? new SessionDownReason(SessionDownKind.NotificationReceived, notification.Error, notification.ShutdownText)
            : new SessionDownReason(SessionDownKind.NotificationReceived, Text: "the NOTIFICATION was malformed");
        CloseSilently(reason, effects);
    }

    private void ReceiveRefresh(ReadOnlySpan<byte> body, EffectBuffer<SessionEffect> effects)
    {
        if (!RouteRefreshMessage.TryParse(body, out var refresh, out var error))
        {
            Fail(error, effects);
            return;
        }

        // RFC 2918 §4: a family that was not agreed on is ignored; RFC 7313 §5: so is a subtype that is unknown or that the peer did not negotiate.
        var isWanted = refresh.Subtype switch
        {
            RouteRefreshSubtype.Request => true,
            RouteRefreshSubtype.BeginningOfRefresh or RouteRefreshSubtype.EndOfRefresh => Session is { EnhancedRouteRefresh: true },
            _ => false,
        };
        if (isWanted && Session is { } session && session.Families.Contains(refresh.Family))
        {
            effects.Add(new SessionEffect(SessionEffectKind.RefreshReceived) { Connection = Connection, Generation = Generation, Refresh = refresh });
        }
    }

    private void Act(TimerActions actions, Instant now, EffectBuffer<SessionEffect> effects)
    {
        if (Ended is not null)
        {
            return;
        }

        if (actions.HasFlag(TimerActions.SendHoldExpired))
        {
            Close(new SessionDownReason(SessionDownKind.SendHoldTimerExpired, BgpError.SendHoldTimerExpired), effects);
            return;
        }

        if (actions.HasFlag(TimerActions.HoldExpired))
        {
            Close(new SessionDownReason(SessionDownKind.HoldTimerExpired, BgpError.HoldTimerExpired), effects);
            return;
        }

        if (actions.HasFlag(TimerActions.SendKeepalive))
        {
            SendKeepalive(now, effects);
        }

        if (actions.HasFlag(TimerActions.Probe))
        {
            effects.Add(new SessionEffect(SessionEffectKind.Probe) { Connection = Connection, Generation = Generation });
        }
    }

    private void SendKeepalive(Instant now, EffectBuffer<SessionEffect> effects)
    {
        Send(Keepalive, effects);
        _timers.KeepaliveSent(now);
    }

    private void Send(ReadOnlyMemory<byte> message, EffectBuffer<SessionEffect> effects) =>
        effects.Add(new SessionEffect(SessionEffectKind.Send) { Connection = Connection, Message = message });

    private void CloseSilently(SessionDownReason reason, EffectBuffer<SessionEffect> effects)
    {
        Ended = reason;
        effects.Add(new SessionEffect(SessionEffectKind.Close) { Connection = Connection });
    }

    private static FsmSubcode UnexpectedMessage(SessionState state) => state switch
    {
        SessionState.OpenSent => FsmSubcode.UnexpectedMessageInOpenSent,
        SessionState.OpenConfirm => FsmSubcode.UnexpectedMessageInOpenConfirm,
        SessionState.Established => FsmSubcode.UnexpectedMessageInEstablished,
        _ => throw new UnreachableException("messages come on open connections only"),
    };
}
