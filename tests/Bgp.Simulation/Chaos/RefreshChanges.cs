using System.Collections.Immutable;
using Bgp.Engine;
using Bgp.Protocol;

namespace Bgp.Simulation;

/// <summary>
/// Changes of what a reload refreshes and no session notices: rules that look at attributes and change them, attributes of networks, options of the decision, what becomes of AS paths and next hops,
/// which routes go into the kernel. What may keep a correct network from coming to rest (preferences that differ from node to node, paths without the numbers that tell a loop), or keeps packets from
/// where they are to go, passes: <see cref="Calmed(SpeakerConfig)"/> takes it away.
/// </summary>
internal sealed class RefreshChanges(Simulator simulator, SimRandom random)
{
    private const string Passing = "passing";

    private static readonly ImmutableArray<Community> Colours = [.. Enumerable.Range(1, 4).Select(number => new Community((64512u << 16) | (uint)number))];

    public void Change()
    {
        var node = simulator.Nodes[random.Below(simulator.Nodes.Count)];
        switch (random.Below(12))
        {
            case < 4:
                ChangePolicy(node, new PolicyConfig("colours", [Colouring(), Colouring()]));
                break;
            case 4:
                ChangePolicy(node, new PolicyConfig(Passing, [new PolicyRule { Match = Looking(), Set = Preferring() }]));
                break;
            case 5:
                ChangeNetwork(node);
                break;
            case 6:
                node.Configure(node.Config with { BestPath = new BestPathConfig(random.Chance(50), random.Chance(50)) });
                break;
            case 7:
                ChangeNeighbor(node, neighbor => neighbor with { AsOverride = neighbor.Type == SessionType.External && !neighbor.AsOverride });
                break;
            case 8:
                ChangeNeighbor(node, neighbor => neighbor with { EnforceFirstAs = !neighbor.EnforceFirstAs });
                break;
            case 9:
                ChangeNeighbor(node, neighbor => ChangePassing(node, neighbor));
                break;
            case 10:
                ChangeKernelRoutes(node);
                break;
            default:
                node.Configure(node.Config with { Fib = node.Config.Fib with { SourceV4 = random.Pick(IpAddress.None, node.Spec.AddressV4) } });
                break;
        }
    }

    /// <summary>Without what only passes.</summary>
    public static SpeakerConfig Calmed(SpeakerConfig config) => config with
    {
        FibPolicy = [],
        Fib = config.Fib with { Enabled = true },
        Networks = [.. config.Networks.Select(network => network.Set is { } set ? network with { Set = new RouteChanges { Communities = set.Communities } } : network)],
        Neighbors = [.. config.Neighbors.Select(Calmed)],
    };

    private static NeighborConfig Calmed(NeighborConfig neighbor) => neighbor with
    {
        RemovePrivateAs = RemovePrivateAsMode.Off,
        RouteServerClient = false,
        NextHop = neighbor.NextHop == NextHopMode.Keep ? NextHopMode.Auto : neighbor.NextHop,
        Families = [.. neighbor.Families.Select(family => family with { ImportPolicy = Calmed(family.ImportPolicy), ExportPolicy = Calmed(family.ExportPolicy) })],
    };

    private static ImmutableArray<PolicyConfig> Calmed(ImmutableArray<PolicyConfig> policies) => policies.Any(policy => policy.Name == Passing) ? [] : policies;

    private void ChangePolicy(SimNode node, PolicyConfig policy) => ChangeNeighbor(node, neighbor =>
    {
        var family = neighbor.Families[random.Below(neighbor.Families.Length)];
        ImmutableArray<PolicyConfig> policies = [policy, PolicyConfig.AcceptAll];
        return neighbor with { Families = neighbor.Families.Replace(family, random.Chance(50) ? family with { ImportPolicy = policies } : family with { ExportPolicy = policies }) };
    });

