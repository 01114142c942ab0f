using System.Net;
using System.Net.Sockets;
using System.Threading.Channels;
using Bgp.Config;
using Bgp.Engine;
using Bgp.Protocol;
using AddressFamily = Bgp.Protocol.AddressFamily;

namespace Bgp.Daemon.Tests;

/// <summary>A transport whose reports are recorded in their order, and a scripted peer on a loopback socket.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal abstract class TransportFixture
{
    protected static readonly PeerId Peer = new(7);
    protected static readonly ConnectionId Connection = new(2);
    protected static readonly SessionGeneration Generation = new(1);
    protected static readonly IPAddress Here = IPAddress.Loopback;

    private readonly Channel<object> _reports = Channel.CreateUnbounded<object>();
    private readonly List<IDisposable> _sockets = [];
    private readonly List<Exception> _failures = [];

    protected SocketTransport Transport { get; private set; } = null!;

    protected static byte[] Keepalive => KeepaliveMessage.Bytes.ToArray();

    [TearDown]
    public async Task TearDown()
    {
        foreach (var socket in _sockets)
        {
            socket.Dispose();
        }

        Transport.Close(Peer, Connection);
        await Transport.StopAsync();
        Transport.Dispose();
        Assert.That(_failures, Is.Empty);
    }

    protected void Start(TransportLimits? limits = null)
    {
        Transport = new SocketTransport(new MonotonicClock(), limits ?? new TransportLimits(), trouble => _reports.Writer.TryWrite(trouble), _failures.Add);
        Transport.Start(new TransportReports(report => _reports.Writer.TryWrite(report), batch => _reports.Writer.TryWrite(batch), cursor => _reports.Writer.TryWrite(cursor)));
    }

    /// <summary>The next report, whatever it is.</summary>
    protected ValueTask<object> NextAsync(CancellationToken cancel) => _reports.Reader.ReadAsync(cancel);

    /// <summary>The next report, which must be of this kind.</summary>
    protected async Task<TransportEvent> NextAsync(TransportEventKind kind, CancellationToken cancel)
    {
        var report = await NextAsync(cancel);
        Assert.That(report, Is.InstanceOf<TransportEvent>());
        Assert.That(((TransportEvent)report).Kind, Is.EqualTo(kind), ((TransportEvent)report).Text);
        return (TransportEvent)report;
    }

    protected async Task<UpdateBatch> NextBatchAsync(CancellationToken cancel)
    {
        var report = await NextAsync(cancel);
        Assert.That(report, Is.InstanceOf<UpdateBatch>());
        return (UpdateBatch)report;
    }

    /// <summary>Waits for a cursor's report that satisfies the condition, over those that do not.</summary>
    protected async Task SentAsync(OutputCursor cursor, Func<bool> condition, CancellationToken cancel)
    {
        while (true)
        {
            if (await NextAsync(cancel) == cursor)
            {
                cursor.ClearReported();
                if (condition())
                {
                    return;
                }
            }
        }
    }

    protected void AssertQuiet() => Assert.That(_reports.Reader.TryPeek(out var report), Is.False, () => $"{report}");

    /// <summary>Waits until the transport sees that bytes of the peer wait for it.</summary>
    protected async Task UntilInputPendsAsync(CancellationToken cancel)
    {
        while (true)
        {
            Transport.Probe(Peer, Connection);
            if ((await NextAsync(TransportEventKind.Probed, cancel)).Probe.InputPending)
            {
                return;
            }

            await Task.Yield();
        }
    }

    /// <summary>The transport opens a connection to the scripted peer.</summary>
    protected async Task<Socket> ConnectAsync(CancellationToken cancel, int receiveBuffer = 0)
    {
        using var listener = new Socket(Here.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        if (receiveBuffer > 0)
        {
            listener.ReceiveBufferSize = receiveBuffer;
        }

        listener.Bind(new IPEndPoint(Here, 0));
        listener.Listen();
        var neighbor = Neighbor((ushort)((IPEndPoint)listener.LocalEndPoint!).Port);
        Transport.Prepare(Peer, neighbor);
        Transport.Connect(Peer, Connection, neighbor);
        var peer = Own(await listener.AcceptAsync(cancel));
        var opened = await NextAsync(TransportEventKind.Opened, cancel);
        Assert.That((opened.Peer, opened.Connection), Is.EqualTo((Peer, Connection)));
        return peer;
    }

    /// <summary>As <see cref="ConnectAsync"/>, with the session established: UPDATEs go in batches.</summary>
    protected async Task<Socket> EstablishAsync(CancellationToken cancel, int receiveBuffer = 0)
    {
        var peer = await ConnectAsync(cancel, receiveBuffer);
        await peer.SendAsync(Keepalive, cancel);
        await NextAsync(TransportEventKind.Message, cancel);
        Transport.Admit(Peer, Connection, Generation);
        Transport.Processed(Peer, Connection);
        return peer;
    }

    protected T Own<T>(T socket)
        where T : IDisposable
    {
        _sockets.Add(socket);
        return socket;
    }

    protected static NeighborConfig Neighbor(ushort port) => new()
    {
        Key = new NeighborKey(IpAddress.From(Here), "", port),
        LocalAsn = new Asn(64512),
        RemoteAsn = new Asn(64512),
        Families = [new FamilyConfig(AddressFamily.Ipv4Unicast)],
    };

    /// <summary>A well-formed UPDATE that withdraws one prefix, told from others by its number.</summary>
    protected static byte[] Update(int number)
    {
        var buffer = new byte[BgpConstants.MaxMessageLength];
        var builder = new UpdateBuilder(buffer, new CodecProfile(CodecFlags.FourOctetAs, BgpConstants.MaxMessageLength));
        builder.BeginWithdraw(AddressFamily.Ipv4Unicast);
        builder.TryAdd(new IpPrefix(IpAddress.V4((uint)(0x0a000000 + (number << 8))), 24), default);
        return buffer[..builder.Finish()];
    }

    protected static byte[] Refresh(RouteRefreshSubtype subtype)
    {
        var message = new byte[RouteRefreshMessage.Length];
        new RouteRefreshMessage(AddressFamily.Ipv4Unicast, subtype).WriteTo(message);
        return message;
    }

    protected static byte[] Notification(BgpError error)
    {
        var notification = new NotificationMessage(error);
        var message = new byte[notification.Length];
        notification.WriteTo(message);
        return message;
    }

    protected static async Task<byte[]> ReadAsync(Socket peer, int count, CancellationToken cancel)
    {
        var bytes = new byte[count];
        for (var read = 0; read < count;)
        {
            var some = await peer.ReceiveAsync(bytes.AsMemory(read), cancel);
            Assert.That(some, Is.GreaterThan(0), "the transport closed");
            read += some;
        }

        return bytes;
    }

    protected static ListenEndpoint Endpoint(Socket socket) =>
        new(IpAddress.From(((IPEndPoint)socket.LocalEndPoint!).Address), (ushort)((IPEndPoint)socket.LocalEndPoint!).Port);
}
