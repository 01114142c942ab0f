using Bgp.Protocol;

namespace Bgp.Engine;

/// <summary>
/// What the kernel told of links, addresses and foreign routes, in the shape that next hops ask for. As the kernel itself it looks into the local table first and then into the main
/// one; routes of other tables are not looked at.
/// </summary>
internal sealed class KernelView
{
    private const uint LocalTable = 255;
    private const uint MainTable = 254;

    private readonly Dictionary<int, KernelLink> _links = [];

    // By interface, then by address, so that every choice among them is the same in every run.
    private readonly SortedSet<(int Interface, IpAddress Address, byte Length)> _addresses = [];
    private readonly Dictionary<IpAddress, int> _ownAddresses = [];
    private readonly PrefixTrie<List<KernelRoute>>[] _local = [new(), new()];
    private readonly PrefixTrie<List<KernelRoute>>[] _main = [new(), new()];

    /// <summary>Whether a snapshot has come.</summary>
    public bool IsKnown { get; private set; }

    /// <summary>Takes an update in.</summary>
    /// <returns>Whether more than routes changed.</returns>
    public bool Apply(KernelUpdate update)
    {
        if (update.IsSnapshot)
        {
            IsKnown = true;
            _links.Clear();
            _addresses.Clear();
            _ownAddresses.Clear();
            foreach (var trie in (ReadOnlySpan<PrefixTrie<List<KernelRoute>>>)[.. _local, .. _main])
            {
                trie.Clear();
            }
        }

        var isWide = update.IsSnapshot;
        foreach (var link in update.Links)
        {
            isWide |= !_links.TryGetValue(link.Index, out var known) || known.IsUp != link.IsUp;
            _links[link.Index] = link;
        }

        foreach (var index in update.RemovedLinks)
        {
            isWide |= _links.Remove(index);
        }

        foreach (var address in update.Addresses)
        {
            isWide |= AddAddress(address);
        }

        foreach (var address in update.RemovedAddresses)
        {
            isWide |= RemoveAddress(address);
        }

        foreach (var route in update.RemovedRoutes)
        {
            Remove(route);
        }

        foreach (var route in update.Routes)
        {
            Add(route, update.IsSnapshot);
        }

        return isWide;
    }

    /// <summary>The interface of a name, 0 where there is none.</summary>
    public int IndexOf(string name)
    {
        foreach (var link in _links.Values)
        {
            if (string.Equals(link.Name, name, StringComparison.Ordinal))
            {
                return link.Index;
            }
        }

        return 0;
    }

    /// <summary>How many links there are.</summary>
    public int LinkCount => _links.Count;

    /// <summary>The name of an interface, empty where there is none.</summary>
    public string NameOf(int interfaceIndex) => _links.TryGetValue(interfaceIndex, out var link) ? link.Name : "";

    /// <summary>All addresses of ours, by interface.</summary>
    public IEnumerable<KernelAddress> Addresses() => _addresses.Select(static own => new KernelAddress(own.Interface, own.Address, own.Length));

    public bool IsUp(int interfaceIndex) => _links.TryGetValue(interfaceIndex, out var link) && link.IsUp;

    public bool IsOwn(in IpAddress address) => address.IsLoopback || _ownAddresses.ContainsKey(address);

