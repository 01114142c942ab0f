using System.Net;
using System.Net.Sockets;
using System.Text;
using Bgp.Config;
using Bgp.Engine;
using Bgp.Linux;
using Bgp.Protocol;

namespace Bgp.Daemon.Tests;

internal sealed class ListenerTests : TransportFixture
{
    [Test]
    [CancelAfter(20_000)]
    public async Task Accepted_Adopted_CarriesMessagesBothWays(CancellationToken cancel)
    {
        var endpoint = Listen(IPAddress.Loopback);
        var peer = await DialAsync(endpoint, cancel);
        var accepted = await NextAsync(TransportEventKind.Accepted, cancel);
        Assert.That(accepted.Ends.RemotePort, Is.EqualTo(((IPEndPoint)peer.LocalEndPoint!).Port));
        Transport.Adopt(accepted.Accepted!, Peer, Connection, Neighbor(endpoint.Port));
        await peer.SendAsync(Keepalive, cancel);

        Assert.That((await NextAsync(TransportEventKind.Message, cancel)).Message.ToArray(), Is.EqualTo(Keepalive));
        Transport.Send(Peer, Connection, Keepalive);
        Assert.That(await ReadAsync(peer, Keepalive.Length, cancel), Is.EqualTo(Keepalive));
    }

    [Test]
    [CancelAfter(20_000)]
    public async Task Accepted_Refused_IsClosed(CancellationToken cancel)
    {
        var peer = await DialAsync(Listen(IPAddress.Loopback), cancel);

        Transport.Refuse((await NextAsync(TransportEventKind.Accepted, cancel)).Accepted!);

        Assert.That(await peer.ReceiveAsync(new byte[1], cancel), Is.Zero);
    }

    [Test]
    [CancelAfter(20_000)]
    public async Task Accepted_NotTaken_HoldsTheListenerAtItsBound(CancellationToken cancel)
    {
        var endpoint = Listen(IPAddress.Loopback, new TransportLimits { UnadoptedConnections = 1 });
        await DialAsync(endpoint, cancel);
        var first = await NextAsync(TransportEventKind.Accepted, cancel);
        await DialAsync(endpoint, cancel);
        AssertQuiet();

        Transport.Refuse(first.Accepted!);

        await NextAsync(TransportEventKind.Accepted, cancel);
    }

    [Test]
    [CancelAfter(20_000)]
    public async Task Listen_BothFamiliesOnOnePort_AreApart(CancellationToken cancel)
    {
        var endpoint = Listen(IPAddress.Any);
        Transport.Listen([endpoint, new ListenEndpoint(IpAddress.From(IPAddress.IPv6Any), endpoint.Port)]);

        await DialAsync(new ListenEndpoint(IpAddress.From(IPAddress.IPv6Loopback), endpoint.Port), cancel);

        Assert.That((await NextAsync(TransportEventKind.Accepted, cancel)).Ends.Remote.IsV6, Is.True);
    }

    [Test]
    public void Listen_PortTaken_ThrowsAndChangesNothing()
    {
        var endpoint = Listen(IPAddress.Loopback);
        using var taken = new Socket(SocketType.Stream, ProtocolType.Tcp);
        taken.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        taken.Listen();

        Assert.That(() => Transport.Listen([Endpoint(taken)]), Throws.TypeOf<SocketException>().With.Message.Contains("cannot listen on 127.0.0.1:"));

        Assert.That(() => Dial(endpoint), Throws.Nothing);
    }

    [Test]
    public void Listen_Replaced_ClosesTheOld()
    {
        var endpoint = Listen(IPAddress.Loopback);

        Transport.Listen([]);

        Assert.That(() => Dial(endpoint), Throws.TypeOf<SocketException>());
    }

    [Test]
    [CancelAfter(60_000)]
    public async Task Listen_OneAddressAndAllInTurns_NeverRefusesAConnection(CancellationToken cancel)
    {
        var all = Listen(IPAddress.Any);
        var one = new ListenEndpoint(IpAddress.From(IPAddress.Loopback), all.Port);
        using var moved = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        var dialling = Task.Run(() => CountDials(one, moved.Token), cancel);
        for (var turn = 0; turn < 50; turn++)
        {
            Transport.Listen([turn % 2 == 0 ? one : all]);
            Transport.Refuse((await NextAsync(TransportEventKind.Accepted, cancel)).Accepted!);
        }

        await moved.CancelAsync();
        var (dials, refusals) = await dialling;
        Assert.That(refusals, Is.Zero, $"of {dials}");
    }

