using Bgp.Protocol;

namespace Bgp.Config;

/// <summary>A neighbor: who it is, and its settings with its group's merged in.</summary>
public sealed record Neighbor
{
    /// <summary><c>null</c> only when it is found through <see cref="Interface"/>.</summary>
    public ScopedAddress? Address { get; init; }

    /// <summary>Unnumbered: the neighbor on the other end of this interface.</summary>
    public string? Interface { get; init; }

    public string? Name { get; init; }

    public string? Group { get; init; }

    public PeerSettings Settings { get; init; } = new();

    /// <summary>What is exchanged with it: what it says, else the family of its address, and both where it is on an interface.</summary>
    public IEnumerable<FamilySettings> Families => Settings.Families
        ?? (Address is not { Address: var address } ? [new FamilySettings(AddressFamily.Ipv4Unicast), new FamilySettings(AddressFamily.Ipv6Unicast)]
            : [new FamilySettings(address.IsV4 ? AddressFamily.Ipv4Unicast : AddressFamily.Ipv6Unicast)]);

    /// <summary>What no two neighbors share: address, zone and port.</summary>
    public string Identity => Interface is null ? $"{Address} port {Settings.Port}" : $"interface {Interface} port {Settings.Port}";
}
