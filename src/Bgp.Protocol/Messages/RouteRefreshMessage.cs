using System.Buffers.Binary;

namespace Bgp.Protocol;

/// <summary>ROUTE-REFRESH (RFC 2918 §3, RFC 7313 §3.2): AFI of 2 octets, Message Subtype of 1, SAFI of 1.</summary>
public readonly record struct RouteRefreshMessage(AddressFamily Family, RouteRefreshSubtype Subtype)
{
    /// <summary>The whole message's length in octets.</summary>
    public const int Length = BgpConstants.MinRouteRefreshLength;

    private const int BodyLength = Length - BgpConstants.HeaderLength;

    /// <summary>
    /// Reads the octets after the header. A demarcation of another length than 4 is an error (RFC 7313 §5); a request may be followed by
    /// outbound route filters (RFC 5291), which we do not negotiate and skip. Unknown subtypes are kept: the receiver ignores them.
    /// </summary>
    public static bool TryParse(ReadOnlySpan<byte> body, out RouteRefreshMessage message, out BgpError error)
    {
        message = default;
        error = BgpError.None;
        if (body.Length < BodyLength)
        {
            error = BgpError.Refresh(RefreshSubcode.InvalidMessageLength, WholeMessage(body));
            return false;
        }

        message = new RouteRefreshMessage(
            new AddressFamily((Afi)BinaryPrimitives.ReadUInt16BigEndian(body), (Safi)body[3]),
            (RouteRefreshSubtype)body[2]);
        if (body.Length != BodyLength
            && message.Subtype is RouteRefreshSubtype.BeginningOfRefresh or RouteRefreshSubtype.EndOfRefresh)
        {
            error = BgpError.Refresh(RefreshSubcode.InvalidMessageLength, WholeMessage(body));
            return false;
        }

        return true;
    }

    /// <summary>Writes the whole message and returns its length.</summary>
    public int WriteTo(Span<byte> destination)
    {
        MessageHeader.Write(destination, MessageType.RouteRefresh, Length);
        BinaryPrimitives.WriteUInt16BigEndian(destination[BgpConstants.HeaderLength..], (ushort)Family.Afi);
        destination[BgpConstants.HeaderLength + 2] = (byte)Subtype;
        destination[BgpConstants.HeaderLength + 3] = (byte)Family.Safi;
        return Length;
    }

    // RFC 7313 §5: the NOTIFICATION's data is the complete faulty message.
    private static byte[] WholeMessage(ReadOnlySpan<byte> body)
    {
        var message = new byte[BgpConstants.HeaderLength + body.Length];
        MessageHeader.Write(message, MessageType.RouteRefresh, message.Length);
        body.CopyTo(message.AsSpan(BgpConstants.HeaderLength));
        return message;
    }
}
