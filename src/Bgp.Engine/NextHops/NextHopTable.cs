using System.Collections.Immutable;
using Bgp.Protocol;

namespace Bgp.Engine;

/// <summary>
/// The next hops of all routes, each once, and how the kernel would reach them (RFC 4271 §5.1.3, §9.1.2.1).
/// <para>
/// In come addresses from attribute sets, counted, and what the kernel tells of links, addresses and the routes that are not ours. Out come, for each next hop, whether it is reached, at
/// what cost, over which gateways, or why it is not; and after a change of the kernel the numbers of those that changed. The route engine owns it.
/// </para>
/// <para>
/// An address on a connected subnet is its own gateway; behind a gateway it takes the gateways of the kernel's longest match, a default route included. A link-local one is on the
/// interface of its session. Where the longest match leads over links that are down, no shorter one is tried: the kernel would not try it either.
/// </para>
/// </summary>
internal sealed class NextHopTable(NextHopOptions? options = null)
{
    // Up to so many changed routes, only the next hops that they cover are resolved anew.
    private const int FewRoutes = 8;

    private readonly NextHopOptions _options = options ?? NextHopOptions.Default;
    private readonly KernelView _kernel = new();
    private readonly ForwardingTable _ways = new();
    private readonly Dictionary<(IpAddress Address, IpAddress LinkLocal, int InterfaceHint), int> _ids = [];
    private readonly Stack<int> _free = [];
    private NextHopEntry[] _entries = new NextHopEntry[16];

    // Beside each entry: how many track it, 0 for a free number, and the number of its ways.
    private (int References, int Ways)[] _holds = new (int, int)[16];
    private int _limit;

    /// <summary>How many next hops are tracked.</summary>
    public int Count => _ids.Count;

    /// <summary>Good until the next <see cref="Track"/>.</summary>
    public ref readonly NextHopEntry this[int id] => ref _entries[id];

    /// <summary>Numbers a next hop, the same for the same, and resolves it. As many <see cref="Release"/> give the number back.</summary>
    /// <param name="address">The next hop of the route, IPv4 or IPv6.</param>
    /// <param name="linkLocal">The link-local address beside a global one, or <see cref="IpAddress.None"/>.</param>
    /// <param name="interfaceHint">The interface of the session, on which link-local addresses are; 0 where it is not known.</param>
    public int Track(in IpAddress address, in IpAddress linkLocal, int interfaceHint)
    {
        var key = (address, linkLocal, interfaceHint);
        if (_ids.TryGetValue(key, out var id))
        {
            _holds[id].References++;
            return id;
        }

        if (!_free.TryPop(out id))
        {
            if (_limit == _entries.Length)
            {
                Array.Resize(ref _entries, _limit * 2);
                Array.Resize(ref _holds, _limit * 2);
            }

            id = _limit++;
        }

        _ids.Add(key, id);
        _entries[id] = new NextHopEntry { Address = address, LinkLocal = linkLocal, InterfaceHint = interfaceHint };
        _holds[id] = (1, 0);
        Resolve(id);
        return id;
    }

    public void Release(int id)
    {
        if (--_holds[id].References > 0)
        {
            return;
        }

        ref var entry = ref _entries[id];
        _ids.Remove((entry.Address, entry.LinkLocal, entry.InterfaceHint));
        _ways.Release(_holds[id].Ways);
        _holds[id] = default;
        entry = default;
        _free.Push(id);
    }

    /// <summary>Takes in what the kernel told, and appends the numbers whose resolution changed, ascending.</summary>
    public void Apply(KernelUpdate update, List<int> changed)
    {
        var isWide = _kernel.Apply(update) || update.Routes.Length + update.RemovedRoutes.Length > FewRoutes;
        for (var id = 0; id < _limit; id++)
        {
            if (_holds[id].References > 0 && (isWide || IsCovered(_entries[id].Address, update)) && Resolve(id))
            {
                changed.Add(id);
            }
        }
    }

    /// <summary>Resolves anew what a prefix covers, because a BGP route that <see cref="NextHopOptions.Recursion"/> may use changed; appends the numbers that changed, ascending.</summary>
    public void Refresh(in IpPrefix prefix, List<int> changed)
    {
        for (var id = 0; id < _limit; id++)
        {
            if (_holds[id].References > 0 && prefix.Contains(_entries[id].Address) && Resolve(id))
            {
                changed.Add(id);
            }
        }
    }

    /// <summary>
    /// Our address of a family for a session whose local address is <paramref name="sessionLocal"/>: that itself, or the other family's on the interface that has it (a global one before a
    /// link-local one, the least first).
    /// </summary>
    public bool TrySelfAddress(IpAddress sessionLocal, AddressFamily family, out IpAddress address)
    {
        var wantsV4 = family.Afi == Afi.Ipv4;
        if (sessionLocal.IsV4 == wantsV4)
        {
            address = sessionLocal;
            return true;
        }

        return _kernel.TrySibling(sessionLocal, wantsV4, out address);
    }

    /// <summary>Whether an address is on a directly connected subnet, and on which interface. Never a link-local IPv6 address, which is on all of them.</summary>
    public bool IsConnected(IpAddress address, out int interfaceIndex) => _kernel.IsConnected(address, out interfaceIndex);