    private PolicyRule Colouring() => new()
    {
        Match = random.Chance(50) ? null : new RouteMatch { Communities = [CommunityPattern.Exactly(Colour())] },
        Set = random.Below(4) switch
        {
            0 => new RouteChanges { Communities = [] },
            1 => new RouteChanges { Communities = [Colour()] },
            2 => new RouteChanges { RemoveCommunities = [CommunityPattern.Exactly(Colour())], AddCommunities = [Colour()] },
            _ => new RouteChanges { AddCommunities = [Colour()] },
        },
        Action = random.Below(8) switch { 0 => PolicyAction.Accept, 1 => PolicyAction.Next, _ => PolicyAction.Continue },
    };

    private RouteMatch? Looking() => random.Below(6) switch
    {
        0 => null,
        1 => new RouteMatch { From = new SourceMatch(null, random.Pick(PeerType.Ebgp, PeerType.Ibgp, PeerType.Local), null) },
        2 => new RouteMatch { LocalPref = new ValueRange(0, 120) },
        3 => new RouteMatch { AsPathLength = new ValueRange(1, 2) },
        4 => new RouteMatch { Med = new ValueRange(0, 100) },
        _ => new RouteMatch { NextHops = [new IpPrefix(Topology.AddressV4(random.Below(simulator.Nodes.Count)), 32)] },
    };

    private RouteChanges Preferring() => random.Below(5) switch
    {
        0 => new RouteChanges { LocalPref = (uint)random.Pick(50, 110, 200) },
        1 => new RouteChanges { Med = (uint)random.Pick(0, 50, 500) },
        2 => new RouteChanges { Prepend = [new Asn(64999), new Asn(64999)] },
        3 => new RouteChanges { Origin = Origin.Incomplete, Weight = (uint)random.Below(3) },
        _ => new RouteChanges { EcmpWeight = (ushort)random.Between(1, 4), NextHop = new NextHopChange(random.Pick(NextHopChangeKind.Self, NextHopChangeKind.Keep)) },
    };

    private NeighborConfig ChangePassing(SimNode node, NeighborConfig neighbor) => random.Below(4) switch
    {
        0 => neighbor with { RemovePrivateAs = random.Pick(RemovePrivateAsMode.Off, RemovePrivateAsMode.OnlyPrivate, RemovePrivateAsMode.All, RemovePrivateAsMode.Replace) },
        1 => neighbor with { ClusterId = neighbor.ClusterId is null && neighbor.Type == SessionType.Internal ? new RouterId(node.Config.RouterId.Value | 0x40000000) : null },
        2 => neighbor with { RouteServerClient = neighbor.Type == SessionType.External && !neighbor.RouteServerClient },
        _ => neighbor with { NextHop = NextHopMode.Keep },
    };

    private void ChangeNetwork(SimNode node)
    {
        if (node.Config.Networks.IsEmpty)
        {
            return;
        }

        var network = node.Config.Networks[random.Below(node.Config.Networks.Length)];
        var changed = random.Below(4) switch
        {
            0 => network with { Blackhole = !network.Blackhole },
            1 => network with { Set = null },
            2 => network with { Set = Preferring() with { NextHop = null, EcmpWeight = null } },
            _ => network with { Set = new RouteChanges { Communities = [Colour()] } },
        };
        node.Configure(node.Config with { Networks = node.Config.Networks.Replace(network, changed) });
    }

    private void ChangeKernelRoutes(SimNode node) => node.Configure(random.Chance(50)
        ? node.Config with { Fib = node.Config.Fib with { Enabled = !node.Config.Fib.Enabled } }
        : node.Config with { FibPolicy = random.Pick<ImmutableArray<PolicyConfig>>([], [PolicyConfig.RejectAll], [new PolicyConfig(Passing, [new PolicyRule { Match = Looking(), Action = PolicyAction.Accept }])]) });

    private void ChangeNeighbor(SimNode node, Func<NeighborConfig, NeighborConfig> change)
    {
        if (!node.Config.Neighbors.IsEmpty)
        {
            var neighbor = node.Config.Neighbors[random.Below(node.Config.Neighbors.Length)];
            node.Configure(node.Config with { Neighbors = node.Config.Neighbors.Replace(neighbor, change(neighbor)) });
        }
    }

    private Community Colour() => random.Pick(Colours.AsSpan());
}
