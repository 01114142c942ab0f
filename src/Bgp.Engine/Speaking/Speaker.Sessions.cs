using Bgp.Protocol;

namespace Bgp.Engine;

/// <summary>The session lane: one <see cref="PeerFsm"/> a neighbor, their deadlines in one heap.</summary>
public sealed partial class Speaker
{
    private const int SessionItemsPerRun = 256;

    private readonly SortedDictionary<int, Peer> _peers = [];
    private readonly DeadlineHeap _deadlines = new();
    private readonly EffectBuffer<SessionEffect> _sessionEffects = new();
    private SpeakerConfig? _config;
    private StopIntent? _stopping;
    private bool _sessionsStopped;

    private Instant? RunSessions(Instant now)
    {
        for (var handled = 0; handled < SessionItemsPerRun && _sessionInbox.TryDequeue(out var item); handled++)
        {
            Handle(item, now);
        }

        while (_deadlines.TryTake(now, out var id))
        {
            var peer = _peers[id];
            if (peer.ForgetAt <= now)
            {
                Leave(peer, new SessionInput(SessionInputKind.Remove), now);
            }
            else
            {
                Step(peer, new SessionInput(SessionInputKind.Tick), now);
            }
        }

        return _sessionInbox.IsEmpty ? _deadlines.Earliest : Instant.Zero;
    }

    private void Handle(in SessionItem item, Instant now)
    {
        if (item.Report is { } report)
        {
            Handle(report, now);
        }
        else if (item.Command is { } command)
        {
            if (_peers.TryGetValue(item.Peer.Value, out var peer) && (item.Key is not { } key || peer.Neighbor.Key == key))
            {
                Step(peer, command, now);
            }
        }
        else if (item.Config is { } config)
        {
            ApplyConfig(config, now);
        }
        else if (item.Stop is { } intent)
        {
            StopSessions(intent, now);
        }
        else
        {
            item.Question?.Invoke(new SessionReader(now, _config, [.. _peers.Values.Select(peer => peer.Fsm.Status)]));
        }
    }

    private void Handle(in TransportEvent report, Instant now)
    {
        if (report.Kind == TransportEventKind.Accepted)
        {
            Accept(report, now);
            return;
        }

        if (report.Kind == TransportEventKind.Discovered)
        {
            Discover(report.Text ?? "", report.Ends.Remote, now);
            return;
        }

        if (!_peers.TryGetValue(report.Peer.Value, out var peer))
        {
            return;
        }

        var kind = report.Kind switch
        {
            TransportEventKind.Opened => SessionInputKind.ConnectionOpened,
            TransportEventKind.Failed => SessionInputKind.ConnectionFailed,
            TransportEventKind.Closed => SessionInputKind.ConnectionClosed,
            TransportEventKind.Message => SessionInputKind.Message,
            TransportEventKind.FramingError => SessionInputKind.FramingError,
            _ => SessionInputKind.Probed,
        };
        var input = new SessionInput(kind)
        {
            Connection = report.Connection,
            Ends = report.Ends,
            Message = report.Message,
            Error = report.Error,
            Probe = report.Probe,
            Text = report.Text,
        };
        Step(peer, input, now);
        if (report.Kind == TransportEventKind.Message)
        {
            _transport.Processed(report.Peer, report.Connection);
        }
    }

    private void StopSessions(StopIntent intent, Instant now)
    {
        if (_stopping is not null)
        {
            return;
        }

        _stopping = intent;
        PostRoute(new RouteItem { Freeze = true });
        var input = intent == StopIntent.Restart
            ? new SessionInput(SessionInputKind.Abandon)
            : new SessionInput(SessionInputKind.Remove) { Error = BgpError.Cease(CeaseSubcode.AdministrativeShutdown) };
        foreach (var peer in _peers.Values.ToArray())
        {
            Leave(peer, input, now);
        }

        FinishStop();
    }

    private void Leave(Peer peer, in SessionInput input, Instant now)
    {
        peer.IsLeaving = true;
        Step(peer, input, now);
    }

    private void FinishStop()
    {
        if (_stopping is { } intent && _peers.Count == 0 && !_sessionsStopped)
        {
            PostRoute(new RouteItem { Stop = intent == StopIntent.LeaveAndFlush });
            Volatile.Write(ref _sessionsStopped, true);
        }
    }

