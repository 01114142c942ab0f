using Bgp.Protocol;

namespace Bgp.Engine;

/// <summary>
/// The way to a next hop over other BGP routes: finds the best one that covers <paramref name="address"/> with more bits than the kernel's match has (<paramref name="kernelLength"/>, −1
/// where there is none), and where its own next hops lead to. Whoever supplies it never lets <paramref name="nextHop"/> lead to itself; when such a route changes,
/// <see cref="NextHopTable.Refresh"/> tells.
/// </summary>
internal delegate RecursiveWay? NextHopRecursion(int nextHop, in IpAddress address, int kernelLength);

/// <summary>A BGP route that a next hop is reached by, its ways, and its next hop's cost.</summary>
internal readonly record struct RecursiveWay(IpPrefix Prefix, Forwarding Ways, uint Metric);

/// <summary>What next hops may be resolved by.</summary>
internal sealed record NextHopOptions
{
    public static readonly NextHopOptions Default = new();

    /// <summary>Every next hop that is not our own address counts as reached at cost 0, without ways: for a reflector that writes no routes and may not read the kernel's.</summary>
    public bool AssumeAllReachable { get; init; }

    /// <summary>Whether a default route may lead to a next hop.</summary>
    public bool AllowDefaultRoute { get; init; } = true;

    public NextHopRecursion? Recursion { get; init; }
}
