using Bgp.Engine;
using Bgp.Linux;
using Bgp.Protocol;
using NetlinkRoute = Bgp.Linux.KernelRoute;

namespace Bgp.Daemon.Tests;

[TestFixture(true)]
[TestFixture(false)]
internal sealed class NetlinkKernelWriteTests(bool nexthopObjects) : NetlinkKernelFixture(nexthopObjects)
{
    [TestCase("198.51.100.0/24", "192.0.2.7")]
    [TestCase("2001:db8:100::/48", "2001:db8::7")]
    public void Add_OneGateway_IsInTheKernelWithOurMarks(string prefix, string gateway)
    {
        var result = Write(Add(prefix, Via(gateway)));

        var route = InKernel(prefix).Single();
        using (Assert.EnterMultipleScope())
        {
            Assert.That((result.IsUnknown, result.Failures.Length), Is.EqualTo((false, 0)));
            Assert.That(route.NextHops[0].Gateway, Is.EqualTo(IpAddress.Parse(gateway)));
            Assert.That((byte)route.Protocol, Is.EqualTo(Config.Protocol));
            Assert.That(route.Metric, Is.EqualTo(Config.Metric));
            Assert.That(route.PreferredSource, Is.EqualTo(route.Prefix.Address.IsV4 ? Config.SourceV4 : Config.SourceV6));
        }
    }

    [TestCase("198.51.100.0/24", "192.0.2.7", "192.0.2.8")]
    [TestCase("2001:db8:100::/48", "2001:db8::7", "2001:db8::8")]
    public void Add_TwoGateways_KeepTheirWeights(string prefix, string first, string second)
    {
        Write(Add(prefix, Via(first, weight: 1), Via(second, weight: 3)));

        var hops = InKernel(prefix).Single().NextHops;
        Assert.That(new[] { hops[0].Weight, hops[1].Weight }, Is.EqualTo(new[] { 1, 3 }));
    }

