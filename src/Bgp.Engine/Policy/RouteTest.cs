using System.Collections.Immutable;
using Bgp.Protocol;

namespace Bgp.Engine;

/// <summary>The conditions of a rule on a route's attributes and source, what can be known of them in advance already resolved.</summary>
internal sealed class RouteTest(RouteMatch match)
{
    public RouteMatch Match { get; } = match;

    public bool LooksAtSource => Match.From != default;

    /// <summary>Whether all conditions hold.</summary>
    /// <param name="route">The attributes as they are at this point of the program.</param>
    /// <param name="source">Where the route came from.</param>
    /// <param name="defaultLocalPref">The LOCAL_PREF of routes without one.</param>
    /// <param name="kernel">Knows the names of interfaces.</param>
    public bool Holds(in PathAttributes route, PeerSlot source, uint defaultLocalPref, KernelView kernel) =>
        ComesFrom(source)
        && (Match.From.Interface is not { } pattern || InterfacePattern.Matches(pattern, kernel.NameOf(source.IsLocal ? LocalValues.Of(route).InterfaceIndex : source.InterfaceIndex)))
        && HoldsForNumbers(route, defaultLocalPref)
        && HoldsForPath(route.AsPath)
        && (Match.NextHops.IsDefault || Contains(Match.NextHops, route.NextHop))
        && (Match.Communities.IsDefault || Any(Match.Communities, route.Communities))
        && (Match.LargeCommunities.IsDefault || Any(Match.LargeCommunities, route.LargeCommunities))
        && (Match.ExtendedCommunities.IsDefault || Any(Match.ExtendedCommunities, route.ExtendedCommunities));

    private bool ComesFrom(PeerSlot source) =>
        (Match.From.Neighbor is not { } neighbor || (!source.IsLocal && source.Address == neighbor))
        && (Match.From.PeerType is not { } type || type == TypeOf(source))
        && (Match.From.IsLocal is not { } isLocal || isLocal == source.IsLocal);

    private static PeerType TypeOf(PeerSlot source) => source.Source switch
    {
        RouteSource.Local => PeerType.Local,
        RouteSource.Internal or RouteSource.Confederation => PeerType.Ibgp,
        _ => PeerType.Ebgp,
    };

    private bool HoldsForNumbers(in PathAttributes route, uint defaultLocalPref) =>
        (Match.LocalPref is not { } localPref || localPref.Contains(route.LocalPref ?? defaultLocalPref))
        && (Match.Med is not { } med || (route.Med is { } value && med.Contains(value)))
        && (Match.KernelMetric is not { } metrics || IsWithin(metrics, LocalValues.Of(route)));

    private static bool IsWithin(ValueRange metrics, in LocalValues local) => (local.Flags & LocalFlags.HasKernelMetric) != 0 && metrics.Contains(local.KernelMetric);

    private bool HoldsForPath(in AsPathView path) =>
        (Match.AsPathLength is not { } length || length.Contains((uint)path.Length))
        && (Match.OriginAs.IsDefault || (path.OriginAs is { } origin && Match.OriginAs.Contains(origin)))
        && (Match.AsPathPrefix.IsDefault || StartsWith(path, Match.AsPathPrefix.AsSpan()))
        && (Match.AsPath is not { } pattern || pattern.Matches(path));

    private static bool StartsWith(in AsPathView path, ReadOnlySpan<Asn> prefix)
    {
        foreach (var segment in path)
        {
            for (var at = 0; at < segment.Count; at++, prefix = prefix[1..])
            {
                if (prefix.IsEmpty)
                {
                    return true;
                }

                if (segment.IsSet || segment[at] != prefix[0])
                {
                    return false;
                }
            }
        }

        return prefix.IsEmpty;
    }

    private static bool Contains(ImmutableArray<IpPrefix> prefixes, in IpAddress address)
    {
        foreach (ref readonly var prefix in prefixes.AsSpan())
        {
            if (prefix.Contains(address))
            {
                return true;
            }
        }

        return false;
    }

    private static bool Any(ImmutableArray<CommunityPattern> patterns, in CommunityView communities)
    {
        for (var at = 0; at < communities.Count; at++)
        {
            if (Patterns.Any(patterns, communities[at]))
            {
                return true;
            }
        }

        return false;
    }

    private static bool Any(ImmutableArray<LargeCommunityPattern> patterns, in LargeCommunityView communities)
    {
        for (var at = 0; at < communities.Count; at++)
        {
            if (Patterns.Any(patterns, communities[at]))
            {
                return true;
            }
        }

        return false;
    }

    private static bool Any(ImmutableArray<ExtendedCommunityPattern> patterns, in ExtendedCommunityView communities)
    {
        for (var at = 0; at < communities.Count; at++)
        {
            if (Patterns.Any(patterns, communities[at]))
            {
                return true;
            }
        }

        return false;
    }
}
