using System.Buffers;
using System.Globalization;
using Bgp.Protocol;

namespace Bgp.Engine.Tests;

/// <summary>
/// Two <see cref="PeerFsm"/>s and a network between them, run from a seed in simulated time. Connections are pairs of byte pipes with
/// random delays and random splits, read by the real framer. While there is noise, connects fail or hang, connections are reset, fall
/// silent or have a byte flipped, and operators reset and disable. The walk keeps a ledger of what is open and fails when a connection is
/// leaked, closed twice, or sent on after its end.
/// </summary>
internal sealed class SessionWalk
{
    private readonly Random _random;
    private readonly PriorityQueue<Action, (long At, int Order)> _events = new();
    private readonly WalkSide[] _sides;
    private readonly bool _maySilence;
    private Instant _now = new(1_000_000);
    private int _order;
    private bool _isNoisy;

    public SessionWalk(int seed)
    {
        _random = new Random(seed);
        TimeSpan[] holdTimes = [TimeSpan.Zero, TimeSpan.FromSeconds(3), TimeSpan.FromSeconds(20), TimeSpan.FromSeconds(90)];
        RouterId[] ids = [PeerScript.OurId, PeerScript.Id("2.2.2.2"), PeerScript.Id("250.0.0.1")];
        var passive = _random.Next(4);
        _sides = [.. Enumerable.Range(0, 2).Select(index => new WalkSide(index, (ulong)seed, new PeerSettings(
            PeerScript.Neighbor with
            {
                LocalAsn = new Asn(65001 + (uint)index),
                RemoteAsn = new Asn(65002 - (uint)index),
                Passive = passive == index,
                HoldTime = holdTimes[_random.Next(holdTimes.Length)],
                ConnectRetry = TimeSpan.FromSeconds(_random.Next(1, 20)),
            },
            ids[_random.Next(ids.Length)])))];

        // Without a hold time nobody would ever notice a silence.
        _maySilence = _sides.All(side => side.Settings.Neighbor.HoldTime > TimeSpan.Zero);
    }

    public IReadOnlyList<WalkSide> Sides => _sides;

    public void Start()
    {
        foreach (var side in _sides)
        {
            Step(side, new SessionInput(SessionInputKind.Configure) { Config = side.Settings });
        }
    }

    public void Noise(TimeSpan span)
    {
        _isNoisy = true;
        var end = _now + span;
        while (_now < end)
        {
            Run(TimeSpan.FromMilliseconds(_random.Next(1, 8000)));
            Disturb(_sides[_random.Next(2)]);
        }

        _isNoisy = false;
        foreach (var side in _sides)
        {
            Step(side, new SessionInput(SessionInputKind.Enable));
        }
    }

    /// <summary>Runs for a time: events and deadlines in their order.</summary>
    public void Run(TimeSpan span)
    {
        var end = _now + span;
        while (true)
        {
            var side = Earlier(_sides[0], _sides[1]);
            var deadline = side.Fsm.NextDeadline;
            var hasEvent = _events.TryPeek(out _, out var next);
            if (deadline is { } due && due <= end && (!hasEvent || due.Microseconds <= next.At))
            {
                _now = due;
                Step(side, new SessionInput(SessionInputKind.Tick));
            }
            else if (hasEvent && next.At <= end.Microseconds)
            {
                _now = new Instant(next.At);
                _events.Dequeue()();
            }
            else
            {
                _now = end;
                return;
            }
        }
    }

    public void Remove()
    {
        foreach (var side in _sides)
        {
            Step(side, new SessionInput(SessionInputKind.Remove) { Error = BgpError.Cease(CeaseSubcode.PeerDeconfigured) });
        }

        Run(TimeSpan.FromMinutes(1));
    }

    private static WalkSide Earlier(WalkSide left, WalkSide right) =>
        left.Fsm.NextDeadline is not { } first || (right.Fsm.NextDeadline is { } second && second < first) ? right : left;

    private void Disturb(WalkSide side)
    {
        var ends = side.Ends.Values.Where(end => end.Wire is not null).ToArray();
        var wire = ends.Length == 0 ? null : ends[_random.Next(ends.Length)].Wire;
        switch (_random.Next(9))
        {
            case 0:
                Step(side, new SessionInput(SessionInputKind.Reset));
                break;
            case 1:
                Step(side, new SessionInput(SessionInputKind.Disable) { Text = "walk" });
                break;
            case 2 or 3:
                Step(side, new SessionInput(SessionInputKind.Enable));
                break;
            case 4:
                Step(side, new SessionInput(SessionInputKind.RequestRefresh));
                break;
            case 5 when wire is not null && _maySilence:
                wire.SilentSince = _now;
                break;
            case 6 when wire is not null:
                wire.SilentSince = _now;
                foreach (var end in wire.Ends)
                {
                    After(() => ReportClosed(end));
                }

                break;
            case 7 when wire is not null:
                wire.FlipNext = true;
                break;
            default:
                Step(side, new SessionInput(SessionInputKind.Tick));
                break;
        }
    }