    [TestCase("198.51.100.0/24", "192.0.2.7", "192.0.2.8")]
    [TestCase("2001:db8:100::/48", "2001:db8::7", "2001:db8::8")]
    public void Replace_SeveralThenOneThenBlackhole_EachReplacesTheOneBefore(string prefix, string first, string second)
    {
        Write(Add(prefix, Via(first), Via(second)));
        Write(Replace(prefix, Via(second)));
        var one = InKernel(prefix);
        Write(Replace(prefix));
        var blackhole = InKernel(prefix);
        Write(Replace(prefix, Via(first), Via(second)));
        var several = InKernel(prefix);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(one.Single().NextHops[0].Gateway, Is.EqualTo(IpAddress.Parse(second)));
            Assert.That(blackhole.Single().Type, Is.EqualTo(KernelRouteType.Blackhole));
            Assert.That(several.Single().NextHops.Count, Is.EqualTo(2));
        }
    }

    [TestCase("198.51.100.0/24")]
    [TestCase("2001:db8:100::/48")]
    public void Add_SomebodyElseHasTheKey_IsRefusedAndTheirsStays(string prefix)
    {
        Netlink.ChangeRoute(RouteOperation.Create, Foreign(prefix) with { Metric = Config.Metric });

        var result = Write(Add(prefix));

        Assert.That((result.Failures.Single().Errno, InKernel(prefix).Single().Protocol), Is.EqualTo(((int)Errno.EEXIST, RouteProtocol.Static)));
    }

    [TestCase("198.51.100.0/24")]
    [TestCase("2001:db8:100::/48")]
    public void Replace_NoneHasTheKey_IsRefused(string prefix)
    {
        var result = Write(Replace(prefix));

        Assert.That((result.Failures.Single().Errno, InKernel(prefix).Count), Is.EqualTo(((int)Errno.ENOENT, 0)));
    }

    [TestCase("198.51.100.0/24", "192.0.2.7")]
    [TestCase("2001:db8:100::/48", "2001:db8::7")]
    public void Delete_OurRoute_IsGone(string prefix, string gateway)
    {
        Write(Add(prefix, Via(gateway)));

        Write(Delete(prefix));

        Assert.That(InKernel(prefix), Is.Empty);
    }

    [TestCase("198.51.100.0/24")]
    [TestCase("2001:db8:100::/48")]
    public void Delete_SomebodyElsesRoute_IsRefusedAndStays(string prefix)
    {
        Netlink.ChangeRoute(RouteOperation.Create, Foreign(prefix) with { Metric = Config.Metric });

        var result = Write(Delete(prefix));

        Assert.That((result.Failures.Single().Errno, InKernel(prefix).Count), Is.EqualTo(((int)Errno.ESRCH, 1)));
    }

    [Test]
    public void Add_Ipv4ByAnIpv6Gateway_IsInTheKernel()
    {
        Write(Add("198.51.100.0/24", Via("2001:db8::7")));

        Assert.That(InKernel("198.51.100.0/24").Single().NextHops[0].Gateway, Is.EqualTo(IpAddress.Parse("2001:db8::7")));
    }

    [Test]
    public void Add_OnLink_HasNoGateway()
    {
        Write(Add("198.51.100.0/24", new ForwardingHop(IpAddress.None, East)));

        Assert.That(InKernel("198.51.100.0/24").Single().NextHops[0], Is.EqualTo(new KernelNextHop(IpAddress.None, East)));
    }

    [Test]
    public void Batch_OneRefused_TheOthersAreWrittenAndItsIndexAndReasonComeBack()
    {
        var result = Write(Add("198.51.100.0/25", Via("192.0.2.7")), Add("203.0.113.0/24", Via("233.252.0.1")), Add("198.51.100.128/25", Via("192.0.2.7")));

        var failure = result.Failures.Single();
        using (Assert.EnterMultipleScope())
        {
            Assert.That(failure.Index, Is.EqualTo(1));
            Assert.That(failure.Text, Is.EqualTo("Nexthop has invalid gateway"));
            Assert.That(InKernel("198.51.100.0/25"), Has.Count.EqualTo(1));
            Assert.That(InKernel("198.51.100.128/25"), Has.Count.EqualTo(1));
        }
    }

    [Test]
    public void Batch_LargerThanOneSend_FailuresKeepTheirIndexInTheBatch()
    {
        const int Count = 5000;
        const int Refused = 4321;
        var requests = Enumerable.Range(0, Count).Select(i => new FibRequest(
            FibVerb.Add,
            new IpPrefix(IpAddress.V4(0x0b00_0000 + ((uint)i << 8)), 24),
            new Forwarding([Via(i == Refused ? "233.252.0.1" : "192.0.2.7")])));

        var result = Write([.. requests]);

        Assert.That((result.Failures.Single().Index, Dump().Entries.Length), Is.EqualTo((Refused, Count - 1)));
    }

    [Test]
    public void Batches_AHundredThousandRoutes_AreAllThere()
    {
        const int Count = 100_000;
        const int Ways = 64;
        var ways = Enumerable.Range(0, Ways).Select(number => new Forwarding([Via($"192.0.2.{10 + number}"), Via($"192.0.2.{110 + number}")])).ToArray();
        var requests = Enumerable.Range(0, Count).Select(number => new FibRequest(FibVerb.Add, new IpPrefix(IpAddress.V4(0x0b00_0000 + ((uint)number << 8)), 24), ways[number % Ways]));
        var batches = requests.Chunk(FibReconciler.BatchLimit).ToArray();

        var watch = System.Diagnostics.Stopwatch.StartNew();
        var refused = batches.Sum(batch => Write([.. batch]).Failures.Length);
        var written = watch.ElapsedMilliseconds;
        watch.Restart();
        var dump = Dump();

        TestContext.Out.WriteLine($"{Count} routes of two ways each, nexthop objects {Config.NexthopObjects}: written in {written} ms, read back in {watch.ElapsedMilliseconds} ms");
        Assert.That((refused, dump.Entries.Length), Is.EqualTo((0, Count)));
        Assert.That(dump.Entries.Select(entry => entry.Forwarding).Distinct().Count(), Is.EqualTo(Ways));
    }

    [Test]
    public void Dump_RoutesOfOthers_AreLeftOut()
    {
        Netlink.ChangeRoute(RouteOperation.Create, Foreign("203.0.113.0/24"));
        Netlink.ChangeRoute(RouteOperation.Create, Foreign("203.0.113.0/24") with { Protocol = RouteProtocol.Bgp, Table = 1000 });
        Write(Add("198.51.100.0/24", Via("192.0.2.7")), Add("2001:db8:100::/48"));

        Assert.That(Dump().Entries.Select(route => route.Prefix.ToString()), Is.EqualTo(new[] { "198.51.100.0/24", "2001:db8:100::/48" }));
    }

    [Test]
    public void Dump_OurProtocolOnAWorkloadDevice_IsNotOurs()
    {
        var workload = Netlink.CreateVeth("cali123", "far");
        Netlink.SetLinkUp(workload);
        Netlink.ChangeRoute(RouteOperation.Create, new NetlinkRoute(IpPrefix.Parse("198.51.100.1/32"))
        {
            Protocol = RouteProtocol.Bgp,
            Metric = Config.Metric,
            Scope = RouteScope.Link,
            NextHops = [new(IpAddress.None, workload)],
        });

        Assert.That(Dump().Entries, Is.Empty);
    }

    private static NetlinkRoute Foreign(string prefix) => new(IpPrefix.Parse(prefix)) { Protocol = RouteProtocol.Static, Type = KernelRouteType.Blackhole };
}
