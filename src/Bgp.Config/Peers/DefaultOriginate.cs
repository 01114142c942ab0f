using Bgp.Protocol;

namespace Bgp.Config;

/// <summary>Announce a default route to this neighbor, always or while a prefix is known.</summary>
public sealed record DefaultOriginate(IpPrefix? IfPresent);
