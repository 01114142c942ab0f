using System.Buffers.Binary;
using System.Net.Sockets;
using Bgp.Protocol;

namespace Bgp.Load;

/// <summary>One neighbor of the relay. What is queued for it is bounded by what a run sends.</summary>
internal sealed class RelayConnection(Epoll epoll, Socket socket, int tag, bool isSilent)
{
    private const ushort HoldTime = 180;

    private readonly byte[] _rest = new byte[BgpConstants.MaxMessageLength];
    private readonly Queue<ReadOnlyMemory<byte>> _toSend = new();
    private ReadOnlyMemory<byte> _sending;
    private int _restLength;
    private bool _isWatched;

    public int Tag { get; } = tag;

    public bool IsSilent { get; } = isSilent;

    /// <summary>Whether the neighbor is gone.</summary>
    public bool IsOver { get; private set; }

    /// <summary>Reads whole messages; false where nothing is there, or the neighbor is gone.</summary>
    public bool Read(byte[] buffer, out ReadOnlySpan<byte> messages)
    {
        messages = default;
        if (IsOver)
        {
            return false;
        }

        _rest.AsSpan(0, _restLength).CopyTo(buffer);
        var count = socket.Receive(buffer.AsSpan(_restLength), SocketFlags.None, out var error);
        if (error == SocketError.WouldBlock)
        {
            return false;
        }

        if (error != SocketError.Success || count == 0)
        {
            IsOver = true;
            socket.Dispose();
            return false;
        }

        var length = _restLength + count;
        var used = 0;
        while (length - used >= BgpConstants.HeaderLength)
        {
            int next = BinaryPrimitives.ReadUInt16BigEndian(buffer.AsSpan(used + 16));
            if (next > length - used)
            {
                break;
            }

            used += next;
        }

        _restLength = length - used;
        buffer.AsSpan(used, _restLength).CopyTo(_rest);
        messages = buffer.AsSpan(0, used);
        return true;
    }

    /// <summary>Answers an OPEN with ours, and with a KEEPALIVE.</summary>
    public void Greet()
    {
        var asn = new Asn(LoadPlan.DaemonAsn);
        var capabilities = new CapabilitySetBuilder().Family(Protocol.AddressFamily.Ipv4Unicast).FourOctetAs(asn).Build();
        var open = new OpenMessage(asn, HoldTime, new RouterId(LoadAddresses.Daemon), capabilities);
        var message = new byte[open.Length + BgpConstants.HeaderLength];
        open.WriteTo(message);
        MessageHeader.Write(message.AsSpan(open.Length), MessageType.Keepalive, BgpConstants.HeaderLength);
        Send(message);
    }

    public void Send(ReadOnlyMemory<byte> octets)
    {
        if (octets.IsEmpty)
        {
            return;
        }

        _toSend.Enqueue(octets);
        if (!_isWatched)
        {
            Write();
        }
    }

    public void Write()
    {
        while (!IsOver)
        {
            if (_sending.IsEmpty && !_toSend.TryDequeue(out _sending))
            {
                WatchRoom(false);
                return;
            }

            var sent = socket.Send(_sending.Span, SocketFlags.None, out var error);
            if (error == SocketError.WouldBlock)
            {
                WatchRoom(true);
                return;
            }

            IsOver |= error != SocketError.Success;
            _sending = IsOver ? default : _sending[sent..];
        }
    }

    private void WatchRoom(bool watch)
    {
        if (watch != _isWatched)
        {
            _isWatched = watch;
            epoll.Change(socket, Tag, readable: true, writable: watch);
        }
    }
}
