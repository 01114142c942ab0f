using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Bgp.Engine;
using Bgp.Linux;
using KernelAddress = Bgp.Engine.KernelAddress;
using KernelLink = Bgp.Engine.KernelLink;
using KernelRoute = Bgp.Engine.KernelRoute;
using NetlinkLink = Bgp.Linux.KernelLink;

namespace Bgp.Daemon;

/// <summary>
/// Sorts a burst of the kernel's events: what concerns next hops, what concerns our own routes, and whether something may have happened that no event tells. Of several events about
/// one thing only the last state is kept. Pure: the watcher's thread owns it.
/// </summary>
internal sealed class KernelNews(FibConfig config)
{
    public const uint MainTable = 254;
    public const uint LocalTable = 255;

    private readonly Dictionary<int, NetlinkLink> _known = [];
    private readonly HashSet<int> _foreignDevices = [];
    private readonly OrderedDictionary<int, KernelLink?> _links = [];
    private readonly OrderedDictionary<KernelAddress, bool> _addresses = [];
    private readonly OrderedDictionary<RouteKey, (KernelRoute Route, bool IsRemoved)> _routes = [];
    private readonly List<FibInput> _fibInputs = [];
    private FibConfig _config = config;
    private IReadOnlyList<uint> _tables = [];
    private bool _isUncertain;

    /// <summary>Whether the whole state must be read again; reading <see cref="TakeUpdate"/> clears it.</summary>
    public bool IsIncomplete { get; private set; }

    /// <summary>The tables whose routes are told although no next hop depends on them.</summary>
    public IReadOnlyList<uint> Tables => _tables;

    /// <summary>Takes another configuration; true when other routes than before are ours or to be told now.</summary>
    public bool Configure(FibConfig config, IReadOnlyList<uint> tables)
    {
        var changes = config.Table != _config.Table || config.Protocol != _config.Protocol || !tables.SequenceEqual(_tables);
        _isUncertain |= config.VariesMetric && !_config.VariesMetric;
        _config = config;
        _tables = tables;
        return changes;
    }

    public bool IsOwned(KernelRoute route) => FibDump.IsOwned(route, _config, _foreignDevices.Contains);

    /// <summary>Takes the links of a reading of the whole state as known.</summary>
    public void LearnLinks(IReadOnlyList<NetlinkLink> links)
    {
        _known.Clear();
        _foreignDevices.Clear();
        foreach (var link in links)
        {
            Learn(link);
        }
    }

    /// <summary>Events were lost.</summary>
    public void Lost()
    {
        IsIncomplete = true;
        _isUncertain = true;
    }

    public void Add(in KernelEvent news)
    {
        switch (news.Kind)
        {
            case KernelEventKind.Link when news.Link is { } link:
                AddLink(link, news.Change == KernelChange.Removed);
                break;
            case KernelEventKind.Address:
                AddAddress(news.Address, news.Change == KernelChange.Removed);
                break;
            case KernelEventKind.Route when news.Route is { NextHopId: not 0, NextHops.Count: 0 }:
                // Its ways are told only by the list of nexthop objects (net.ipv4.nexthop_compat_mode = 0).
                IsIncomplete = true;
                _isUncertain |= news.Route.Table == _config.Table;
                break;
            case KernelEventKind.Route when KernelTranslation.ToEngine(news.Route) is { } route:
                AddRoute(route, news.Change, isByKernel: news.PortId == 0);
                break;
            case KernelEventKind.NextHop:
                // Routes that refer to it change with it, and go with it, without an event of their own.
                IsIncomplete = true;
                _isUncertain |= (byte?)news.NextHop?.Protocol == _config.Protocol;
                break;
        }
    }

    /// <summary>What changed about links, addresses and foreign routes since the last call, or <c>null</c>.</summary>
    public KernelUpdate? TakeUpdate()
    {
        IsIncomplete = false;
        if (_links.Count == 0 && _addresses.Count == 0 && _routes.Count == 0)
        {
            return null;
        }

        var update = new KernelUpdate
        {
            Links = [.. _links.Values.OfType<KernelLink>()],
            RemovedLinks = [.. _links.Where(entry => entry.Value is null).Select(entry => entry.Key)],
            Addresses = [.. _addresses.Where(entry => !entry.Value).Select(entry => entry.Key)],
            RemovedAddresses = [.. _addresses.Where(entry => entry.Value).Select(entry => entry.Key)],
            Routes = [.. _routes.Values.Where(entry => !entry.IsRemoved).Select(entry => entry.Route)],
            RemovedRoutes = [.. _routes.Values.Where(entry => entry.IsRemoved).Select(entry => entry.Route)],
        };
        _links.Clear();
        _addresses.Clear();
        _routes.Clear();
        return update;
    }

