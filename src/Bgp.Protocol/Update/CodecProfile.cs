namespace Bgp.Protocol;

/// <summary>One direction of a session for the codec.</summary>
/// <param name="Flags">What was negotiated.</param>
/// <param name="MaxMessageLength">4,096, or 65,535 with extended messages (RFC 8654).</param>
public readonly record struct CodecProfile(CodecFlags Flags, int MaxMessageLength)
{
    // The generated equality asks comparers of the enum, which box it where code is compiled ahead of time.
    public bool Equals(CodecProfile other) => Flags == other.Flags && MaxMessageLength == other.MaxMessageLength;

    public override int GetHashCode() => ((int)Flags << 17) ^ MaxMessageLength;

    public bool FourOctetAs => (Flags & CodecFlags.FourOctetAs) != 0;

    public bool ExtendedNextHopIpv4 => (Flags & CodecFlags.ExtendedNextHopIpv4) != 0;

    public bool IsExternal => (Flags & CodecFlags.External) != 0;

    public bool IsConfederation => (Flags & CodecFlags.Confederation) != 0;

    /// <summary>The octets of an AS number in AS_PATH: 2 or 4.</summary>
    public int AsnSize => FourOctetAs ? 4 : 2;

    /// <summary>Whether prefixes of the family come with a path identifier.</summary>
    public bool AddPath(AddressFamily family) =>
        family == AddressFamily.Ipv4Unicast ? (Flags & CodecFlags.AddPathIpv4) != 0
        : family == AddressFamily.Ipv6Unicast && (Flags & CodecFlags.AddPathIpv6) != 0;
}
