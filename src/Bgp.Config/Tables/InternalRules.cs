namespace Bgp.Config;

/// <summary>What means nothing on iBGP and is refused there, rather than ignored.</summary>
internal static class InternalRules
{
    /// <param name="neighbor">Its group's fields merged in.</param>
    /// <param name="router">The router's settings.</param>
    /// <param name="report">Takes each fault: the field's name, and what is wrong with it.</param>
    public static void Check(Neighbor neighbor, RouterSettings router, Action<string, string> report)
    {
        var settings = neighbor.Settings;
        var isInternal = settings.Asn == RemoteAs.Internal || (settings.Asn is not null && settings.Asn == RemoteAs.Of(ConfederationMapping.LocalAsn(settings, router)));
        if (!isInternal || ConfederationMapping.IsMember(settings, router))
        {
            return;
        }

        if (settings.RouteServerClient)
        {
            report("routeServerClient", "is given for a neighbor of our own AS; a route server stands between other ASes (RFC 7947), so leave it out");
        }

        if (settings.Role is not null)
        {
            report("role", "is given for a neighbor of our own AS, which has none (RFC 9234); leave it out");
        }

        if (settings.AsOverride)
        {
            report("asOverride", "is given for a neighbor of our own AS, where it means nothing; leave it out");
        }
    }
}
