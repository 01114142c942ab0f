using System.Buffers.Binary;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Bgp.Protocol;
using AddressFamily = Bgp.Protocol.AddressFamily;

namespace Bgp.Load;

/// <summary>
/// One session: it opens, keeps alive, sends what was encoded before, and hands UPDATEs to its table. It knows no timers but its loop's, and reads into
/// its loop's buffer; only an incomplete message is kept here.
/// </summary>
/// <param name="plan">Who it is.</param>
/// <param name="table">What it has received; null where that is not looked at.</param>
internal sealed class LoadClient(ClientPlan plan, ReceiverTable? table)
{
    private const ushort HoldTime = 180;

    private readonly byte[] _rest = new byte[BgpConstants.MaxMessageLength];
    private readonly Queue<ReadOnlyMemory<byte>> _toSend = new();
    private Socket? _socket;
    private ReadOnlyMemory<byte> _sending;
    private int _restLength;
    private long _budget;

    public ClientPlan Plan { get; } = plan;

    public ReceiverTable? Table { get; } = table;

    public SessionState State { get; private set; }

    public ReadSpeed Speed { get; set; } = plan.Speed;

    /// <summary>When the socket may be opened again, by <see cref="Stopwatch"/>.</summary>
    public long RetryAt { get; set; }

    /// <summary>When the last attempt to connect began, by <see cref="Stopwatch"/>.</summary>
    public long ConnectingSince { get; private set; }

    /// <summary>The octets of UPDATEs received.</summary>
    public long UpdateOctets { get; private set; }

    /// <summary>How many octets of UPDATEs are all, where bytes are counted and no routes.</summary>
    public long? OctetTarget { get; set; }

    public bool IsComplete { get; private set; }

    /// <summary>When the last needed byte was read, by <see cref="Stopwatch"/>.</summary>
    public long CompletedAt { get; private set; }

    /// <summary>Why the last session ended.</summary>
    public string? LastEnd { get; private set; }

    /// <summary>How many times an established session ended.</summary>
    public int Losses { get; private set; }

    /// <summary>The socket, where there is one.</summary>
    public Socket? Socket => _socket;

    /// <summary>Whether all that was given to <see cref="Send"/> is in the socket.</summary>
    public bool HasSent => _sending.IsEmpty && _toSend.Count == 0;

    public bool WantsToWrite => State == SessionState.Connecting || !HasSent;

    public bool WantsToRead => Speed == ReadSpeed.Full || State != SessionState.Established;

    /// <summary>Begins to connect with a socket that is in the right namespace and does not block.</summary>
    public void Connect(Socket socket)
    {
        _socket = socket;
        _restLength = 0;
        _sending = default;
        _toSend.Clear();
        UpdateOctets = 0;
        Table?.Clear();
        NoteCompletion(0);
        State = SessionState.Connecting;
        ConnectingSince = Stopwatch.GetTimestamp();
        try
        {
            socket.Connect(new IPEndPoint(AddressOf(LoadAddresses.Daemon), LoadAddresses.Port));
        }
        catch (SocketException later) when (later.SocketErrorCode is SocketError.WouldBlock or SocketError.InProgress)
        {
            // It goes on by itself.
        }
    }

    /// <summary>Binds a socket to the client's own address.</summary>
    public void Bind(Socket socket) => socket.Bind(new IPEndPoint(AddressOf(Plan.Address), 0));

    /// <summary>Sends now what the socket takes, and the rest when it takes more.</summary>
    public void Send(ReadOnlyMemory<byte> octets)
    {
        _toSend.Enqueue(octets);
        Write();
    }

    /// <summary>Sends a KEEPALIVE, unless something is on its way: that will do, and nothing may come within a message.</summary>
    public void KeepAlive()
    {
        if (State == SessionState.Established && HasSent)
        {
            var message = new byte[BgpConstants.HeaderLength];
            MessageHeader.Write(message, MessageType.Keepalive, message.Length);
            Send(message);
        }
    }

    public void OnWritable()
    {
        if (State == SessionState.Connecting)
        {
            var error = (SocketError)(int)(_socket!.GetSocketOption(SocketOptionLevel.Socket, SocketOptionName.Error) ?? 0);
            if (error != SocketError.Success)
            {
                Close($"connect: {error}");
                return;
            }

            State = SessionState.OpenSent;
            SendOpen();
        }

        Write();
    }

    /// <summary>Reads until nothing is left, for fairness a few buffers at most.</summary>
    /// <param name="buffer">Scratch, larger than a message.</param>
    public void OnReadable(byte[] buffer)
    {
        const int Rounds = 4;
        for (var round = 0; round < Rounds && _socket is not null; round++)
        {
            if (!Read(buffer, buffer.Length))
            {
                return;
            }
        }
    }

