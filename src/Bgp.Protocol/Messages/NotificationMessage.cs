namespace Bgp.Protocol;

/// <summary>NOTIFICATION (RFC 4271 §4.5): Error code, Error subcode, Data to the end of the message.</summary>
public sealed record NotificationMessage(BgpError Error)
{
    /// <summary>The shutdown communication for people (RFC 9003), also where a Hard Reset wraps it; null where there is none.</summary>
    public string? ShutdownText => Error.TryUnwrapHardReset(out var reason) ? reason.ShutdownText : Error.ShutdownText;

    /// <summary>Reads the octets after the header. An error in a NOTIFICATION is never answered (RFC 4271 §6.4), so it is only logged.</summary>
    public static bool TryParse(ReadOnlySpan<byte> body, out NotificationMessage message, out BgpError error)
    {
        error = BgpError.None;
        message = Empty;
        if (body.Length < BgpConstants.MinNotificationLength - BgpConstants.HeaderLength)
        {
            error = BgpError.Header(HeaderSubcode.BadMessageLength);
            return false;
        }

        message = new NotificationMessage(new BgpError((NotificationCode)body[0], body[1], body[2..].ToArray()));
        return true;
    }

    /// <summary>The whole message's length; data past 4,096 octets is cut.</summary>
    public int Length => BgpConstants.MinNotificationLength + DataLength;

    /// <summary>Writes the whole message, at most 4,096 octets, and returns its length.</summary>
    public int WriteTo(Span<byte> destination)
    {
        MessageHeader.Write(destination, MessageType.Notification, Length);
        destination[BgpConstants.HeaderLength] = (byte)Error.Code;
        destination[BgpConstants.HeaderLength + 1] = Error.Subcode;
        Error.Data.Span[..DataLength].CopyTo(destination[BgpConstants.MinNotificationLength..]);
        return Length;
    }

    private static readonly NotificationMessage Empty = new(BgpError.None);

    private int DataLength => Math.Min(Error.Data.Length, BgpConstants.MaxMessageLength - BgpConstants.MinNotificationLength);
}
