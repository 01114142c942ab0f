using Bgp.Engine;
using Bgp.Linux;
using Bgp.Protocol;

namespace Bgp.Daemon.Tests;

/// <summary>Routes by nexthop objects on the real kernel.</summary>
internal sealed class NextHopObjectTests() : NetlinkKernelFixture(nexthopObjects: true)
{
    private const string Block = "198.51.100.0/24";
    private const string OtherBlock = "203.0.113.0/24";

    [TestCase(Block, OtherBlock, "192.0.2.7", "192.0.2.8")]
    [TestCase("2001:db8:100::/48", "2001:db8:200::/48", "2001:db8::7", "2001:db8::8")]
    [TestCase(Block, OtherBlock, "2001:db8::7", "2001:db8::8", Description = "RFC 8950")]
    public void Add_SameWays_ShareOneObjectOfOneGatewayAndOneGroupOfTwo(string prefix, string other, string first, string second)
    {
        var result = Write(Add(prefix, Via(first)), Add(other, Via(first)));
        var single = (InKernel(prefix).Single().NextHopId, InKernel(other).Single().NextHopId, Objects().Count);
        var wider = Write(Replace(prefix, Via(first), Via(second)), Replace(other, Via(first), Via(second)));
        var group = (InKernel(prefix).Single().NextHopId, InKernel(other).Single().NextHopId, Objects().Count);

        using (Assert.EnterMultipleScope())
        {
            Assert.That((result.Failures.Length, wider.Failures.Length), Is.EqualTo((0, 0)));
            Assert.That(single, Is.EqualTo((single.Item1, single.Item1, 1)));
            Assert.That(group, Is.EqualTo((group.Item1, group.Item1, 3)));
            Assert.That((single.Item1, group.Item1), Is.Not.EqualTo((0u, single.Item1)));
            Assert.That(Objects().Select(nextHop => (byte)nextHop.Protocol), Is.All.EqualTo(Config.Protocol));
        }
    }

    [TestCase(Block, "192.0.2.7", "192.0.2.8")]
    [TestCase("2001:db8:100::/48", "2001:db8::7", "2001:db8::8")]
    [TestCase(Block, "2001:db8::7", "2001:db8::8", Description = "RFC 8950")]
    public void Dump_ByObjectOrInline_TellsTheSameWays(string prefix, string first, string second)
    {
        Write(Add(prefix, Via(first, weight: 1), Via(second, weight: 3)));
        var byObject = Dump().Entries.Single();
        Write(Config with { NexthopObjects = false }, Replace(prefix, Via(first, weight: 1), Via(second, weight: 3)));
        var inline = Dump().Entries.Single();

        Assert.That(byObject, Is.EqualTo(inline));
        Assert.That(InKernel(prefix).Single().NextHopId, Is.Zero);
    }

    [TestCase("0")]
    [TestCase("1")]
    public void Dump_WhateverTheCompatibilityMode_TellsTheWays(string mode)
    {
        Space.WriteSetting("net.ipv4.nexthop_compat_mode", mode);
        Write(Add(Block, Via("192.0.2.7"), Via("192.0.2.8")), Add("2001:db8:100::/48", Via("2001:db8::7")));

        Assert.That(
            Dump().Entries.Select(entry => entry.Forwarding),
            Is.EqualTo(new[] { new Forwarding([Via("192.0.2.7"), Via("192.0.2.8")]), new Forwarding([Via("2001:db8::7")]) }));
    }

    [Test]
    public void Retired_NoRouteHasTheWays_ObjectsGoAfterTheRoutes()
    {
        Write(Add(Block, Via("192.0.2.7"), Via("192.0.2.8")), Add(OtherBlock, Via("192.0.2.7")));

        Write(Config, [new Forwarding([Via("192.0.2.7"), Via("192.0.2.8")])], Delete(Block));

        Assert.That(Objects().Single().Gateway, Is.EqualTo(IpAddress.Parse("192.0.2.7")));
        Assert.That(InKernel(OtherBlock), Has.Count.EqualTo(1));
    }

    [Test]
    public void Dump_ObjectsOfAnEarlierRun_ServeAgainAndTheRestIsSwept()
    {
        Write(Add(Block, Via("192.0.2.7")), Add(OtherBlock, Via("192.0.2.8")));
        var kept = InKernel(Block).Single().NextHopId;
        Netlink.ChangeRoute(RouteOperation.Delete, InKernel(OtherBlock).Single());
        Restart();

        var dump = Dump();
        Write(Add("198.51.101.0/24", Via("192.0.2.7")));

        Assert.That(dump.Entries.Single().Forwarding, Is.EqualTo(new Forwarding([Via("192.0.2.7")])));
        Assert.That((Objects().Single().Id, InKernel("198.51.101.0/24").Single().NextHopId), Is.EqualTo((kept, kept)));
    }

