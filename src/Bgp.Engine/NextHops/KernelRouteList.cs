using System.Collections.Immutable;

namespace Bgp.Engine;

/// <summary>
/// The kernel's routes of one prefix, by table, those of the least metric first. An address of ours stands among them as the subnet that it makes: in <see cref="OfAddresses"/>, which is no
/// table of the kernel's, under the address as source and the interface as metric.
/// </summary>
internal static class KernelRouteList
{
    public const uint OfAddresses = 0;

    /// <summary>
    /// Takes a route in. One that is told by itself takes the place of whatever had its key, which knows no protocol; of a snapshot several may share a key, and each is told.
    /// </summary>
    public static void Put(List<KernelRoute> routes, KernelRoute route, bool isOfSnapshot)
    {
        Displace(routes, route, isOfSnapshot);
        var place = routes.FindIndex(known => IsBehind(known, route));
        routes.Insert(place < 0 ? routes.Count : place, route);
    }

    /// <summary>Takes out what a route takes the place of: see <see cref="Put"/>.</summary>
    /// <returns>Whether there was any.</returns>
    public static bool Displace(List<KernelRoute> routes, KernelRoute route, bool isOfSnapshot) =>
        routes.RemoveAll(known => HasKeyOf(known, route) && (!isOfSnapshot || known.Protocol == route.Protocol)) > 0;

    /// <summary>Takes a route out, or of an IPv6 route the ways that are named: it goes way by way.</summary>
    /// <returns>Whether it was there.</returns>
    public static bool Remove(List<KernelRoute> routes, KernelRoute route)
    {
        var place = routes.FindIndex(known => HasKeyOf(known, route) && known.Protocol == route.Protocol);
        if (place < 0)
        {
            return false;
        }

        var rest = Without(routes[place].Hops, route.Hops);
        if (rest.IsEmpty)
        {
            routes.RemoveAt(place);
        }
        else
        {
            routes[place] = routes[place] with { Hops = rest };
        }

        return true;
    }

    private static bool HasKeyOf(KernelRoute known, KernelRoute route) =>
        known.Table == route.Table && known.Metric == route.Metric && (known.Table != OfAddresses || known.PreferredSource == route.PreferredSource);

    private static bool IsBehind(KernelRoute known, KernelRoute route) =>
        (known.Table, known.Metric, known.Protocol).CompareTo((route.Table, route.Metric, route.Protocol)) > 0;

    private static ImmutableArray<KernelHop> Without(ImmutableArray<KernelHop> hops, ImmutableArray<KernelHop> removed) =>
        removed.IsEmpty ? [] : hops.RemoveAll(hop => removed.Any(gone => gone.Gateway == hop.Gateway && gone.InterfaceIndex == hop.InterfaceIndex));
}
