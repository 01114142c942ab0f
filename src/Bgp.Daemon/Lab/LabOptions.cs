namespace Bgp.Daemon;

/// <summary>What `bgp lab` was asked for.</summary>
internal sealed record LabOptions
{
    public const int MaxNodes = 100;

    /// <summary>Few do; and "reflector10-eth0" would be too long a name for a device.</summary>
    public const int MaxReflectors = 9;

    public int Nodes { get; init; } = 3;

    /// <summary>Route reflectors; with none the nodes peer with each other, or with their ToR.</summary>
    public int Reflectors { get; init; }

    /// <summary>Racks, each behind a ToR router; with none all nodes are on one segment.</summary>
    public int Racks { get; init; }

    /// <summary>Both families instead of IPv4 alone.</summary>
    public bool Ipv6 { get; init; }

    /// <summary>End after the matrix instead of staying.</summary>
    public bool Once { get; init; }
}
