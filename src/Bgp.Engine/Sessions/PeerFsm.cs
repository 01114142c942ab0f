using System.Collections.Immutable;
using Bgp.Protocol;

namespace Bgp.Engine;

/// <summary>
/// A neighbor's session as a pure machine.
/// <para>
/// In: settings, an operator's commands, reports of the transport, verdicts of the route engine, the passing of time. Out: connections to
/// open and close, control messages, the news that a session is up or down. <see cref="Speaker"/> calls it and carries its effects; UPDATEs
/// of an established session pass it by.
/// </para>
/// <para>
/// It owns at most two connections, one that we opened and one that the neighbor opened, each a <see cref="SessionFsm"/>; of these at most
/// one becomes established. The states are those of RFC 4271 §8.2.2, where Connect and Active share one connect-retry timer; collisions are
/// resolved by §6.8 with RFC 6286 §2.3; jitter is §10's.
/// </para>
/// <para>
/// Deviations: after a failure the neighbor's own connections are accepted (Active) while our retry waits, and refused (Idle) only for a
/// short hold from the second failure in a row on, since two speakers that both refuse while they wait may never meet; a session that the
/// neighbor's operator ended is no failure. A connection that comes while a session is established is refused at once rather than when its OPEN arrives, and a KEEPALIVE on the session makes a peer
/// that lost it say so. A newer incoming connection replaces an older one that is not established: the neighbor would not open it
/// otherwise.
/// </para>
/// </summary>
internal sealed partial class PeerFsm
{
    /// <summary>The least time that a connect is given: the SYN is sent a second and a third time meanwhile.</summary>
    public static readonly TimeSpan MinConnectWait = TimeSpan.FromSeconds(5);

    /// <summary>Connect-retry below this counts as this.</summary>
    public static readonly TimeSpan MinConnectRetry = TimeSpan.FromMilliseconds(100);

    private const ulong PeerSeedFactor = 0xd1342543de82ef95;

    private readonly PeerNumber _number;
    private readonly Jitter _jitter;
    private readonly RetryBackoff _backoff;
    private PeerSettings? _settings;
    private SessionFsm? _outgoing;
    private SessionFsm? _incoming;

    /// <summary>The connect-retry timer: in Connect it gives up, in Active it connects.</summary>
    private Instant? _retryAt;

    /// <summary>The end of the idle hold, in which incoming connections are refused.</summary>
    private Instant? _idleUntil;

    /// <summary>The idle hold is for announcing too much: it is the neighbor's, whatever address it shows.</summary>
    private bool _isPunished;

    private bool _isAdminDown;
    private bool _isRemoved;
    private Instant _since;
    private int _flaps;
    private long _received;
    private long _sent;
    private (SessionDownReason Reason, Instant At)? _lastDown;
    private ImmutableArray<string> _capabilities = [];

    /// <param name="number">The neighbor's number.</param>
    /// <param name="seed">Seeds the jitter, with the neighbor's number, so that neighbors with one seed differ.</param>
    public PeerFsm(PeerNumber number, ulong seed)
    {
        _number = number;
        _jitter = new Jitter(seed ^ ((ulong)(number.Id.Value + 1) * PeerSeedFactor));
        _backoff = new RetryBackoff(_jitter);
    }

    private SessionFsm? Established =>
        _outgoing is { State: SessionState.Established } ? _outgoing
        : _incoming is { State: SessionState.Established } ? _incoming
        : null;

    private SessionState State
    {
        get
        {
            if (_outgoing is null && _incoming is null)
            {
                return _settings is null || _isAdminDown || _isRemoved || _idleUntil is not null ? SessionState.Idle : SessionState.Active;
            }

            return _outgoing is not null && (_incoming is null || _outgoing.State > _incoming.State) ? _outgoing.State : _incoming!.State;
        }
    }

    /// <summary>Whether a neighbor that never has to be found would be missed if it were forgotten: no connection, no refusal that goes on, no operator's will.</summary>
    public bool IsForgettable =>
        _outgoing is null && _incoming is null && _idleUntil is null && (!_isAdminDown || _settings is { Neighbor.Shutdown: true });

    /// <summary>When <see cref="Step"/> wants a <see cref="SessionInputKind.Tick"/>; after a step always later than it.</summary>
    public Instant? NextDeadline
    {
        get
        {
            var own = Instant.Earlier(_retryAt, _idleUntil);
            return Instant.Earlier(own, Instant.Earlier(_outgoing?.NextDeadline, _incoming?.NextDeadline));
        }
    }

    /// <summary>A copy of how things stand. Only after the first <see cref="SessionInputKind.Configure"/>.</summary>
    public PeerStatus Status => new()
    {
        Peer = _number.Id,
        Config = (_settings ?? throw new InvalidOperationException("the neighbor has no settings yet")).Neighbor,
        State = State,
        Since = _since,
        Session = Established?.Session,
        Capabilities = _capabilities,
        LastDown = _lastDown?.Reason,
        LastDownAt = _lastDown?.At,
        Flaps = _flaps,
        MessagesReceived = _received,
        MessagesSent = _sent,
        AdminDown = _isAdminDown,
    };

