using System.Buffers.Binary;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Bgp.Interop.Tests;

/// <summary>
/// Sends an ICMP echo request (RFC 792) every ten milliseconds from a host to an address until it is disposed, and keeps when each was sent and whether it
/// was answered.
/// </summary>
internal sealed class Pinger : IDisposable
{
    private const int HeaderOfIPv4 = 20;

    private static int _count;

    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(10);

    private readonly Socket _socket;
    private readonly IPEndPoint _target;
    private readonly Thread _sender;
    private readonly Thread _receiver;

    // Sender, receiver and test: each reads or writes a few of them at a time.
    private readonly Lock _lock = new();
    private readonly List<(TimeSpan At, bool IsAnswered)> _requests = [];
    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private readonly ushort _identifier = (ushort)Interlocked.Increment(ref _count);
    private volatile bool _isDone;

    public Pinger(Host from, string source, string target)
    {
        using var space = Linux.NetworkNamespace.Open(from.Namespace.Name);
        _socket = space.OpenSocket(AddressFamily.InterNetwork, SocketType.Raw, ProtocolType.Icmp);
        _socket.Bind(new IPEndPoint(IPAddress.Parse(source), 0));
        _socket.ReceiveTimeout = 100;
        _target = new IPEndPoint(IPAddress.Parse(target), 0);
        _sender = new Thread(Send);
        _receiver = new Thread(Receive);
        _sender.Start();
        _receiver.Start();
    }

    public TimeSpan Now => _clock.Elapsed;

    /// <summary>Waits until the last requests, enough to tell luck from a way, were all answered.</summary>
    public void AwaitAnswers() => Eventually.Holds($"answers from {_target.Address}", () =>
    {
        lock (_lock)
        {
            // The youngest may still be on their way.
            return _requests.Count > 100 && _requests[^60..^10].TrueForAll(request => request.IsAnswered);
        }
    });

    /// <summary>The time from the first request since then without an answer to the last such; zero when none was lost.</summary>
    public TimeSpan OutageSince(TimeSpan since)
    {
        lock (_lock)
        {
            var lost = _requests[..^10].Where(request => request.At >= since && !request.IsAnswered).Select(request => request.At).ToList();
            return lost.Count == 0 ? TimeSpan.Zero : lost[^1] - lost[0] + Interval;
        }
    }

    public void Dispose()
    {
        _isDone = true;
        _sender.Join();
        _receiver.Join();
        _socket.Dispose();
    }

    private void Send()
    {
        var message = new byte[8];
        while (!_isDone)
        {
            ushort number;
            lock (_lock)
            {
                number = (ushort)_requests.Count;
                _requests.Add((_clock.Elapsed, false));
            }

            Write(message, number);
            try
            {
                _socket.SendTo(message, _target);
            }
            catch (SocketException e) when (e.SocketErrorCode is SocketError.NetworkUnreachable or SocketError.HostUnreachable)
            {
                // For a moment the host has no route: a lost request.
            }

            Thread.Sleep(Interval);
        }
    }

    private void Receive()
    {
        var packet = new byte[1500];
        while (!_isDone)
        {
            int count;
            try
            {
                count = _socket.Receive(packet);
            }
            catch (SocketException e) when (e.SocketErrorCode is SocketError.TimedOut or SocketError.TryAgain or SocketError.WouldBlock or SocketError.HostUnreachable or SocketError.NetworkUnreachable)
            {
                continue;
            }

            var reply = packet.AsSpan(0, count);
            if (count >= HeaderOfIPv4 + 8 && reply[HeaderOfIPv4] == 0 && BinaryPrimitives.ReadUInt16BigEndian(reply[(HeaderOfIPv4 + 4)..]) == _identifier)
            {
                lock (_lock)
                {
                    int number = BinaryPrimitives.ReadUInt16BigEndian(reply[(HeaderOfIPv4 + 6)..]);
                    _requests[number] = (_requests[number].At, true);
                }
            }
        }
    }

    /// <summary>Type 8, Code 0, Checksum, Identifier, Sequence Number. A run has fewer requests than there are numbers.</summary>
    private void Write(Span<byte> message, ushort number)
    {
        message[0] = 8;
        BinaryPrimitives.WriteUInt16BigEndian(message[4..], _identifier);
        BinaryPrimitives.WriteUInt16BigEndian(message[6..], number);
        var sum = 0x0800 + _identifier + number;
        BinaryPrimitives.WriteUInt16BigEndian(message[2..], (ushort)~((sum & 0xffff) + (sum >> 16)));
    }
}
