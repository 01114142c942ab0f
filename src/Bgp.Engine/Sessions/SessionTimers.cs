namespace Bgp.Engine;

/// <summary>What a session's timers ask for; several at once are possible.</summary>
[Flags]
internal enum TimerActions : byte
{
    None = 0,
    SendKeepalive = 1,
    Probe = 2,
    HoldExpired = 4,
    SendHoldExpired = 8,
}

/// <summary>
/// The timers of one connection: hold and keepalive (RFC 4271 §8.1.3), send-hold (RFC 9687). UPDATEs do not come by here, so a deadline
/// that is reached is only a question: the transport is probed, and its answer decides (<see cref="Probed"/>). Expiry waits while the
/// transport still has input that nobody looked at, since a KEEPALIVE may be part of it.
/// </summary>
internal sealed class SessionTimers(Jitter jitter)
{
    /// <summary>The hold time until the peer's OPEN names one (RFC 4271 §8.2.2, "a large value").</summary>
    public static readonly TimeSpan OpenHoldTime = TimeSpan.FromMinutes(4);

    /// <summary>How long after a probe the next one goes out, while what it asks is still open.</summary>
    public static readonly TimeSpan ProbeInterval = TimeSpan.FromSeconds(1);

    /// <summary>How long unread input puts expiry off, at most.</summary>
    public static readonly TimeSpan MaxDeferral = TimeSpan.FromMinutes(4);

    /// <summary>KEEPALIVEs come no faster than this (RFC 4271 §4.4).</summary>
    public static readonly TimeSpan MinKeepalive = TimeSpan.FromSeconds(1);

    /// <summary>The least default of the send-hold time (RFC 9687).</summary>
    public static readonly TimeSpan MinSendHold = TimeSpan.FromMinutes(8);

    /// <summary>How often within a send-hold time the transport is asked how far it got: it knows when bytes were acknowledged only from one question to the next.</summary>
    private const int SendChecks = 4;

    private TimeSpan _hold;
    private TimeSpan _keepalive;
    private TimeSpan _sendHold;
    private Instant? _holdAt;
    private Instant? _keepaliveAt;
    private Instant? _sendHoldAt;
    private Instant? _sendCheckAt;
    private Instant? _probeAt;
    private Instant? _keepaliveSent;
    private bool _isNegotiated;

    /// <summary>When <see cref="Run"/> has something to do.</summary>
    public Instant? Next
    {
        get
        {
            var question = Instant.Earlier(_holdAt, _sendCheckAt);
            if (question < _probeAt)
            {
                question = _probeAt;
            }

            return Instant.Earlier(_keepaliveAt, question);
        }
    }

    /// <summary>Our OPEN is sent.</summary>
    public void StartOpenHold(Instant now) => _holdAt = now + OpenHoldTime;

    /// <summary>The peer's OPEN is accepted and answered with a KEEPALIVE.</summary>
    public void StartNegotiated(NegotiatedSession session, Instant now)
    {
        _isNegotiated = true;
        _hold = session.HoldTime;
        _keepalive = session.Keepalive;
        _holdAt = _hold > TimeSpan.Zero ? now + _hold : null;
        KeepaliveSent(now);
    }

    /// <summary>Starts, restarts or (with a time of zero, or where there is no hold time) stops the send-hold timer.</summary>
    public void StartSendHold(TimeSpan? configured, Instant now)
    {
        _sendHold = configured ?? (_hold * 2 > MinSendHold ? _hold * 2 : MinSendHold);
        _sendHoldAt = _hold > TimeSpan.Zero && _sendHold > TimeSpan.Zero ? now + _sendHold : null;
        ScheduleSendCheck(now);
    }

    /// <summary>A message arrived at <paramref name="at"/>.</summary>
    public void Received(Instant at)
    {
        if (_isNegotiated && _holdAt is { } due && at + _hold > due)
        {
            _holdAt = at + _hold;
        }
    }

    /// <summary>A KEEPALIVE was sent.</summary>
    public void KeepaliveSent(Instant now)
    {
        _keepaliveSent = now;
        if (_keepalive > TimeSpan.Zero)
        {
            var wait = jitter.Apply(_keepalive);
            _keepaliveAt = now + (wait > MinKeepalive ? wait : MinKeepalive);
        }
    }

    /// <summary>Whether a KEEPALIVE that no timer asks for may go out now.</summary>
    public bool MaySendKeepalive(Instant now) => _keepaliveSent is not { } sent || now - sent >= MinKeepalive;

    /// <summary>What is due.</summary>
    public TimerActions Run(Instant now)
    {
        var actions = _keepaliveAt <= now ? TimerActions.SendKeepalive : TimerActions.None;
        if (_holdAt <= now && (!_isNegotiated || IsDeferralOver(now)))
        {
            return actions | TimerActions.HoldExpired;
        }

        if ((_holdAt <= now || _sendCheckAt <= now) && !(_probeAt > now))
        {
            _probeAt = now + ProbeInterval;
            actions |= TimerActions.Probe;
        }

        return actions;
    }

    /// <summary>The transport's answer to a probe, and what follows from it.</summary>
    public TimerActions Probed(in ProbeResult result, Instant now)
    {
        Received(result.LastReceived);
        if (_sendHoldAt is not null)
        {
            _sendHoldAt = (result.SendPending ? result.LastSendProgress : now) + _sendHold;
            if (_sendHoldAt <= now)
            {
                return TimerActions.SendHoldExpired;
            }

            ScheduleSendCheck(now);
        }

        return _isNegotiated && _holdAt <= now && (!result.InputPending || IsDeferralOver(now)) ? TimerActions.HoldExpired : TimerActions.None;
    }

    private void ScheduleSendCheck(Instant now) => _sendCheckAt = _sendHoldAt is { } due ? Instant.Earlier(due, now + (_sendHold / SendChecks)) : null;

    private bool IsDeferralOver(Instant now) => _holdAt + MaxDeferral <= now;
}
