namespace Bgp.Linux;

/// <summary>What a route does with a packet: RTN_….</summary>
public enum KernelRouteType : byte
{
    Unspecified = 0,
    Unicast = 1,
    Local = 2,
    Broadcast = 3,
    Anycast = 4,
    Multicast = 5,

    /// <summary>Drops silently.</summary>
    Blackhole = 6,

    /// <summary>Drops and answers "host unreachable".</summary>
    Unreachable = 7,

    /// <summary>Drops and answers "administratively prohibited".</summary>
    Prohibit = 8,

    /// <summary>Goes on with the next routing table.</summary>
    Throw = 9,
}
