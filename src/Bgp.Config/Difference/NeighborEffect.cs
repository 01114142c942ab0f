namespace Bgp.Config;

/// <summary>What a reload does to a neighbor as a whole: the strongest effect of its changes.</summary>
public enum NeighborEffect : byte
{
    /// <summary>Something changes, but neither the session nor any route is touched.</summary>
    Nothing,

    /// <summary>Its routes are evaluated again; the session stays.</summary>
    Refresh,

    /// <summary>Its session is reset.</summary>
    Reset,

    /// <summary>It is new.</summary>
    Added,

    /// <summary>It is there no longer: its session ends.</summary>
    Removed,
}
