using Bgp.Protocol;

namespace Bgp.Daemon.Tests;

/// <summary>IPv4 routes by IPv6 next hops (RFC 8950), learnt over an IPv6 session, in the kernel.</summary>
[NonParallelizable]
[Category("root")]
internal sealed class ExtendedNextHopTests
{
    [Test]
    public void Ipv4Routes_OverAnIpv6Session_AreInTheKernelByTheIpv6Gateway([Values] bool nexthopObjects)
    {
        using var pair = new RouterPair(nexthopObjects) { IsIpv6Only = true };
        pair.StartFar();
        pair.StartSubject();
        pair.AwaitRoutes(RouterPair.BlockCount, pair.East);

        var routes = pair.Ours(Afi.Ipv4);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(routes.Select(route => route.NextHops[0].Gateway), Is.All.EqualTo(IpAddress.Parse("fd01::2")));
            Assert.That(routes.Select(route => route.NextHopId != 0), Is.All.EqualTo(nexthopObjects));
            Assert.That(pair.Ours(Afi.Ipv6).Select(route => route.NextHops[0].Gateway), Is.All.EqualTo(IpAddress.Parse("fd01::2")));
        }
    }
}
