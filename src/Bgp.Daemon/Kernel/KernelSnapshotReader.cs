using System.Collections.Immutable;
using Bgp.Engine;
using Bgp.Linux;
using Bgp.Protocol;
using KernelRoute = Bgp.Engine.KernelRoute;

namespace Bgp.Daemon;

/// <summary>Reads links, addresses and foreign routes of the tables that decide about next hops, main and local, and of those that are asked for besides.</summary>
internal sealed class KernelSnapshotReader : IDisposable
{
    private readonly Rtnetlink _netlink = Rtnetlink.Open();

    /// <summary>Reads all and lets <paramref name="news"/> know the links by it; <c>null</c> where the tables never stood still.</summary>
    public KernelUpdate? TryRead(KernelNews news)
    {
        try
        {
            var links = _netlink.ReadLinks();
            news.LearnLinks(links);
            var addresses = _netlink.ReadAddresses();
            var routes = ImmutableArray.CreateBuilder<KernelRoute>();
            NextHopObjects? objects = null;
            foreach (var table in TablesOf(news))
            {
                foreach (var route in _netlink.ReadRoutes(table))
                {
                    if (route is { NextHopId: not 0, NextHops.Count: 0, Drops: false })
                    {
                        objects ??= ReadObjects();
                    }

                    if (KernelTranslation.ToEngine(route, objects) is { } foreign && !news.IsOwned(foreign))
                    {
                        routes.Add(foreign);
                    }
                }
            }

            return new KernelUpdate
            {
                IsSnapshot = true,
                Links = [.. links.Select(KernelTranslation.ToEngine)],
                Addresses = [.. addresses.Where(address => address.IsUsable).Select(address => KernelTranslation.ToEngine(address))],
                Routes = routes.DrainToImmutable(),
            };
        }
        catch (NetlinkException interrupted) when (interrupted.Errno is Errno.EINTR or Errno.ENOBUFS or Errno.ETIMEDOUT)
        {
            return null;
        }
    }

    private static IEnumerable<RouteFilter> TablesOf(KernelNews news) =>
        news.Tables.Union([KernelNews.MainTable, KernelNews.LocalTable]).SelectMany(static table => new RouteFilter[] { new(Afi.Ipv4, table), new(Afi.Ipv6, table) });

    private NextHopObjects ReadObjects()
    {
        var objects = new NextHopObjects();
        objects.Learn(_netlink.ReadNextHops(), new FibConfig { Enabled = false });
        return objects;
    }

    public void Dispose() => _netlink.Dispose();
}
