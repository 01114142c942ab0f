using Bgp.Protocol;

namespace Bgp.Config;

/// <summary>Accept sessions from anyone within a prefix, with the settings of a group.</summary>
public sealed record DynamicNeighbors
{
    public IpPrefix Prefix { get; init; }

    public string Group { get; init; } = "";

    public int Limit { get; init; } = 5000;
}
