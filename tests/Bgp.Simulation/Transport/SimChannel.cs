using Bgp.Engine;

namespace Bgp.Simulation;

/// <summary>One connection as its transport holds it: a connect in progress, or a socket with its reader and its transmitter.</summary>
internal sealed class SimChannel(SimTransport transport, PeerId peer, ConnectionId connection)
{
    private SimSocket? _socket;
    private SimReader? _reader;
    private SimTransmitter? _transmitter;
    private ConnectAttempt? _attempt;
    private bool _isClosed;

    public PeerId Peer { get; } = peer;

    public ConnectionId Connection { get; } = connection;

    public SessionGeneration? Generation { get; private set; }

    /// <summary>Its reader does not look, or its transmitter waits for the window.</summary>
    public bool IsHeldUp => _reader is { IsStalled: true } || _transmitter is { IsPending: true };

    public SimSocket Socket => _socket ?? throw new InvalidOperationException("the connection is not open yet");

    public TransportEvent Report(TransportEventKind kind) => new(kind) { Peer = Peer, Connection = Connection };

    public void Connect(ConnectAttempt attempt) => _attempt = attempt;

    /// <summary>The connection stands.</summary>
    public void Open(SimSocket socket)
    {
        _socket = socket;
        _reader = new SimReader(transport, this);
        _transmitter = new SimTransmitter(transport, this);
        socket.Readable = _reader.Schedule;
        socket.Writable = _transmitter.Schedule;
        socket.Broken = () =>
        {
            // Whichever half meets the error first: the transmitter at once, the reader behind the bytes that it can still read.
            if (transport.Random.Chance(50))
            {
                Lost(socket.BrokenBy!);
            }
            else
            {
                _reader.Schedule();
            }
        };
        _reader.Schedule();
    }

    public void Send(ReadOnlyMemory<byte> message) => _transmitter?.Send(message);

    public void Processed() => _reader?.Processed();

    public void Negotiated(NegotiatedSession session) => _reader?.Negotiated(session);

    public void Admit(SessionGeneration generation)
    {
        Generation = generation;
        _reader!.Admit(generation);
    }

    public void Attach(OutputCursor cursor) => _transmitter!.Attach(cursor);

    public void Wake() => _transmitter!.Schedule();

    public void TakeBack() => _reader!.TakeBack();

    public void Stall(Instant until) => _reader?.Stall(until);

    public ProbeResult? Probe() => _reader is null || _transmitter is null
        ? null
        : new ProbeResult(_reader.LastReceived, _reader.IsInputPending, _transmitter.IsPending, _transmitter.LastProgress);

    /// <summary>The speaker closes it.</summary>
    public void Close()
    {
        _isClosed = true;
        _attempt?.Cancel();
        _reader?.Stop();
        if (_transmitter is null)
        {
            Forget();
        }
        else
        {
            _transmitter.Close();
        }
    }

    /// <summary>The other end closed it, or it broke.</summary>
    public void Lost(string reason)
    {
        _reader!.Stop();
        if (!_isClosed)
        {
            _isClosed = true;
            transport.Post(Report(TransportEventKind.Closed) with { Text = reason });
        }

        _transmitter!.Finish();
    }

    /// <summary>The process is gone: nobody waits for the answer of a connect any more.</summary>
    public void Abandon() => _attempt?.Cancel();

    public void Forget() => transport.Forget(this);
}
