using System.Collections.Immutable;
using Bgp.Engine;
using Bgp.Linux;
using Bgp.Protocol;
using KernelAddress = Bgp.Engine.KernelAddress;
using KernelLink = Bgp.Engine.KernelLink;
using KernelRoute = Bgp.Engine.KernelRoute;
using NetlinkAddress = Bgp.Linux.KernelAddress;
using NetlinkLink = Bgp.Linux.KernelLink;
using NetlinkRoute = Bgp.Linux.KernelRoute;

namespace Bgp.Daemon;

/// <summary>Carries values between the engine's view of the kernel and netlink's.</summary>
internal static class KernelTranslation
{
    /// <summary>The engine's view of a route; <c>null</c> for types that forward nothing and block nothing (throw, unknown ones).</summary>
    /// <param name="route">As the kernel tells it.</param>
    /// <param name="objects">Tells the ways of a route that refers to a nexthop object; without it they are those that the kernel lists, if it does.</param>
    public static KernelRoute? ToEngine(in NetlinkRoute route, NextHopObjects? objects = null)
    {
        KernelRouteKind kind;
        switch (route.Type)
        {
            case KernelRouteType.Unicast:
                kind = KernelRouteKind.Unicast;
                break;
            case KernelRouteType.Local or KernelRouteType.Broadcast or KernelRouteType.Anycast or KernelRouteType.Multicast:
                kind = KernelRouteKind.Local;
                break;
            case KernelRouteType.Blackhole:
                kind = KernelRouteKind.Blackhole;
                break;
            case KernelRouteType.Unreachable:
                kind = KernelRouteKind.Unreachable;
                break;
            case KernelRouteType.Prohibit:
                kind = KernelRouteKind.Prohibit;
                break;
            default:
                return null;
        }

        return new KernelRoute
        {
            Prefix = route.Prefix,
            Kind = kind,
            Protocol = (byte)route.Protocol,
            Table = route.Table,
            Metric = route.Metric,
            PreferredSource = route.PreferredSource,
            Hops = route.NextHopId != 0 && objects is not null ? objects.HopsOf(route.NextHopId) : ToEngine(route.NextHops),
        };
    }

    public static KernelLink ToEngine(NetlinkLink link) => new(link.Index, link.Name, link.IsRunning);

    public static KernelAddress ToEngine(in NetlinkAddress address) => new(address.InterfaceIndex, address.Address, address.PrefixLength);

    /// <summary>The route that a request writes, or the key of the one that it deletes.</summary>
    public static NetlinkRoute ToNetlink(in FibRequest request, FibConfig config)
    {
        var route = new NetlinkRoute(request.Prefix)
        {
            Table = config.Table,
            Protocol = (RouteProtocol)config.Protocol,
            Metric = request.MetricUnder(config),
        };
        if (request.Forwarding is not { } forwarding)
        {
            return route;
        }

        if (forwarding.IsBlackhole)
        {
            return route with { Type = KernelRouteType.Blackhole };
        }

        return route with
        {
            PreferredSource = request.Prefix.Address.IsV4 ? config.SourceV4 : config.SourceV6,
            Scope = ScopeOf(request.Prefix, forwarding),
            NextHops = ToNetlink(forwarding.Hops),
        };
    }

    private static ImmutableArray<KernelHop> ToEngine(in KernelNextHops hops)
    {
        if (hops.Count == 0)
        {
            return [];
        }

        var result = ImmutableArray.CreateBuilder<KernelHop>(hops.Count);
        foreach (var hop in hops)
        {
            result.Add(new KernelHop(
                hop.Gateway,
                hop.InterfaceIndex,
                hop.Weight,
                (hop.Flags & NextHopFlags.OnLink) != 0,
                (hop.Flags & (NextHopFlags.Dead | NextHopFlags.LinkDown)) != 0));
        }

        return result.MoveToImmutable();
    }

    private static KernelNextHops ToNetlink(ImmutableArray<ForwardingHop> hops)
    {
        if (hops.Length == 1)
        {
            return [ToNetlink(hops[0])];
        }

        // The kernel takes no more ways than fit its attribute; the engine's multipath limit lies far below.
        var result = new KernelNextHop[Math.Min(hops.Length, KernelNextHops.MaxCount)];
        for (var i = 0; i < result.Length; i++)
        {
            result[i] = ToNetlink(hops[i]);
        }

        return KernelNextHops.Create(result);
    }

    private static KernelNextHop ToNetlink(in ForwardingHop hop) => new(
        hop.Gateway,
        hop.InterfaceIndex,
        Math.Clamp(hop.Weight, 1, KernelNextHop.MaxWeight),
        hop.IsOnLink && !hop.Gateway.IsNone ? NextHopFlags.OnLink : NextHopFlags.None);

    /// <summary>IPv4 wants to be told that a destination is on the link; IPv6 knows no scopes.</summary>
    private static RouteScope ScopeOf(in IpPrefix prefix, Forwarding forwarding) =>
        prefix.Address.IsV4 && forwarding.Hops.All(hop => hop.Gateway.IsNone) ? RouteScope.Link : RouteScope.Universe;
}
