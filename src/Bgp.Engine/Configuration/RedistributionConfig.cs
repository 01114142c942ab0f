using System.Collections.Immutable;

namespace Bgp.Engine;

/// <summary>What of the kernel a redistribution takes.</summary>
public enum RedistributionSource : byte
{
    /// <summary>The subnets of our interfaces' addresses, while their links are up.</summary>
    Connected,

    /// <summary>Routes that other programs put into a table.</summary>
    Kernel,
}

/// <summary>Which of the kernel's routes this router announces as its own.</summary>
public sealed record RedistributionConfig(RedistributionSource Source)
{
    /// <summary>Only over these interfaces: see <see cref="InterfacePattern"/>; empty is all of them, and routes that have none.</summary>
    public ImmutableArray<string> Interfaces { get; init; } = [];

    /// <summary>The kernel's table, for <see cref="RedistributionSource.Kernel"/>.</summary>
    public uint Table { get; init; } = 254;

    /// <summary>Judges the routes as an import policy does; empty accepts.</summary>
    public ImmutableArray<PolicyConfig> Policy { get; init; } = [];
}
