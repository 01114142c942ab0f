using System.Buffers.Binary;
using Bgp.Engine;
using Bgp.Protocol;

namespace Bgp.Simulation;

/// <summary>
/// The sending half of a connection: control messages between whole messages of the streams that its cursors read, in turns; what the window takes of them, in pieces.
/// </summary>
internal sealed class SimTransmitter
{
    // How many messages of a stream may go before a control message has its chance again.
    private const int MaxStretch = 8;
    private const int MaxPiece = 8192;
    private const int LazyReportBytes = 65536;

    private static readonly TimeSpan MaxFlush = TimeSpan.FromSeconds(1);

    private readonly SimTransport _transport;
    private readonly SimChannel _channel;
    private readonly Action _turnTaken;
    private readonly Queue<ReadOnlyMemory<byte>> _control = new();
    private readonly List<OutputCursor> _cursors = [];
    private readonly bool _isLazy;
    private ReadOnlyMemory<byte> _current;
    private OutputCursor? _source;
    private ReadOnlyMemory<byte> _stretch;
    private int _turn;
    private int _unreported;
    private bool _isScheduled;
    private bool _isWaiting;
    private bool _isClosing;

    public SimTransmitter(SimTransport transport, SimChannel channel)
    {
        _transport = transport;
        _channel = channel;
        _turnTaken = transport.TurnOf(TakeTurn);
        _isLazy = transport.Random.Chance(50);
        LastProgress = transport.Now;
    }

    /// <summary>Bytes wait that the window did not take yet.</summary>
    public bool IsPending => _isWaiting;

    public Instant LastProgress { get; private set; }

    public bool IsOver { get; private set; }

    public void Send(ReadOnlyMemory<byte> message)
    {
        _control.Enqueue(message);
        Schedule();
    }

    public void Attach(OutputCursor cursor)
    {
        _cursors.Add(cursor);
        Schedule();
    }

    /// <summary>Sends the rest of a message that is partly sent and the control messages, as far as the window takes them within a moment; then the connection closes.</summary>
    public void Close()
    {
        _isClosing = true;
        if (_source is not null)
        {
            _current = _current[..RestOfMessage()];
        }

        _transport.After(MaxFlush, Finish);
        Schedule();
    }

    /// <summary>The connection is gone: the streams are let go, and nothing is sent any more.</summary>
    public void Finish()
    {
        if (IsOver)
        {
            return;
        }

        IsOver = true;
        foreach (var cursor in _cursors)
        {
            cursor.Close();
            _transport.PostSent(cursor);
        }

        _channel.Socket.Close();
        _channel.Forget();
    }

    /// <summary>Sends on at the next turn of the process.</summary>
    public void Schedule()
    {
        if (!_isScheduled && !IsOver)
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
        _isWaiting &= !IsOver;
        while (!IsOver)
        {
            if (_current.IsEmpty && !TakeNext())
            {
                _isWaiting = false;
                Report();
                if (_isClosing)
                {
                    Finish();
                }

                return;
            }

            var piece = _transport.CutsAtRandom ? _current.Span[..Math.Min(_current.Length, _transport.Random.Between(1, MaxPiece))] : _current.Span;
            var count = _channel.Socket.Write(piece);
            _transport.NoteSent(_channel, piece[..count]);
            if (count == 0)
            {
                LastProgress = _isWaiting ? LastProgress : _transport.Now;
                _isWaiting = true;
                return;
            }

            LastProgress = _transport.Now;
            _current = _current[count..];
            if (_current.IsEmpty)
            {
                EndStretch();
            }
        }
    }

    private bool TakeNext()
    {
        if (_control.TryDequeue(out var message))
        {
            _current = message;
            return true;
        }

        for (var tried = 0; tried < _cursors.Count && !_isClosing; tried++)
        {
            var cursor = _cursors[_turn++ % _cursors.Count];
            if (cursor.TryRead(out var messages))
            {
                _source = cursor;
                _stretch = _current = messages[..StretchOf(messages.Span)];
                return true;
            }
        }

        return false;
    }

    private void EndStretch()
    {
        // A stretch that a close cut short is not advanced over: the cursor is closed next.
        if (_source is { } source && !_isClosing)
        {
            source.Advance(_stretch.Length);
            _unreported += _stretch.Length;
            if (!_isLazy || _unreported >= LazyReportBytes)
            {
                _unreported = 0;
                _transport.PostSent(source);
            }
        }

        _source = null;
    }

    /// <summary>Also when nothing was sent: a cursor may have passed what is meant for others, or gone over to another log.</summary>
    private void Report()
    {
        _unreported = 0;
        for (var at = 0; at < _cursors.Count && !_isClosing; at++)
        {
            _transport.PostSent(_cursors[at]);
        }
    }

    private int StretchOf(ReadOnlySpan<byte> messages)
    {
        if (!_transport.CutsAtRandom)
        {
            return messages.Length;
        }

        var length = 0;
        for (var count = _transport.Random.Between(1, MaxStretch); count > 0 && length < messages.Length; count--)
        {
            length += LengthOf(messages[length..]);
        }

        return length;
    }

    /// <summary>Bytes to the end of the message that is partly sent; 0 at a boundary.</summary>
    private int RestOfMessage()
    {
        var sent = _stretch.Length - _current.Length;
        var end = 0;
        while (end < sent)
        {
            end += LengthOf(_stretch.Span[end..]);
        }

        return end - sent;
    }

    private static int LengthOf(ReadOnlySpan<byte> message) => BinaryPrimitives.ReadUInt16BigEndian(message[(BgpConstants.HeaderLength - 3)..]);
}
