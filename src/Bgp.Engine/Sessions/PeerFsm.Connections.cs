using System.Diagnostics;
using Bgp.Protocol;

namespace Bgp.Engine;

/// <summary>What the transport reports, and which of two connections survives.</summary>
internal sealed partial class PeerFsm
{
    /// <summary>A connection that the neighbor opened.</summary>
    private void Accept(in SessionInput input, Instant now, EffectBuffer<SessionEffect> effects)
    {
        if (_settings is not { } settings || _isAdminDown || _isRemoved || _idleUntil is not null)
        {
            Refuse(input.Connection, new SessionDownReason(SessionDownKind.NotificationSent, BgpError.Cease(CeaseSubcode.ConnectionRejected)), effects);
            return;
        }

        if (Established is { } session)
        {
            // RFC 4271 §6.8. Where the neighbor has lost the session without our knowing, it answers the KEEPALIVE with a reset.
            Refuse(input.Connection, CollisionLost, effects);
            session.ProvePeer(now, effects);
            return;
        }

        if (_incoming is { } older)
        {
            older.Close(CollisionLost, effects);
            Report(older, CollisionLost, now, effects);
        }

        _incoming = new SessionFsm(input.Connection, _jitter);
        _incoming.Opened(input.Ends, settings, now, effects);
    }

    /// <summary>Reports about a connection; those of one that we closed already are out of date.</summary>
    private void TakeReport(in SessionInput input, Instant now, EffectBuffer<SessionEffect> effects)
    {
        var session = _outgoing?.Connection == input.Connection ? _outgoing : _incoming?.Connection == input.Connection ? _incoming : null;
        if (session is null)
        {
            return;
        }

        switch (input.Kind)
        {
            case SessionInputKind.ConnectionOpened:
                _retryAt = null;
                session.Opened(input.Ends, _settings ?? throw new UnreachableException("a connection has settings"), now, effects);
                break;
            case SessionInputKind.ConnectionFailed:
                session.Lost(new SessionDownReason(SessionDownKind.ConnectFailed, Text: input.Text));
                break;
            case SessionInputKind.ConnectionClosed:
                session.Lost(new SessionDownReason(SessionDownKind.ConnectionClosed, Text: input.Text));
                break;
            case SessionInputKind.Message:
                TakeMessage(session, input.Message, now, effects);
                break;
            case SessionInputKind.FramingError:
                session.Fail(input.Error, effects);
                break;
            case SessionInputKind.Probed:
                session.Probed(input.Probe, now, effects);
                break;
            default:
                throw new UnreachableException($"{input.Kind} is not a report");
        }

        Settle(session, now, effects);
    }

    private void TakeMessage(SessionFsm session, ReadOnlyMemory<byte> message, Instant now, EffectBuffer<SessionEffect> effects)
    {
        _received++;
        switch (session.Receive(message, now, effects))
        {
            case SessionProgress.OpenAccepted:
                ResolveCollision(session, now, effects);
                break;
            case SessionProgress.Established:
                Establish(session, now, effects);
                break;
            case SessionProgress.None:
                break;
        }
    }

    /// <summary>
    /// RFC 4271 §6.8: when an OPEN comes while the other connection is in OpenConfirm, the one that the speaker with the higher BGP
    /// identifier opened survives; of equal identifiers the larger AS number's (RFC 6286 §2.3).
    /// </summary>
    private void ResolveCollision(SessionFsm session, Instant now, EffectBuffer<SessionEffect> effects)
    {
        var open = session.RemoteOpen ?? throw new UnreachableException("an accepted OPEN is kept");
        _capabilities = [.. open.Capabilities.Names];
        var other = session == _outgoing ? _incoming : _outgoing;
        if (other is { State: SessionState.OpenConfirm, RemoteOpen: { } otherOpen } && otherOpen.RouterId == open.RouterId)
        {
            var loser = IsDominant(open) == (session == _outgoing) ? other : session;
            loser.Close(CollisionLost, effects);
            Settle(loser, now, effects);
        }

        if (session.Ended is null)
        {
            session.Confirm(now, effects);
        }
    }

    /// <summary>Whether connections that we opened win over those of the speaker that sent this OPEN.</summary>
    private bool IsDominant(OpenMessage remote)
    {
        var (neighbor, ours) = _settings ?? throw new UnreachableException("a connection has settings");
        return ours != remote.RouterId ? ours > remote.RouterId : neighbor.LocalAsn > remote.Asn;
    }

    private void Establish(SessionFsm session, Instant now, EffectBuffer<SessionEffect> effects)
    {
        if ((session == _outgoing ? _incoming : _outgoing) is { } other)
        {
            other.Close(CollisionLost, effects);
            Settle(other, now, effects);
        }

        _since = now;
        session.Establish(_number.NextGeneration(), _settings?.Neighbor.SendHoldTime, now, effects);
    }

    private static SessionDownReason CollisionLost => new(SessionDownKind.CollisionLost, BgpError.Cease(CeaseSubcode.ConnectionCollisionResolution));

    private static void Refuse(ConnectionId connection, SessionDownReason reason, EffectBuffer<SessionEffect> effects)
    {
        if (reason.Error is { } error)
        {
            effects.Add(new SessionEffect(SessionEffectKind.Send) { Connection = connection, Message = SessionFsm.Encode(error) });
        }

        effects.Add(new SessionEffect(SessionEffectKind.Close) { Connection = connection });
        effects.Add(new SessionEffect(SessionEffectKind.AttemptFailed) { Connection = connection, Reason = reason });
    }
}
