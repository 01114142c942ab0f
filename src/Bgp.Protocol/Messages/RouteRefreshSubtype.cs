namespace Bgp.Protocol;

/// <summary>The Message Subtype of ROUTE-REFRESH (RFC 7313 §3.2).</summary>
public enum RouteRefreshSubtype : byte
{
    /// <summary>A request to send the family's routes again (RFC 2918).</summary>
    Request = 0,

    /// <summary>Beginning of Route Refresh.</summary>
    BeginningOfRefresh = 1,

    /// <summary>End of Route Refresh.</summary>
    EndOfRefresh = 2,
}
