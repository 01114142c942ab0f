using Bgp.Engine;
using Bgp.Protocol;

namespace Bgp.Config;

/// <summary>Where a route came from; all that is given must hold, <c>null</c> is "not given".</summary>
public sealed record SourceCondition
{
    public IpAddress? Neighbor { get; init; }

    public PeerType? PeerType { get; init; }

    /// <summary>Whether this router originates it: <c>source: local</c>.</summary>
    public bool? IsLocal { get; init; }

    public string? Interface { get; init; }
}
