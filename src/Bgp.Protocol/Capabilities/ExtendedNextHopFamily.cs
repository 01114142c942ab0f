namespace Bgp.Protocol;

/// <summary>One entry of the Extended Next Hop Encoding capability (RFC 8950 §4): the family may have next hops of <paramref name="NextHop"/>.</summary>
public readonly record struct ExtendedNextHopFamily(AddressFamily Family, Afi NextHop);
