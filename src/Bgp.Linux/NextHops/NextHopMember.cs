namespace Bgp.Linux;

/// <summary>A group's member: the number of a nexthop object that is no group, and its share of the traffic (1 to 256).</summary>
public readonly record struct NextHopMember(uint Id, int Weight = 1);
