namespace Bgp.Interop.Tests;

/// <summary>
/// One side's view of a session to configure; both families run on it. The hold time is in seconds; a client is a route reflector client of this side.
/// Without four-octet AS numbers this side does not offer the capability (RFC 6793).
/// </summary>
internal sealed record Session(
    Host Neighbor, uint NeighborAsn, Family Transport, int HoldTime = 90, bool IsClient = false, bool FourOctetAs = true)
{
    public string NeighborAddress => IsLinkLocal ? $"{Neighbor.LinkLocal}%eth0" : Neighbor.Address(Transport);

    /// <summary>Over link-local addresses, with IPv4 routes by IPv6 next hops (RFC 8950).</summary>
    public bool IsLinkLocal { get; init; }

    /// <summary>Offers ADD-PATH (RFC 7911) both ways, for all paths of both families.</summary>
    public bool AddPaths { get; init; }

    /// <summary>Further settings of the neighbor in the words of this side's program: for our daemon `name: value`, for BIRD a statement of the protocol.</summary>
    public IReadOnlyList<string> Options { get; init; } = [];
}
