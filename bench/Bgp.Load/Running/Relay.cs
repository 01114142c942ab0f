using System.Buffers;
using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using Bgp.Protocol;

namespace Bgp.Load;

/// <summary>
/// The floor: hands every UPDATE on to all others, on one thread. It looks at the length and type of messages, because two neighbors' bytes may only meet
/// between messages, and at nothing else.
/// </summary>
/// <param name="silent">The numbers of clients that are told nothing.</param>
internal sealed class Relay(IReadOnlySet<int> silent)
{
    private const int ListenerTag = -1;
    private const int Backlog = 1024;

    private readonly List<RelayConnection> _connections = [];
    private readonly byte[] _buffer = new byte[256 * 1024];
    private readonly ArrayBufferWriter<byte> _round = new();
    private readonly List<(RelayConnection Source, int Start, int Length)> _parts = [];

    /// <summary>Runs until the process is ended.</summary>
    public void Run()
    {
        using var epoll = new Epoll();
        using var listener = new Socket(System.Net.Sockets.AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { Blocking = false };
        listener.Bind(new IPEndPoint(IPAddress.Any, LoadAddresses.Port));
        listener.Listen(Backlog);
        epoll.Add(listener, ListenerTag, readable: true, writable: false);
        while (true)
        {
            var ready = epoll.Wait(-1);
            for (var i = 0; i < ready; i++)
            {
                var (tag, isWritable, isReadable) = epoll.Ready(i);
                if (tag == ListenerTag)
                {
                    Accept(epoll, listener);
                }
                else
                {
                    Serve(_connections[tag], isWritable, isReadable);
                }
            }

            Flush();
        }
    }

    private void Accept(Epoll epoll, Socket listener)
    {
        while (listener.Poll(TimeSpan.Zero, SelectMode.SelectRead))
        {
            var socket = listener.Accept();
            socket.Blocking = false;
            socket.NoDelay = true;
            var address = BinaryPrimitives.ReadUInt32BigEndian(((IPEndPoint)socket.RemoteEndPoint!).Address.GetAddressBytes());
            var connection = new RelayConnection(epoll, socket, _connections.Count, isSilent: silent.Contains(LoadAddresses.IndexOf(address)));
            _connections.Add(connection);
            epoll.Add(socket, connection.Tag, readable: true, writable: false);
        }
    }

    private void Serve(RelayConnection connection, bool isWritable, bool isReadable)
    {
        if (isWritable)
        {
            connection.Write();
        }

        if (!isReadable)
        {
            return;
        }

        // One read a round, so that all neighbors' bytes go out together.
        if (connection.Read(_buffer, out var messages))
        {
            Take(connection, messages);
        }
    }

    private void Take(RelayConnection connection, ReadOnlySpan<byte> messages)
    {
        var start = 0;
        var end = 0;
        while (end < messages.Length)
        {
            int length = BinaryPrimitives.ReadUInt16BigEndian(messages[(end + 16)..]);
            var type = (MessageType)messages[end + 18];
            if (type == MessageType.Update)
            {
                end += length;
                continue;
            }

            HandOn(connection, messages[start..end]);
            if (type == MessageType.Open)
            {
                connection.Greet();
            }

            end += length;
            start = end;
        }

        HandOn(connection, messages[start..end]);
    }

    private void HandOn(RelayConnection source, ReadOnlySpan<byte> updates)
    {
        if (!updates.IsEmpty)
        {
            _parts.Add((source, _round.WrittenCount, updates.Length));
            _round.Write(updates);
        }
    }

    /// <summary>Gives everybody what came in this round but for its own, in pieces as large as can be.</summary>
    private void Flush()
    {
        if (_parts.Count == 0)
        {
            return;
        }

        ReadOnlyMemory<byte> shared = _round.WrittenSpan.ToArray();
        foreach (var connection in _connections)
        {
            if (connection.IsSilent)
            {
                continue;
            }

            var start = 0;
            foreach (var (_, own, length) in _parts.Where(part => part.Source == connection))
            {
                connection.Send(shared[start..own]);
                start = own + length;
            }

            connection.Send(shared[start..]);
        }

        _parts.Clear();
        _round.ResetWrittenCount();
    }
}
