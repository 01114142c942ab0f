using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Bgp.Protocol;

namespace Bgp.Engine;

/// <summary>The read side: copies of routes in slices, so that a reader of a full table never holds the lane. It is no snapshot: what changes between two slices is seen as it is then.</summary>
internal sealed partial class Rib<TBits>
{
    // Of an Adj-RIB-Out query, while it reads.
    private (UpdateGroup Group, ushort Member)? _reader;

    public override int ReadSlice(RouteQuery query, int cursor, int max, List<RouteView> into)
    {
        _reader = query.Table == RouteTable.AdjRibOut ? ReaderOf(query.Peer) : default;
        if (query.Prefix is { } prefix && query.Scope == PrefixScope.Exact)
        {
            var index = AddressFamily.Of(prefix) == Family ? _table.Find(prefix) : 0;
            if (index != 0)
            {
                Read(query, index, into);
            }

            return -1;
        }

        if (query.Prefix is { } wanted && query.Scope == PrefixScope.Longest)
        {
            ReadLongest(query, wanted, into);
            return -1;
        }

        var at = (uint)Math.Max(1, cursor);
        for (var visited = 0; at < _table.End && visited < max; at++, visited++)
        {
            ref var destination = ref _table[at];
            if ((destination.Flags & DestinationFlags.Live) != 0 && IsInScope(query, DestinationTable<TBits>.PrefixOf(destination)))
            {
                Read(query, at, into);
            }
        }

        return at < _table.End ? (int)at : -1;
    }

    private void ReadLongest(RouteQuery query, in IpPrefix wanted, List<RouteView> into)
    {
        // In the Loc-RIB the one that carries the traffic, with what stands in front of it and is of no use.
        var isFound = false;
        for (var length = AddressFamily.Of(wanted) == Family ? wanted.Length : -1; length >= 0 && !isFound; length--)
        {
            if (_table.Find(new IpPrefix(wanted.Address, length)) is not 0 and var index)
            {
                var before = into.Count;
                Read(query, index, into);
                isFound = into.Count > before && (query.Table != RouteTable.LocRib || _table[index].HasBest);
            }
        }
    }

    private static bool IsInScope(RouteQuery query, in IpPrefix candidate) => query.Prefix is not { } prefix
        || (query.Scope == PrefixScope.Longer ? prefix.Contains(candidate) : candidate.Contains(prefix));

    private void Read(RouteQuery query, uint index, List<RouteView> into)
    {
        if (query.Table == RouteTable.AdjRibOut)
        {
            ReadOut(index, into);
            return;
        }

        ref var destination = ref _table[index];
        var paths = _table.Paths(ref destination);
        for (var at = 0; at < paths.Length; at++)
        {
            var slot = _context.Slots[paths[at].Slot]!;
            if (query.Peer is { } peer && (slot.Peer != peer || slot.IsDown))
            {
                continue;
            }

            var attributes = query.Table == RouteTable.AdjRibIn ? paths[at].Received : paths[at].Effective;
            var isBest = at == 0 && destination.HasBest;
            var nextHop = _context.Attributes[paths[at].Effective].NextHop;
            var reason = slot.IsDown ? PathReason.SessionDown : _decision.Explain(paths, at, destination.HasBest);
            into.Add(View(DestinationTable<TBits>.PrefixOf(destination), attributes, slot, new Standing
            {
                NextHopInterface = InterfaceOf(attributes, slot),
                Imported = query.Table == RouteTable.AdjRibIn && paths[at].Reason == PathReason.None
                    ? View(DestinationTable<TBits>.PrefixOf(destination), paths[at].Effective, slot, default)
                    : null,
                IsBest = isBest,
                IsMultipath = HasPartOfTraffic(paths, at),
                IsStale = (paths[at].Flags & PathFlags.Stale) != 0,
                IsValid = _decision.IsEligible(paths[at]),
                PathId = slot.FamilyOf(Family) is { AddPathReceive: true } ? new PathId(paths[at].PathId) : null,
                Reason = reason,
                SuppressedBy = SuppressorOf(index, destination),
                Fault = nextHop < 0 ? NextHopFault.None : _context.NextHops[nextHop].Fault,
                Through = nextHop < 0 ? null : _context.NextHops[nextHop].Through,
                Ways = nextHop < 0 ? null : _context.NextHops[nextHop].Ways,
                NextHopCost = nextHop < 0 || !_context.NextHops[nextHop].IsResolved ? null : _context.NextHops[nextHop].Metric,
                ReceivedAt = new Instant(paths[at].ReceivedAt * 1_000_000L),
            }));
        }
    }

