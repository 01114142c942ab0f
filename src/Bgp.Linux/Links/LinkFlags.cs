namespace Bgp.Linux;

/// <summary>State of a link: IFF_….</summary>
[Flags]
public enum LinkFlags
{
    None = 0,

    /// <summary>Administratively up.</summary>
    Up = 0x1,

    Broadcast = 0x2,
    Loopback = 0x8,
    PointToPoint = 0x10,

    /// <summary>Operational: up and able to carry packets (RFC 2863 oper state up or unknown).</summary>
    Running = 0x40,

    NoArp = 0x80,
    Promiscuous = 0x100,
    Multicast = 0x1000,

    /// <summary>The carrier is there.</summary>
    LowerUp = 0x10000,
}
