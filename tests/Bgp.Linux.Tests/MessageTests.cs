using System.Globalization;
using Bgp.Protocol;

namespace Bgp.Linux.Tests;

/// <summary>Messages without a kernel: what is written is read back, and no datagram, however cut or bent, leads past its end.</summary>
internal sealed class MessageTests
{
    private static readonly IpAddress GatewayV4 = IpAddress.Parse("192.0.2.7");
    private static readonly IpAddress GatewayV6 = IpAddress.Parse("fe80::7");

    public static IEnumerable<TestCaseData<KernelRoute>> Routes()
    {
        foreach (var prefix in new[] { "10.1.0.0/16", "0.0.0.0/0", "2001:db8::/32" })
        {
            var route = new KernelRoute(IpPrefix.Parse(prefix)) { Protocol = RouteProtocol.Bgp, Metric = 7, Table = 100_000 };
            yield return Case(route with { Type = KernelRouteType.Blackhole }, "blackhole");
            yield return Case(route with { NextHopId = 77 }, "nexthop object");
            yield return Case(route with { NextHops = [new(GatewayV6, 3)], Scope = RouteScope.Universe }, "one gateway");
            yield return Case(route with { NextHops = [new(IpAddress.None, 3)], Scope = RouteScope.Link }, "device");
            yield return Case(route with { NextHops = [new(GatewayV6, 3, 1, NextHopFlags.OnLink)] }, "onlink");
            yield return Case(route with { NextHops = [new(GatewayV6, 4, 256, NextHopFlags.OnLink), new(GatewayV6, 3)] }, "two gateways");
            yield return Case(route with { PreferredSource = GatewayV4, NextHops = [new(GatewayV4, 3), new(GatewayV6, 3)] }, "both families");
            yield return Case(route with { NextHops = Many(KernelNextHops.MaxCount) }, "most gateways");
        }

        static TestCaseData<KernelRoute> Case(KernelRoute route, string name) => new(route) { TestName = $"Route_{route.Prefix}{name}_ReadsBack" };
    }

    [TestCaseSource(nameof(Routes))]
    public void Route_Written_ReadsBack(KernelRoute route)
    {
        var buffer = new byte[RouteCodec.MaxLength(route)];
        var reader = new NetlinkMessageReader(Write(buffer, RouteOperation.Replace, route));

        Assert.That((reader.Read(), RouteCodec.TryRead(reader, out var read), reader.Read()), Is.EqualTo((true, true, false)));
        Assert.That(read, Is.EqualTo(route));
    }

    [TestCase(RouteOperation.Create, 24, 0x601)]
    [TestCase(RouteOperation.Replace, 24, 0x501)]
    [TestCase(RouteOperation.Append, 24, 0xc01)]
    [TestCase(RouteOperation.Delete, 25, 0x001)]
    public void Operation_Written_HasItsTypeAndFlags(RouteOperation operation, int type, int flags)
    {
        var buffer = new byte[256];
        var reader = new NetlinkMessageReader(Write(buffer, operation, new KernelRoute(IpPrefix.Parse("10.0.0.0/8"))));
        reader.Read();

        Assert.That((reader.Type, reader.Flags, reader.Sequence), Is.EqualTo(((ushort)type, (ushort)flags, 9u)));
    }

    [Test]
    public void Route_FromTheKernel_IsRead()
    {
        // RTM_NEWROUTE as Linux 6.18 dumps "10.244.1.0/24 via 192.0.2.2 dev eth0 proto bgp metric 1024 src 192.0.2.1" (index 2).
        const string Hex = "4400000018000200010000000000000002180000feba0001000000000800" + "0f00fe000000" + "080001000af40100" + "0800060000040000" + "08000700c0000201"
            + "08000500c0000202" + "0800040002000000";
        var datagram = Convert.FromHexString(Hex);
        datagram[0] = (byte)datagram.Length;
        var reader = new NetlinkMessageReader(datagram);

        Assert.That((reader.Read(), RouteCodec.TryRead(reader, out var route)), Is.EqualTo((true, true)));
        Assert.That(route, Is.EqualTo(new KernelRoute(IpPrefix.Parse("10.244.1.0/24"))
        {
            Protocol = RouteProtocol.Bgp,
            Metric = 1024,
            PreferredSource = IpAddress.Parse("192.0.2.1"),
            NextHops = [new(IpAddress.Parse("192.0.2.2"), 2)],
        }));
    }

