using Bgp.Protocol;

namespace Bgp.Config;

/// <summary>A route for the kernel and for next-hop resolution, not announced.</summary>
public sealed record StaticRoute
{
    public IpPrefix Prefix { get; init; }

    public IpAddress Via { get; init; }
}
