using System.Buffers.Binary;

namespace Bgp.Protocol;

/// <summary>
/// OPEN (RFC 4271 §4.2): Version, My Autonomous System, Hold Time, BGP Identifier, Optional Parameters. Parameters are read in both
/// encodings of RFC 9072 and written in the extended one only when they need it.
/// </summary>
/// <param name="Asn">The sender's number: of four octets where it has that capability (RFC 6793 §4.1).</param>
/// <param name="HoldTime">Seconds; 0, or 3 and more.</param>
/// <param name="RouterId">The BGP Identifier, never 0 (RFC 6286 §2.1).</param>
/// <param name="Capabilities">What the sender offers.</param>
public sealed record OpenMessage(Asn Asn, ushort HoldTime, RouterId RouterId, CapabilitySet Capabilities)
{
    private const byte CapabilitiesParameter = 2;
    private const byte ExtendedLengthParameter = 255;
    private const int FixedLength = BgpConstants.MinOpenLength - BgpConstants.HeaderLength;
    private const int MaxPlainParametersLength = 254;

    private static readonly OpenMessage Empty = new(default, 0, default, CapabilitySet.Empty);

    /// <summary>Reads the octets after the header; false with the OPEN Message Error to send (RFC 4271 §6.2).</summary>
    public static bool TryParse(ReadOnlySpan<byte> body, out OpenMessage message, out BgpError error)
    {
        message = Empty;
        if (body.Length < FixedLength)
        {
            error = BgpError.Header(HeaderSubcode.BadMessageLength, LengthField(body.Length));
            return false;
        }

        if (body[0] != BgpConstants.Version)
        {
            error = BgpError.Open(OpenSubcode.UnsupportedVersionNumber, new byte[] { 0, BgpConstants.Version });
            return false;
        }

        if (!TryReadParameters(body[(FixedLength - 1)..], out var capabilities, out error))
        {
            return false;
        }

        var twoOctetAs = new Asn(BinaryPrimitives.ReadUInt16BigEndian(body[1..]));
        message = new OpenMessage(
            capabilities.FourOctetAs ?? twoOctetAs,
            BinaryPrimitives.ReadUInt16BigEndian(body[3..]),
            new RouterId(BinaryPrimitives.ReadUInt32BigEndian(body[5..])),
            capabilities);
        error = message.Validate(twoOctetAs);
        return error.IsNone;
    }

    /// <summary>The whole message's length in octets.</summary>
    public int Length => BgpConstants.MinOpenLength + ParametersOverhead + Capabilities.WireLength;

    /// <summary>Writes the whole message, at most 4,096 octets, and returns its length.</summary>
    public int WriteTo(Span<byte> destination)
    {
        MessageHeader.Write(destination, MessageType.Open, Length);
        var body = destination[BgpConstants.HeaderLength..];
        body[0] = BgpConstants.Version;
        BinaryPrimitives.WriteUInt16BigEndian(body[1..], Asn.ToTwoOctets());
        BinaryPrimitives.WriteUInt16BigEndian(body[3..], HoldTime);
        BinaryPrimitives.WriteUInt32BigEndian(body[5..], RouterId.Value);
        var length = Capabilities.WireLength;
        var parameters = body[(FixedLength - 1)..];
        if (length == 0)
        {
            parameters[0] = 0;
        }
        else if (length + 2 <= MaxPlainParametersLength)
        {
            parameters[0] = (byte)(length + 2);
            parameters[1] = CapabilitiesParameter;
            parameters[2] = (byte)length;
        }
        else
        {
            parameters[0] = ExtendedLengthParameter;
            parameters[1] = ExtendedLengthParameter;
            BinaryPrimitives.WriteUInt16BigEndian(parameters[2..], (ushort)(length + 3));
            parameters[4] = CapabilitiesParameter;
            BinaryPrimitives.WriteUInt16BigEndian(parameters[5..], (ushort)length);
        }

        Capabilities.WriteTo(body[(FixedLength + ParametersOverhead)..]);
        return Length;
    }

    private int ParametersOverhead => Capabilities.WireLength switch
    {
        0 => 0,
        <= MaxPlainParametersLength - 2 => 2,
        _ => 6,
    };

    private BgpError Validate(Asn twoOctetAs)
    {
        if (twoOctetAs.Value == 0 || Asn.Value == 0)
        {
            return BgpError.Open(OpenSubcode.BadPeerAs); // RFC 7607 §2
        }

        if (HoldTime is 1 or 2)
        {
            return BgpError.Open(OpenSubcode.UnacceptableHoldTime);
        }

        return RouterId.Value == 0 ? BgpError.Open(OpenSubcode.BadBgpIdentifier) : BgpError.None;
    }

    /// <summary>Reads from Opt Parm Len to the end of the message.</summary>
    private static bool TryReadParameters(ReadOnlySpan<byte> source, out CapabilitySet capabilities, out BgpError error)
    {
        capabilities = CapabilitySet.Empty;
        error = BgpError.Open(OpenSubcode.Unspecific);
        int length = source[0];
        var parameters = source[1..];
        var isExtended = length != 0 && parameters.Length >= 3 && parameters[0] == ExtendedLengthParameter;
        if (isExtended)
        {
            length = BinaryPrimitives.ReadUInt16BigEndian(parameters[1..]);
            parameters = parameters[3..];
        }

        if (length != parameters.Length)
        {
            return false;
        }

        List<Capability> found = [];
        var headerLength = isExtended ? 3 : 2;
        while (!parameters.IsEmpty)
        {
            if (parameters.Length < headerLength)
            {
                return false;
            }

            var type = parameters[0];
            int valueLength = isExtended ? BinaryPrimitives.ReadUInt16BigEndian(parameters[1..]) : parameters[1];
            if (valueLength > parameters.Length - headerLength)
            {
                return false;
            }

            if (type != CapabilitiesParameter)
            {
                error = BgpError.Open(OpenSubcode.UnsupportedOptionalParameter);
                return false;
            }

            if (!TryReadCapabilities(parameters.Slice(headerLength, valueLength), found))
            {
                return false;
            }

            parameters = parameters[(headerLength + valueLength)..];
        }

        error = BgpError.None;
        capabilities = found.Count == 0 ? CapabilitySet.Empty : new CapabilitySet([.. found]);
        return true;
    }

    // RFC 5492 §4: Capability Code (1), Capability Length (1), Capability Value.
    private static bool TryReadCapabilities(ReadOnlySpan<byte> source, List<Capability> found)
    {
        while (!source.IsEmpty)
        {
            if (source.Length < 2 || source[1] > source.Length - 2)
            {
                return false;
            }

            var value = source.Slice(2, source[1]);
            if ((CapabilityCode)source[0] is CapabilityCode.Multiprotocol or CapabilityCode.FourOctetAs && value.Length != 4)
            {
                return false; // Without these a session would run with the wrong family or AS number.
            }

            found.Add(new Capability((CapabilityCode)source[0], value.ToArray()));
            source = source[(2 + value.Length)..];
        }

        return true;
    }

    private static byte[] LengthField(int bodyLength)
    {
        var field = new byte[2];
        BinaryPrimitives.WriteUInt16BigEndian(field, (ushort)(BgpConstants.HeaderLength + bodyLength));
        return field;
    }
}
