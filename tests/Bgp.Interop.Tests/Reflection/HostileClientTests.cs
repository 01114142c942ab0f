using System.Diagnostics;
using System.Net.Sockets;
using Bgp.Protocol;

namespace Bgp.Interop.Tests;

/// <summary>
/// A reflector among whose clients some mean harm: one reads nothing, one sends malformed messages, one flaps, one opens connections without a word. The others must not notice: their sessions stay
/// with a hold time of seconds, and their routes travel.
/// </summary>
[NonParallelizable]
internal sealed class HostileClientTests
{
    private const int Rounds = 8;
    private const int HoldTime = 6;
    private const int MalformedUpdates = 500;
    private const int Routes24 = 20_000;

    private static readonly string[] Good = ["good1", "good2", "good3"];

    private readonly List<RawPeer> _raw = [];
    private Segment _segment = null!;
    private DaemonPeer _reflector = null!;
    private BirdPeer _first = null!;
    private FrrPeer _second = null!;
    private GoBgpPeer _third = null!;

    [SetUp]
    public void Build()
    {
        _segment = new Segment();
        var reflector = _segment.Attach("subject");
        var good = Good.ToDictionary(name => name, _segment.Attach);
        var up = new Session(reflector, ReflectedNetwork.Asn, Family.IPv4, HoldTime);
        _first = new BirdPeer(good["good1"], ReflectedNetwork.Asn, up);
        _second = new FrrPeer(good["good2"], ReflectedNetwork.Asn, up);
        _third = new GoBgpPeer(good["good3"], ReflectedNetwork.Asn, up);
        foreach (var name in new[] { "mute", "garbler", "flapper", "dialler", "flooder" })
        {
            _raw.Add(new RawPeer(_segment.Attach(name), reflector, ReflectedNetwork.Asn) { RouterId = new RouterId(0x01010100u + (uint)_raw.Count) });
        }

        _reflector = new DaemonPeer(
            reflector,
            ReflectedNetwork.Asn,
            "fib: {enabled: false}",
            [
                .. good.Values.Select(host => new Session(host, ReflectedNetwork.Asn, Family.IPv4, HoldTime, IsClient: true)),
                .. _raw.Select(peer => new Session(peer.Host, ReflectedNetwork.Asn, Family.IPv4, IsClient: true) { Options = ["passive: true"] }),
            ]);
        foreach (IPeer peer in new IPeer[] { _first, _second, _third })
        {
            Eventually.Holds($"the session with {peer.Host.Name}", () => _reflector.IsEstablished(peer.Host) && peer.IsEstablished(reflector));
        }
    }

    [TearDown]
    public void TearDown()
    {
        _raw.ForEach(peer => peer.Dispose());
        _reflector?.Dispose();
        _first?.Dispose();
        _second?.Dispose();
        _third?.Dispose();
        _segment?.Dispose();
    }

    [Test]
    public void HostileClients_AllAtOnce_TheOthersDoNotNotice()
    {
        var (mute, garbler, flapper, dialler, flooder) = (_raw[0], _raw[1], _raw[2], _raw[3], _raw[4]);
        var before = Sessions();
        var start = Stopwatch.GetTimestamp();

        // It reads nothing any more, while it is sent more than its socket holds.
        mute.Establish(holdTime: 0);
        var flood = flooder.Establish();
        for (var round = 0; round < Rounds; round++)
        {
            Flood(flood, flooder, round);
            Garble(garbler, round);
            Flap(flapper);
            Dial(dialler);
            var block = new Route($"198.51.{100 + round}.0/24");
            _first.Announce(block);
            Routes.Await(block.Prefix, _second, _reflector.Host);
            Routes.Await(block.Prefix, _third, _reflector.Host);
        }

        // Longer than any of their sessions could have lived without a KEEPALIVE.
        Eventually.Holds("three hold times have passed", () => Stopwatch.GetElapsedTime(start) > TimeSpan.FromSeconds(3 * HoldTime));
        Assert.That(Sessions(), Is.EqualTo(before), "no session of the others was reset");
        Assert.That(Good.Sum(name => NotificationsAt(name)), Is.Zero);
        Assert.That(_reflector.Log.Split('\n').Count(line => line.Contains("malformed UPDATE", StringComparison.Ordinal)), Is.InRange(1, 100), "a flood of faults is no flood of lines");
        Assert.That(ResidentMebibytes(), Is.LessThan(500));
    }

    private string Sessions() => string.Join(' ', new IPeer[] { _first, _second, _third }.Select(peer => $"{_reflector.IsEstablished(peer.Host)} {_reflector.Incarnation(peer.Host)}"));

