namespace Bgp.Linux;

/// <summary>State and options of one next hop: RTNH_F_….</summary>
[Flags]
public enum NextHopFlags : byte
{
    None = 0,

    /// <summary>Not used: its device is down.</summary>
    Dead = 1,

    Pervasive = 2,

    /// <summary>The gateway counts as on the link although no route says so.</summary>
    OnLink = 4,

    Offload = 8,

    /// <summary>Its device has no carrier.</summary>
    LinkDown = 16,

    Unresolved = 32,
    Trap = 64,
}