    private void Step(Peer peer, in SessionInput input, Instant now)
    {
        peer.Fsm.Step(input, now, _sessionEffects);
        var (removed, ended) = (false, false);
        foreach (ref readonly var effect in _sessionEffects.AsSpan())
        {
            removed |= effect.Kind == SessionEffectKind.Removed;
            ended |= effect.Kind == SessionEffectKind.Down;
            Carry(peer, effect);
        }

        _sessionEffects.Clear();
        if (removed)
        {
            _deadlines.Set(peer.Id.Value, null);
            Forget(peer);
            FinishStop();
        }
        else
        {
            peer.ForgetAt = !peer.Neighbor.IsDynamic || !peer.Fsm.IsForgettable ? null : peer.ForgetAt ?? now + DynamicMemory;
            _deadlines.Set(peer.Id.Value, Instant.Earlier(peer.Fsm.NextDeadline, peer.ForgetAt));
            if (ended && !peer.Heard.IsNone)
            {
                Move(peer, peer.Heard, now);
            }
        }
    }

    private void Carry(Peer peer, in SessionEffect effect)
    {
        switch (effect.Kind)
        {
            case SessionEffectKind.Connect:
                _transport.Connect(peer.Id, effect.Connection, peer.Neighbor);
                break;
            case SessionEffectKind.Send:
                _transport.Send(peer.Id, effect.Connection, effect.Message);
                break;
            case SessionEffectKind.Close:
                _transport.Close(peer.Id, effect.Connection);
                break;
            case SessionEffectKind.Negotiated:
                _transport.Negotiated(peer.Id, effect.Connection, effect.Session!);
                break;
            case SessionEffectKind.Up:
                // The route lane learns of the session before its first UPDATE can arrive there.
                PostRoute(new RouteItem { Engine = new EngineInput(EngineInputKind.PeerUp) { Peer = peer.Id, Neighbor = peer.Neighbor, Generation = effect.Generation, Session = effect.Session } });
                _transport.Admit(peer.Id, effect.Connection, effect.Generation);
                Raise(peer, SpeakerEventKind.SessionUp, effect);
                break;
            case SessionEffectKind.Down:
                PostRoute(new RouteItem { Engine = new EngineInput(EngineInputKind.PeerDown) { Peer = peer.Id, Generation = effect.Generation } });
                Raise(peer, SpeakerEventKind.SessionDown, effect);
                break;
            case SessionEffectKind.RefreshReceived:
                PostRoute(new RouteItem { Engine = new EngineInput(EngineInputKind.Refresh) { Peer = peer.Id, Generation = effect.Generation, Refresh = effect.Refresh } });
                break;
            case SessionEffectKind.Probe:
                _transport.Probe(peer.Id, effect.Connection);
                break;
            case SessionEffectKind.StateChanged:
                Raise(peer, SpeakerEventKind.StateChanged, effect);
                break;
            case SessionEffectKind.AttemptFailed:
                Raise(peer, SpeakerEventKind.AttemptFailed, effect);
                break;
            case SessionEffectKind.Removed:
                break;
        }
    }

    private void Raise(Peer peer, SpeakerEventKind kind, in SessionEffect effect) => _options.Raise(new SpeakerEvent(kind)
    {
        Peer = peer.Id,
        Neighbor = peer.Neighbor,
        Session = effect.Session,
        Reason = effect.Reason,
        OldState = effect.OldState,
        NewState = effect.NewState,
    });

    /// <summary>A neighbor on the session lane.</summary>
    private sealed class Peer(PeerNumber number, ulong seed)
    {
        public PeerNumber Number { get; } = number;

        public PeerId Id => Number.Id;

        public PeerFsm Fsm { get; } = new(number, seed);

        /// <summary>As configured.</summary>
        public NeighborConfig Configured { get; set; } = null!;

        /// <summary>In force: with the address at which a neighbor on an interface was found.</summary>
        public NeighborConfig Neighbor { get; set; } = null!;

        /// <summary>Who advertised last on its interface; it is followed when no session stands.</summary>
        public IpAddress Heard { get; set; }

        /// <summary>When a dynamic neighbor without a connection is forgotten; <c>null</c> while it is not to be.</summary>
        public Instant? ForgetAt { get; set; }

        public bool IsLeaving { get; set; }
    }
}

/// <summary>What a question on the session lane may read; valid during the call, its values for ever.</summary>
public sealed record SessionReader(Instant Now, SpeakerConfig? Config, IReadOnlyList<PeerStatus> Peers);
