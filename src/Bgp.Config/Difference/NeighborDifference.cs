namespace Bgp.Config;

/// <summary>What a reload does to one neighbor, and why.</summary>
/// <param name="Address">Address and zone, as <c>fe80::1%eth0</c>; of a range its prefix.</param>
/// <param name="Port">The TCP port; another port is another neighbor.</param>
/// <param name="Effect">The strongest effect.</param>
/// <param name="Fields">What changed, each with its own effect; empty for one that is added or removed.</param>
/// <param name="IsRange">It is a range, and the effect that on each of its neighbors.</param>
public sealed record NeighborDifference(string Address, ushort Port, NeighborEffect Effect, EquatableArray<FieldChange> Fields, bool IsRange = false);
