using Bgp.Engine;
using Bgp.Protocol;

namespace Bgp.Simulation;

/// <summary>One node before it runs: its name, its addresses on the one segment (either may be absent) and what its speaker is configured with.</summary>
public sealed record NodeSpec(string Name, IpAddress AddressV4, IpAddress AddressV6, SpeakerConfig Config)
{
    /// <summary>How long after start the routes of an earlier run are kept (<see cref="SpeakerOptions.RestartTime"/>).</summary>
    public TimeSpan RestartTime { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Bounds of the route engine; <c>null</c> draws them for each run of the process.</summary>
    public EngineLimits? Limits { get; init; }
}
