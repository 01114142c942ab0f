using Bgp.Engine;
using Bgp.Protocol;

namespace Bgp.Simulation;

/// <summary>
/// Breaks things at random and mends them again: ways between nodes, processes, hosts, links, kernels, and (in <see cref="Reconfiguration"/>) configurations. After <see cref="Calm"/> nothing
/// is broken any more.
/// </summary>
internal sealed class Chaos
{
    private static readonly TimeSpan Short = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan MaxOutage = TimeSpan.FromSeconds(25);
    private static readonly TimeSpan MaxStall = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan RestartPoll = TimeSpan.FromSeconds(1);

    private const int StormRefreshes = 12;

    /// <summary>198.18.0.0, and so many prefixes from there that other programs have routes for.</summary>
    private const uint FirstForeign = 0xC6120000;
    private const int ForeignRoutes = 6;
    private const int ForeignChanges = 20;

    private static readonly TimeSpan MaxForeignGap = TimeSpan.FromMilliseconds(100);

    private static readonly TimeSpan MaxStormGap = TimeSpan.FromMilliseconds(5);

    private readonly Simulator _simulator;
    private readonly SimRandom _random;
    private readonly Reconfiguration _reconfiguration;
    private readonly Action[] _actions;

    public Chaos(Simulator simulator)
    {
        _simulator = simulator;
        _random = simulator.Random.Fork();
        _reconfiguration = new Reconfiguration(simulator, _random);
        var refreshes = new RefreshChanges(simulator, _random);
        _actions =
        [
            Cut, Block, CutAndBlock, Stall, FallBehind, RefreshStorm, Kill, LosePower, Stop, LoseLink, FailKernel, Steal, Overwrite, Command,
            _reconfiguration.ChangeNetworks, _reconfiguration.ChangeNetworks, _reconfiguration.Churn, _reconfiguration.ChangePolicy, _reconfiguration.RemoveNeighbor,
            _reconfiguration.ChangeSettings, _reconfiguration.ChangeRoles, _reconfiguration.ChangeAggregates, _reconfiguration.ChangeAggregates, _reconfiguration.ChangeDefaultRoute,
            refreshes.Change, refreshes.Change, refreshes.Change, refreshes.Change,
            ChangeForeignRoutes, _reconfiguration.ChangeRedistributions, _reconfiguration.ChangeMetric,
        ];
    }

    public Disturbances Disturbances { get; } = new();

    /// <summary>Does so many things within a span of time, and waits until all that has an end of its own is over.</summary>
    public void Rage(int actions, TimeSpan within)
    {
        for (var count = 0; count < actions; count++)
        {
            _simulator.After(_random.Between(TimeSpan.Zero, within), _random.Pick<Action>(_actions));
        }

        _simulator.RunFor(within + MaxOutage + Short);
    }

    /// <summary>Mends everything. With <paramref name="leavesOneDead"/> one node stays away for ever.</summary>
    public void Calm(bool leavesOneDead)
    {
        foreach (var node in _simulator.Nodes)
        {
            node.Kernel.Faults = KernelFaults.None;
            StartWhenEnded(node);
        }

        _simulator.Network.RefusedConnectPercent = 0;
        _reconfiguration.Restore();
        _simulator.RunFor(RestartPoll * 3);
        if (leavesOneDead)
        {
            var node = Node();
            Disturbances.Add(node, null, _simulator.Now, TimeSpan.FromHours(1));
            node.Kill(_random.Pick(KillKind.Process, KillKind.Power));
        }
    }

    private SimNode Node() => _simulator.Nodes[_random.Below(_simulator.Nodes.Count)];

    private (SimNode Left, SimNode Right) Pair()
    {
        var left = _random.Below(_simulator.Nodes.Count);
        var right = (left + 1 + _random.Below(_simulator.Nodes.Count - 1)) % _simulator.Nodes.Count;
        return (_simulator.Nodes[left], _simulator.Nodes[right]);
    }

    private void Cut()
    {
        var (left, right) = Pair();
        _simulator.Network.Cut(left, right);
    }

    private void Block()
    {
        var (left, right) = Pair();
        Block(left, right);
    }

    private void Block(SimNode left, SimNode right)
    {
        var span = _random.Between(Short, MaxOutage);
        Disturbances.Add(left, right, _simulator.Now, span);
        _simulator.Network.Block(left, right);
        _simulator.After(span, () => _simulator.Network.Unblock(left, right));
    }

    private void CutAndBlock()
    {
        var (left, right) = Pair();
        _simulator.Network.Cut(left, right);
        Block(left, right);
    }

    private void Stall()
    {
        var (reader, sender) = Pair();
        Hold(reader, sender);
    }

    private void Hold(SimNode reader, SimNode sender)
    {
        var span = _random.Between(Short, MaxStall);
        Disturbances.Add(reader, sender, _simulator.Now, span);
        foreach (var address in sender.Addresses)
        {
            reader.Stall(address, span);
        }
    }

