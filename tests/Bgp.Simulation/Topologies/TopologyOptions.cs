namespace Bgp.Simulation;

/// <summary>What the nodes of a ready-made topology have in common.</summary>
public sealed record TopologyOptions
{
    /// <summary>Whether nodes also have IPv6 addresses and blocks; the sessions stay on IPv4.</summary>
    public bool HasIpv6 { get; init; }

    /// <summary>Blocks that each node originates, of each family.</summary>
    public int BlocksPerNode { get; init; } = 1;

    /// <summary>Nodes, from the first on, that all originate one shared block as well.</summary>
    public int AnycastNodes { get; init; }

    /// <summary>Nodes, from the first on, that offer ADD-PATH (RFC 7911) on all their sessions, both ways: it is in use where both ends do.</summary>
    public int AddPathNodes { get; init; }

    /// <summary>How many paths of a prefix they send.</summary>
    public int AddPathSend { get; init; } = int.MaxValue;

    public TimeSpan HoldTime { get; init; } = TimeSpan.FromSeconds(9);

    public TimeSpan ConnectRetry { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Whether reflectors take their clients as dynamic neighbors, from the segment's whole subnet, rather than naming each.</summary>
    public bool HasDynamicClients { get; init; }

    /// <summary>Whether the reflectors of a pair have one cluster id, rather than one each (RFC 4456 §7).</summary>
    public bool SharesClusterId { get; init; }

    /// <summary>Whether the nodes of racks have one AS number for all, rather than one for each rack. Either way they take routes with their own number in them once.</summary>
    public bool HasOneNodeAs { get; init; }
}
