namespace Bgp.Config;

/// <summary>A cluster id is of a client: one that no client has is refused, rather than ignored.</summary>
internal static class ClusterRules
{
    private const string Message = "is given, but not routeReflectorClient: true, and only a client is in a cluster";

    public static void Check(MapNode root, BindContext context)
    {
        foreach (var (neighbor, fields) in context.Neighbors)
        {
            if (neighbor.Settings is { ClusterId: not null, RouteReflectorClient: false } && fields.Map.Find("clusterId") is not null)
            {
                fields.Report("clusterId", $"{Message}; write that here or in the group too, or leave clusterId out", "routeReflectorClient");
            }
        }

        foreach (var entry in root.Find("peerGroups") is MapNode groups ? groups.Entries : [])
        {
            if (context.Groups.TryGetValue(entry.Key, out var settings) && settings is { ClusterId: not null, RouteReflectorClient: false }
                && entry.Value is MapNode group && group.Find("clusterId") is { } node
                && context.Faults.IsSound(ConfigNode.Join(group.Path, "routeReflectorClient")) && !HasClient(entry.Key, context))
            {
                context.Faults.AddBeside(node.At, node.Path, $"{Message}; write that here or in one of the group's neighbors, or leave clusterId out");
            }
        }
    }

    /// <summary>Whether a neighbor of the group is a client by its own word, or may be: its word could not be read.</summary>
    private static bool HasClient(string group, BindContext context) => context.Neighbors.Any(entry =>
        string.Equals(entry.Neighbor.Group, group, StringComparison.Ordinal) && (entry.Neighbor.Settings.RouteReflectorClient || !entry.Fields.AreSound("routeReflectorClient")));
}
