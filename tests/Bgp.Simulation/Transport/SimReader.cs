using System.Buffers;
using Bgp.Engine;
using Bgp.Protocol;

namespace Bgp.Simulation;

/// <summary>
/// The reading half of a connection: real bytes through the real framer. One message at a time until the session is admitted; from then on UPDATEs and ROUTE-REFRESHes go into batches, by
/// credit, and everything else goes to the session at once.
/// </summary>
internal sealed class SimReader
{
    private const int MaxCut = 4096;

    private readonly SimTransport _transport;
    private readonly SimChannel _channel;
    private readonly Action _turnTaken;
    private readonly SimPipe _pipe = new();
    private int _maxMessageLength = BgpConstants.MaxMessageLength;
    private SessionGeneration? _generation;
    private UpdateBatch? _batch;
    private int _credit;
    private bool _isAwaitingProcessed;
    private bool _isOutOfCredit;
    private bool _isScheduled;
    private bool _isOver;
    private Instant _stalledUntil;

    public SimReader(SimTransport transport, SimChannel channel)
    {
        _transport = transport;
        _channel = channel;
        _turnTaken = transport.TurnOf(TakeTurn);
        _credit = transport.Random.Pick(1, 2, 4);
        LastReceived = transport.Now;
    }

    public Instant LastReceived { get; private set; }

    /// <summary>Reading is paused by us, or bytes lie unread.</summary>
    public bool IsInputPending => _isAwaitingProcessed || _isOutOfCredit || _isScheduled || _channel.Socket.Unread > 0;

    public bool IsStalled => _transport.Now < _stalledUntil;

    public void Processed()
    {
        _isAwaitingProcessed = false;
        Schedule();
    }

    public void Negotiated(NegotiatedSession session) => _maxMessageLength = session.Receive.MaxMessageLength;

    public void Admit(SessionGeneration generation)
    {
        _generation = generation;
        Schedule();
    }

    public void TakeBack()
    {
        _credit++;
        _isOutOfCredit = false;
        Schedule();
    }

    /// <summary>The process does not look at this connection for a while.</summary>
    public void Stall(Instant until)
    {
        _stalledUntil = until;
        _transport.At(until, Pump);
    }

    public void Stop() => _isOver = true;

    /// <summary>Reads on at the next turn of the process.</summary>
    public void Schedule()
    {
        if (!_isScheduled && !_isOver)
        {
            _isScheduled = true;
            _transport.AtNextTurn(_turnTaken);
        }
    }

    private void TakeTurn()
    {
        _isScheduled = false;
        Pump();
    }

    private void Pump()
    {
        if (_isOver || IsStalled)
        {
            return;
        }

        while (!_isOver && !_isAwaitingProcessed && !_isOutOfCredit)
        {
            if (!TryFrame() && !TryReceive())
            {
                break;
            }
        }

        HandOver();
    }

    private bool TryFrame()
    {
        var buffer = _pipe.Unconsumed;
        switch (MessageFramer.TryRead(ref buffer, _maxMessageLength, out var frame, out var error))
        {
            case FrameResult.Complete:
                if (Take(frame))
                {
                    LastReceived = _transport.Now;
                    _pipe.ConsumeTo(buffer);
                }

                return true;
            case FrameResult.Malformed:
                HandOver();
                _transport.Post(_channel.Report(TransportEventKind.FramingError) with { Error = error });
                _isOver = true;
                return true;
            default:
                return false;
        }
    }

    /// <summary>False where there is no credit for it.</summary>
    private bool Take(in MessageFrame frame)
    {
        if (frame.Type is MessageType.Update or MessageType.RouteRefresh && _generation is { } generation)
        {
            return TryAddToBatch(frame.Message, generation);
        }

        HandOver();
        _transport.Post(_channel.Report(TransportEventKind.Message) with { Message = frame.Message.ToArray() });
        _isAwaitingProcessed = _generation is null;
        return true;
    }

    private bool TryAddToBatch(in ReadOnlySequence<byte> message, SessionGeneration generation)
    {
        var length = (int)message.Length;
        if (_batch is not null && (_batch.Free < length || (_transport.CutsAtRandom && _transport.Random.Chance(10))))
        {
            HandOver();
        }

        if (_batch is null)
        {
            if (_credit == 0)
            {
                _isOutOfCredit = true;
                return false;
            }

            _credit--;
            _batch = _transport.Rent(_channel, generation);
        }

        message.CopyTo(_batch.Append(length));
        return true;
    }

    private void HandOver()
    {
        if (_batch is { } batch)
        {
            _batch = null;
            _transport.Post(batch);
        }
    }

    private bool TryReceive()
    {
        var socket = _channel.Socket;
        var chunk = _transport.ReadBuffer;
        var count = socket.Read(_transport.CutsAtRandom ? chunk.AsSpan(0, _transport.Random.Between(1, MaxCut)) : chunk);
        if (count > 0)
        {
            _pipe.Append(chunk[..count]);
            return true;
        }

        if (socket.IsAtEnd || socket.BrokenBy is not null)
        {
            HandOver();
            _channel.Lost(socket.BrokenBy ?? "connection closed by peer");
        }

        return false;
    }
}
