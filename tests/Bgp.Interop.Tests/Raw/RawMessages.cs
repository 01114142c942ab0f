using System.Buffers.Binary;
using System.Net;
using Bgp.Protocol;

namespace Bgp.Interop.Tests;

/// <summary>Messages octet by octet, as RFC 4271 §4 draws them.</summary>
internal static class RawMessages
{
    /// <summary>Any message: a right header before the body.</summary>
    public static byte[] Message(MessageType type, params ReadOnlySpan<byte> body)
    {
        var message = new byte[BgpConstants.HeaderLength + body.Length];
        MessageHeader.Write(message, type, message.Length);
        body.CopyTo(message.AsSpan(BgpConstants.HeaderLength));
        return message;
    }

    /// <summary>OPEN: Version, My Autonomous System, Hold Time, BGP Identifier, Optional Parameters as hex.</summary>
    public static byte[] Open(byte version, ushort asn, ushort holdTime, uint identifier, string parameters = "")
    {
        var optional = Convert.FromHexString(parameters);
        var body = new byte[10 + optional.Length];
        body[0] = version;
        BinaryPrimitives.WriteUInt16BigEndian(body.AsSpan(1), asn);
        BinaryPrimitives.WriteUInt16BigEndian(body.AsSpan(3), holdTime);
        BinaryPrimitives.WriteUInt32BigEndian(body.AsSpan(5), identifier);
        body[9] = (byte)optional.Length;
        optional.CopyTo(body, 10);
        return Message(MessageType.Open, body);
    }

    /// <summary>ROUTE-REFRESH of IPv4 unicast (RFC 7313 §3.2): AFI, Message Subtype, SAFI.</summary>
    public static byte[] Demarcation(RouteRefreshSubtype subtype) => Message(MessageType.RouteRefresh, 0, 1, (byte)subtype, 1);

    /// <summary>UPDATE that announces one IPv4 prefix of three octets: ORIGIN IGP, the given attributes as hex, NEXT_HOP.</summary>
    public static byte[] Update(string prefix, string attributes, string nextHop)
    {
        byte[] paths =
        [
            0x40, 0x01, 0x01, 0x00,
            .. Convert.FromHexString(attributes),
            0x40, 0x03, 0x04, .. IPAddress.Parse(nextHop).GetAddressBytes(),
        ];
        return Message(MessageType.Update, [0, 0, 0, (byte)paths.Length, .. paths, 24, .. IPAddress.Parse(prefix).GetAddressBytes()[..3]]);
    }
}