    /// <summary>Of next hops that lead over one gateway the kernel has one: then the best path has all the traffic, whatever shares it by its attributes.</summary>
    private bool HasPartOfTraffic(ReadOnlySpan<PathEntry> paths, int at)
    {
        if ((paths[at].Flags & PathFlags.Multipath) == 0)
        {
            return false;
        }

        if (at > 0)
        {
            return AddsAWay(paths[0], paths[at]);
        }

        for (var other = 1; other < paths.Length; other++)
        {
            if ((paths[other].Flags & PathFlags.Multipath) != 0 && AddsAWay(paths[0], paths[other]))
            {
                return true;
            }
        }

        return false;
    }

    private bool AddsAWay(in PathEntry best, in PathEntry other)
    {
        var bestWays = WaysOf(best);
        foreach (var hop in WaysOf(other))
        {
            var isNew = true;
            foreach (var known in bestWays)
            {
                isNew &= known.Gateway != hop.Gateway || known.InterfaceIndex != hop.InterfaceIndex;
            }

            if (isNew)
            {
                return true;
            }
        }

        return false;
    }

    private ImmutableArray<ForwardingHop> WaysOf(in PathEntry path) =>
        _context.Attributes[path.Effective].NextHop is >= 0 and var nextHop ? _context.NextHops[nextHop].Ways?.Hops ?? [] : [];

    /// <summary>The interface of a link-local next hop: that of the session, which is what the route was placed on.</summary>
    private string? InterfaceOf(uint attributes, PeerSlot slot)
    {
        var isLinkLocal = _context.Attributes.View(attributes).NextHop is { IsV6: true, IsLinkLocal: true };
        return isLinkLocal && _context.NextHops.Kernel.NameOf(slot.InterfaceIndex) is { Length: > 0 } name ? name : null;
    }

    private void ReadOut(uint index, List<RouteView> into)
    {
        if (_reader is not (var group, var member))
        {
            return;
        }

        if (group.Entry(index) is { IsNone: false } entry && AudienceOf(entry).Includes(member))
        {
            into.Add(OutView(group, index, entry, receivedId: null, isBest: true));
        }

        var paths = group.Paths(index);
        for (var at = 0; at < paths.Length; at++)
        {
            if (!paths[at].IsNone && AudienceOf(paths[at].Entry).Includes(member))
            {
                into.Add(OutView(group, index, paths[at].Entry, paths[at].ReceivedId, IsOriginatedFor(group, _table[index]) || IsBest(index, paths[at]), new PathId(LocalId(at))));
            }
        }
    }

    /// <summary>The group of a neighbor and its slot there: found once a slice, not once a destination.</summary>
    private (UpdateGroup Group, ushort Member)? ReaderOf(PeerId? peer)
    {
        foreach (var group in _groups)
        {
            foreach (var member in group.Members)
            {
                if (member.Slot.Peer == peer)
                {
                    return (group, member.Slot.Number);
                }
            }
        }

        return null;
    }

    private RouteView OutView(UpdateGroup group, uint index, OutEntry entry, uint? receivedId, bool isBest, PathId? pathId = null) =>
        View(DestinationTable<TBits>.PrefixOf(_table[index]), entry.Attributes, _context.Slots[entry.Source]!, new Standing
        {
            IsValid = true,
            IsBest = isBest,
            PathId = pathId,
            ReceivedAt = IsOriginatedFor(group, _table[index]) ? null : ReceivedAt(index, entry.Source, receivedId),
        });

    /// <summary>When the path came that an announcement is made of. Without ADD-PATH it is the first of its source: the best stands first.</summary>
    private Instant? ReceivedAt(uint index, ushort source, uint? receivedId)
    {
        ref var destination = ref _table[index];
        foreach (ref readonly var path in _table.Paths(ref destination))
        {
            if (path.Slot == source && (receivedId is null || path.PathId == receivedId))
            {
                return new Instant(path.ReceivedAt * 1_000_000L);
            }
        }

        return null;
    }

