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

    /// <summary>Adds a nexthop object, or replaces the one with its number and so moves all routes that refer to it.</summary>
    /// <exception cref="NetlinkException">The kernel refused.</exception>
    public void ReplaceNextHop(NextHopObject nextHop)
    {
        var sequence = _socket.NextSequence();
        var writer = NewRequest();
        NextHopCodec.WriteReplace(ref writer, nextHop, NetlinkFlags.Ack, sequence);
        Execute(writer, sequence, $"replace nexthop {nextHop.Id}");
    }

    /// <summary>Removes a nexthop object, and with it every route that refers to it, without a word about those.</summary>
    /// <exception cref="NetlinkException">The kernel refused.</exception>
    public void DeleteNextHop(uint id)
    {
        var sequence = _socket.NextSequence();
        var writer = NewRequest();
        NextHopCodec.WriteDelete(ref writer, id, NetlinkFlags.Ack, sequence);
        Execute(writer, sequence, $"delete nexthop {id}");
    }

    /// <summary>All nexthop objects of the namespace.</summary>
    /// <exception cref="NetlinkException">The kernel refused.</exception>
    public IReadOnlyList<NextHopObject> ReadNextHops() => ReadAll<NextHopObject>(
        (ref writer, sequence) => NextHopCodec.WriteDump(ref writer, sequence),
        (in message, found) =>
        {
            if (message.Type == NetlinkType.NewNextHop && NextHopCodec.TryRead(message, out var nextHop) && nextHop is not null)
            {
                found.Add(nextHop);
            }
        },
        "read nexthops");

    private delegate void RequestWriter(ref NetlinkMessageWriter writer, uint sequence);

    private delegate void Collector<T>(in NetlinkMessageReader message, List<T> found);

    /// <summary>Dumps until the tables stood still.</summary>
    private List<T> ReadAll<T>(RequestWriter request, Collector<T> collect, string operation)
    {
        var found = new List<T>();
        for (var attempt = 0; attempt < DumpAttempts; attempt++)
        {
            found.Clear();
            var sequence = _socket.NextSequence();
            var writer = NewRequest();
            request(ref writer, sequence);
            if (TryDump(writer, sequence, (in message) => collect(message, found), operation))
            {
                return found;
            }
        }

        throw new NetlinkException(operation, Errno.EINTR);
    }
}
