using Bgp.Engine;

namespace Bgp.Config;

/// <summary>
/// The router file as a whole. Sections are bound in this order, whatever their order in the file: groups before the neighbors that use them. What must hold
/// between sections is checked here.
/// </summary>
internal static class RootTable
{
    public static readonly SchemaTable<RouterConfig> Table = new(
        "a router file",
        new RouterConfig(),
        [
            new Field<RouterConfig, RouterSettings>(
                "router", new RecordKind<RouterSettings>(RouterTable.Table), c => c.Router, (c, v) => c with { Router = v })
            {
                Required = true, Reload = ReloadClass.Reset, Summary = "The speaker as a whole.",
            },
            new Field<RouterConfig, EquatableArray<Network>>("networks", RouteTables.Networks, c => c.Networks, (c, v) => c with { Networks = v })
            {
                Reload = ReloadClass.Refresh, Summary = "Routes that this router originates.",
            },
            new Field<RouterConfig, EquatableArray<Aggregate>>(
                "aggregates", RouteTables.Aggregates, c => c.Aggregates, (c, v) => c with { Aggregates = v })
            {
                Reload = ReloadClass.Refresh, Summary = "Prefixes announced while a more specific route is there.",
            },
            new Field<RouterConfig, EquatableArray<StaticRoute>>(
                "staticRoutes", RouteTables.StaticRoutes, c => c.StaticRoutes, (c, v) => c with { StaticRoutes = v })
            {
                Reload = ReloadClass.Refresh, Summary = "Routes for the kernel and for next-hop resolution, not announced.",
            },
            new Field<RouterConfig, EquatableArray<Redistribution>>(
                "redistribute", RouteTables.Redistributions, c => c.Redistribute, (c, v) => c with { Redistribute = v })
            {
                Reload = ReloadClass.Refresh, Summary = "Routes of the kernel that this router announces as its own; the first that takes one decides.",
            },
            new Field<RouterConfig, NamedSets>("sets", PolicyTables.Sets, c => c.Sets, (c, v) => c with { Sets = v })
            {
                Reload = ReloadClass.Refresh, Summary = "Sets that policies refer to by name.",
            },
            new Field<RouterConfig, EquatableArray<Named<PeerSettings>>>(
                "peerGroups", new PeerGroupsKind(), c => c.PeerGroups, (c, v) => c with { PeerGroups = v })
            {
                Reload = ReloadClass.Refresh, Summary = "Fields that neighbors share, by the group's name: every field of a neighbor but `address`, `interface`, `group` and `name`. A change counts as one of the neighbors' own.",
            },
            new Field<RouterConfig, EquatableArray<Neighbor>>(
                "neighbors", NeighborTable.Neighbors, c => c.Neighbors, (c, v) => c with { Neighbors = v })
            {
                Reload = ReloadClass.Reset, Summary = "The neighbors. One is the same as before when its address, interface and port are.",
            },
            new Field<RouterConfig, EquatableArray<DynamicNeighbors>>(
                "dynamicNeighbors", NeighborTable.Dynamic, c => c.DynamicNeighbors, (c, v) => c with { DynamicNeighbors = v })
            {
                Reload = ReloadClass.Reset, Summary = "Sessions accepted from anyone within a prefix whom `neighbors` does not name. A range is the same as before when its prefix is.",
            },
            new Field<RouterConfig, EquatableArray<Named<EquatableArray<RoutePolicyRule>>>>(
                "policies", PolicyTables.Policies, c => c.Policies, (c, v) => c with { Policies = v })
            {
                Reload = ReloadClass.Refresh, Summary = "Lists of rules, by the policy's name.",
            },
            new Field<RouterConfig, FibSettings>("fib", new RecordKind<FibSettings>(HostTables.Fib), c => c.Fib, (c, v) => c with { Fib = v })
            {
                Reload = ReloadClass.Refresh, Summary = "The kernel's routes.",
            },
            new Field<RouterConfig, ApiSettings>("api", new RecordKind<ApiSettings>(HostTables.Api), c => c.Api, (c, v) => c with { Api = v })
            {
                Reload = ReloadClass.Listener, Summary = "How the daemon is asked.",
            },
            new Field<RouterConfig, TelemetrySettings>(
                "telemetry", new RecordKind<TelemetrySettings>(HostTables.Telemetry), c => c.Telemetry, (c, v) => c with { Telemetry = v })
            {
                Reload = ReloadClass.None, Summary = "Where telemetry goes.",
            },
            new Field<RouterConfig, LogSettings>("log", new RecordKind<LogSettings>(HostTables.Log), c => c.Log, (c, v) => c with { Log = v })
            {
                Reload = ReloadClass.None, Summary = "What is logged.",
            },
        ]);

