using Bgp.Protocol;

namespace Bgp.Config;

/// <summary>What must hold between the ranges of dynamic neighbors and the rest of the file.</summary>
internal static class RangeRules
{
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
            ConfederationMapping.Check(range.AsNeighbor(), config.Router, (field, message) => context.Faults.Add(node.At, $"{node.Path}.group", $"has {field}, which {message}"));
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
            if (neighbor is { Address: { } at, Settings.EffectivePassword: null } && KeyedAround(config, new IpPrefix(at.Address, at.Address.BitLength), own: null) is { } outer)
            {
                Unsigned(neighbors.Items[index], outer);
            }
        }

        // The kernel looks for the key of the longest prefix, and knows no prefix without one.
        void Unsigned(ConfigNode node, IpPrefix outer) => context.Faults.Add(
            node.At, $"{node.Path}.password", $"is missing, but dynamicNeighbors {outer} has one, and then nothing unsigned is let in from there; give it a password too");
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
