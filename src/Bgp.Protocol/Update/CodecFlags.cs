namespace Bgp.Protocol;

/// <summary>What was negotiated for one direction of a session, as far as bytes depend on it.</summary>
[Flags]
public enum CodecFlags : byte
{
    None = 0,

    /// <summary>AS numbers of four octets in AS_PATH and AGGREGATOR (RFC 6793).</summary>
    FourOctetAs = 1,

    /// <summary>Path identifiers with IPv4 unicast (RFC 7911).</summary>
    AddPathIpv4 = 2,

    /// <summary>Path identifiers with IPv6 unicast (RFC 7911).</summary>
    AddPathIpv6 = 4,

    /// <summary>IPv4 unicast with IPv6 next hops (RFC 8950).</summary>
    ExtendedNextHopIpv4 = 8,

    /// <summary>The peer is of another AS, be it a member of our confederation.</summary>
    External = 16,

    /// <summary>The peer is in our confederation (RFC 5065).</summary>
    Confederation = 32,
}
