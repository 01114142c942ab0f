using System.Collections.Immutable;
using Bgp.Engine;
using Bgp.Protocol;

namespace Bgp.Simulation;

/// <summary>Changes of configurations while speakers run: networks, policies, neighbors, settings that reset a session and settings that do not.</summary>
internal sealed class Reconfiguration(Simulator simulator, SimRandom random)
{
    // Blocks from this number on come and go; the ones below belong to the topology.
    private const int FirstSpareBlock = 8;
    private const int SpareBlocks = 6;
    private const int ChurnChanges = 20;

    private static readonly TimeSpan MaxChurnGap = TimeSpan.FromMilliseconds(30);
    private static readonly TimeSpan MaxAbsence = TimeSpan.FromSeconds(20);

    /// <summary>Adds a network, or takes one away.</summary>
    public void ChangeNetworks() => ChangeNetworks(Node());

    /// <summary>Many changes of networks, one after the other.</summary>
    public void Churn() => Churn(Node());

    /// <summary>Many changes of one node's networks.</summary>
    public void Churn(SimNode node)
    {
        var at = simulator.Now;
        for (var change = 0; change < ChurnChanges; change++)
        {
            at += random.Between(TimeSpan.Zero, MaxChurnGap);
            simulator.At(at, () => ChangeNetworks(node));
        }
    }

    /// <summary>Sets, or clears, a policy of one neighbor.</summary>
    public void ChangePolicy() => ChangeNeighbor(neighbor =>
    {
        var family = neighbor.Families[random.Below(neighbor.Families.Length)];
        ImmutableArray<PolicyConfig> policies = random.Below(4) switch
        {
            0 => [],
            1 => [PolicyConfig.RejectAll],
            2 => [Without(family.Family, Topology.BlockV4(random.Below(simulator.Nodes.Count)))],
            _ => [Without(family.Family, Topology.BlockV6(random.Below(simulator.Nodes.Count))), PolicyConfig.AcceptAll],
        };
        var changed = random.Chance(50) ? family with { ImportPolicy = policies } : family with { ExportPolicy = policies };
        return neighbor with { Families = neighbor.Families.Replace(family, changed) };
    });

    /// <summary>What a node announces of its kernel's routes: nothing, or what one table or both have.</summary>
    public void ChangeRedistributions()
    {
        var (node, main, other) = (Node(), new RedistributionConfig(RedistributionSource.Kernel), new RedistributionConfig(RedistributionSource.Kernel) { Table = 100 });
        ImmutableArray<RedistributionConfig>[] choices = [[], [main], [other], [main, other]];
        node.Configure(node.Config with { Redistributions = choices[random.Below(choices.Length)] });
    }

    /// <summary>Another metric for a node's kernel routes, or each its own.</summary>
    public void ChangeMetric()
    {
        var node = Node();
        node.Configure(node.Config with { Fib = node.Config.Fib with { Metric = random.Pick(1024u, 1024u, 99u), MetricFromLocalPref = random.Chance(50), VariesMetric = true } });
    }

    /// <summary>Sets, or clears, a node's aggregates: of its own blocks, of another node's, of all.</summary>
    public void ChangeAggregates()
    {
        var node = Node();
        var other = random.Below(simulator.Nodes.Count);
        List<IpPrefix> prefixes = [new(Topology.BlockV4(node.Index).Address, 20), new(Topology.BlockV4(other).Address, 20), IpPrefix.Parse("10.128.0.0/9")];
        if (!node.Spec.AddressV6.IsNone)
        {
            prefixes.AddRange([new IpPrefix(Topology.BlockV6(other).Address, 48), IpPrefix.Parse("fd01::/16")]);
        }

        node.Configure(node.Config with { Aggregates = [.. prefixes.Distinct().Where(_ => random.Chance(50)).Select(prefix => DrawAggregate(prefix, other))] });
    }

    /// <summary>Has a neighbor sent a default route, always or while some block is there, or no more.</summary>
    public void ChangeDefaultRoute() => ChangeNeighbor(neighbor => neighbor with
    {
        DefaultRoute = random.Below(4) switch
        {
            0 => null,
            1 => new DefaultRouteConfig(null),
            2 => new DefaultRouteConfig(Topology.BlockV6(random.Below(simulator.Nodes.Count))),
            _ => new DefaultRouteConfig(Topology.BlockV4(random.Below(simulator.Nodes.Count), random.Pick(0, FirstSpareBlock))),
        },
    });