    /// <summary>A receiver reads nothing while its sender has much to say, so that it falls behind the group's log, and then comes back.</summary>
    private void FallBehind()
    {
        var (reader, sender) = Pair();
        Hold(reader, sender);
        _reconfiguration.Churn(sender);
    }

    private void RefreshStorm()
    {
        var node = Node();
        var at = _simulator.Now;
        for (var count = 0; count < StormRefreshes; count++)
        {
            at += _random.Between(TimeSpan.Zero, MaxStormGap);
            var peer = new PeerId(_random.Below(Math.Max(1, node.Config.Neighbors.Length)));
            _simulator.At(at, () => node.Process?.Speaker.Post(peer, new SessionInput(SessionInputKind.RequestRefresh)));
        }
    }

    private void Kill()
    {
        var node = Node();
        node.Kill(KillKind.Process);
        StartAgain(node);
    }

    private void LosePower()
    {
        var node = Node();
        var span = _random.Between(Short, MaxOutage);
        Disturbances.Add(node, null, _simulator.Now, span);
        node.Kill(KillKind.Power);
        _simulator.After(span, node.Start);
    }

    private void Stop()
    {
        var node = Node();
        node.Stop(_random.Pick(StopIntent.Restart, StopIntent.Leave, StopIntent.LeaveAndFlush));
        _simulator.After(_random.Between(Short, MaxOutage), () => StartWhenEnded(node));
    }

    private void StartAgain(SimNode node) => _simulator.After(_random.Between(TimeSpan.Zero, MaxOutage), node.Start);

    private void StartWhenEnded(SimNode node)
    {
        if (node.IsStopping)
        {
            _simulator.After(RestartPoll, () => StartWhenEnded(node));
        }
        else
        {
            node.Start();
        }
    }

    private void LoseLink()
    {
        var node = Node();
        var span = _random.Between(Short, MaxOutage);
        var number = _random.Below(node.Spec.Interfaces.Length);
        Disturbances.Add(node, null, _simulator.Now, span);
        node.Kernel.SetLink(isUp: false, number);
        _simulator.After(span, () => node.Kernel.SetLink(isUp: true, number));
    }

    private void FailKernel()
    {
        var node = Node();
        node.Kernel.Faults = KernelFaults.Some;
        _simulator.After(_random.Between(Short, MaxOutage), () => node.Kernel.Faults = KernelFaults.None);
    }

    private void Steal()
    {
        if (Owned(Node()) is var (node, route))
        {
            node.Kernel.Steal(route);
        }
    }

    private void Overwrite()
    {
        if (Owned(Node()) is var (node, route))
        {
            node.Kernel.Put(route with { Kind = KernelRouteKind.Unicast, Hops = [new KernelHop(Topology.AddressV4(200, node.Spec.Interfaces[0].Segment), SimKernel.LinkIndex, 1, false, false)] });
        }
    }

    /// <summary>Another program adds and removes routes of its own, one after the other: where they are announced, if they are anywhere.</summary>
    private void ChangeForeignRoutes()
    {
        var announcing = _simulator.Nodes.Where(node => node.Config.Redistributions.Length > 0).ToList();
        var node = announcing.Count > 0 ? announcing[_random.Below(announcing.Count)] : Node();
        var at = _simulator.Now;
        for (var change = 0; change < ForeignChanges; change++)
        {
            at += _random.Between(TimeSpan.Zero, MaxForeignGap);
            _simulator.At(at, () => ChangeForeignRoute(node));
        }
    }

    private void ChangeForeignRoute(SimNode node)
    {
        var route = new KernelRoute
        {
            Prefix = new IpPrefix(IpAddress.V4(FirstForeign + ((uint)_random.Below(ForeignRoutes) << 8)), 24),
            Kind = KernelRouteKind.Unicast,
            Protocol = 4,
            Table = _random.Pick(254u, 100u),
            Hops = [new KernelHop(Topology.AddressV4(200, node.Spec.Interfaces[0].Segment), SimKernel.LinkIndex, 1, false, false)],
        };
        if (node.Kernel.ForeignRoutes.FirstOrDefault(known => known.Prefix == route.Prefix && known.Table == route.Table) is { } present)
        {
            node.Kernel.RemoveForeign(present);
        }
        else
        {
            node.Kernel.AddForeign(route);
        }
    }

    private (SimNode Node, KernelRoute Route)? Owned(SimNode node)
    {
        var routes = node.Kernel.Routes.ToList();
        return routes.Count == 0 ? null : (node, routes[_random.Below(routes.Count)]);
    }

    private void Command()
    {
        var node = Node();
        var kind = _random.Pick(SessionInputKind.Reset, SessionInputKind.RequestRefresh, SessionInputKind.RequestRefresh);
        if (node.Process is { } process)
        {
            process.Speaker.Post(new PeerId(_random.Below(Math.Max(1, node.Config.Neighbors.Length))), new SessionInput(kind));
        }
    }
}
