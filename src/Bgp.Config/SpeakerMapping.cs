using System.Collections.Immutable;
using System.Diagnostics;
using Bgp.Engine;
using Bgp.Protocol;

namespace Bgp.Config;

/// <summary>
/// <see cref="RouterConfig"/> → the engine's <see cref="SpeakerConfig"/>: names become what they name, host facts fill in what was left out.
/// Each policy is made once, so that neighbors that name it share one object. Pure, and never fails for a configuration that was read without faults.
/// </summary>
public static class SpeakerMapping
{
    /// <summary>What routes have there that have no LOCAL_PREF, where others have its complement.</summary>
    private const uint CalicoMetric = 1024;

    /// <summary>The engine's configuration. Neighbors and networks are in the order of the file.</summary>
    /// <exception cref="UnreachableException">The configuration was not made by <see cref="RouterConfigFile"/> and names what it does not define, or lacks an address or AS number.</exception>
    public static SpeakerConfig ToSpeakerConfig(this RouterConfig config, HostFacts facts)
    {
        var router = config.Router;
        var routerId = router.RouterId ?? facts.RouterId;
        var policies = PolicyMapping.Policies(config);
        return new SpeakerConfig
        {
            LocalAsn = router.Asn,
            ConfederationId = router.Confederation?.Id,
            RouterId = routerId,
            ClusterId = router.ClusterId ?? routerId,
            ClientToClient = router.ClientToClient,
            DefaultLocalPref = router.DefaultLocalPref,
            Multipath = router.Multipath,
            BestPath = router.BestPath,
            EbgpRequiresPolicy = router.EbgpRequiresPolicy,
            Networks = [.. config.Networks.Items.Select(network => new NetworkConfig(network.Prefix, network.Blackhole, PolicyMapping.Changes(network.Set, config.Sets)))],
            StaticRoutes = [.. config.StaticRoutes.Items.Select(static route => new StaticRouteConfig(route.Prefix, route.Via))],
            Redistributions = [.. config.Redistribute.Items.Select(one => MapRedistribution(one, policies))],
            Aggregates = [.. config.Aggregates.Items.Select(aggregate => MapAggregate(aggregate, policies))],
            Neighbors = [.. config.Neighbors.Items.Select(neighbor => MapNeighbor(neighbor, router, policies))],
            Ranges = [.. config.DynamicNeighbors.Items.Select(range => new NeighborRange(range.Prefix, range.Limit, MapNeighbor(range.AsNeighbor(), router, policies) with { Range = range.Prefix }))],
            Fib = MapFib(config.Fib, HasMetricsOfItsOwn(config)),
            FibPolicy = Resolve(config.Fib.Policy, policies),
        };
    }

    private static RedistributionConfig MapRedistribution(Redistribution redistribution, Dictionary<string, PolicyConfig> policies)
    {
        var mapped = new RedistributionConfig(redistribution.From)
        {
            Interfaces = [.. redistribution.Interfaces.Items],
            Policy = redistribution.Policy is { } policy ? Resolve([policy], policies) : [],
        };
        return redistribution.Table is { } table ? mapped with { Table = table } : mapped;
    }

    private static AggregateConfig MapAggregate(Aggregate aggregate, Dictionary<string, PolicyConfig> policies) => new(aggregate.Prefix)
    {
        SummaryOnly = aggregate.SummaryOnly,
        Policy = aggregate.Policy is { } name ? Resolve([name], policies)[0] : null,
    };

