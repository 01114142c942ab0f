using Bgp.Protocol;

namespace Bgp.Engine;

/// <summary>A default route for one neighbor: always, or while the Loc-RIB has a best route of exactly <paramref name="IfPresent"/>, of whichever family.</summary>
public readonly record struct DefaultRouteConfig(IpPrefix? IfPresent);
