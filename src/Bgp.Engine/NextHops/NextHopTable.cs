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

    // By family, the addresses that no connected subnet has, and so BGP routes may lead to, with the numbers of their next hops.
    private readonly PrefixTrie<List<int>>[] _distant = [new(), new()];
    private readonly List<int> _covered = [];
    private NextHopEntry[] _entries = new NextHopEntry[16];

    // Beside each entry: how many track it, 0 for a free number, the number of its ways, and whether it is in _distant.
    private (int References, int Ways, bool IsDistant)[] _holds = new (int, int, bool)[16];
    private int _limit;
    private int _lastTracked;
    private (IpAddress Address, int Interface) _lastAsked;

    /// <summary>What the kernel told so far.</summary>
    public KernelView Kernel => _kernel;

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
        // Sets come in runs of one next hop.
        ref readonly var last = ref _entries[_lastTracked];
        if (_holds[_lastTracked].References > 0 && last.Address == address && last.LinkLocal == linkLocal && last.InterfaceHint == interfaceHint)
        {
            _holds[_lastTracked].References++;
            return _lastTracked;
        }

        var key = (address, linkLocal, interfaceHint);
        if (_ids.TryGetValue(key, out var id))
        {
            _holds[id].References++;
            _lastTracked = id;
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
        _holds[id] = (1, 0, false);
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
        SetDistant(id, false);
        _ids.Remove((entry.Address, entry.LinkLocal, entry.InterfaceHint));
        _ways.Release(_holds[id].Ways);
        _holds[id] = default;
        entry = default;
        _free.Push(id);
    }

    /// <summary>Takes in what the kernel told, and appends the numbers whose resolution changed, ascending.</summary>
    public void Apply(KernelUpdate update, List<int> changed)
    {
        _lastAsked = default;
        var isWide = _kernel.Apply(update) || update.Routes.Length + update.RemovedRoutes.Length > FewRoutes;
        for (var id = 0; id < _limit; id++)
        {
            if (_holds[id].References > 0 && (isWide || IsCovered(_entries[id].Address, update)) && Resolve(id))
            {
                changed.Add(id);
            }
        }
    }

    /// <summary>Whether BGP routes of a family may lead to any tracked next hop at all: not where all of them are connected.</summary>
    public bool HasDistant(Afi afi) => _distant[afi == Afi.Ipv4 ? 0 : 1].Count > 0;

    /// <summary>Whether a BGP route of this prefix may lead to a tracked next hop. Every route that changes is asked about; see <see cref="HasDistant"/> for what is cheaper still.</summary>
    public bool MayLead(in IpPrefix prefix) =>
        _distant[prefix.Address.IsV4 ? 0 : 1] is { Count: > 0 } distant && distant.HasWithin(prefix);

    /// <summary>Resolves anew what a prefix covers, because a BGP route that <see cref="NextHopOptions.Recursion"/> may use changed; appends the numbers that changed.</summary>
    /// <param name="prefix">The route's.</param>
    /// <param name="budget">How many next hops may be looked at; less by those that were, and by one at least.</param>
    /// <param name="changed">Where to.</param>
    /// <returns>Whether all that BGP routes may lead to is to be asked: the route leads to some next hop, or did, or there are more than may be looked at, and none was.</returns>
    public bool Refresh(in IpPrefix prefix, ref int budget, List<int> changed)
    {
        var leads = false;
        _covered.Clear();
        foreach (var ids in _distant[prefix.Address.IsV4 ? 0 : 1].Within(prefix))
        {
            _covered.AddRange(ids);
            if (_covered.Count > budget)
            {
                budget = 0;
                return true;
            }
        }

        budget -= Math.Max(1, _covered.Count);
        foreach (var id in _covered)
        {
            leads |= _entries[id].Through == prefix;
            if (_holds[id].References > 0 && Resolve(id))
            {
                changed.Add(id);
            }

            leads |= _entries[id].Through == prefix;
        }

        return leads;
    }

    /// <summary>Resolves anew, from a number on, what BGP routes may lead to; appends the numbers that changed, ascending.</summary>
    /// <param name="from">The first number.</param>
    /// <param name="budget">How many numbers may be looked at; less by those that were.</param>
    /// <param name="changed">Where to.</param>
    /// <returns>The number to go on from, −1 when all were looked at.</returns>
    public int RefreshDistant(int from, ref int budget, List<int> changed)
    {
        for (; from < _limit && budget > 0; from++, budget--)
        {
            if (_holds[from] is { References: > 0, IsDistant: true } && Resolve(from))
            {
                changed.Add(from);
            }
        }

        return from < _limit ? from : -1;
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

    /// <summary>The interface on which a session's peer is: that of its zone, else the one whose subnet has it; 0 where it is behind a router or not known.</summary>
    public int InterfaceOf(in IpAddress peer, string zone) =>
        zone.Length > 0 ? _kernel.IndexOf(zone) : _kernel.IsConnected(peer, out var connected) ? connected : 0;

    /// <summary>Our address of a family on an interface: the least global one, else the least link-local one.</summary>
    public bool TryAddressOn(int interfaceIndex, bool isV4, out IpAddress address) => _kernel.TryAddressOn(interfaceIndex, isV4, out address);

    /// <summary>Whether an address is on a directly connected subnet, and on which interface. Never a link-local IPv6 address, which is on all of them.</summary>
    public bool IsConnected(IpAddress address, out int interfaceIndex)
    {
        // Asked about each set that leaves for another AS; sets come in runs of one next hop.
        if (_lastAsked.Address != address || address.IsNone)
        {
            _lastAsked = (address, _kernel.IsConnected(address, out var found) ? found : 0);
        }

        interfaceIndex = _lastAsked.Interface;
        return interfaceIndex != 0;
    }

    /// <summary>The interface whose subnet has an address, whether its link is up or not; 0 where there is none.</summary>
    public int SubnetOf(IpAddress address) => _kernel.SubnetOf(address, mustBeUp: false);

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
        // A copy: what recursion looks at may track next hops in turn, and so move the entries.
        var entry = _entries[id];
        var resolution = Find(id, entry);
        var held = resolution.Ways is null ? 0 : _ways.Acquire(resolution.Ways);
        _ways.Release(_holds[id].Ways);
        _holds[id].Ways = held;
        var resolved = entry with
        {
            Fault = resolution.Fault,
            Metric = resolution.Metric,
            Through = resolution.Through,
            Ways = held == 0 ? null : _ways[held],
        };
        var isChanged = resolved.Fault != entry.Fault
            || resolved.Metric != entry.Metric
            || resolved.Through != entry.Through
            || !ReferenceEquals(resolved.Ways, entry.Ways);
        _entries[id] = resolved;
        SetDistant(id, resolution.IsDistant);
        return isChanged;
    }

    private void SetDistant(int id, bool isDistant)
    {
        ref var hold = ref _holds[id];
        if (hold.IsDistant == isDistant)
        {
            return;
        }

        hold.IsDistant = isDistant;
        var address = _entries[id].Address;
        var host = new IpPrefix(address, (byte)address.BitLength);
        var distant = _distant[address.IsV4 ? 0 : 1];
        var ids = distant.GetOrAdd(host, static () => []);
        if (isDistant)
        {
            ids.Add(id);
        }
        else if (ids.Remove(id) && ids.Count == 0)
        {
            distant.Remove(host);
        }
    }

    private Resolution Find(int id, in NextHopEntry entry)
    {
        var isLinkLocal = entry.Address.IsV6 && entry.Address.IsLinkLocal;
        if (isLinkLocal ? _kernel.IsOwnAt(entry.Address, entry.InterfaceHint) : _kernel.IsOwn(entry.Address))
        {
            return new(NextHopFault.OwnAddress);
        }

        if (_options.AssumeAllReachable)
        {
            return new(NextHopFault.None);
        }

        if (!_kernel.IsKnown)
        {
            return new(NextHopFault.NoKernelState);
        }

        // A global address that is not on the session's link gives way to the link-local one that came with it, which is.
        var usesLinkLocal = isLinkLocal
            || (!entry.LinkLocal.IsNone && entry.InterfaceHint != 0 && !(_kernel.IsConnected(entry.Address, out var connected) && connected == entry.InterfaceHint));
        if (usesLinkLocal)
        {
            return FindOnLink(isLinkLocal ? entry.Address : entry.LinkLocal, entry.InterfaceHint);
        }

        return entry.Address.IsUnspecified || entry.Address.IsMulticast || entry.Address.IsNone
            ? new(NextHopFault.NotUsable)
            : FindByRoute(id, entry.Address);
    }

    private Resolution FindOnLink(in IpAddress gateway, int interfaceIndex) =>
        interfaceIndex == 0 ? new(NextHopFault.NoInterface)
        : !_kernel.IsUp(interfaceIndex) ? new(NextHopFault.LinkDown)
        : new(NextHopFault.None, new Forwarding([new ForwardingHop(gateway, interfaceIndex)]));

    private Resolution FindByRoute(int id, in IpAddress address)
    {
        var length = _kernel.Match(address, out var routes);
        if (length > 0 && IsOnLink(routes![0]))
        {
            // A connected subnet's addresses are on the link, whatever more specific routes peers announce.
            return FindByKernel(address, length, routes);
        }

        var least = _options.AllowDefaultRoute ? length : Math.Max(length, 0);
        var resolution = _options.Recursion?.Invoke(id, address, least) is not { } way ? FindByKernel(address, length, routes)
            : way.Ways.IsBlackhole ? new Resolution(NextHopFault.Blackhole, Through: way.Prefix)
            : new Resolution(NextHopFault.None, way.Ways, way.Metric, way.Prefix);
        return resolution with { IsDistant = _options.Recursion is not null };
    }

    private Resolution FindByKernel(in IpAddress address, int length, List<KernelRoute>? routes)
    {
        if (length < 0)
        {
            return new(NextHopFault.NoRoute);
        }

        if (length == 0 && !_options.AllowDefaultRoute)
        {
            return new(NextHopFault.OnlyDefaultRoute);
        }

        foreach (var route in routes!)
        {
            if (route.Kind != KernelRouteKind.Unicast)
            {
                return new(FaultOf(route.Kind));
            }

            if (WaysOf(route, address, out var isOnLink) is { } ways)
            {
                return new(NextHopFault.None, ways, isOnLink ? 0 : route.Metric);
            }
        }

        return new(NextHopFault.LinkDown);
    }

    private static bool IsOnLink(KernelRoute route) => route.Kind == KernelRouteKind.Unicast && route.Hops.All(hop => hop.Gateway.IsNone);

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
        if (route.Hops is [var only])
        {
            isOnLink = only.Gateway.IsNone;
            return IsDown(only) ? null : new Forwarding([WayOf(only, address)]);
        }

        var hops = ImmutableArray.CreateBuilder<ForwardingHop>(route.Hops.Length);
        foreach (var hop in route.Hops)
        {
            if (IsDown(hop))
            {
                continue;
            }

            isOnLink |= hop.Gateway.IsNone;
            var way = WayOf(hop, address);
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

    private bool IsDown(in KernelHop hop) => hop.IsDown || !_kernel.IsUp(hop.InterfaceIndex);

    private static ForwardingHop WayOf(in KernelHop hop, in IpAddress address) =>
        new(hop.Gateway.IsNone ? address : hop.Gateway, hop.InterfaceIndex, Math.Max(hop.Weight, 1), hop.IsOnLink);

    /// <summary>How a next hop is reached, or why it is not.</summary>
    private readonly record struct Resolution(NextHopFault Fault, Forwarding? Ways = null, uint Metric = 0, IpPrefix? Through = null)
    {
        /// <summary>Whether a BGP route may lead to it.</summary>
        public bool IsDistant { get; init; }
    }
}