    /// <summary>Whether a link-local address is ours on that interface; the same may be another's on another link.</summary>
    public bool IsOwnAt(in IpAddress address, int interfaceIndex)
    {
        foreach (var own in On(interfaceIndex))
        {
            if (own.Address == address)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>The kernel's routes of the longest prefix that covers an address, the one of the least metric first, and that prefix' length; −1 where none does.</summary>
    public int Match(in IpAddress address, out List<KernelRoute>? routes)
    {
        var family = address.IsV4 ? 0 : 1;
        var length = _local[family].Match(address, out routes);
        return length >= 0 ? length : _main[family].Match(address, out routes);
    }

    /// <summary>The interface whose subnet has an address: by our own addresses, else by an on-link route that is not a default route. Links that are down do not count.</summary>
    public bool IsConnected(in IpAddress address, out int interfaceIndex)
    {
        interfaceIndex = SubnetOf(address, mustBeUp: true);
        return interfaceIndex != 0;
    }

    /// <summary>As <see cref="IsConnected"/>, also over links that are down where they need not be up; 0 where there is none.</summary>
    public int SubnetOf(in IpAddress address, bool mustBeUp)
    {
        if (address.IsV6 && address.IsLinkLocal)
        {
            // It is on every link.
            return 0;
        }

        var (longest, interfaceIndex) = (-1, 0);
        foreach (var own in _addresses)
        {
            if (own.Length > longest && own.Address.IsV4 == address.IsV4 && new IpPrefix(own.Address, own.Length).Contains(address) && (!mustBeUp || IsUp(own.Interface)))
            {
                (longest, interfaceIndex) = (own.Length, own.Interface);
            }
        }

        if (longest >= 0)
        {
            return interfaceIndex;
        }

        return _main[address.IsV4 ? 0 : 1].Match(address, out var routes) > 0 && routes![0] is { IsOnLink: true, Hops: [var hop] } && (!mustBeUp || IsUp(hop.InterfaceIndex))
            ? hop.InterfaceIndex
            : 0;
    }

    /// <summary>An address of a family on the interface that has <paramref name="local"/>: the least global one, else the least link-local one.</summary>
    public bool TrySibling(in IpAddress local, bool isV4, out IpAddress sibling)
    {
        sibling = IpAddress.None;
        foreach (var holder in _addresses)
        {
            if (holder.Address == local && TryAddressOn(holder.Interface, isV4, out var candidate) && (sibling.IsNone || (sibling.IsLinkLocal && !candidate.IsLinkLocal)))
            {
                sibling = candidate;
            }
        }

        return !sibling.IsNone;
    }

    /// <summary>Our address of a family on an interface: the least global one, else the least link-local one.</summary>
    public bool TryAddressOn(int interfaceIndex, bool isV4, out IpAddress address)
    {
        address = IpAddress.None;
        foreach (var candidate in On(interfaceIndex))
        {
            if (candidate.Address.IsV4 == isV4 && !candidate.Address.IsLoopback && (address.IsNone || (address.IsLinkLocal && !candidate.Address.IsLinkLocal)))
            {
                address = candidate.Address;
            }
        }

        return !address.IsNone;
    }

    private SortedSet<(int Interface, IpAddress Address, byte Length)> On(int interfaceIndex) =>
        _addresses.GetViewBetween((interfaceIndex, IpAddress.None, 0), (interfaceIndex, IpAddress.V6(ulong.MaxValue, ulong.MaxValue), byte.MaxValue));

    private bool AddAddress(KernelAddress address)
    {
        var isNew = _addresses.Add((address.InterfaceIndex, address.Address, address.PrefixLength));
        if (isNew)
        {
            _ownAddresses[address.Address] = _ownAddresses.GetValueOrDefault(address.Address) + 1;
        }

        return isNew;
    }

    private bool RemoveAddress(KernelAddress address)
    {
        var wasThere = _addresses.Remove((address.InterfaceIndex, address.Address, address.PrefixLength));
        if (wasThere && --_ownAddresses[address.Address] == 0)
        {
            _ownAddresses.Remove(address.Address);
        }

        return wasThere;
    }

    private PrefixTrie<List<KernelRoute>>? TrieOf(KernelRoute route) => route.Table switch
    {
        MainTable => _main[route.Prefix.Address.IsV4 ? 0 : 1],
        LocalTable => _local[route.Prefix.Address.IsV4 ? 0 : 1],
        _ => null,
    };

    private void Add(KernelRoute route, bool isOfSnapshot)
    {
        if (TrieOf(route) is not { } trie)
        {
            return;
        }

        KernelRouteList.Put(trie.GetOrAdd(route.Prefix, static () => []), route, isOfSnapshot);
    }

    private void Remove(KernelRoute route)
    {
        if (TrieOf(route) is not { } trie || !trie.TryGet(route.Prefix, out var routes))
        {
            return;
        }

        KernelRouteList.Remove(routes, route);
        if (routes.Count == 0)
        {
            trie.Remove(route.Prefix);
        }
    }
}