    private static NeighborConfig MapNeighbor(Neighbor neighbor, RouterSettings router, Dictionary<string, PolicyConfig> policies)
    {
        var settings = neighbor.Settings;
        var address = neighbor.Address ?? new ScopedAddress(IpAddress.None, neighbor.Interface ?? throw new UnreachableException("a neighbor without an address was not refused"));
        return new NeighborConfig
        {
            Key = new NeighborKey(address.Address, address.Zone, settings.Port),
            RemoteAsn = MapRemoteAs(settings.Asn, router.Asn),
            LocalAsn = ConfederationMapping.LocalAsn(settings, router),
            IsMember = ConfederationMapping.IsMember(settings, router),
            MemberAsns = settings.Asn is { Kind: RemoteAsKind.External } ? ConfederationMapping.Members(router) : [],
            LocalAsnMode = settings.LocalAsnMode,
            Name = neighbor.Name,
            Description = settings.Description,
            Group = neighbor.Group,
            Interface = neighbor.Interface,
            LocalAddress = settings.LocalAddress ?? IpAddress.None,
            Passive = settings.Passive,
            Shutdown = settings.Shutdown,
            ShutdownMessage = settings.ShutdownMessage,
            HoldTime = settings.HoldTime,
            Keepalive = settings.Keepalive,
            SendHoldTime = settings.SendHoldTime,
            ConnectRetry = settings.ConnectRetry,
            Families = MapFamilies(neighbor, policies),
            ExtendedMessages = settings.ExtendedMessages,
            ExtendedNextHop = settings.ExtendedNextHop,
            Multihop = settings.Multihop,
            TtlSecurity = settings.TtlSecurity,
            Password = settings.EffectivePassword?.Reveal(),
            RouteReflectorClient = settings.RouteReflectorClient,
            ClusterId = settings.ClusterId,
            NextHop = settings.NextHop,
            NextHopV4 = settings.NextHopAddress.Ipv4 ?? IpAddress.None,
            NextHopV6 = settings.NextHopAddress.Ipv6 ?? IpAddress.None,
            AsOverride = settings.AsOverride,
            RemovePrivateAs = settings.RemovePrivateAs,
            AllowLocalAs = settings.AllowLocalAs,
            EnforceFirstAs = settings.EnforceFirstAs,
            RouteServerClient = settings.RouteServerClient,
            DefaultRoute = settings.DefaultOriginate is { } route ? new DefaultRouteConfig(route.IfPresent) : null,
            Role = settings.Role,
            RoleStrict = settings.RoleStrict,
        };
    }

    private static Asn MapRemoteAs(RemoteAs? remote, Asn ours) => remote switch
    {
        { Kind: RemoteAsKind.Number } number => number.Number,
        { Kind: RemoteAsKind.Internal } => ours,
        { Kind: RemoteAsKind.External } => NeighborConfig.AnyExternal,
        _ => throw new UnreachableException($"a neighbor's AS of {remote?.Kind.ToString() ?? "nothing"} was not refused"),
    };

    private static ImmutableArray<FamilyConfig> MapFamilies(Neighbor neighbor, Dictionary<string, PolicyConfig> policies)
    {
        var settings = neighbor.Settings;
        return
        [
            .. neighbor.Families.Select(family => new FamilyConfig(family.Family)
            {
                ImportPolicy = Resolve(family.ImportPolicy ?? settings.ImportPolicy, policies),
                ExportPolicy = Resolve(family.ExportPolicy ?? settings.ExportPolicy, policies),
                AddPathReceive = (family.AddPaths ?? settings.AddPaths).Receive,
                AddPathSend = (family.AddPaths ?? settings.AddPaths).Send,
                MaxPrefixes = MapMaxPrefixes(family.MaxPrefixes ?? settings.MaxPrefixes),
            }),
        ];
    }

    private static MaxPrefixesConfig MapMaxPrefixes(MaxPrefixesSettings settings) => new(settings.Limit, settings.Action, settings.RestartAfter);

    private static ImmutableArray<PolicyConfig> Resolve(EquatableArray<string> names, Dictionary<string, PolicyConfig> policies) =>
    [
        .. names.Items.Select(name => policies.TryGetValue(name, out var policy) ? policy : throw new UnreachableException($"the policy '{name}' is not defined")),
    ];

    private static bool HasMetricsOfItsOwn(RouterConfig config) =>
        config.Networks.Items.Any(static network => network.Set.KernelMetric is not null)
        || config.Policies.Items.Any(static policy => policy.Value.Items.Any(static rule => rule.Set.KernelMetric is not null));

    private static FibConfig MapFib(FibSettings fib, bool hasMetricsOfItsOwn) => new()
    {
        Enabled = fib.Enabled,
        Table = fib.Table,
        Metric = fib.Metric.Value ?? CalicoMetric,
        MetricFromLocalPref = fib.Metric.Value is null,
        VariesMetric = fib.Metric.Value is null || hasMetricsOfItsOwn,
        Protocol = fib.Protocol,
        SourceV4 = fib.SourceAddress.Ipv4 ?? IpAddress.None,
        SourceV6 = fib.SourceAddress.Ipv6 ?? IpAddress.None,
        NexthopObjects = fib.NexthopObjects,
    };
}
