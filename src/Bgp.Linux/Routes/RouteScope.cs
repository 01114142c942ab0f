namespace Bgp.Linux;

/// <summary>How far an IPv4 route's or address's destination is: RT_SCOPE_…. IPv6 routes are always <see cref="Universe"/>.</summary>
public enum RouteScope : byte
{
    /// <summary>Behind a gateway.</summary>
    Universe = 0,

    Site = 200,

    /// <summary>On the link: an IPv4 route without a gateway that shall resolve others' gateways needs it.</summary>
    Link = 253,

    /// <summary>This machine.</summary>
    Host = 254,

    Nowhere = 255,
}