    [Test]
    public void Listen_AllAndOneOfThemAtOnce_IsRefused()
    {
        var all = Listen(IPAddress.Any);

        Assert.That(() => Transport.Listen([all, new ListenEndpoint(IpAddress.From(IPAddress.Loopback), all.Port)]), Throws.TypeOf<SocketException>());
    }

    [Test]
    [CancelAfter(20_000)]
    public async Task Listen_AnotherListenerOfAPortThatMoved_IsRefused(CancellationToken cancel)
    {
        var all = Listen(IPAddress.Any);
        Transport.Listen([new ListenEndpoint(IpAddress.From(IPAddress.Loopback), all.Port)]);
        using var other = new Socket(System.Net.Sockets.AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);

        Assert.That(() => other.Bind(new IPEndPoint(IPAddress.Loopback, all.Port)), Throws.TypeOf<SocketException>());
        await DialAsync(all, cancel);
    }

    [Test]
    [CancelAfter(20_000)]
    public async Task Prepare_Password_LetsInWhoeverHasIt(CancellationToken cancel)
    {
        var endpoint = Listen(IPAddress.Loopback);
        Transport.Prepare(Peer, Neighbor(endpoint.Port) with { Password = "secret" });
        using var client = new Socket(System.Net.Sockets.AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        client.SetMd5Key(IpAddress.From(IPAddress.Loopback), Encoding.UTF8.GetBytes("secret"));

        await client.ConnectAsync(IPAddress.Loopback, endpoint.Port, cancel);

        await NextAsync(TransportEventKind.Accepted, cancel);
    }

    [Test]
    [CancelAfter(20_000)]
    public async Task Prepare_PasswordRemoved_LetsInWhoeverHasNone(CancellationToken cancel)
    {
        var endpoint = Listen(IPAddress.Loopback);
        Transport.Prepare(Peer, Neighbor(endpoint.Port) with { Password = "secret" });
        Transport.Prepare(Peer, Neighbor(endpoint.Port));

        await DialAsync(endpoint, cancel);

        await NextAsync(TransportEventKind.Accepted, cancel);
    }

    [Test]
    [CancelAfter(20_000)]
    public async Task Prepare_RangeWithPassword_LetsInWhoeverHasIt(CancellationToken cancel)
    {
        var endpoint = Listen(IPAddress.Loopback);
        Transport.Prepare([Range("127.0.0.0/8", endpoint, "secret"), Range("127.0.0.128/25", endpoint, "longer")]);
        using var client = new Socket(System.Net.Sockets.AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        client.SetMd5Key(IpAddress.From(IPAddress.Loopback), Encoding.UTF8.GetBytes("secret"));
        client.Bind(new IPEndPoint(IPAddress.Parse("127.0.0.7"), 0));
        await client.ConnectAsync(IPAddress.Loopback, endpoint.Port, cancel);
        await NextAsync(TransportEventKind.Accepted, cancel);

        using var other = new Socket(System.Net.Sockets.AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        other.SetMd5Key(IpAddress.From(IPAddress.Loopback), Encoding.UTF8.GetBytes("longer"));
        other.Bind(new IPEndPoint(IPAddress.Parse("127.0.0.200"), 0));
        await other.ConnectAsync(IPAddress.Loopback, endpoint.Port, cancel);
        await NextAsync(TransportEventKind.Accepted, cancel);
    }

    [Test]
    [CancelAfter(20_000)]
    public async Task Prepare_RangesPasswordRemoved_LetsInWhoeverHasNone(CancellationToken cancel)
    {
        var endpoint = Listen(IPAddress.Loopback);
        Transport.Prepare([Range("127.0.0.0/8", endpoint, "secret")]);
        Transport.Prepare([Range("127.0.0.0/8", endpoint, null)]);

        await DialAsync(endpoint, cancel);

        await NextAsync(TransportEventKind.Accepted, cancel);
    }

    [Test]
    [CancelAfter(20_000)]
    public async Task Connect_NobodyListens_Fails(CancellationToken cancel)
    {
        Start();
        using var closed = new Socket(System.Net.Sockets.AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        closed.Bind(new IPEndPoint(IPAddress.Loopback, 0));

        Transport.Connect(Peer, Connection, Neighbor(Endpoint(closed).Port));

        Assert.That((await NextAsync(TransportEventKind.Failed, cancel)).Text, Is.EqualTo("Connection refused"));
    }

    [Test]
    [CancelAfter(20_000)]
    public async Task Connect_WrongPassword_FailsWithAHint(CancellationToken cancel)
    {
        Start(new TransportLimits { ConnectTimeout = TimeSpan.FromMilliseconds(100) });
        using var listener = new Socket(System.Net.Sockets.AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.SetMd5Key(IpAddress.From(IPAddress.Loopback), Encoding.UTF8.GetBytes("other"));
        listener.Listen();

        Transport.Connect(Peer, Connection, Neighbor(Endpoint(listener).Port) with { Password = "secret" });

        Assert.That((await NextAsync(TransportEventKind.Failed, cancel)).Text, Is.EqualTo("no answer; the passwords of the two sides may differ"));
    }

    [Test]
    [CancelAfter(20_000)]
    public async Task Connect_Closed_IsGivenUpWithoutAWord(CancellationToken cancel)
    {
        Start();
        using var listener = new Socket(System.Net.Sockets.AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.SetMd5Key(IpAddress.From(IPAddress.Loopback), Encoding.UTF8.GetBytes("other"));
        listener.Listen();
        Transport.Connect(Peer, Connection, Neighbor(Endpoint(listener).Port));

        Transport.Close(Peer, Connection);

        await Transport.StopAsync().WaitAsync(cancel);
        AssertQuiet();
    }

    [Test]
    [CancelAfter(20_000)]
    public async Task Connect_LocalAddress_IsTheSource(CancellationToken cancel)
    {
        Start();
        using var listener = new Socket(System.Net.Sockets.AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen();

        Transport.Connect(Peer, Connection, Neighbor(Endpoint(listener).Port) with { LocalAddress = IpAddress.Parse("127.0.0.77") });

        Assert.That((await NextAsync(TransportEventKind.Opened, cancel)).Ends.Local.ToString(), Is.EqualTo("127.0.0.77"));
    }

    [Test]
    public async Task Connect_LocalAddressIsNotOurs_Fails()
    {
        Start();

        Transport.Connect(Peer, Connection, Neighbor(179) with { LocalAddress = IpAddress.Parse("192.0.2.77") });

        Assert.That((await NextAsync(TransportEventKind.Failed, CancellationToken.None)).Text, Is.EqualTo("Cannot assign requested address"));
    }

    private ListenEndpoint Listen(IPAddress address, TransportLimits? limits = null)
    {
        Start(limits);

        // A port that is free: bound for a moment by a socket that asks for any.
        using var probe = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        probe.Bind(new IPEndPoint(address, 0));
        var endpoint = Endpoint(probe);
        probe.Close();
        Transport.Listen([endpoint]);
        Transport.StartAccepting();
        return endpoint;
    }

    /// <summary>Connects again and again. A connection that the old listener had not accepted when it closed is reset; one that nobody listens for is refused.</summary>
    private static (int Dials, int Refusals) CountDials(ListenEndpoint endpoint, CancellationToken until)
    {
        var (dials, refusals) = (0, 0);
        for (; !until.IsCancellationRequested; dials++)
        {
            using var socket = new Socket(System.Net.Sockets.AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            try
            {
                socket.LingerState = new LingerOption(enable: true, seconds: 0);
                socket.Connect(endpoint.Address.ToIPAddress(), endpoint.Port);
            }
            catch (SocketException failure)
            {
                refusals += failure.SocketErrorCode == SocketError.ConnectionRefused ? 1 : 0;
            }
        }

        return (dials, refusals);
    }

    private void Dial(ListenEndpoint endpoint)
    {
        var socket = Own(new Socket(endpoint.Address.ToIPAddress().AddressFamily, SocketType.Stream, ProtocolType.Tcp));
        socket.Connect(endpoint.Address.ToIPAddress(), endpoint.Port);
    }

    private async Task<Socket> DialAsync(ListenEndpoint endpoint, CancellationToken cancel)
    {
        var socket = Own(new Socket(endpoint.Address.ToIPAddress().AddressFamily, SocketType.Stream, ProtocolType.Tcp));
        await socket.ConnectAsync(endpoint.Address.ToIPAddress(), endpoint.Port, cancel);
        return socket;
    }

    private static NeighborRange Range(string prefix, ListenEndpoint endpoint, string? password) =>
        new(IpPrefix.Parse(prefix), 10, Neighbor(endpoint.Port) with { Password = password });
}