    private bool IsBest(uint index, in OutPath path)
    {
        ref var destination = ref _table[index];
        return destination.HasBest && _table.Paths(ref destination)[0] is var best && best.Slot == path.Entry.Source && best.PathId == path.ReceivedId;
    }

    private RouteView View(in IpPrefix prefix, uint attributes, PeerSlot slot, in Standing standing)
    {
        var view = _context.Attributes.View(attributes);
        return new RouteView
        {
            Prefix = prefix,
            NextHop = view.NextHop,
            AsPath = view.AsPath.ToString(),
            Origin = view.Origin,
            LocalPref = view.LocalPref,
            Med = view.Med,
            Weight = LocalValues.Of(view).Weight,
            Communities = view.TryGet(AttributeType.Communities, out _) ? Strings(view.Communities) : null,
            LargeCommunities = view.TryGet(AttributeType.LargeCommunities, out _) ? Strings(view.LargeCommunities) : null,
            ExtendedCommunities = view.TryGet(AttributeType.ExtendedCommunities, out _) ? Strings(view.ExtendedCommunities) : null,
            OriginatorId = view.OriginatorId,
            ClusterList = Clusters(view),
            AtomicAggregate = view.AtomicAggregate,
            Aggregator = view.Aggregator is { } aggregator ? $"{aggregator.Asn} {aggregator.Address}" : null,
            Peer = slot.Peer,
            Source = slot.Source,
            NextHopInterface = standing.NextHopInterface,
            Imported = standing.Imported,
            IsBest = standing.IsBest,
            IsMultipath = standing.IsMultipath,
            IsStale = standing.IsStale,
            IsValid = standing.IsValid,
            PathId = standing.PathId,
            Reason = standing.Reason,
            SuppressedBy = standing.SuppressedBy,
            Fault = standing.Fault,
            Through = standing.Through,
            Ways = standing.Ways,
            NextHopCost = standing.NextHopCost,
            ReceivedAt = standing.ReceivedAt,
        };
    }

    private static ImmutableArray<string> Strings(CommunityView communities)
    {
        var strings = new string[communities.Count];
        for (var at = 0; at < strings.Length; at++)
        {
            strings[at] = communities[at].ToString();
        }

        return ImmutableCollectionsMarshal.AsImmutableArray(strings);
    }

    private static ImmutableArray<string> Strings(LargeCommunityView communities)
    {
        var strings = new string[communities.Count];
        for (var at = 0; at < strings.Length; at++)
        {
            strings[at] = communities[at].ToString();
        }

        return ImmutableCollectionsMarshal.AsImmutableArray(strings);
    }

    private static ImmutableArray<string> Strings(ExtendedCommunityView communities)
    {
        var strings = new string[communities.Count];
        for (var at = 0; at < strings.Length; at++)
        {
            strings[at] = communities[at].ToString();
        }

        return ImmutableCollectionsMarshal.AsImmutableArray(strings);
    }

    private static ImmutableArray<RouterId>? Clusters(in PathAttributes view)
    {
        if (!view.TryGet(AttributeType.ClusterList, out _))
        {
            return null;
        }

        var clusters = new RouterId[view.ClusterList.Count];
        for (var at = 0; at < clusters.Length; at++)
        {
            clusters[at] = view.ClusterList[at];
        }

        return ImmutableCollectionsMarshal.AsImmutableArray(clusters);
    }

    /// <summary>What a <see cref="RouteView"/> says of a path beside its attributes: how it stands here.</summary>
    private readonly record struct Standing
    {
        public string? NextHopInterface { get; init; }

        public RouteView? Imported { get; init; }

        public bool IsBest { get; init; }

        public bool IsMultipath { get; init; }

        public bool IsStale { get; init; }

        public bool IsValid { get; init; }

        public PathId? PathId { get; init; }

        public PathReason Reason { get; init; }

        public IpPrefix? SuppressedBy { get; init; }

        public NextHopFault Fault { get; init; }

        public IpPrefix? Through { get; init; }

        public Forwarding? Ways { get; init; }

        public uint? NextHopCost { get; init; }

        public Instant? ReceivedAt { get; init; }
    }
}
