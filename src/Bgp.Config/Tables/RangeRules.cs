using Bgp.Protocol;

namespace Bgp.Config;

/// <summary>What must hold between the ranges of dynamic neighbors and the rest of the file.</summary>
internal static class RangeRules
{
    private static readonly IpPrefix LinkLocal = IpPrefix.Parse("fe80::/10");

    public static void Check(RouterSettings router, BindContext context)
    {
        var isRouterSound = context.Faults.IsSound("router.asn") && context.Faults.IsSound("router.confederation");
        foreach (var (range, fields) in context.Ranges)
        {
            var path = $"{fields.Map.Path}.group";
            void Report(string field, string message)
            {
                if (isRouterSound && fields.AreSound(field, "asn", "localAsn"))
                {
                    context.Faults.AddBeside(fields.Map.At, path, $"has {field}, which {message}");
                }
            }

            ConfederationMapping.Check(range.AsNeighbor(), router, Report);
            InternalRules.Check(range.AsNeighbor(), router, Report);
            if (range.Settings is { RouteReflectorClient: true, Asn: { } remote } && remote != RemoteAs.Internal && remote != RemoteAs.Of(router.Asn))
            {
                Report("routeReflectorClient", $"is for iBGP, but its AS is not {router.Asn}; leave it out of the group");
            }

            if (IsUnsigned(range.Settings, fields) && KeyedAround(context, range.Prefix, own: range) is { } outer)
            {
                Unsigned(fields, outer);
            }
        }

        foreach (var (neighbor, fields) in context.Neighbors)
        {
            if (!IsUnsigned(neighbor.Settings, fields))
            {
                continue;
            }

            if (neighbor is { Address: { } at } && KeyedAround(context, new IpPrefix(at.Address, at.Address.BitLength), own: null) is { } outer)
            {
                Unsigned(fields, outer);
            }
            else if (neighbor is { Interface: not null, Settings.Passive: true } && fields.AreSound("passive") && KeyedOnLinks(context) is { } links)
            {
                Unsigned(fields, links);
            }
        }

        // The kernel looks for the key of the longest prefix, and knows no prefix without one.
        void Unsigned(PeerFields fields, IpPrefix outer) => context.Faults.AddBeside(
            fields.Map.At, $"{fields.Map.Path}.password", $"is missing, but dynamicNeighbors {outer} has one, and then nothing unsigned is let in from there; give it a password too");
    }

    private static bool IsUnsigned(PeerSettings settings, PeerFields fields) => settings.EffectivePassword is null && fields.AreSound("password", "passwordFile");

    /// <summary>A keyed range that has addresses of links: a neighbor on an interface may come from any of them.</summary>
    private static IpPrefix? KeyedOnLinks(BindContext context)
    {
        foreach (var (range, _) in context.Ranges)
        {
            if (range.Settings.EffectivePassword is not null && (range.Prefix.Contains(LinkLocal) || LinkLocal.Contains(range.Prefix)))
            {
                return range.Prefix;
            }
        }

        return null;
    }

    private static IpPrefix? KeyedAround(BindContext context, IpPrefix prefix, DynamicNeighbors? own)
    {
        foreach (var (range, _) in context.Ranges)
        {
            if (range != own && range.Settings.EffectivePassword is not null && range.Prefix.Contains(prefix))
            {
                return range.Prefix;
            }
        }

        return null;
    }
}
