using Bgp.Protocol;

namespace Bgp.Config;

/// <summary>What only the running host knows, and a configuration may leave to it.</summary>
/// <param name="RouterId">The id chosen for a configuration that names none.</param>
/// <param name="HostName">The host's name, for what tells it to peers or to people.</param>
public sealed record HostFacts(RouterId RouterId, string HostName);