    private int NotificationsAt(string name) => new IPeer[] { _first, _second, _third }.Single(peer => peer.Host.Name == name).NotificationsFrom(_reflector.Host).Count;

    /// <summary>Prefixes of a thousand per message, each round all of them with another MED: each receiver is sent them all again.</summary>
    private static void Flood(RawConnection connection, RawPeer peer, int round)
    {
        var message = new byte[BgpConstants.MaxMessageLength];
        var buffer = new byte[256];
        var attributes = new PathAttributesWriter(buffer);
        attributes.AppendByte(AttributeType.Origin, 0);
        attributes.Append(AttributeType.AsPath, []);
        attributes.AppendNextHop(IpAddress.Parse(peer.Host.IPv4));
        attributes.AppendUInt32(AttributeType.MultiExitDisc, (uint)round);
        attributes.AppendUInt32(AttributeType.LocalPref, 100);
        var builder = new UpdateBuilder(message, new CodecProfile(CodecFlags.FourOctetAs, BgpConstants.MaxMessageLength));
        for (var at = 0; at < Routes24;)
        {
            builder.BeginReach(Protocol.AddressFamily.Ipv4Unicast, attributes.Written);
            while (at < Routes24 && builder.TryAdd(new IpPrefix(IpAddress.V4(0x0b000000u + ((uint)at << 8)), 24), default))
            {
                at++;
            }

            connection.Send(message.AsSpan(0, builder.Finish()));
        }
    }

    /// <summary>A session each, ended by the reflector for what comes: a marker, a length, a type, an attribute list past its end.</summary>
    private static void Garble(RawPeer peer, int round)
    {
        byte[][] faults =
        [
            [.. Enumerable.Repeat((byte)0x55, 19)],
            [.. Enumerable.Repeat((byte)0xFF, 16), 0xFF, 0xFF, 2],
            RawMessages.Message((MessageType)77),
            RawMessages.Message(MessageType.Update, 0, 0, 0xFF, 0xFF, 0x40),
        ];
        using var connection = EstablishWhenItMay(peer);
        for (var update = 0; update < MalformedUpdates; update++)
        {
            connection.Send(WithoutOrigin(peer));
        }

        connection.Send(faults[round % faults.Length]);
        connection.AwaitNotification();
    }

    /// <summary>An UPDATE that costs its routes, and not the session (RFC 7606 §3 d).</summary>
    private static byte[] WithoutOrigin(RawPeer peer)
    {
        byte[] attributes = [0x40, 0x02, 0, 0x40, 0x03, 4, .. System.Net.IPAddress.Parse(peer.Host.IPv4).GetAddressBytes(), 0x40, 0x05, 4, 0, 0, 0, 100];
        return RawMessages.Message(MessageType.Update, [0, 0, 0, (byte)attributes.Length, .. attributes, 24, 203, 0, 113]);
    }

    /// <summary>Up, a route, and gone without a word.</summary>
    private static void Flap(RawPeer peer)
    {
        var connection = EstablishWhenItMay(peer);
        connection.Send(RawMessages.Update("203.0.113.0", "4002004005040000000a", peer.Host.IPv4));
        connection.Abort();
    }

    private static void Dial(RawPeer peer)
    {
        for (var at = 0; at < 50; at++)
        {
            try
            {
                peer.Connect();
            }
            catch (SocketException refused) when (refused.SocketErrorCode is SocketError.ConnectionRefused or SocketError.ConnectionReset)
            {
                // As it should be, of so many.
            }
        }
    }

    /// <summary>After a fault the reflector lets a neighbor wait.</summary>
    private static RawConnection EstablishWhenItMay(RawPeer peer) => Eventually.Some($"a session of {peer.Host.Name}", () => TryEstablish(peer));

    private static RawConnection? TryEstablish(RawPeer peer)
    {
        try
        {
            var connection = peer.Connect();
            connection.Send(peer.Open());
            return TryAwait(connection, MessageType.Open) && Confirm(connection) ? connection : null;
        }
        catch (SocketException refused) when (refused.SocketErrorCode is SocketError.ConnectionRefused or SocketError.ConnectionReset or SocketError.Shutdown)
        {
            return null;
        }
    }

    private static bool Confirm(RawConnection connection)
    {
        connection.Send(KeepaliveMessage.Bytes);
        return TryAwait(connection, MessageType.Keepalive);
    }

    private static bool TryAwait(RawConnection connection, MessageType type)
    {
        while (connection.Receive() is { } message)
        {
            if ((MessageType)message[BgpConstants.HeaderLength - 1] == type)
            {
                return true;
            }
        }

        return false;
    }

    private double ResidentMebibytes() => _reflector.Summary().GetProperty("memoryBytes").GetInt64() / (1024.0 * 1024.0);
}
