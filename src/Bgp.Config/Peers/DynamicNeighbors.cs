using Bgp.Protocol;

namespace Bgp.Config;

/// <summary>Accept sessions from anyone within a prefix, with the settings of a group.</summary>
public sealed record DynamicNeighbors
{
    public IpPrefix Prefix { get; init; }

    public string Group { get; init; } = "";

    /// <summary>The group's.</summary>
    public PeerSettings Settings { get; init; } = new();

    public int Limit { get; init; } = 5000;

    /// <summary>Each of them as if it stood in the file, but for the address, which is the prefix's.</summary>
    public Neighbor AsNeighbor() => new() { Address = new ScopedAddress(Prefix.Address, ""), Group = Group, Settings = Settings with { Passive = true } };
}
