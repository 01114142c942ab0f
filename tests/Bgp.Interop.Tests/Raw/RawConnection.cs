using System.Net.Sockets;
using Bgp.Protocol;

namespace Bgp.Interop.Tests;

/// <summary>One TCP connection of a scripted speaker: it sends what it is told, and hears whole messages.</summary>
internal sealed class RawConnection : IDisposable
{
    private readonly Socket _socket;

    public RawConnection(Socket socket)
    {
        _socket = socket;
        _socket.NoDelay = true;
        _socket.ReceiveTimeout = (int)Eventually.Deadline.TotalMilliseconds;
    }

    public void Send(params ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            bytes = bytes[_socket.Send(bytes)..];
        }
    }

    /// <summary>Each octet in a segment of its own.</summary>
    public void SendByteByByte(ReadOnlySpan<byte> bytes)
    {
        foreach (var octet in bytes)
        {
            Send(octet);
        }
    }

    /// <summary>The next message, header included; null at the end of the connection.</summary>
    public byte[]? Receive()
    {
        var header = new byte[BgpConstants.HeaderLength];
        if (!Fill(header))
        {
            return null;
        }

        if (!MessageHeader.TryRead(header, BgpConstants.MaxExtendedMessageLength, out _, out var length, out var error))
        {
            throw new AssertionException($"the daemon sent a bad header: {error}: {Convert.ToHexString(header)}");
        }

        var message = new byte[length];
        header.CopyTo(message, 0);
        return Fill(message.AsSpan(header.Length)) ? message : throw new AssertionException("the daemon closed the connection within a message");
    }

    /// <summary>The next message of this type; others are passed over.</summary>
    public byte[] Await(MessageType type)
    {
        while (Receive() is { } message)
        {
            if (TypeOf(message) == type)
            {
                return message;
            }
        }

        throw new AssertionException($"the connection ended before the {type} that was awaited");
    }

    /// <summary>The NOTIFICATION that ends the connection; what comes before it is passed over.</summary>
    public BgpError AwaitNotification()
    {
        var message = Await(MessageType.Notification);
        Assert.That(Receive()?.Length, Is.Null, "nothing comes after a NOTIFICATION");
        return NotificationMessage.TryParse(message.AsSpan(BgpConstants.HeaderLength), out var notification, out var error)
            ? notification.Error
            : throw new AssertionException($"a bad NOTIFICATION: {error}");
    }

    /// <summary>Forgets the connection: a reset is sent, and if it is lost the other side knows nothing.</summary>
    public void Abort()
    {
        _socket.LingerState = new LingerOption(enable: true, seconds: 0);
        _socket.Close();
    }

    public void Dispose() => _socket.Dispose();

    private static MessageType TypeOf(byte[] message) => (MessageType)message[BgpConstants.HeaderLength - 1];

    private bool Fill(Span<byte> buffer)
    {
        while (!buffer.IsEmpty)
        {
            int count;
            try
            {
                count = _socket.Receive(buffer);
            }
            catch (SocketException e) when (e.SocketErrorCode == SocketError.ConnectionReset)
            {
                // What the daemon had not read when it closed.
                return false;
            }

            if (count == 0)
            {
                return false;
            }

            buffer = buffer[count..];
        }

        return true;
    }
}
