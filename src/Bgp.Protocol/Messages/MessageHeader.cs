using System.Buffers.Binary;

namespace Bgp.Protocol;

/// <summary>
/// The fixed header of every message (RFC 4271 §4.1): Marker of 16 octets, Length of 2, Type of 1. Reading checks what RFC 4271 §6.1
/// asks for, before anyone waits for the rest of the message.
/// </summary>
public static class MessageHeader
{
    /// <summary>Reads the first 19 octets of <paramref name="source"/>; false with the error to send where they are no valid header.</summary>
    /// <param name="source">At least <see cref="BgpConstants.HeaderLength"/> octets.</param>
    /// <param name="maxMessageLength">4,096, or 65,535 once extended messages are negotiated (RFC 8654); OPEN and KEEPALIVE keep 4,096.</param>
    /// <param name="type">The message's type.</param>
    /// <param name="length">The whole message's length, header included.</param>
    /// <param name="error">A Message Header Error with the data of RFC 4271 §6.1.</param>
    public static bool TryRead(ReadOnlySpan<byte> source, int maxMessageLength, out MessageType type, out int length, out BgpError error)
    {
        error = BgpError.None;
        length = BinaryPrimitives.ReadUInt16BigEndian(source[BgpConstants.MarkerLength..]);
        type = (MessageType)source[BgpConstants.HeaderLength - 1];
        if ((BinaryPrimitives.ReadUInt64BigEndian(source) & BinaryPrimitives.ReadUInt64BigEndian(source[8..])) != ulong.MaxValue)
        {
            error = BgpError.Header(HeaderSubcode.ConnectionNotSynchronized);
            return false;
        }

        if (length < BgpConstants.HeaderLength || length > maxMessageLength)
        {
            error = BgpError.Header(HeaderSubcode.BadMessageLength, source.Slice(BgpConstants.MarkerLength, 2).ToArray());
            return false;
        }

        if (!TryGetLimits(type, maxMessageLength, out var minimum, out var maximum))
        {
            error = BgpError.Header(HeaderSubcode.BadMessageType, new[] { (byte)type });
            return false;
        }

        if (length < minimum || length > maximum)
        {
            error = BgpError.Header(HeaderSubcode.BadMessageLength, source.Slice(BgpConstants.MarkerLength, 2).ToArray());
            return false;
        }

        return true;
    }

    /// <summary>Writes the header of a message of <paramref name="length"/> octets.</summary>
    public static void Write(Span<byte> destination, MessageType type, int length)
    {
        destination[..BgpConstants.MarkerLength].Fill(0xff);
        BinaryPrimitives.WriteUInt16BigEndian(destination[BgpConstants.MarkerLength..], (ushort)length);
        destination[BgpConstants.HeaderLength - 1] = (byte)type;
    }

    private static bool TryGetLimits(MessageType type, int maxMessageLength, out int minimum, out int maximum)
    {
        maximum = maxMessageLength;
        switch (type)
        {
            case MessageType.Open:
                minimum = BgpConstants.MinOpenLength;
                maximum = BgpConstants.MaxMessageLength;
                return true;
            case MessageType.Update:
                minimum = BgpConstants.MinUpdateLength;
                return true;
            case MessageType.Notification:
                minimum = BgpConstants.MinNotificationLength;
                return true;
            case MessageType.Keepalive:
                minimum = BgpConstants.HeaderLength;
                maximum = BgpConstants.HeaderLength;
                return true;
            case MessageType.RouteRefresh:
                minimum = BgpConstants.MinRouteRefreshLength;
                return true;
            default:
                minimum = 0;
                return false;
        }
    }
}