    [Test]
    public void Error_WithTheKernelsWords_IsRead()
    {
        // NLMSG_ERROR, flags CAPPED and ACK_TLVS, -101, our header of 16 bytes, NLMSGERR_ATTR_MSG.
        var text = Convert.ToHexString("Nexthop has invalid gateway\0"u8);
        var datagram = Convert.FromHexString("440000000200000307000000000000009BFFFFFF" + "2c000000180005000700000000000000" + "20000100" + text);
        var reader = new NetlinkMessageReader(datagram);
        reader.Read();

        Assert.That(NetlinkReply.Decode(reader), Is.EqualTo(new NetlinkReply(7, Errno.ENETUNREACH, "Nexthop has invalid gateway")));
    }

    [Test]
    public void Datagram_CutAnywhere_IsReadWithoutGoingPastItsEnd()
    {
        var route = new KernelRoute(IpPrefix.Parse("10.1.0.0/16")) { NextHops = Many(3) };
        var buffer = new byte[RouteCodec.MaxLength(route)];
        var whole = Write(buffer, RouteOperation.Create, route);

        for (var length = 0; length < whole.Length; length++)
        {
            Assert.That(new NetlinkMessageReader(whole[..length]).Read(), Is.False, $"{length} bytes");
        }
    }

    [Test]
    public void Datagram_BentAnywhere_EndsInAValueOrNone([Values(1, 2, 3)] int seed)
    {
        var random = new Random(seed);
        var route = new KernelRoute(IpPrefix.Parse("10.1.0.0/16")) { NextHops = Many(3) };
        var buffer = new byte[RouteCodec.MaxLength(route)];
        var length = Write(buffer, RouteOperation.Create, route).Length;
        var outcomes = new int[2];
        for (var round = 0; round < 20_000; round++)
        {
            var bent = buffer.AsSpan(0, length).ToArray();
            for (var i = random.Next(1, 4); i > 0; i--)
            {
                bent[random.Next(length)] = (byte)random.Next(256);
            }

            var reader = new NetlinkMessageReader(bent);
            while (reader.Read())
            {
                outcomes[RouteCodec.TryRead(reader, out _) ? 1 : 0]++;
                LinkCodec.TryRead(reader, out _);
                AddressCodec.TryRead(reader, out _);
                NextHopCodec.TryRead(reader, out _);
                NetlinkReply.Decode(reader);
                KernelMonitor.TryDecode(reader, out _);
            }
        }

        Assert.That(outcomes, Has.All.Positive);
    }

    [Test]
    public void NextHops_InAnyOrder_AreEqual()
    {
        KernelNextHops one = [new(GatewayV4, 3), new(GatewayV6, 3), new(GatewayV6, 2)];
        KernelNextHops other = [new(GatewayV6, 2), new(GatewayV6, 3), new(GatewayV4, 3)];

        Assert.That(one, Is.EqualTo(other));
    }

    [Test]
    public void NextHops_OfOtherWeight_AreNotEqual()
    {
        KernelNextHops one = [new(GatewayV4, 3), new(GatewayV6, 3)];
        KernelNextHops other = [new(GatewayV4, 3), new(GatewayV6, 3, 2)];

        Assert.That(one, Is.Not.EqualTo(other));
    }

    [Test]
    public void NextHops_TooMany_AreRefused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => Many(KernelNextHops.MaxCount + 1));
    }

    private static KernelNextHops Many(int count) => KernelNextHops.Create(
        [.. Enumerable.Range(1, count).Select(i => new KernelNextHop(IpAddress.Parse(string.Create(CultureInfo.InvariantCulture, $"fe80::{i:x}")), i))]);

    private static ReadOnlySpan<byte> Write(byte[] buffer, RouteOperation operation, in KernelRoute route)
    {
        var writer = new NetlinkMessageWriter(buffer);
        RouteCodec.Write(ref writer, operation, route, 0, 9);
        return writer.Written;
    }
}
