using Bgp.Protocol;

namespace Bgp.Engine;

/// <summary>The engine's read side, for <see cref="Speaker.AskRoutes"/>.</summary>
public sealed partial class RouteEngine
{
    /// <summary>
    /// Copies the routes of up to <paramref name="max"/> destinations, from <paramref name="cursor"/> (0 at first), into a list, in no order that means anything.
    /// </summary>
    /// <returns>The cursor of the next slice, −1 at the end.</returns>
    public int ReadSlice(RouteQuery query, int cursor, int max, List<RouteView> into) =>
        !IsConfigured || RibOf(query.Family) is not { } rib ? -1 : rib.ReadSlice(query, cursor, max, into);

    /// <summary>Prefixes and paths of each family.</summary>
    public IReadOnlyList<RibCounts> Counts() =>
    [
        new RibCounts(AddressFamily.Ipv4Unicast, _ipv4.PrefixCount, _ipv4.PathCount),
        new RibCounts(AddressFamily.Ipv6Unicast, _ipv6.PrefixCount, _ipv6.PathCount),
    ];

    /// <summary>Counts of a neighbor's established session, by family; empty when it has none.</summary>
    public IReadOnlyList<PeerRouteCounts> PeerCounts(PeerId peer) => !_slotByPeer.TryGetValue(peer, out var slot)
        ? []
        : [.. Families(slot).Select(family => new PeerRouteCounts(family.Family, family.Received, family.Accepted, RibOf(family.Family)!.AdvertisedTo(slot)))];

    /// <summary>Appends the static routes that are not in the kernel because no gateway of theirs is reached, with the reasons.</summary>
    public void ReadUnreachedStatics(List<FibRouteStatus> into) => _statics.ReadUnreached(into);

    /// <summary>Distinct attribute sets that paths and announcements use.</summary>
    public int AttributeSets => _context.Attributes.Count;

    /// <summary>Different policy programs of the configuration in force.</summary>
    public int PolicyPrograms => _context.Policies.Count;

    /// <summary>The most destinations, prefixes of the kernel and next hops that one <see cref="EngineInputKind.Work"/> has looked at so far.</summary>
    public int BusiestStep { get; private set; }

    /// <summary>What <see cref="BusiestStep"/> never exceeds: <see cref="EngineLimits.DestinationsPerStep"/> of each family, and as many prefixes of the kernel's that may be announced, and next hops that other routes lead to.</summary>
    public int StepBound => 4 * _context.Limits.DestinationsPerStep;

    /// <summary>Buffers of encoded UPDATEs that members have not all read, 64 KiB each.</summary>
    public int OutputBuffers => _context.Buffers.Rented;
}
