using Bgp.Protocol;

namespace Bgp.Config;

/// <summary>What must hold between the ranges of dynamic neighbors and the rest of the file.</summary>
internal static class RangeRules
{
    private static readonly IpPrefix LinkLocal = IpPrefix.Parse("fe80::/10");

    public static void Check(RouterConfig config, MapNode root, BindContext context)
    {
        if (root.Find("dynamicNeighbors") is not ListNode list)
        {
            return;
        }

        for (var index = 0; index < config.DynamicNeighbors.Count; index++)
        {
            var range = config.DynamicNeighbors[index];
            var node = list.Items[index];
            void Report(string field, string message) => context.Faults.Add(node.At, $"{node.Path}.group", $"has {field}, which {message}");
            ConfederationMapping.Check(range.AsNeighbor(), config.Router, Report);
            InternalRules.Check(range.AsNeighbor(), config.Router, Report);
            if (range.Settings is { RouteReflectorClient: true, Asn: { } remote } && remote != RemoteAs.Internal && remote != RemoteAs.Of(config.Router.Asn))
            {
                context.Faults.Add(node.At, $"{node.Path}.group", $"has routeReflectorClient, which is for iBGP, but its AS is not {config.Router.Asn}; leave it out of the group");
            }

            if (range.Settings.EffectivePassword is null && KeyedAround(config, range.Prefix, own: range) is { } outer)
            {
                Unsigned(node, outer);
            }
        }

        for (var index = 0; index < config.Neighbors.Count && root.Find("neighbors") is ListNode neighbors; index++)
        {
            var neighbor = config.Neighbors[index];
            if (neighbor.Settings.EffectivePassword is not null)
            {
                continue;
            }

            if (neighbor is { Address: { } at } && KeyedAround(config, new IpPrefix(at.Address, at.Address.BitLength), own: null) is { } outer)
            {
                Unsigned(neighbors.Items[index], outer);
            }
            else if (neighbor is { Interface: not null, Settings.Passive: true } && KeyedOnLinks(config) is { } links)
            {
                Unsigned(neighbors.Items[index], links);
            }
        }

        // The kernel looks for the key of the longest prefix, and knows no prefix without one.
        void Unsigned(ConfigNode node, IpPrefix outer) => context.Faults.Add(
            node.At, $"{node.Path}.password", $"is missing, but dynamicNeighbors {outer} has one, and then nothing unsigned is let in from there; give it a password too");
    }

    /// <summary>A keyed range that has addresses of links: a neighbor on an interface may come from any of them.</summary>
    private static IpPrefix? KeyedOnLinks(RouterConfig config)
    {
        foreach (var range in config.DynamicNeighbors.Items)
        {
            if (range.Settings.EffectivePassword is not null && (range.Prefix.Contains(LinkLocal) || LinkLocal.Contains(range.Prefix)))
            {
                return range.Prefix;
            }
        }

        return null;
    }

    private static IpPrefix? KeyedAround(RouterConfig config, IpPrefix prefix, DynamicNeighbors? own)
    {
        foreach (var range in config.DynamicNeighbors.Items)
        {
            if (range != own && range.Settings.EffectivePassword is not null && range.Prefix.Contains(prefix))
            {
                return range.Prefix;
            }
        }

        return null;
    }
}
