using System.Collections.Immutable;
using Bgp.Protocol;

namespace Bgp.Daemon;

/// <summary>What a router is there for.</summary>
internal enum LabRole
{
    /// <summary>It has pods.</summary>
    Node,

    /// <summary>It reflects the nodes' routes.</summary>
    Reflector,

    /// <summary>It joins its rack to the others.</summary>
    Tor,
}

/// <summary>A machine of the lab that runs a daemon.</summary>
internal sealed record LabRouter
{
    public required string Name { get; init; }

    public required LabRole Role { get; init; }

    /// <summary>Its daemon writes routes into its kernel. No traffic goes through a reflector.</summary>
    public bool WritesRoutes => Role != LabRole.Reflector;

    public required Asn Asn { get; init; }

    public required RouterId RouterId { get; init; }

    /// <summary>Its devices on segments.</summary>
    public required ImmutableArray<LabUplink> Uplinks { get; init; }

    /// <summary>What it originates, as blackholes, so that unused addresses of a block do not loop.</summary>
    public ImmutableArray<IpPrefix> Blocks { get; init; } = [];

    /// <summary>Its addresses towards the pods, one of each block.</summary>
    public ImmutableArray<IpAddress> PodGateways { get; init; } = [];

    public ImmutableArray<LabPod> Pods { get; init; } = [];

    public ImmutableArray<LabSession> Sessions { get; init; } = [];
}

/// <summary>A router's device on a segment.</summary>
internal sealed record LabUplink(string Segment, string Device, ImmutableArray<LabAddress> Addresses);

/// <summary>An address with the length of its on-link prefix.</summary>
internal readonly record struct LabAddress(IpAddress Address, byte PrefixLength);

/// <summary>A pod: a namespace behind a veth of its node. <paramref name="HostDevice"/> is the node's end.</summary>
internal sealed record LabPod(string Name, string HostDevice, ImmutableArray<IpAddress> Addresses);

/// <summary>A neighbor of a router.</summary>
internal sealed record LabSession(IpAddress Neighbor, Asn Asn, string Name)
{
    /// <summary>The router reflects routes to and from it.</summary>
    public bool IsClient { get; init; }
}
