namespace Bgp.Daemon;

/// <summary>What `bgp lab` was asked for.</summary>
internal sealed record LabOptions
{
    public const int MaxNodes = 100;

    public int Nodes { get; init; } = 3;

    /// <summary>Both families instead of IPv4 alone.</summary>
    public bool Ipv6 { get; init; }

    /// <summary>End after the matrix instead of staying.</summary>
    public bool Once { get; init; }
}
