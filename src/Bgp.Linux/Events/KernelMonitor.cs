namespace Bgp.Linux;

/// <summary>
/// Hears of changes of links, addresses, routes and nexthop objects. A dedicated thread owns it and calls <see cref="Receive"/>; another may call
/// <see cref="Wake"/>. Subscribe first, then read the tables: so nothing falls between.
/// </summary>
public sealed class KernelMonitor : IDisposable
{
    private readonly NetlinkSocket _socket;
    private readonly byte[] _datagram = new byte[NetlinkSocket.DatagramLimit];

    private KernelMonitor(NetlinkSocket socket)
    {
        _socket = socket;
    }

    /// <summary>Subscribes in the network namespace of the calling thread.</summary>
    /// <param name="groups">What to hear of.</param>
    /// <param name="ignoredPorts">Ports (<see cref="Rtnetlink.PortId"/>) whose own writes the kernel shall not tell; at most 16.</param>
    /// <exception cref="LinuxException">The kernel refused.</exception>
    public static KernelMonitor Open(NetlinkGroups groups, params ReadOnlySpan<uint> ignoredPorts)
    {
        var socket = NetlinkSocket.Open();
        try
        {
            if (!ignoredPorts.IsEmpty)
            {
                socket.IgnoreWritesOf(ignoredPorts);
            }

            socket.Subscribe(groups);
            return new(socket);
        }
        catch (LinuxException)
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>
    /// Waits for one datagram and appends its news. <see cref="NetlinkReceiveStatus.Overrun"/> says that news was lost: all tables must be read
    /// again. A negative timeout waits for ever.
    /// </summary>
    /// <exception cref="LinuxException">The socket is broken.</exception>
    public NetlinkReceiveStatus Receive(ICollection<KernelEvent> events, TimeSpan timeout)
    {
        var received = _socket.Receive(_datagram, timeout);
        if (received.Status == NetlinkReceiveStatus.Data)
        {
            var reader = new NetlinkMessageReader(_datagram.AsSpan(0, received.Length));
            while (reader.Read())
            {
                if (TryDecode(reader, out var news))
                {
                    events.Add(news);
                }
            }
        }

        return received.Status;
    }

    /// <summary>Makes a present or the next <see cref="Receive"/> return <see cref="NetlinkReceiveStatus.Woken"/>. From any thread.</summary>
    public void Wake() => _socket.Wake();

    public void Dispose() => _socket.Dispose();

    internal static bool TryDecode(in NetlinkMessageReader reader, out KernelEvent news)
    {
        news = new KernelEvent { PortId = reader.PortId, Change = ChangeOf(reader) };
        switch (reader.Type)
        {
            case NetlinkType.NewRoute or NetlinkType.DeleteRoute when RouteCodec.TryRead(reader, out var route):
                news = news with { Kind = KernelEventKind.Route, Route = route };
                return true;
            case NetlinkType.NewLink or NetlinkType.DeleteLink when LinkCodec.TryRead(reader, out var link):
                news = news with { Kind = KernelEventKind.Link, Link = link };
                return true;
            case NetlinkType.NewAddress or NetlinkType.DeleteAddress when AddressCodec.TryRead(reader, out var address):
                news = news with { Kind = KernelEventKind.Address, Address = address };
                return true;
            case NetlinkType.NewNextHop or NetlinkType.DeleteNextHop when NextHopCodec.TryRead(reader, out var nextHop):
                news = news with { Kind = KernelEventKind.NextHop, NextHop = nextHop };
                return true;
            default:
                return false;
        }
    }

    private static KernelChange ChangeOf(in NetlinkMessageReader reader) => reader.Type switch
    {
        NetlinkType.DeleteRoute or NetlinkType.DeleteLink or NetlinkType.DeleteAddress or NetlinkType.DeleteNextHop => KernelChange.Removed,
        NetlinkType.NewRoute when (reader.Flags & NetlinkFlags.Replace) != 0 => KernelChange.Replaced,
        NetlinkType.NewRoute when (reader.Flags & NetlinkFlags.Append) != 0 => KernelChange.Appended,
        _ => KernelChange.Added,
    };
}
