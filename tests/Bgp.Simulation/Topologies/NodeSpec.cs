using System.Collections.Immutable;
using Bgp.Engine;
using Bgp.Protocol;

namespace Bgp.Simulation;

/// <summary>One node before it runs: its name, its interfaces (at least one) and what its speaker is configured with.</summary>
public sealed record NodeSpec(string Name, ImmutableArray<InterfaceSpec> Interfaces, SpeakerConfig Config)
{
    /// <summary>How long after start the routes of an earlier run are kept (<see cref="SpeakerOptions.RestartTime"/>).</summary>
    public TimeSpan RestartTime { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Bounds of the route engine; <c>null</c> draws them for each run of the process.</summary>
    public EngineLimits? Limits { get; init; }

    /// <summary>The address on the first interface.</summary>
    public IpAddress AddressV4 => Interfaces[0].AddressV4;

    /// <summary>The address on the first interface.</summary>
    public IpAddress AddressV6 => Interfaces[0].AddressV6;

    /// <summary>The interface on whose subnet an address is; <c>null</c> where there is none.</summary>
    public InterfaceSpec? InterfaceTo(IpAddress address) => Interfaces.FirstOrDefault(candidate => candidate.IsOnLink(address));
}
