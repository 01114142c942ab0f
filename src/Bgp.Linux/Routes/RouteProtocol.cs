namespace Bgp.Linux;

/// <summary>Who put a route there: RTPROT_…; any other number may stand for a program.</summary>
public enum RouteProtocol : byte
{
    Unspecified = 0,
    Redirect = 1,

    /// <summary>The kernel itself, when an address is added.</summary>
    Kernel = 2,

    Boot = 3,
    Static = 4,
    Bird = 12,
    Bgp = 186,
}