    /// <summary>Takes a neighbor away and adds it again later.</summary>
    public void RemoveNeighbor()
    {
        var node = Node();
        if (node.Config.Neighbors.IsEmpty)
        {
            return;
        }

        var gone = node.Config.Neighbors[random.Below(node.Config.Neighbors.Length)];
        node.Configure(node.Config with { Neighbors = node.Config.Neighbors.Remove(gone) });
        simulator.After(random.Between(TimeSpan.Zero, MaxAbsence), () =>
        {
            if (!node.Config.Neighbors.Any(neighbor => neighbor.Key == gone.Key))
            {
                node.Configure(node.Config with { Neighbors = node.Config.Neighbors.Add(gone) });
            }
        });
    }

    public void ChangeSettings()
    {
        var node = Node();
        if (!node.Config.Ranges.IsEmpty && random.Chance(50))
        {
            ChangeRange(node);
            return;
        }

        switch (random.Below(6))
        {
            case 5:
                ChangeNeighbor(neighbor => neighbor with { Families = [.. neighbor.Families.Select(WithOtherAddPaths)] });
                break;
            case 0:
                ChangeNeighbor(neighbor => neighbor with { HoldTime = TimeSpan.FromSeconds(random.Pick(6, 9, 30)) });
                break;
            case 1:
                ChangeNeighbor(neighbor => neighbor with { Shutdown = !neighbor.Shutdown });
                break;
            case 2:
                node.Configure(node.Config with { Fib = node.Config.Fib with { Metric = random.Pick(1024u, 2048u) } });
                break;
            case 3:
                node.Configure(node.Config with { ClientToClient = !node.Config.ClientToClient });
                break;
            default:
                node.Configure(node.Config with { DefaultLocalPref = random.Pick(100u, 150u) });
                break;
        }
    }

    /// <summary>Changes what a node, or a neighbor to it, is: client, cluster, next hop, families, how many ways it takes.</summary>
    public void ChangeRoles()
    {
        var node = Node();
        switch (random.Below(7))
        {
            case 0:
                ChangeNeighbor(neighbor => neighbor with { RouteReflectorClient = neighbor.Type == SessionType.Internal && !neighbor.RouteReflectorClient });
                break;
            case 1:
                // Not SelfAll between reflectors: with equal paths through each other they would forward in a circle, as such a configuration asks for.
                ChangeNeighbor(neighbor => neighbor with { NextHop = random.Pick(NextHopMode.Auto, NextHopMode.Self, neighbor.Type != SessionType.Internal ? NextHopMode.SelfAll : NextHopMode.Self) });
                break;
            case 2:
                // Unique: two reflectors that come to share an id may rightly lose each other's routes.
                var own = node.Config.RouterId.Value;
                node.Configure(node.Config with { ClusterId = new RouterId(random.Pick(own, own | 0x80000000)) });
                break;
            case 3:
                node.Configure(node.Config with { Multipath = random.Pick(new MultipathConfig(1, 1), new MultipathConfig(16, 16)) });
                break;
            case 4:
                // Not in a confederation: its lengths do not count, so that nothing would keep a path from going in circles.
                ChangeNeighbor((owner, neighbor) => neighbor with { AllowLocalAs = random.Below(owner.Config.ConfederationId is null ? 2 : 1), ExtendedMessages = random.Chance(50) });
                break;
            case 5:
                ChangeNeighbor(neighbor => neighbor with { Families = random.Chance(50) ? neighbor.Families : neighbor.Families[..1] });
                break;
            default:
                node.Configure(node.Config with { EbgpRequiresPolicy = !node.Config.EbgpRequiresPolicy });
                break;
        }
    }

    /// <summary>All neighbors of the topology are there again and none is shut down; policies stay as they are in half of the cases.</summary>
    public void Restore()
    {
        var keepsPolicies = random.Chance(50);
        foreach (var node in simulator.Nodes)
        {
            var neighbors = node.Spec.Config.Neighbors.Select(wanted =>
                keepsPolicies && node.Config.Neighbors.FirstOrDefault(neighbor => neighbor.Key == wanted.Key) is { } present ? present with { Shutdown = false } : wanted);
            var config = node.Config with { Neighbors = [.. neighbors], Ranges = node.Spec.Config.Ranges };
            node.Configure(RefreshChanges.Calmed(keepsPolicies ? config : node.Spec.Config with
            {
                Networks = config.Networks,
                Neighbors = config.Neighbors,
                Ranges = config.Ranges,
                Fib = config.Fib,
                Redistributions = config.Redistributions,
            }));
        }
    }

