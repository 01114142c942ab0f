using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Bgp.Protocol;

namespace Bgp.Linux.Tests;

internal sealed class TcpOptionsTests : LabFixture
{
    private const int Port = 179;
    private static readonly byte[] Key = Encoding.ASCII.GetBytes("secret");

    [TestCase("192.0.2.1", "192.0.2.2/32", false)]
    [TestCase("2001:db8::1", "2001:db8::2/128", false)]
    [TestCase("192.0.2.1", "192.0.2.0/24", false)]
    [TestCase("2001:db8::1", "2001:db8::/64", false)]
    [TestCase("192.0.2.1", "192.0.2.2/32", true)]
    [TestCase("192.0.2.1", "192.0.2.0/24", true)]
    [CancelAfter(20_000)]
    public async Task Md5_SameKey_Connects(string server, string clients, bool dualMode, CancellationToken cancel)
    {
        var (left, right) = NewPair();
        using var listener = Listen(left, server, dualMode);
        listener.SetMd5Key(IpPrefix.Parse(clients), Key);
        using var client = NewSocket(right, server);
        client.SetMd5Key(IpAddress.Parse(server), Key);

        await client.ConnectAsync(IPAddress.Parse(server), Port, cancel);

        Assert.That(client.Connected, Is.True);
    }

    [TestCase("192.0.2.1", "192.0.2.2/32", "TCPMD5Failure")]
    [TestCase("2001:db8::1", "2001:db8::2/128", "TCPMD5Failure")]
    [CancelAfter(20_000)]
    public async Task Md5_OtherKey_IsDropped(string server, string clients, string counter, CancellationToken cancel)
    {
        var (left, right) = NewPair();
        using var listener = Listen(left, server, false);
        listener.SetMd5Key(IpPrefix.Parse(clients), Key);
        using var client = NewSocket(right, server);
        client.SetMd5Key(IpAddress.Parse(server), Encoding.ASCII.GetBytes("another"));

        await AssertDropped(left, client, server, counter, cancel);
    }

    [Test]
    [CancelAfter(20_000)]
    public async Task Md5_NoKey_IsDropped(CancellationToken cancel)
    {
        var (left, right) = NewPair();
        using var listener = Listen(left, "192.0.2.1", false);
        listener.SetMd5Key(IpAddress.Parse("192.0.2.2"), Key);
        using var client = NewSocket(right, "192.0.2.1");

        await AssertDropped(left, client, "192.0.2.1", "TCPMD5NotFound", cancel);
    }

    [Test]
    [CancelAfter(20_000)]
    public async Task Md5_KeyRemoved_ConnectsWithout(CancellationToken cancel)
    {
        var (left, right) = NewPair();
        using var listener = Listen(left, "192.0.2.1", false);
        listener.SetMd5Key(IpAddress.Parse("192.0.2.2"), Key);
        listener.SetMd5Key(IpAddress.Parse("192.0.2.2"), []);
        using var client = NewSocket(right, "192.0.2.1");

        await client.ConnectAsync(IPAddress.Parse("192.0.2.1"), Port, cancel);

        Assert.That(client.Connected, Is.True);
    }

    [Test]
    public void Md5_KeyTooLong_IsRefused()
    {
        using var socket = new Socket(System.Net.Sockets.AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);

        Assert.Throws<ArgumentOutOfRangeException>(() => socket.SetMd5Key(IpAddress.Parse("192.0.2.2"), new byte[81]));
    }

    [TestCase("192.0.2.1")]
    [TestCase("2001:db8::1")]
    [CancelAfter(20_000)]
    public async Task TtlSecurity_BothSides_Connects(string server, CancellationToken cancel)
    {
        var (left, right) = NewPair();
        using var listener = Listen(left, server, false);
        listener.SetTtlSecurity(1);
        using var client = NewSocket(right, server);
        client.SetTtlSecurity(1);

        await client.ConnectAsync(IPAddress.Parse(server), Port, cancel);

        Assert.That(client.Connected, Is.True);
    }

    [TestCase("192.0.2.1", false)]
    [TestCase("2001:db8::1", false)]
    [TestCase("192.0.2.1", true)]
    [CancelAfter(20_000)]
    public async Task TtlSecurity_ClientSendsTtl64_IsDropped(string server, bool dualMode, CancellationToken cancel)
    {
        var (left, right) = NewPair();
        using var listener = Listen(left, server, dualMode);
        listener.SetTtlSecurity(1);
        using var client = NewSocket(right, server);

        await AssertDropped(left, client, server, "TCPMinTTLDrop", cancel);
    }

    [Test]
    [CancelAfter(20_000)]
    public async Task TtlSecurity_TwoHops_TakesTtl254(CancellationToken cancel)
    {
        var (left, right) = NewPair();
        using var listener = Listen(left, "192.0.2.1", false);
        listener.SetTtlSecurity(2);
        using var client = NewSocket(right, "192.0.2.1");
        client.SetTimeToLive(254);

        await client.ConnectAsync(IPAddress.Parse("192.0.2.1"), Port, cancel);

        Assert.That(client.Connected, Is.True);
    }

