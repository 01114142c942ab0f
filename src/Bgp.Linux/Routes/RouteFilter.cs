using Bgp.Protocol;

namespace Bgp.Linux;

/// <summary>Which routes a dump shall bring; the kernel itself leaves out the others.</summary>
/// <param name="Afi">The family: a dump is of one.</param>
/// <param name="Table">The table, or 0 for all. A table that does not exist is an empty one.</param>
/// <param name="Protocol">Who put it there, or <see cref="RouteProtocol.Unspecified"/> for all.</param>
public readonly record struct RouteFilter(Afi Afi, uint Table = 0, RouteProtocol Protocol = RouteProtocol.Unspecified);
