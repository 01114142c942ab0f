namespace Bgp.Protocol;

/// <summary>KEEPALIVE: a header and nothing else (RFC 4271 §4.4).</summary>
public static class KeepaliveMessage
{
    /// <summary>The whole message.</summary>
    public static ReadOnlySpan<byte> Bytes =>
    [
        0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
        0, BgpConstants.HeaderLength, (byte)MessageType.Keepalive,
    ];

    /// <summary>Writes the whole message and returns its length.</summary>
    public static int WriteTo(Span<byte> destination)
    {
        Bytes.CopyTo(destination);
        return BgpConstants.HeaderLength;
    }
}
