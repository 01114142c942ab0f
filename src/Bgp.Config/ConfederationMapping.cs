using System.Collections.Immutable;
using Bgp.Protocol;

namespace Bgp.Config;

/// <summary>What a confederation makes of a neighbor's AS numbers: towards its members we speak with our member AS, towards all others with its identifier (RFC 5065 §4).</summary>
internal static class ConfederationMapping
{
    /// <summary>Whether the neighbor is in another member AS.</summary>
    public static bool IsMember(PeerSettings settings, RouterSettings router) =>
        router.Confederation is { } confederation
        && settings.Asn is { Kind: RemoteAsKind.Number } remote
        && remote.Number != router.Asn
        && confederation.Members.Items.Contains(remote.Number);

    /// <summary>The AS number that we speak with towards the neighbor.</summary>
    public static Asn LocalAsn(PeerSettings settings, RouterSettings router)
    {
        var isInside = IsMember(settings, router) || settings.Asn == RemoteAs.Internal || settings.Asn == RemoteAs.Of(router.Asn);
        return settings.LocalAsn ?? (isInside ? router.Asn : router.Confederation?.Id ?? router.Asn);
    }

    /// <summary>Every member AS, our own among them, whether the file lists it or not; none without a confederation.</summary>
    public static ImmutableArray<Asn> Members(RouterSettings router) =>
        router.Confederation is { } confederation ? [.. confederation.Members.Items.Append(router.Asn).Distinct()] : [];

    /// <summary>Faults what a neighbor cannot be in the confederation.</summary>
    /// <param name="neighbor">Its group's fields merged in.</param>
    /// <param name="router">The router's settings.</param>
    /// <param name="report">Takes each fault: the field's name, and what is wrong with it.</param>
    public static void Check(Neighbor neighbor, RouterSettings router, Action<string, string> report)
    {
        if (router.Confederation is not { } confederation || neighbor.Settings is not { Asn: { Kind: RemoteAsKind.Number, Number: var remote } } settings)
        {
            return;
        }

        if (!IsMember(settings, router))
        {
            if (remote == confederation.Id && remote != router.Asn)
            {
                report("asn", $"is {remote}, the number that our confederation shows outside; write the neighbor's member AS");
            }

            return;
        }

        if (settings.LocalAsn is { } local && local != router.Asn)
        {
            report("localAsn", $"is given, but AS {remote} is a member of our confederation and knows us as AS {router.Asn}; leave it out");
        }

        if (settings.Role is not null)
        {
            report("role", $"is given, but AS {remote} is a member of our confederation, within which there are none (RFC 9234); leave it out");
        }

        if (settings.RouteServerClient)
        {
            report("routeServerClient", $"is given, but AS {remote} is a member of our confederation; a route server stands between other ASes (RFC 7947), so leave it out");
        }
    }
}
