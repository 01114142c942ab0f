using System.Globalization;

namespace Bgp.Simulation;

/// <summary>Topologies with reflectors (RFC 4456), all on one segment.</summary>
public sealed partial record Topology
{
    /// <summary>Clients that speak with each of several reflectors and with nobody else; the reflectors, the first nodes, speak with each other.</summary>
    public static Topology Reflectors(int reflectors, int clients, TopologyOptions? options = null)
    {
        var builder = new TopologyBuilder(options ?? new TopologyOptions());
        var tops = AddPeers(builder, "reflector", reflectors);
        AddClients(builder, "client", clients, tops);
        return builder.Build(string.Create(CultureInfo.InvariantCulture, $"{reflectors} reflectors with {clients} clients"));
    }

    /// <summary>
    /// A top pair of reflectors, groups of lower reflectors that are their clients, and nodes that are clients of the lower reflectors of their group. In this order: the pair, then group by
    /// group its reflectors and its nodes.
    /// </summary>
    public static Topology Hierarchy(int groups, int lowers, int nodes, TopologyOptions? options = null)
    {
        var builder = new TopologyBuilder(options ?? new TopologyOptions());
        var tops = AddPeers(builder, "top", 2);
        for (var group = 0; group < groups; group++)
        {
            var below = AddClients(builder, "lower", lowers, tops);
            builder.ShareCluster(below);
            AddClients(builder, "node", nodes, below);
        }

        return builder.Build(string.Create(CultureInfo.InvariantCulture, $"2 top reflectors, {groups} groups of {lowers} reflectors with {nodes} nodes"));
    }

    private static int[] AddPeers(TopologyBuilder builder, string role, int count)
    {
        int[] added = [.. Enumerable.Range(0, count).Select(_ => builder.Add(role, Fabric, 0))];
        for (var right = 0; right < count; right++)
        {
            for (var left = 0; left < right; left++)
            {
                builder.Peer(added[left], added[right], 0);
            }
        }

        builder.ShareCluster(added);
        return added;
    }

    private static int[] AddClients(TopologyBuilder builder, string role, int count, int[] reflectors)
    {
        int[] added = [.. Enumerable.Range(0, count).Select(_ => builder.Add(role, Fabric, 0))];
        foreach (var client in added)
        {
            foreach (var reflector in reflectors)
            {
                builder.Peer(reflector, client, 0, isClient: true);
            }
        }

        return added;
    }
}
