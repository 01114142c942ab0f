namespace Bgp.Engine.Tests;

/// <summary>
/// One of two speakers in a <see cref="SessionWalk"/>, with its ledger: what is open, what is up, which state was told last.
/// </summary>
internal sealed class WalkSide(int index, ulong seed, PeerSettings settings)
{
    private readonly EffectBuffer<SessionEffect> _effects = new();
    private uint _nextIncoming = 1;
    private SessionState _state = SessionState.Idle;
    private uint _lastGeneration;

    public int Index { get; } = index;

    public PeerSettings Settings { get; } = settings;

    public PeerFsm Fsm { get; } = new(new PeerNumber(new PeerId(index)), seed);

    /// <summary>The open connections.</summary>
    public SortedDictionary<ConnectionId, WalkEnd> Ends { get; } = new(Comparer<ConnectionId>.Create((left, right) => left.Value.CompareTo(right.Value)));

    /// <summary>The connection of the session that is up.</summary>
    public ConnectionId? Up { get; private set; }

    public int Ups { get; private set; }

    public bool IsRemoved { get; private set; }

    /// <summary>A connection that the other side opened.</summary>
    public WalkEnd Accept()
    {
        var end = new WalkEnd(this, new ConnectionId(_nextIncoming));
        _nextIncoming += 2;
        Ends.Add(end.Connection, end);
        return end;
    }

    /// <summary>An end that may be sent on.</summary>
    public WalkEnd Sending(ConnectionId connection) => Ends.TryGetValue(connection, out var end) && end.Wire is not null
        ? end
        : throw new AssertionException($"side {Index} sends on {connection}, which is not open");

    /// <summary>Strikes a connection off the ledger.</summary>
    public WalkEnd Close(ConnectionId connection)
    {
        Assert.That(Ends.Remove(connection, out var end), Is.True, $"side {Index} ends {connection}, which is not open");
        end!.IsOpen = false;
        return end;
    }

    public SessionEffect[] Step(in SessionInput input, Instant now)
    {
        _effects.Clear();
        Fsm.Step(input, now, _effects);
        Assert.That(Fsm.NextDeadline, Is.Null.Or.GreaterThan(now), "a step leaves nothing due behind");
        var effects = _effects.AsSpan().ToArray();
        foreach (var effect in effects)
        {
            Enter(effect);
        }

        return effects;
    }

    private void Enter(in SessionEffect effect)
    {
        switch (effect.Kind)
        {
            case SessionEffectKind.Connect:
                Assert.That(effect.Connection.IsIncoming, Is.False);
                Ends.Add(effect.Connection, new WalkEnd(this, effect.Connection));
                break;
            case SessionEffectKind.Up:
                Assert.That(Up, Is.Null, "one session at a time");
                Assert.That(effect.Generation.Value, Is.EqualTo(_lastGeneration + 1));
                _lastGeneration = effect.Generation.Value;
                Up = effect.Connection;
                Ups++;
                break;
            case SessionEffectKind.Down:
                Assert.That(effect.Generation.Value, Is.EqualTo(_lastGeneration));
                Assert.That(Up, Is.EqualTo(effect.Connection));
                Up = null;
                break;
            case SessionEffectKind.StateChanged:
                Assert.That(effect.OldState, Is.EqualTo(_state));
                Assert.That(effect.NewState, Is.Not.EqualTo(_state));
                _state = effect.NewState;
                break;
            case SessionEffectKind.Removed:
                IsRemoved = true;
                break;
        }
    }
}
