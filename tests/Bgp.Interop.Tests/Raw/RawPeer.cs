using System.Net;
using System.Net.Sockets;
using Bgp.Protocol;

namespace Bgp.Interop.Tests;

/// <summary>A speaker without a mind of its own, in the namespace of a host: the test says when it connects, what it sends, and when it vanishes.</summary>
internal sealed class RawPeer(Host host, Host subject, uint asn) : IDisposable
{
    private const int Port = 179;

    private readonly List<IDisposable> _sockets = [];
    private Socket? _listener;

    public Host Host => host;

    public uint Asn => asn;

    /// <summary>An identifier lower than the daemon's, which is its address.</summary>
    public RouterId RouterId { get; init; } = new(0x01010101);

    /// <summary>What a modern speaker offers.</summary>
    public CapabilitySet Capabilities { get; init; } =
        new CapabilitySetBuilder().Family(Protocol.AddressFamily.Ipv4Unicast).RouteRefresh().FourOctetAs(new Asn(asn)).Build();

    public byte[] Open(ushort holdTime = 90)
    {
        var open = new OpenMessage(new Asn(asn), holdTime, RouterId, Capabilities);
        var bytes = new byte[open.Length];
        open.WriteTo(bytes);
        return bytes;
    }

    public void Listen()
    {
        _listener = NewSocket();
        _listener.Bind(new IPEndPoint(IPAddress.Parse(host.IPv4), Port));
        _listener.Listen();
    }

    /// <summary>The next connection from the daemon.</summary>
    public RawConnection Accept()
    {
        var listener = _listener ?? throw new InvalidOperationException("it does not listen");
        if (!listener.Poll(Eventually.Deadline, SelectMode.SelectRead))
        {
            throw new AssertionException($"the daemon does not connect to {host.Name}");
        }

        return Kept(listener.Accept());
    }

    public RawConnection Connect()
    {
        var socket = NewSocket();
        socket.Bind(new IPEndPoint(IPAddress.Parse(host.IPv4), 0));
        socket.Connect(IPAddress.Parse(subject.IPv4), Port);
        return Kept(socket);
    }

    /// <summary>Connects and brings the session up.</summary>
    public RawConnection Establish(ushort holdTime = 90)
    {
        var connection = Connect();
        connection.Send(Open(holdTime));
        connection.Await(MessageType.Open);
        connection.Send(KeepaliveMessage.Bytes);
        connection.Await(MessageType.Keepalive);
        return connection;
    }

    /// <summary>Loses a connection without a word: nothing that its end sends leaves the host. Then the host is back.</summary>
    public void Vanish(RawConnection connection)
    {
        host.Namespace.Ip("link", "set", "eth0", "down");
        connection.Abort();
        host.Namespace.Ip("link", "set", "eth0", "up");
    }

    public void Dispose()
    {
        _sockets.ForEach(socket => socket.Dispose());
        _listener?.Dispose();
    }

    private Socket NewSocket()
    {
        using var space = Linux.NetworkNamespace.Open(host.Namespace.Name);
        return space.OpenSocket(System.Net.Sockets.AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    }

    private RawConnection Kept(Socket socket)
    {
        var connection = new RawConnection(socket);
        _sockets.Add(connection);
        return connection;
    }
}