    private SimNode Node() => simulator.Nodes[random.Below(simulator.Nodes.Count)];

    private void ChangeNetworks(SimNode node)
    {
        var block = FirstSpareBlock + random.Below(SpareBlocks);
        var prefix = random.Below(4) switch
        {
            0 => Topology.Anycast,
            1 when !node.Spec.AddressV6.IsNone => Topology.BlockV6(node.Index, block),
            _ => Topology.BlockV4(node.Index, block),
        };
        var present = node.Config.Networks.FirstOrDefault(network => network.Prefix == prefix);
        node.Configure(node.Config with
        {
            Networks = present is null ? node.Config.Networks.Add(new NetworkConfig(prefix, random.Chance(50))) : node.Config.Networks.Remove(present),
        });
    }

    /// <summary>Changes what holds for all dynamic neighbors, names one of them, or takes the range away and brings it back.</summary>
    private void ChangeRange(SimNode node)
    {
        var range = node.Config.Ranges[0];
        switch (random.Below(5))
        {
            case 0:
                node.Configure(node.Config with { Ranges = [range with { Template = range.Template with { HoldTime = TimeSpan.FromSeconds(random.Pick(6, 9, 30)) } }] });
                break;
            case 1:
                node.Configure(node.Config with { Ranges = [range with { Template = range.Template with { NextHop = random.Pick(NextHopMode.Auto, NextHopMode.Self) } }] });
                break;
            case 2:
                node.Configure(node.Config with { Ranges = [range with { Limit = random.Pick(1, 2, Topology.MaxNodes) }] });
                break;
            case 3:
                var other = Node();
                if (range.Prefix.Contains(other.Spec.AddressV4) && !node.Addresses.Contains(other.Spec.AddressV4) && !node.Config.Neighbors.Any(neighbor => neighbor.Key.Address == other.Spec.AddressV4))
                {
                    node.Configure(node.Config with { Neighbors = node.Config.Neighbors.Add(range.At(other.Spec.AddressV4, "") with { Range = null }) });
                }

                break;
            default:
                node.Configure(node.Config with { Ranges = [] });
                simulator.After(random.Between(TimeSpan.Zero, MaxAbsence), () => node.Configure(node.Config with { Ranges = [range] }));
                break;
        }
    }

    private AggregateConfig DrawAggregate(IpPrefix prefix, int other) => new(prefix)
    {
        SummaryOnly = random.Chance(50),
        Policy = random.Below(4) switch
        {
            0 => Without(AddressFamily.Of(prefix), prefix.Address.IsV4 ? Topology.BlockV4(other) : Topology.BlockV6(other)),
            1 => PolicyConfig.RejectAll,
            _ => null,
        },
    };

    private void ChangeNeighbor(Func<NeighborConfig, NeighborConfig> change) => ChangeNeighbor((_, neighbor) => change(neighbor));

    private void ChangeNeighbor(Func<SimNode, NeighborConfig, NeighborConfig> change)
    {
        var node = Node();
        if (!node.Config.Neighbors.IsEmpty)
        {
            var neighbor = node.Config.Neighbors[random.Below(node.Config.Neighbors.Length)];
            node.Configure(node.Config with { Neighbors = node.Config.Neighbors.Replace(neighbor, change(node, neighbor)) });
        }
    }

    // Between two numbers of paths the session stays; to or from none it is reset (RFC 7911 §4).
    private FamilyConfig WithOtherAddPaths(FamilyConfig family) => family with
    {
        AddPathReceive = family.AddPathReceive != random.Chance(20),
        AddPathSend = random.Pick(0, 1, 2, int.MaxValue),
    };

    private static PolicyConfig Without(AddressFamily family, IpPrefix prefix) => new("without", AddressFamily.Of(prefix) == family
        ? [new PolicyRule { Prefixes = [new PrefixMatch(PrefixOperator.Equal, prefix, 0, 128)], Action = PolicyAction.Reject }, new PolicyRule { Action = PolicyAction.Accept }]
        : [new PolicyRule { Family = family, Action = PolicyAction.Accept }]);
}