    /// <summary>Reads what a slow client may by now.</summary>
    public void ReadSlowly(byte[] buffer, int octets)
    {
        _budget = Math.Min(_budget + octets, buffer.Length - _rest.Length);
        if (_socket is not null && _budget >= 1)
        {
            Read(buffer, _restLength + (int)_budget);
        }
    }

    /// <summary>Ends the session without a word.</summary>
    public void Close(string reason)
    {
        if (_socket is null)
        {
            return;
        }

        LastEnd ??= reason;
        Losses += State == SessionState.Established ? 1 : 0;
        State = SessionState.Closed;
        _socket.Dispose();
        _socket = null;
    }

    /// <summary>Forgets why sessions ended, before one is ended on purpose.</summary>
    public void ForgetLosses()
    {
        Losses = 0;
        LastEnd = null;
    }

    /// <summary>Looks whether the table is complete now; true where that has changed.</summary>
    public bool NoteCompletion(long now)
    {
        var isComplete = OctetTarget is { } target ? UpdateOctets >= target : Table?.IsComplete ?? true;
        if (isComplete == IsComplete)
        {
            return false;
        }

        IsComplete = isComplete;
        CompletedAt = isComplete ? now : 0;
        return true;
    }

    private static IPAddress AddressOf(uint bits) => new(BinaryPrimitives.ReverseEndianness(bits));

    private bool Read(byte[] buffer, int end)
    {
        _rest.AsSpan(0, _restLength).CopyTo(buffer);
        var count = _socket!.Receive(buffer.AsSpan(_restLength, end - _restLength), SocketFlags.None, out var error);
        if (error == SocketError.WouldBlock)
        {
            return false;
        }

        if (error != SocketError.Success || count == 0)
        {
            Close(error == SocketError.Success ? "the daemon closed the connection" : error.ToString());
            return false;
        }

        _budget -= count;
        var length = _restLength + count;
        var used = TakeMessages(buffer.AsSpan(0, length));
        _restLength = _socket is null ? 0 : length - used;
        buffer.AsSpan(used, _restLength).CopyTo(_rest);
        return _socket is not null && length == end;
    }

    private int TakeMessages(ReadOnlySpan<byte> source)
    {
        var used = 0;
        while (source.Length - used >= BgpConstants.HeaderLength)
        {
            var length = BinaryPrimitives.ReadUInt16BigEndian(source[(used + 16)..]);
            if (length is < BgpConstants.HeaderLength or > BgpConstants.MaxMessageLength)
            {
                Close($"a message of {length} octets");
                break;
            }

            if (length > source.Length - used)
            {
                break;
            }

            Take((MessageType)source[used + 18], source.Slice(used + BgpConstants.HeaderLength, length - BgpConstants.HeaderLength));
            used += length;
        }

        return used;
    }

    private void Take(MessageType type, ReadOnlySpan<byte> body)
    {
        const int EndOfRib = 4;
        switch (type)
        {
            case MessageType.Update when body.Length == EndOfRib:
                break;
            case MessageType.Update:
                UpdateOctets += BgpConstants.HeaderLength + body.Length;
                Table?.Apply(body);
                break;
            case MessageType.Open when State == SessionState.OpenSent:
                State = SessionState.OpenConfirm;
                var keepalive = new byte[BgpConstants.HeaderLength];
                MessageHeader.Write(keepalive, MessageType.Keepalive, keepalive.Length);
                Send(keepalive);
                break;
            case MessageType.Keepalive when State == SessionState.OpenConfirm:
                State = SessionState.Established;
                break;
            case MessageType.Notification:
                Close($"NOTIFICATION {body[0]}/{body[1]}");
                break;
            default:
                break;
        }
    }

    private void SendOpen()
    {
        var capabilities = new CapabilitySetBuilder().Family(AddressFamily.Ipv4Unicast).RouteRefresh().FourOctetAs(new Asn(Plan.Asn)).Build();
        var open = new OpenMessage(new Asn(Plan.Asn), HoldTime, new RouterId(Plan.Address), capabilities);
        var message = new byte[open.Length];
        open.WriteTo(message);
        Send(message);
    }

    private void Write()
    {
        while (_socket is not null && State != SessionState.Connecting)
        {
            if (_sending.IsEmpty && !_toSend.TryDequeue(out _sending))
            {
                return;
            }

            var sent = _socket.Send(_sending.Span, SocketFlags.None, out var error);
            if (error == SocketError.WouldBlock)
            {
                return;
            }

            if (error != SocketError.Success)
            {
                Close(error.ToString());
                return;
            }

            _sending = _sending[sent..];
        }
    }
}