    /// <summary>What happened to our own routes since the last call, in order.</summary>
    public ImmutableArray<FibInput> TakeFibInputs()
    {
        if (_isUncertain)
        {
            _isUncertain = false;
            _fibInputs.Add(new FibInput(FibInputKind.Uncertain));
        }

        if (_fibInputs.Count == 0)
        {
            return [];
        }

        var inputs = ImmutableCollectionsMarshal.AsImmutableArray(_fibInputs.ToArray());
        _fibInputs.Clear();
        return inputs;
    }

    private void AddLink(NetlinkLink link, bool isRemoved)
    {
        _known.TryGetValue(link.Index, out var before);
        if (isRemoved)
        {
            _known.Remove(link.Index);
            _foreignDevices.Remove(link.Index);
            _links[link.Index] = null;
            Lost();
            return;
        }

        if (before is not null && before.Name == link.Name && before.IsRunning == link.IsRunning && before.IsUp == link.IsUp)
        {
            return;
        }

        Learn(link);
        _links[link.Index] = KernelTranslation.ToEngine(link);
        if (before is not null && (before.IsRunning != link.IsRunning || before.IsUp != link.IsUp))
        {
            // Routes over it died, or came back to life.
            Lost();
        }
    }

    private void Learn(NetlinkLink link)
    {
        _known[link.Index] = link;
        if (FibDump.IsForeignDevice(link.Name))
        {
            _foreignDevices.Add(link.Index);
        }
        else
        {
            _foreignDevices.Remove(link.Index);
        }
    }

    private void AddAddress(in Linux.KernelAddress address, bool isRemoved)
    {
        var isGone = isRemoved || (address.Flags & AddressFlags.DadFailed) != 0;
        if (!isGone && !address.IsUsable)
        {
            // Tentative: another event comes when it is usable.
            return;
        }

        _addresses[KernelTranslation.ToEngine(address)] = isGone;
        if (isGone)
        {
            // Routes that prefer it as source went along.
            Lost();
        }
    }

    private void AddRoute(KernelRoute route, KernelChange change, bool isByKernel)
    {
        if (IsOwned(route))
        {
            AddOwned(route, change, isByKernel);
            return;
        }

        // The kernel's key has no protocol: one of another may stand where ours wants to, or take its place.
        if (route.Table == _config.Table && (route.Metric == _config.Metric || _config.VariesMetric) && route.Protocol != _config.Protocol)
        {
            _fibInputs.Add(RouteEvent(route, change, isByKernel));
        }

        if (route.Table is MainTable or LocalTable || _tables.Contains(route.Table))
        {
            AddForeign(route, change);
        }
    }

    private void AddOwned(KernelRoute route, KernelChange change, bool isByKernel)
    {
        switch (change)
        {
            case KernelChange.Appended:
                // Beside ours, or merged into it: only a dump tells.
                _isUncertain = true;
                break;
            case KernelChange.Replaced:
                // What it replaced may have been foreign.
                IsIncomplete = true;
                break;
        }

        _fibInputs.Add(RouteEvent(route, change, isByKernel));
    }

    private void AddForeign(KernelRoute route, KernelChange change)
    {
        if (change == KernelChange.Appended || (change == KernelChange.Removed && !route.Prefix.Address.IsV4 && !route.Hops.IsEmpty))
        {
            // Other ways of the same route may be there: before an appended one, and beside a removed way of an IPv6 route.
            IsIncomplete = true;
        }

        _routes[new RouteKey(route)] = (route, change == KernelChange.Removed);
    }

    private static FibInput RouteEvent(KernelRoute route, KernelChange change, bool isByKernel) =>
        new(FibInputKind.RouteEvent) { Event = new FibRouteEvent(route, change == KernelChange.Removed) { IsByKernel = isByKernel } };

    /// <summary>The kernel's key of a route.</summary>
    private readonly record struct RouteKey(Protocol.IpPrefix Prefix, uint Table, uint Metric)
    {
        public RouteKey(KernelRoute route)
            : this(route.Prefix, route.Table, route.Metric)
        {
        }
    }
}
