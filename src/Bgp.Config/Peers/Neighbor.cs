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

    /// <summary>What no two neighbors share: address, zone and port.</summary>
    public string Identity => Interface is null ? $"{Address} port {Settings.Port}" : $"interface {Interface} port {Settings.Port}";
}
