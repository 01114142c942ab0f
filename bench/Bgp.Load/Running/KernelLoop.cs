using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using Bgp.Linux;
using Bgp.Protocol;

namespace Bgp.Load;

/// <summary>
/// The floor of the FIB scenarios: when its one neighbor announces anything, it writes all of the run's routes in full batches, by one nexthop object;
/// when it withdraws anything, it removes them. What came is read off and not looked at. A thread listens for routes, as every daemon must.
/// </summary>
/// <param name="prefixes">The routes.</param>
/// <param name="gateway">Their gateway.</param>
/// <param name="link">The index of the device.</param>
internal sealed class KernelLoop(PrefixSpace prefixes, uint gateway, int link)
{
    private const uint NextHopId = 1;
    private const int WithdrawnLengthOffset = BgpConstants.HeaderLength;
    private const int UpdateBodyLength = 4;

    private readonly byte[] _buffer = new byte[256 * 1024];
    private bool _isInstalled;

    /// <summary>Runs until the process is ended.</summary>
    /// <exception cref="LinuxException">The kernel refused.</exception>
    public void Run()
    {
        using var netlink = Rtnetlink.Open();
        netlink.ReplaceNextHop(new NextHopObject { Id = NextHopId, Protocol = RouteProtocol.Bgp, Gateway = IpAddress.V4(gateway), InterfaceIndex = link });
        new Thread(() => Listen(netlink.PortId)) { IsBackground = true, Name = "route listener" }.Start();
        using var listener = new Socket(System.Net.Sockets.AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Any, LoadAddresses.Port));
        listener.Listen();
        using var epoll = new Epoll();
        while (true)
        {
            using var socket = listener.Accept();
            socket.Blocking = false;
            var connection = new RelayConnection(epoll, socket, tag: 0, isSilent: false);
            epoll.Add(socket, 0, readable: true, writable: false);
            while (!connection.IsOver)
            {
                epoll.Wait(-1);
                while (connection.Read(_buffer, out var messages))
                {
                    Take(netlink, connection, messages);
                }
            }
        }
    }

    private static void Listen(uint ownPort)
    {
        using var monitor = KernelMonitor.Open(NetlinkGroups.All, ownPort);
        var events = new List<KernelEvent>();
        while (true)
        {
            events.Clear();
            monitor.Receive(events, Timeout.InfiniteTimeSpan);
        }
    }

    private void Take(Rtnetlink netlink, RelayConnection connection, ReadOnlySpan<byte> messages)
    {
        while (!messages.IsEmpty)
        {
            int length = BinaryPrimitives.ReadUInt16BigEndian(messages[16..]);
            var type = (MessageType)messages[18];
            if (type == MessageType.Open)
            {
                connection.Greet();
            }
            else if (type == MessageType.Update && length > BgpConstants.HeaderLength + UpdateBodyLength)
            {
                var announces = BinaryPrimitives.ReadUInt16BigEndian(messages[WithdrawnLengthOffset..]) == 0;
                if (announces != _isInstalled)
                {
                    Write(netlink, announces ? RouteOperation.Replace : RouteOperation.Delete);
                    _isInstalled = announces;
                }
            }

            messages = messages[length..];
        }
    }

    private void Write(Rtnetlink netlink, RouteOperation operation)
    {
        var batch = new NetlinkBatch(netlink);
        var failures = new List<NetlinkFailure>();
        for (var index = 0; index < prefixes.Count; index++)
        {
            var route = new KernelRoute(prefixes.Prefix(index)) { Protocol = RouteProtocol.Bgp, NextHopId = NextHopId };
            if (!batch.TryAdd(operation, route))
            {
                Send(batch, failures);
                batch.TryAdd(operation, route);
            }
        }

        Send(batch, failures);
    }

    private static void Send(NetlinkBatch batch, List<NetlinkFailure> failures)
    {
        if (batch.Send(failures) != BatchOutcome.Known || failures.Count > 0)
        {
            throw new InvalidOperationException(failures.Count > 0 ? failures[0].ToString() : "the kernel gave no answer");
        }
    }
}
