using Bgp.Protocol;

namespace Bgp.Engine;

/// <summary>What the configuration, the operator and the route engine want of the neighbor.</summary>
internal sealed partial class PeerFsm
{
    private void Configure(PeerSettings settings, Instant now, EffectBuffer<SessionEffect> effects)
    {
        var old = _settings;
        _settings = settings;
        if (_isRemoved)
        {
            return;
        }

        if (old is null)
        {
            _since = now;
            _isAdminDown = settings.Neighbor.Shutdown;
            _retryAt = CanConnect ? now : null;
            return;
        }

        if (settings.Neighbor.Shutdown && !old.Neighbor.Shutdown)
        {
            Disable(settings.Neighbor.ShutdownMessage, now, effects);
        }
        else if (!settings.Neighbor.Shutdown && old.Neighbor.Shutdown)
        {
            Enable(now);
        }

        // Where any external AS is welcome, the one at the other end may now be a member of our confederation.
        if (SessionSettings.Of(settings) != SessionSettings.Of(old) || !IsWelcome(_outgoing) || !IsWelcome(_incoming))
        {
            Restart(ReasonOfChange(old.Neighbor, settings.Neighbor), now, effects);
        }
        else if (settings.Neighbor.Passive != old.Neighbor.Passive && _outgoing is null && _incoming is null)
        {
            _retryAt = CanConnect ? now : null;
        }

        if (settings.Neighbor.SendHoldTime != old.Neighbor.SendHoldTime)
        {
            Established?.ChangeSendHold(settings.Neighbor.SendHoldTime, now);
        }
    }

    private static SessionDownReason ReasonOfChange(NeighborConfig old, NeighborConfig now)
    {
        var error = BgpError.Cease(CeaseSubcode.OtherConfigurationChange);
        return now.Interface is null || now.Interface != old.Interface || now.Key.Address == old.Key.Address ? new SessionDownReason(SessionDownKind.SettingsChanged, error)
            : now.Key.Address.IsNone ? new SessionDownReason(SessionDownKind.LinkDown, error, $"the link of {now.Interface} is down")
            : new SessionDownReason(SessionDownKind.NeighborMoved, error, $"it is {now.Key} now");
    }

    private bool IsWelcome(SessionFsm? session) => session?.RemoteOpen is not { } open || _settings?.Neighbor.AcceptsAsn(open.Asn) is not false;

    private bool CanConnect => _settings is { Neighbor.Passive: false } && !_isAdminDown && !_isRemoved;

    /// <summary>ManualStart (RFC 4271 §8.1.2); nothing where the neighbor is not administratively down.</summary>
    private void Enable(Instant now)
    {
        if (_isAdminDown)
        {
            _isAdminDown = false;
            _backoff.Reset();
            _retryAt = CanConnect ? now : null;
        }
    }

    /// <summary>ManualStop (RFC 4271 §8.1.2), with a message for people (RFC 9003).</summary>
    private void Disable(string? text, Instant now, EffectBuffer<SessionEffect> effects)
    {
        if (!_isAdminDown)
        {
            _isAdminDown = true;
            CloseAll(new SessionDownReason(SessionDownKind.AdminDown, BgpError.Cease(CeaseSubcode.AdministrativeShutdown, text ?? ""), text), now, effects);
        }
    }

    /// <summary>Closes what is open and starts afresh: a moment later where there was a session, at once where there was none.</summary>
    private void Restart(SessionDownReason reason, Instant now, EffectBuffer<SessionEffect> effects)
    {
        var wasIdle = _outgoing is null && _incoming is null;
        var idleUntil = _isPunished && reason.Kind is (SessionDownKind.NeighborMoved or SessionDownKind.LinkDown) ? _idleUntil : null;
        CloseAll(reason, now, effects);
        _idleUntil = idleUntil;
        _isPunished = idleUntil is not null;
        _backoff.Reset();
        if (wasIdle)
        {
            _retryAt = CanConnect ? idleUntil ?? now : null;
        }
    }

    private void Remove(SessionDownReason reason, Instant now, EffectBuffer<SessionEffect> effects)
    {
        if (!_isRemoved)
        {
            _isRemoved = true;
            CloseAll(reason, now, effects);
            effects.Add(new SessionEffect(SessionEffectKind.Removed));
        }
    }

    private void CloseAll(SessionDownReason reason, Instant now, EffectBuffer<SessionEffect> effects)
    {
        _retryAt = null;
        _outgoing?.Close(reason, effects);
        _incoming?.Close(reason, effects);
        Settle(_outgoing, now, effects);
        Settle(_incoming, now, effects);
        _idleUntil = null;
        _isPunished = false;
    }

    private void TakeVerdict(in SessionInput input, Instant now, EffectBuffer<SessionEffect> effects)
    {
        if (Established is { } session && session.Generation == input.Generation)
        {
            session.Fail(input.Error, effects);
            Settle(session, now, effects);
            if (input.Error.IsMaximumPrefixes(out var family))
            {
                PunishExcess(family, now);
            }
        }
    }

    /// <summary>What the settings say of a neighbor that announced too much: no session for a while, or until an operator wants one.</summary>
    private void PunishExcess(AddressFamily family, Instant now)
    {
        var limit = _settings?.Neighbor.FamilyOf(family)?.MaxPrefixes ?? default;
        _retryAt = null;
        if (limit.Action == MaxPrefixesAction.Shutdown)
        {
            _isAdminDown = true;
            return;
        }

        _idleUntil = now + limit.RestartAfter;
        _isPunished = true;
        _retryAt = CanConnect ? _idleUntil : null;
    }

    private static SessionDownReason LeavingReason(in BgpError error) => new(
        error == BgpError.Cease(CeaseSubcode.PeerDeconfigured) ? SessionDownKind.Deconfigured : SessionDownKind.SpeakerLeaving,
        error.IsNone ? null : error);
}