    [TestCase(System.Net.Sockets.AddressFamily.InterNetwork, false, 0, 1)]
    [TestCase(System.Net.Sockets.AddressFamily.InterNetworkV6, false, 41, 67)]
    [TestCase(System.Net.Sockets.AddressFamily.InterNetworkV6, true, 41, 67)]
    [TestCase(System.Net.Sockets.AddressFamily.InterNetworkV6, true, 0, 1)]
    public void TrafficClass_Set_ReadsBack(System.Net.Sockets.AddressFamily family, bool dualMode, int level, int option)
    {
        using var socket = new Socket(family, SocketType.Stream, ProtocolType.Tcp);
        if (dualMode)
        {
            socket.DualMode = true;
        }

        socket.SetTrafficClass(0xc0);

        Assert.That(Get(socket, level, option), Is.EqualTo(0xc0));
    }

    [Test]
    public void UserTimeout_Set_ReadsBackInMilliseconds()
    {
        using var socket = new Socket(System.Net.Sockets.AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.SetUserTimeout(TimeSpan.FromSeconds(90));

        Assert.That(Get(socket, 6, 18), Is.EqualTo(90_000));
    }

    [Test]
    public void BindToDevice_NotThere_IsRefused()
    {
        using var socket = new Socket(System.Net.Sockets.AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);

        Assert.Throws<SocketException>(() => socket.BindToDevice("none"));
    }

    [Test]
    [CancelAfter(20_000)]
    public async Task BindToDevice_Loopback_DoesNotReachTheVeth(CancellationToken cancel)
    {
        var (left, right) = NewPair();
        using var listener = Listen(left, "192.0.2.1", false);
        using var bound = NewSocket(right, "192.0.2.1");
        bound.BindToDevice("eth0");
        using var abroad = NewSocket(right, "192.0.2.1");
        abroad.BindToDevice("lo");

        await bound.ConnectAsync(IPAddress.Parse("192.0.2.1"), Port, cancel);

        Assert.That(bound.Connected, Is.True);
        using var soon = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        soon.CancelAfter(TimeSpan.FromMilliseconds(200));
        Assert.That(async () => await abroad.ConnectAsync(IPAddress.Parse("192.0.2.1"), Port, soon.Token), Throws.Exception);
    }

    [Test]
    [CancelAfter(20_000)]
    public async Task UnreadBytes_AfterSend_CountsWhatCame(CancellationToken cancel)
    {
        var (left, right) = NewPair();
        using var listener = Listen(left, "192.0.2.1", false);
        using var client = NewSocket(right, "192.0.2.1");
        await client.ConnectAsync(IPAddress.Parse("192.0.2.1"), Port, cancel);
        using var accepted = await listener.AcceptAsync(cancel);

        await client.SendAsync(new byte[19], cancel);

        WaitFor(() => accepted.UnreadBytes() == 19, "19 bytes");
        WaitFor(() => client.UnsentBytes() == 0, "their acknowledgement");
        Assert.That(client.AcknowledgedBytes(), Is.EqualTo(20), "tcp_info counts the SYN too");
        Assert.That(await accepted.ReceiveAsync(new byte[10], cancel), Is.EqualTo(10));
        Assert.That(accepted.UnreadBytes(), Is.EqualTo(9));
    }

    /// <summary>Connects, waits until the server's kernel counts a drop for the reason, and shows that the connection is not there.</summary>
    private static async Task AssertDropped(NetworkNamespace server, Socket client, string address, string counter, CancellationToken cancel)
    {
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        var connecting = client.ConnectAsync(IPAddress.Parse(address), Port, enough.Token).AsTask();
        WaitFor(() => Counter(server, counter) > 0, counter);
        Assert.That((connecting.IsCompleted, client.Connected), Is.EqualTo((false, false)));
        await enough.CancelAsync();
        await ((Task)connecting).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    /// <summary>A counter of /proc/net/netstat: a line of names, then one of values.</summary>
    private static long Counter(NetworkNamespace space, string name)
    {
        var lines = space.Run(() => File.ReadAllLines("/proc/thread-self/net/netstat"));
        var names = lines[0].Split(' ');
        return long.Parse(lines[1].Split(' ')[Array.IndexOf(names, name)], CultureInfo.InvariantCulture);
    }

    private static Socket Listen(NetworkNamespace space, string address, bool dualMode)
    {
        var listener = dualMode
            ? space.OpenSocket(System.Net.Sockets.AddressFamily.InterNetworkV6, SocketType.Stream, ProtocolType.Tcp)
            : NewSocket(space, address);
        if (dualMode)
        {
            listener.DualMode = true;
        }

        listener.Bind(new IPEndPoint(dualMode ? IPAddress.IPv6Any : IPAddress.Parse(address), Port));
        listener.Listen();
        return listener;
    }

    private static Socket NewSocket(NetworkNamespace space, string address) =>
        space.OpenSocket(IPAddress.Parse(address).AddressFamily, SocketType.Stream, ProtocolType.Tcp);

    private static int Get(Socket socket, int level, int option)
    {
        var value = new byte[4];
        socket.GetRawSocketOption(level, option, value);
        return BitConverter.ToInt32(value);
    }
}