    /// <summary>Takes one input at time <paramref name="now"/>, does what is due by then, and appends what is to be done.</summary>
    public void Step(in SessionInput input, Instant now, EffectBuffer<SessionEffect> effects)
    {
        var before = State;
        var first = effects.Count;
        Take(input, now, effects);
        RunTimers(now, effects);
        for (var index = first; index < effects.Count; index++)
        {
            _sent += effects[index].Kind == SessionEffectKind.Send ? 1 : 0;
        }

        if (State != before)
        {
            effects.Add(new SessionEffect(SessionEffectKind.StateChanged) { OldState = before, NewState = State });
        }
    }

    private void Take(in SessionInput input, Instant now, EffectBuffer<SessionEffect> effects)
    {
        switch (input.Kind)
        {
            case SessionInputKind.Configure:
                Configure(input.Config ?? throw new ArgumentException("Configure without settings", nameof(input)), now, effects);
                break;
            case SessionInputKind.Enable:
                Enable(now);
                break;
            case SessionInputKind.Disable:
                Disable(input.Text, now, effects);
                break;
            case SessionInputKind.Reset:
                var error = BgpError.Cease(CeaseSubcode.AdministrativeReset, input.Text ?? "");
                Restart(new SessionDownReason(SessionDownKind.AdminReset, error, input.Text), now, effects);
                break;
            case SessionInputKind.Remove:
                Remove(LeavingReason(input.Error), now, effects);
                break;
            case SessionInputKind.Abandon:
                Remove(new SessionDownReason(SessionDownKind.SpeakerRestarting), now, effects);
                break;
            case SessionInputKind.RequestRefresh:
                Established?.RequestRefresh(input.Family, effects);
                break;
            case SessionInputKind.Verdict:
                TakeVerdict(input, now, effects);
                break;
            case SessionInputKind.ConnectionOpened when input.Connection.IsIncoming:
                Accept(input, now, effects);
                break;
            case SessionInputKind.Tick:
                break;
            default:
                TakeReport(input, now, effects);
                break;
        }
    }

    private void RunTimers(Instant now, EffectBuffer<SessionEffect> effects)
    {
        if (_idleUntil <= now)
        {
            _idleUntil = null;
            _isPunished = false;
        }

        _outgoing?.RunTimers(now, effects);
        Settle(_outgoing, now, effects);
        _incoming?.RunTimers(now, effects);
        Settle(_incoming, now, effects);
        if (!(_retryAt <= now))
        {
            return;
        }

        if (_outgoing is { State: SessionState.Connect } stuck)
        {
            stuck.Close(new SessionDownReason(SessionDownKind.ConnectFailed, Text: "no answer in time"), effects);
            Settle(stuck, now, effects);
        }

        _retryAt = null;
        if (_outgoing is null && _incoming is null)
        {
            Connect(now, effects);
        }
    }

    private void Connect(Instant now, EffectBuffer<SessionEffect> effects)
    {
        if (_settings is not { Neighbor: { Passive: false } neighbor } || _isAdminDown || _isRemoved)
        {
            return;
        }

        _outgoing = new SessionFsm(_number.NextOutgoing(), _jitter);
        effects.Add(new SessionEffect(SessionEffectKind.Connect) { Connection = _outgoing.Connection });
        var wait = _jitter.Apply(neighbor.ConnectRetry);
        _retryAt = now + (wait > MinConnectWait ? wait : MinConnectWait);
    }

    /// <summary>Takes leave of a connection that ended, if it did and we still have it: reports it, and arranges for the next.</summary>
    private void Settle(SessionFsm? session, Instant now, EffectBuffer<SessionEffect> effects)
    {
        var isOutgoing = session == _outgoing;
        if (session is not { Ended: { } reason } || (!isOutgoing && session != _incoming))
        {
            return;
        }

        if (isOutgoing)
        {
            _outgoing = null;
        }
        else
        {
            _incoming = null;
        }

        Report(session, reason, now, effects);
        _backoff.Ended(reason, now - session.EstablishedAt);
        if (isOutgoing || _outgoing is null)
        {
            ScheduleRetry(reason, now);
        }
    }

    private void Report(SessionFsm session, SessionDownReason reason, Instant now, EffectBuffer<SessionEffect> effects)
    {
        if (session.State == SessionState.Established)
        {
            effects.Add(new SessionEffect(SessionEffectKind.Down)
            {
                Connection = session.Connection,
                Generation = session.Generation,
                Session = session.Session,
                Reason = reason,
            });
            _since = now;
            _flaps++;
            _lastDown = (reason, now);
            return;
        }

        effects.Add(new SessionEffect(SessionEffectKind.AttemptFailed) { Connection = session.Connection, Reason = reason });
        if (!reason.IsCollision)
        {
            _lastDown = (reason, now);
        }
    }

    /// <summary>Sets the connect-retry timer, unless another connection lives on or nobody wants one.</summary>
    private void ScheduleRetry(SessionDownReason reason, Instant now)
    {
        _retryAt = null;
        if (_settings is null || _isAdminDown || _isRemoved || _outgoing is not null || _incoming is not null)
        {
            return;
        }

        var connectRetry = _settings.Neighbor.ConnectRetry > MinConnectRetry ? _settings.Neighbor.ConnectRetry : MinConnectRetry;
        var retryAt = now + _backoff.Delay(reason, connectRetry);
        if (_backoff.HoldsIdle && reason.Kind != SessionDownKind.ConnectFailed)
        {
            _idleUntil = now + RetryBackoff.IdleHold;
            retryAt = retryAt > _idleUntil.Value ? retryAt : _idleUntil.Value;
        }

        _retryAt = _settings.Neighbor.Passive ? null : retryAt;
    }
}
