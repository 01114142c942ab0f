namespace Bgp.Linux;

public sealed partial class Rtnetlink
{
    /// <summary>Adds, replaces or removes one route.</summary>
    /// <exception cref="NetlinkException">The kernel refused.</exception>
    public void ChangeRoute(RouteOperation operation, in KernelRoute route)
    {
        var sequence = _socket.NextSequence();
        var writer = NewRequest();
        RouteCodec.Write(ref writer, operation, route, NetlinkFlags.Ack, sequence);
        Execute(writer, sequence, $"{operation} route {route.Prefix}");
    }

    /// <summary>
    /// Reads routes and hands each to <paramref name="each"/> as it comes. False where the tables changed in the middle: some routes may be missing or
    /// come twice, ask again.
    /// </summary>
    /// <exception cref="NetlinkException">The kernel refused.</exception>
    public bool TryReadRoutes(RouteFilter filter, Action<KernelRoute> each)
    {
        var sequence = _socket.NextSequence();
        var writer = NewRequest();
        RouteCodec.WriteDump(ref writer, filter, sequence);
        try
        {
            return TryDump(
                writer,
                sequence,
                (in message) =>
                {
                    if (message.Type == NetlinkType.NewRoute && RouteCodec.TryRead(message, out var route))
                    {
                        each(route);
                    }
                },
                "read routes");
        }
        catch (NetlinkException refused) when (refused.Errno == Errno.ENOENT)
        {
            // "FIB table does not exist": tables come into being with their first route.
            return true;
        }
    }

    /// <summary>All routes that the filter names.</summary>
    /// <exception cref="NetlinkException">The kernel refused, or the tables never stood still (EINTR).</exception>
    public IReadOnlyList<KernelRoute> ReadRoutes(RouteFilter filter)
    {
        var routes = new List<KernelRoute>();
        for (var attempt = 0; attempt < DumpAttempts; attempt++)
        {
            routes.Clear();
            if (TryReadRoutes(filter, routes.Add))
            {
                return routes;
            }
        }

        throw new NetlinkException("read routes", Errno.EINTR);
    }
}
