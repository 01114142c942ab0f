using Bgp.Protocol;

namespace Bgp.Engine;

/// <summary>
/// How one prefix stands in the FIB, for <c>show fib</c>. <paramref name="Forwarding"/> is what is wanted, or for a route that waits for its removal what the kernel has (<c>null</c> where that
/// is unknown). <paramref name="Error"/> is the kernel's reason why the last attempt failed.
/// </summary>
public readonly record struct FibRouteStatus(IpPrefix Prefix, Forwarding? Forwarding, bool IsWanted, bool IsInstalled, uint Table, uint Metric, string? Error);