    private void Step(WalkSide side, SessionInput input)
    {
        foreach (var effect in side.Step(input, _now))
        {
            switch (effect.Kind)
            {
                case SessionEffectKind.Connect:
                    Connect(side, side.Ends[effect.Connection]);
                    break;
                case SessionEffectKind.Send:
                    Send(side.Sending(effect.Connection), effect.Message.ToArray());
                    break;
                case SessionEffectKind.Close:
                    if (side.Close(effect.Connection) is { Wire: not null } end)
                    {
                        Deliver(end, far => ReportClosed(far));
                    }

                    break;
                case SessionEffectKind.Probe:
                    var probed = side.Ends[effect.Connection];
                    After(() => Answer(probed));
                    break;
            }
        }
    }

    private void Connect(WalkSide side, WalkEnd near)
    {
        if (_isNoisy && _random.Next(4) == 0)
        {
            if (_random.Next(3) != 0)
            {
                After(() => Report(near, SessionInputKind.ConnectionFailed));
            }

            return;
        }

        After(() =>
        {
            if (!near.IsOpen)
            {
                return;
            }

            var other = _sides[1 - side.Index];
            var far = other.Accept();
            var wire = new WalkWire(near, far);
            (near.Wire, far.Wire) = (wire, wire);
            Deliver(far, end => Report(end, SessionInputKind.ConnectionOpened));
            Report(far, SessionInputKind.ConnectionOpened);
        });
    }

    private void Send(WalkEnd near, byte[] bytes)
    {
        if (near.Wire is { FlipNext: true } wire)
        {
            wire.FlipNext = false;
            bytes[_random.Next(bytes.Length)] ^= (byte)(1 << _random.Next(8));
        }

        for (var sent = 0; sent < bytes.Length;)
        {
            var chunk = bytes[sent..Math.Min(bytes.Length, sent + _random.Next(1, 40))];
            sent += chunk.Length;
            Deliver(near, far => Read(near, far, chunk));
        }
    }

    /// <summary>Bytes arrive: every whole message is handed over, while the end is open.</summary>
    private void Read(WalkEnd near, WalkEnd far, byte[] chunk)
    {
        if (!far.IsOpen)
        {
            // What comes to a closed end is answered with a reset.
            After(() => ReportClosed(near));
            return;
        }

        far.Received.AddRange(chunk);
        var buffer = new ReadOnlySequence<byte>(far.Received.ToArray());
        while (far.IsOpen)
        {
            var result = MessageFramer.TryRead(ref buffer, BgpConstants.MaxMessageLength, out var frame, out var error);
            if (result == FrameResult.Incomplete)
            {
                break;
            }

            far.LastReceived = _now;
            Step(far.Side, result == FrameResult.Malformed
                ? new SessionInput(SessionInputKind.FramingError) { Connection = far.Connection, Error = error }
                : new SessionInput(SessionInputKind.Message) { Connection = far.Connection, Message = frame.Message.ToArray() });
            if (result == FrameResult.Malformed)
            {
                break;
            }
        }

        far.Received.Clear();
        far.Received.AddRange(buffer.ToArray());
    }

    private void Answer(WalkEnd end)
    {
        if (end.IsOpen)
        {
            var silentSince = end.Wire?.SilentSince;
            Step(end.Side, new SessionInput(SessionInputKind.Probed)
            {
                Connection = end.Connection,
                Probe = new ProbeResult(end.LastReceived, _isNoisy && _random.Next(2) == 0, silentSince is not null, silentSince ?? _now),
            });
        }
    }

    private void ReportClosed(WalkEnd end) => Report(end, SessionInputKind.ConnectionClosed);

    private void Report(WalkEnd end, SessionInputKind kind)
    {
        if (!end.IsOpen)
        {
            return;
        }

        if (kind == SessionInputKind.ConnectionOpened)
        {
            end.LastReceived = _now;
        }
        else
        {
            end.Side.Close(end.Connection);
        }

        Step(end.Side, new SessionInput(kind) { Connection = end.Connection, Ends = PeerScript.Ends, Text = "walk" });
    }

    /// <summary>Does something at the far end of a connection, after all that was sent there before; nothing passes a silent one.</summary>
    private void Deliver(WalkEnd near, Action<WalkEnd> arrival)
    {
        var wire = near.Wire ?? throw new AssertionException(string.Create(CultureInfo.InvariantCulture, $"connection {near.Connection} is not connected"));
        var at = Math.Max(near.ArrivesAfter, _now.Microseconds + _random.Next(1, 200_000));
        near.ArrivesAfter = at;
        _events.Enqueue(
            () =>
            {
                if (wire.SilentSince is null)
                {
                    arrival(wire.Ends[0] == near ? wire.Ends[1] : wire.Ends[0]);
                }
            },
            (at, _order++));
    }

    private void After(Action action) => _events.Enqueue(action, (_now.Microseconds + _random.Next(1, 200_000), _order++));
}

/// <summary>One connection between two sides.</summary>
internal sealed class WalkWire(WalkEnd first, WalkEnd second)
{
    public IReadOnlyList<WalkEnd> Ends { get; } = [first, second];

    /// <summary>From when on nothing passes; <c>null</c> while all is well.</summary>
    public Instant? SilentSince { get; set; }

    public bool FlipNext { get; set; }
}

/// <summary>One side's end of a connection.</summary>
internal sealed class WalkEnd(WalkSide side, ConnectionId connection)
{
    public WalkSide Side { get; } = side;

    public ConnectionId Connection { get; } = connection;

    public WalkWire? Wire { get; set; }

    public bool IsOpen { get; set; } = true;

    public Instant LastReceived { get; set; }

    public long ArrivesAfter { get; set; }

    public List<byte> Received { get; } = [];
}
