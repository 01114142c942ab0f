using Bgp.Protocol;

namespace Bgp.Config;

/// <summary>A route that this router originates.</summary>
public sealed record Network
{
    public IpPrefix Prefix { get; init; }

    public PolicySet Set { get; init; } = new();

    /// <summary>Whether the kernel keeps a blackhole route for it.</summary>
    public bool Blackhole { get; init; }
}
