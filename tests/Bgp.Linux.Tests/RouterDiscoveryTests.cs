using System.Net;
using System.Net.Sockets;
using Bgp.Protocol;

namespace Bgp.Linux.Tests;

/// <summary>Router discovery: what a message is, and what of it comes over a link.</summary>
internal sealed class RouterDiscoveryTests : LabFixture
{
    private const int UnicastHops = 16;

    [TestCase("86000000000000000000000000000000", RouterMessageKind.Advertisement)]
    [TestCase("860012344000070800000000000000000101020000000001", RouterMessageKind.Advertisement, Description = "a router lifetime, and a source link-layer address")]
    [TestCase("8500000000000000", RouterMessageKind.Solicitation)]
    [TestCase("85000000000000000101020000000001", RouterMessageKind.Solicitation)]
    [TestCase("", RouterMessageKind.None)]
    [TestCase("860000000000000000000000000000", RouterMessageKind.None, Description = "too short")]
    [TestCase("86010000000000000000000000000000", RouterMessageKind.None, Description = "code 1")]
    [TestCase("860000000000000000000000000000000100020000000001", RouterMessageKind.None, Description = "an option of length 0")]
    [TestCase("860000000000000000000000000000000102020000000001", RouterMessageKind.None, Description = "an option that is cut off")]
    [TestCase("8600000000000000000000000000000001", RouterMessageKind.None, Description = "half an option's head")]
    [TestCase("87000000000000000000000000000000", RouterMessageKind.None, Description = "a neighbor solicitation")]
    public void Message_OfAnyBytes_IsWhatRfc4861Says(string hex, RouterMessageKind expected) =>
        Assert.That(RouterMessage.KindOf(Convert.FromHexString(hex)), Is.EqualTo(expected));

    [Test]
    public void Advertisement_Ours_MakesNobodyItsDefaultRouter()
    {
        Assert.That(Convert.ToHexString(RouterMessage.Advertisement.Span), Is.EqualTo("86000000000000000000000000000000"));
        Assert.That(RouterMessage.KindOf(RouterMessage.Advertisement.Span), Is.EqualTo(RouterMessageKind.Advertisement));
        Assert.That(RouterMessage.KindOf(RouterMessage.Solicitation.Span), Is.EqualTo(RouterMessageKind.Solicitation));
    }

    [Test]
    [CancelAfter(30_000)]
    public async Task Link_AdvertisementAndSolicitation_ComeWithTheirSender(CancellationToken cancel)
    {
        var (left, right) = await PairAsync(cancel);

        Assert.That(left.Socket.TryAdvertise(left.Index), Is.True);
        Assert.That(await right.Socket.ReceiveAsync(cancel), Is.EqualTo((RouterMessageKind.Advertisement, right.Index, left.Address)));

        Assert.That(right.Socket.TrySolicit(right.Index), Is.True);
        Assert.That(await left.Socket.ReceiveAsync(cancel), Is.EqualTo((RouterMessageKind.Solicitation, left.Index, right.Address)));

        Assert.That(left.Socket.TryAdvertise(left.Index, right.Address), Is.True);
        Assert.That(await right.Socket.ReceiveAsync(cancel), Is.EqualTo((RouterMessageKind.Advertisement, right.Index, left.Address)));
    }

    [Test]
    [CancelAfter(30_000)]
    public async Task Link_AdvertisementThatWasForwarded_IsNotHeard(CancellationToken cancel)
    {
        var (left, right) = await PairAsync(cancel);
        using var forger = left.Space.Run(() => new Socket(System.Net.Sockets.AddressFamily.InterNetworkV6, SocketType.Raw, ProtocolType.IcmpV6));
        forger.SetRawSocketOption((int)SocketOptionLevel.IPv6, UnicastHops, BitConverter.GetBytes(254));
        forger.SendTo(RouterMessage.Advertisement.Span, SocketFlags.None, new IPEndPoint(right.Address.ToIPAddress(left.Index), 0));

        // What follows is heard first.
        left.Socket.TrySolicit(left.Index);

        Assert.That((await right.Socket.ReceiveAsync(cancel)).Kind, Is.EqualTo(RouterMessageKind.Solicitation));
    }

    [Test]
    public void Link_Unknown_TakesNothing()
    {
        using var socket = NewNamespace().Run(RouterDiscoverySocket.Open);

        Assert.That((socket.TryAdvertise(99), socket.TrySolicit(99), socket.TryJoin(99)), Is.EqualTo((false, false, false)));
    }

    /// <summary>Two ends of a cable in namespaces of their own, each a member of the routers' group, with addresses that are not tentative.</summary>
    private async Task<(End Left, End Right)> PairAsync(CancellationToken cancel)
    {
        var (left, right) = (NewNamespace(), NewNamespace());
        var ends = new List<End>();
        foreach (var space in (NetworkNamespace[])[left, right])
        {
            space.WriteSetting("net.ipv6.conf.default.accept_dad", "0");
        }

        OpenNetlink(left).CreateVeth("cable", "cable", right);
        foreach (var space in (NetworkNamespace[])[left, right])
        {
            var netlink = OpenNetlink(space);
            var index = netlink.LinkIndex("cable");
            netlink.SetLinkUp(index);
            ends.Add(new End(space, Keep(space.Run(RouterDiscoverySocket.Open)), index, IpAddress.None));
        }

        for (var end = 0; end < ends.Count; end++)
        {
            var netlink = OpenNetlink(ends[end].Space);
            IpAddress? address;
            while ((address = netlink.ReadAddresses().Where(one => one.InterfaceIndex == ends[end].Index && one.Address.IsLinkLocal && !one.Flags.HasFlag(AddressFlags.Tentative)).Select(one => (IpAddress?)one.Address).FirstOrDefault()) is null)
            {
                await Task.Delay(10, cancel);
            }

            Assert.That(ends[end].Socket.TryJoin(ends[end].Index) && ends[end].Socket.TryJoin(ends[end].Index), Is.True);
            ends[end] = ends[end] with { Address = address.Value };
        }

        return (ends[0], ends[1]);
    }

    private sealed record End(NetworkNamespace Space, RouterDiscoverySocket Socket, int Index, IpAddress Address);
}