    /// <summary>What must hold between sections, asked of the parts that could be read, whatever is wrong with the others.</summary>
    public static void Check(RouterConfig config, MapNode root, BindContext context)
    {
        RangeRules.Check(config.Router, context);
        ClusterRules.Check(root, context);
        foreach (var (neighbor, fields) in context.Neighbors)
        {
            if (neighbor.Address is { Address: var address } && !neighbor.Settings.Passive && context.Faults.IsSound("router.listen") && IsOurs(address, neighbor.Settings.Port, config.Router))
            {
                fields.Report("address", $"is {address}, where this router itself listens on port {neighbor.Settings.Port}; write another router's address", "passive", "port");
            }

            if (!context.Faults.IsSound("router.asn") || !context.Faults.IsSound("router.confederation"))
            {
                continue;
            }

            void Report(string field, string message) => fields.Report(field, message, "asn", "localAsn");
            ConfederationMapping.Check(neighbor, config.Router, Report);
            InternalRules.Check(neighbor, config.Router, Report);
            if (neighbor.Settings.RouteReflectorClient && neighbor.Settings.Asn is { } remote && remote != RemoteAs.Internal && remote != RemoteAs.Of(config.Router.Asn))
            {
                fields.Report("routeReflectorClient", $"is for iBGP, but the neighbor's AS is not {config.Router.Asn}; leave it out", "asn");
            }
        }
    }

    /// <summary>Faults every use of a name that nothing defines, in whatever part of the file was read.</summary>
    public static void CheckNames(MapNode root, BindContext context)
    {
        var sets = root.Find("sets") as MapNode;
        var policies = KeysOf(root.Find("policies")).Concat(PolicyTables.BuiltIn).ToHashSet(StringComparer.Ordinal);
        var prefixes = KeysOf(sets?.Find("prefixes")).ToHashSet(StringComparer.Ordinal);
        var communities = KeysOf(sets?.Find("communities")).ToHashSet(StringComparer.Ordinal);
        foreach (var (space, name, node) in context.Uses)
        {
            var (section, noun, defined) = space switch
            {
                NameSpace.Policy => ("policies", "policy", policies),
                NameSpace.PrefixSet => ("sets.prefixes", "set", prefixes),
                _ => ("sets.communities", "set", communities),
            };
            if (!defined.Contains(name))
            {
                var near = Spelling.Nearest(name, defined.Order(StringComparer.Ordinal).Concat(space >= NameSpace.CommunitySet ? CommunityKinds.WellKnownNames : []));
                context.Faults.Add(node, $"is {node.Noun}, which {section} does not define; {(near is null ? $"define the {noun} there" : $"did you mean '{near}'?")}");
            }
            else if (space == NameSpace.ExactCommunitySet && WildcardIn((sets?.Find("communities") as MapNode)?.Find(name)) is { } wildcard)
            {
                context.Faults.Add(node, $"is {node.Noun}, a set with the wildcard {wildcard}, but a route can only be given whole numbers; write a set without wildcards");
            }
        }
    }

    private static IEnumerable<string> KeysOf(ConfigNode? node) => node is MapNode map ? map.Entries.Select(static entry => entry.Key) : [];

    /// <summary>The first member of a set of communities that has a wildcard, or <c>null</c>.</summary>
    private static string? WildcardIn(ConfigNode? set)
    {
        foreach (var item in set is ListNode list ? list.Items : [])
        {
            if (item is ScalarNode scalar && CommunityPattern.TryParse(scalar.Text, out var pattern) && !CommunityKinds.IsExact(pattern))
            {
                return pattern.ToString();
            }
        }

        return null;
    }

    /// <summary>Whether a session to this address and port would end at our own listener.</summary>
    private static bool IsOurs(Protocol.IpAddress address, ushort port, RouterSettings router) => router.Listen.Items.Any(endpoint =>
        endpoint.Port == port && (endpoint.Address == address || (address.IsLoopback && endpoint.Address.IsUnspecified && endpoint.Address.IsV4 == address.IsV4)));
}
