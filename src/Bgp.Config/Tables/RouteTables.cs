using Bgp.Engine;
using Bgp.Protocol;

namespace Bgp.Config;

/// <summary>
/// The sections that bring routes in without a neighbor: <c>networks</c>, <c>aggregates</c>, <c>staticRoutes</c>, <c>redistribute</c>.
/// </summary>
internal static class RouteTables
{
    private static readonly SchemaTable<Network> NetworkTable = new(
        "a network",
        new Network(),
        [
            new Field<Network, IpPrefix>("prefix", NetworkKinds.Prefix, n => n.Prefix, (n, v) => n with { Prefix = v })
            {
                Required = true, Reload = ReloadClass.Refresh, Summary = "The prefix to originate.",
            },
            new Field<Network, PolicySet>("set", new RecordKind<PolicySet>(SetTable.Table), n => n.Set, (n, v) => n with { Set = v })
            {
                Reload = ReloadClass.Refresh, DescribesInside = false, Summary = "What a policy's `set` can do, but for `nextHop`, because own networks go out with our own address, and `blackhole`, which stands beside it.",
            },
            new Field<Network, bool>("blackhole", Kinds.Bool, n => n.Blackhole, (n, v) => n with { Blackhole = v })
            {
                Reload = ReloadClass.Refresh, Summary = "Keep a blackhole route in the kernel, so that packets to unused addresses of the prefix do not loop.",
            },
        ])
    {
        Check = static (network, map, context) =>
        {
            if (network.Set.NextHop is not null && map.Find("set") is MapNode set)
            {
                context.Faults.Add(set.Find("nextHop") ?? set, "is for policies; an own network goes out with this router's address, leave it out");
            }

            if (network.Set.Blackhole is not null && map.Find("set") is MapNode changes)
            {
                context.Faults.Add(changes.Find("blackhole") ?? changes, "is for policies; write blackhole beside prefix and set");
            }
        },
    };

    private static readonly SchemaTable<Aggregate> AggregateTable = new(
        "an aggregate",
        new Aggregate(),
        [
            new Field<Aggregate, IpPrefix>("prefix", NetworkKinds.Prefix, a => a.Prefix, (a, v) => a with { Prefix = v })
            {
                Required = true, Reload = ReloadClass.Refresh, Summary = "Announced, with a blackhole in the kernel, while a more specific route contributes.",
            },
            new Field<Aggregate, bool>("summaryOnly", Kinds.Bool, a => a.SummaryOnly, (a, v) => a with { SummaryOnly = v })
            {
                Reload = ReloadClass.Refresh, Summary = "The routes that contribute are announced to nobody.",
            },
            new Field<Aggregate, string?>("policy", new OptionalKind<string>(CommonTables.PolicyName), a => a.Policy, (a, v) => a with { Policy = v })
            {
                Reload = ReloadClass.Refresh, Summary = "Decides which of the more specific best routes contribute; without one all.",
            },
        ]);

    private static readonly SchemaTable<StaticRoute> StaticTable = new(
        "a static route",
        new StaticRoute(),
        [
            new Field<StaticRoute, IpPrefix>("prefix", NetworkKinds.Prefix, s => s.Prefix, (s, v) => s with { Prefix = v })
            {
                Required = true, Reload = ReloadClass.Refresh, Summary = "The destination. Several routes of one prefix share its traffic.",
            },
            new Field<StaticRoute, IpAddress>("via", NetworkKinds.Address, s => s.Via, (s, v) => s with { Via = v })
            {
                Required = true, Reload = ReloadClass.Refresh, Summary = "The gateway, of either family; on a connected subnet, or reached as any next hop is.",
            },
        ])
    {
        Check = static (route, map, context) =>
        {
            if (route.Via is { IsLinkLocal: true } or { IsMulticast: true } or { IsUnspecified: true } or { IsLoopback: true })
            {
                context.Faults.Add(map.Find("via") ?? map, $"is {route.Via}, which says of no other router where it is; write a global address of it");
            }
        },
    };

    private static readonly SchemaTable<Redistribution> RedistributionTable = new(
        "a redistribution",
        new Redistribution(),
        [
            new Field<Redistribution, RedistributionSource>(
                "from", Kinds.OneOf(("connected", RedistributionSource.Connected), ("kernel", RedistributionSource.Kernel)), r => r.From, (r, v) => r with { From = v })
            {
                Required = true, Reload = ReloadClass.Refresh, Summary = "`connected`: the subnets of our interfaces' addresses, while their links are up. `kernel`: routes that other programs put into a table of the kernel.",
            },
            new Field<Redistribution, EquatableArray<string>>(
                "interfaces", new ListKind<string>(Kinds.InterfaceChoice), r => r.Interfaces, (r, v) => r with { Interfaces = v })
            {
                Reload = ReloadClass.Refresh, Summary = "Only routes over these interfaces: `*` stands for any text, `!` excludes, and with nothing but excluded ones all others are meant. Of a route with several ways every way must be over one of them.",
            },
            new Field<Redistribution, uint?>(
                "table", new OptionalValueKind<uint>(Kinds.UInt(1, uint.MaxValue)), r => r.Table, (r, v) => r with { Table = v })
            {
                Reload = ReloadClass.Refresh, DefaultText = "254, `main`", Summary = "The kernel's table, for `kernel` only.",
            },
            new Field<Redistribution, string?>(
                "policy", new OptionalKind<string>(CommonTables.PolicyName), r => r.Policy, (r, v) => r with { Policy = v })
            {
                Reload = ReloadClass.Refresh, Summary = "Which of them, and what is set on them; judged as an import policy. Without one all are announced.",
            },
        ])
    {
        Check = static (redistribution, map, context) =>
        {
            if (redistribution is { From: RedistributionSource.Connected, Table: not null })
            {
                context.Faults.Add(map.Find("table") ?? map, "is for routes from the kernel; connected subnets are in no table, leave it out");
            }
        },
    };

    public static readonly ValueKind<EquatableArray<Network>> Networks = new ListKind<Network>(new RecordKind<Network>(NetworkTable), static network => network.Prefix.ToString());

    public static readonly ValueKind<EquatableArray<Aggregate>> Aggregates =
        new ListKind<Aggregate>(new RecordKind<Aggregate>(AggregateTable), static aggregate => aggregate.Prefix.ToString());

    public static readonly ValueKind<EquatableArray<StaticRoute>> StaticRoutes = new ListKind<StaticRoute>(new RecordKind<StaticRoute>(StaticTable), static route => $"{route.Prefix} via {route.Via}");

    public static readonly ValueKind<EquatableArray<Redistribution>> Redistributions = new ListKind<Redistribution>(new RecordKind<Redistribution>(RedistributionTable));
}
