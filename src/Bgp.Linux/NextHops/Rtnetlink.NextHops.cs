namespace Bgp.Linux;

public sealed partial class Rtnetlink
{
    /// <summary>Adds a nexthop object, or replaces the one with its number and so moves all routes that refer to it.</summary>
    /// <exception cref="NetlinkException">The kernel refused.</exception>
    public void ReplaceNextHop(NextHopObject nextHop)
    {
        var sequence = _socket.NextSequence();
        var writer = NewRequest();
        NextHopCodec.Write(ref writer, nextHop, replaces: true, NetlinkFlags.Ack, sequence);
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
}
