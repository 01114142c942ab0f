using Bgp.Protocol;

namespace Bgp.Engine;

/// <summary>RFC 9234: what the roles of both ends of an eBGP session mean for the session and for routes.</summary>
internal static class Roles
{
    /// <summary>Whether the peer's OPEN fits our role (§4.2). A session within an AS or a confederation has no roles (§5).</summary>
    public static bool Fits(NeighborConfig neighbor, CapabilitySet remote)
    {
        if (neighbor.Role is not { } ours || neighbor.Type != SessionType.External)
        {
            return true;
        }

        if (remote.HasConflictingRoles)
        {
            return false;
        }

        return remote.Role is { } theirs ? theirs == CounterpartOf(ours) : !neighbor.RoleStrict;
    }

    /// <summary>Whether a route with ONLY_TO_CUSTOMER is leaked when it comes from this neighbor (§5, ingress 1 and 2).</summary>
    public static bool IsLeak(BgpRole ours, Asn onlyToCustomer, Asn remote) =>
        ours is BgpRole.Provider or BgpRole.RouteServer || (ours == BgpRole.Peer && onlyToCustomer != remote);

    /// <summary>Whether a route without the attribute gets it with the neighbor's AS number when it comes in (§5, ingress 3).</summary>
    public static bool MarksOnImport(BgpRole ours) => ours is BgpRole.Customer or BgpRole.Peer or BgpRole.RouteServerClient;

    /// <summary>Whether a route without the attribute gets it with our AS number when it goes out (§5, egress 1).</summary>
    public static bool MarksOnExport(BgpRole ours) => ours is BgpRole.Provider or BgpRole.Peer or BgpRole.RouteServer;

    /// <summary>Whether a route with the attribute stays here (§5, egress 2).</summary>
    public static bool KeepsMarked(BgpRole ours) => ours is BgpRole.Customer or BgpRole.Peer or BgpRole.RouteServerClient;

    private static BgpRole CounterpartOf(BgpRole role) => role switch
    {
        BgpRole.Provider => BgpRole.Customer,
        BgpRole.Customer => BgpRole.Provider,
        BgpRole.RouteServer => BgpRole.RouteServerClient,
        BgpRole.RouteServerClient => BgpRole.RouteServer,
        _ => BgpRole.Peer,
    };
}