    [Test]
    public void Dump_ObjectsOfOthers_Stay()
    {
        var ours = NextHopObjects.RangeOf(Config) + 1;
        Netlink.ReplaceNextHop(new NextHopObject { Id = 7, Protocol = RouteProtocol.Bgp, Gateway = IpAddress.Parse("192.0.2.7"), InterfaceIndex = East });
        Netlink.ReplaceNextHop(new NextHopObject { Id = ours, Protocol = RouteProtocol.Static, Gateway = IpAddress.Parse("192.0.2.7"), InterfaceIndex = East });

        Dump();
        var result = Write(Add(Block, Via("192.0.2.7")));

        using (Assert.EnterMultipleScope())
        {
            Assert.That(result.Failures, Is.Empty);
            Assert.That(Objects().Select(nextHop => nextHop.Id), Is.SupersetOf(new[] { 7u, ours }));
            Assert.That(InKernel(Block).Single().NextHopId, Is.Not.EqualTo(7).And.Not.EqualTo(ours).And.Not.Zero);
        }
    }

    [Test]
    public void Add_ANumberWasTakenMeanwhile_AnotherIs()
    {
        Dump();
        var taken = NextHopObjects.RangeOf(Config) + 1;
        Netlink.ReplaceNextHop(new NextHopObject { Id = taken, Protocol = RouteProtocol.Static, Gateway = IpAddress.Parse("192.0.2.9"), InterfaceIndex = East });

        var result = Write(Add(Block, Via("192.0.2.7")));

        Assert.That(result.Failures, Is.Empty);
        Assert.That((InKernel(Block).Single().NextHops[0].Gateway, Objects().Count), Is.EqualTo((IpAddress.Parse("192.0.2.7"), 2)));
    }

    [TestCase(Block, "192.0.2.7", "192.0.2.8")]
    [TestCase("2001:db8:100::/48", "2001:db8::7", "2001:db8::8")]
    public void Add_TheDeviceTookTheObjectsAlong_TheyAreMadeAgain(string prefix, string first, string second)
    {
        Write(Add(prefix, Via(first), Via(second)), Add(prefix.Replace("100", "101", StringComparison.Ordinal), Via(first)));
        Netlink.SetLinkDown(East);
        Netlink.SetLinkUp(East);
        AddAddressAgain();
        Assert.That(SpinWait.SpinUntil(() => Netlink.FindLink("east")!.IsRunning, TimeSpan.FromSeconds(10)), "the veth did not come up");

        var result = Write(Add(prefix, Via(first), Via(second)));

        Assert.That((result.IsUnknown, result.Failures.Length), Is.EqualTo((false, 0)));
        Assert.That((InKernel(prefix).Single().NextHops.Count, InKernel(prefix).Single().NextHopId != 0), Is.EqualTo((2, true)));
    }

    [Test]
    public void Add_TheKernelRefusesTheGateway_ItsOwnWordsComeBackForEachRoute()
    {
        var result = Write(Add(Block, Via("233.252.0.1")), Add(OtherBlock, Via("192.0.2.7"), Via("233.252.0.1")), Add("198.51.101.0/24", Via("192.0.2.7")));

        Assert.That(
            result.Failures.Select(failure => (failure.Index, failure.Text)),
            Is.EqualTo(new[] { (0, "Nexthop has invalid gateway"), (1, "Nexthop has invalid gateway") }));
    }

    [TestCase(Block, "192.0.2.7", "192.0.2.8")]
    [TestCase("2001:db8:100::/48", "2001:db8::7", "2001:db8::8")]
    public void Replace_InlineByObjectAndBackAndBlackhole_EachReplacesTheOneBefore(string prefix, string first, string second)
    {
        Write(Config with { NexthopObjects = false }, Add(prefix, Via(first), Via(second)));
        Write(Replace(prefix, Via(first)));
        var one = InKernel(prefix).Single();
        Write(Replace(prefix));
        var blackhole = InKernel(prefix).Single();
        Write(Replace(prefix, Via(first), Via(second)));
        var several = InKernel(prefix).Single();
        Write(Config with { NexthopObjects = false }, Replace(prefix, Via(second)));
        var inline = InKernel(prefix).Single();

        using (Assert.EnterMultipleScope())
        {
            Assert.That((one.NextHopId != 0, one.NextHops.Count), Is.EqualTo((true, 1)));
            Assert.That(blackhole.Type, Is.EqualTo(KernelRouteType.Blackhole));
            Assert.That((several.NextHopId != 0, several.NextHops.Count), Is.EqualTo((true, 2)));
            Assert.That((inline.NextHopId, inline.NextHops.Count), Is.EqualTo((0u, 1)));
        }
    }

    private void AddAddressAgain()
    {
        // IPv6 addresses go with the link.
        if (!Netlink.ReadAddresses().Any(address => address.Address == IpAddress.Parse("2001:db8::1")))
        {
            AddAddress("2001:db8::1", 64);
        }
    }

    private IReadOnlyList<NextHopObject> Objects() => Netlink.ReadNextHops();
}