    private static bool IsCovered(in IpAddress address, KernelUpdate update)
    {
        foreach (var route in update.Routes)
        {
            if (route.Prefix.Contains(address))
            {
                return true;
            }
        }

        foreach (var route in update.RemovedRoutes)
        {
            if (route.Prefix.Contains(address))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Resolves one and tells whether that changed anything.</summary>
    private bool Resolve(int id)
    {
        ref var entry = ref _entries[id];
        var fault = Find(entry, out var ways, out var metric);
        var held = ways is null ? 0 : _ways.Acquire(ways);
        _ways.Release(_holds[id].Ways);
        _holds[id].Ways = held;
        var resolved = entry with { Fault = fault, Metric = metric, Ways = held == 0 ? null : _ways[held] };
        var isChanged = fault != entry.Fault || metric != entry.Metric || !ReferenceEquals(resolved.Ways, entry.Ways);
        entry = resolved;
        return isChanged;
    }

    private NextHopFault Find(in NextHopEntry entry, out Forwarding? ways, out uint metric)
    {
        ways = null;
        metric = 0;
        var isLinkLocal = entry.Address.IsV6 && entry.Address.IsLinkLocal;
        if (isLinkLocal ? _kernel.IsOwnAt(entry.Address, entry.InterfaceHint) : _kernel.IsOwn(entry.Address))
        {
            return NextHopFault.OwnAddress;
        }

        if (_options.AssumeAllReachable)
        {
            return NextHopFault.None;
        }

        if (!_kernel.IsKnown)
        {
            return NextHopFault.NoKernelState;
        }

        // A global address that is not on the session's link gives way to the link-local one that came with it, which is.
        var usesLinkLocal = isLinkLocal
            || (!entry.LinkLocal.IsNone && entry.InterfaceHint != 0 && !(_kernel.IsConnected(entry.Address, out var connected) && connected == entry.InterfaceHint));
        if (usesLinkLocal)
        {
            return FindOnLink(isLinkLocal ? entry.Address : entry.LinkLocal, entry.InterfaceHint, out ways);
        }

        return entry.Address.IsUnspecified || entry.Address.IsMulticast || entry.Address.IsNone
            ? NextHopFault.NotUsable
            : FindByRoute(entry.Address, out ways, out metric);
    }

    private NextHopFault FindOnLink(in IpAddress gateway, int interfaceIndex, out Forwarding? ways)
    {
        ways = null;
        if (interfaceIndex == 0)
        {
            return NextHopFault.NoInterface;
        }

        if (!_kernel.IsUp(interfaceIndex))
        {
            return NextHopFault.LinkDown;
        }

        ways = new Forwarding([new ForwardingHop(gateway, interfaceIndex)]);
        return NextHopFault.None;
    }

    private NextHopFault FindByRoute(in IpAddress address, out Forwarding? ways, out uint metric)
    {
        var length = _kernel.Match(address, out var routes);
        if (_options.Recursion is { } recursion && recursion(address, length, out var found, out metric))
        {
            ways = found;
            return NextHopFault.None;
        }

        ways = null;
        metric = 0;
        if (length < 0)
        {
            return NextHopFault.NoRoute;
        }

        if (length == 0 && !_options.AllowDefaultRoute)
        {
            return NextHopFault.OnlyDefaultRoute;
        }

        foreach (var route in routes!)
        {
            if (route.Kind != KernelRouteKind.Unicast)
            {
                return FaultOf(route.Kind);
            }

            ways = WaysOf(route, address, out var isOnLink);
            if (ways is not null)
            {
                metric = isOnLink ? 0 : route.Metric;
                return NextHopFault.None;
            }
        }

        return NextHopFault.LinkDown;
    }

    private static NextHopFault FaultOf(KernelRouteKind kind) => kind switch
    {
        KernelRouteKind.Blackhole => NextHopFault.Blackhole,
        KernelRouteKind.Unreachable => NextHopFault.Unreachable,
        KernelRouteKind.Prohibit => NextHopFault.Prohibited,
        _ => NextHopFault.NotUsable,
    };

    /// <summary>The ways of a route whose links are up, <c>null</c> where there is none.</summary>
    private Forwarding? WaysOf(KernelRoute route, in IpAddress address, out bool isOnLink)
    {
        isOnLink = false;
        var hops = ImmutableArray.CreateBuilder<ForwardingHop>(route.Hops.Length);
        foreach (var hop in route.Hops)
        {
            if (hop.IsDown || !_kernel.IsUp(hop.InterfaceIndex))
            {
                continue;
            }

            isOnLink |= hop.Gateway.IsNone;
            var way = new ForwardingHop(hop.Gateway.IsNone ? address : hop.Gateway, hop.InterfaceIndex, Math.Max(hop.Weight, 1), hop.IsOnLink);
            if (!hops.Contains(way))
            {
                hops.Add(way);
            }
        }

        if (hops.Count == 0)
        {
            return null;
        }

        hops.Sort();
        return new Forwarding(hops.DrainToImmutable());
    }
}
