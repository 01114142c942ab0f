namespace Bgp.Protocol;

/// <summary>Sizes and numbers that RFC 4271 and RFC 8654 fix.</summary>
public static class BgpConstants
{
    /// <summary>The TCP port of BGP.</summary>
    public const int Port = 179;

    /// <summary>The protocol version in OPEN.</summary>
    public const byte Version = 4;

    /// <summary>Marker, Length and Type (RFC 4271 §4.1).</summary>
    public const int HeaderLength = 19;

    /// <summary>The octets of the Marker field, all ones.</summary>
    public const int MarkerLength = 16;

    /// <summary>The longest message of RFC 4271 §4.1.</summary>
    public const int MaxMessageLength = 4096;

    /// <summary>The longest message once both sides sent the Extended Message capability (RFC 8654 §3).</summary>
    public const int MaxExtendedMessageLength = 65535;

    /// <summary>The shortest OPEN: header and ten octets (RFC 4271 §4.2).</summary>
    public const int MinOpenLength = 29;

    /// <summary>The shortest UPDATE: header and two length fields (RFC 4271 §4.3).</summary>
    public const int MinUpdateLength = 23;

    /// <summary>The shortest NOTIFICATION: header, code and subcode (RFC 4271 §4.5).</summary>
    public const int MinNotificationLength = 21;

    /// <summary>The shortest ROUTE-REFRESH: header, AFI, subtype and SAFI (RFC 2918 §3).</summary>
    public const int MinRouteRefreshLength = 23;

    /// <summary>The bound on an attribute set in canonical form, in octets.</summary>
    public const int MaxCanonicalLength = 65535;
}
