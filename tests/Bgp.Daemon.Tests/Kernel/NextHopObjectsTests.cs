using Bgp.Engine;
using Bgp.Linux;
using Bgp.Protocol;

namespace Bgp.Daemon.Tests;

/// <summary>Which objects are made, found again and removed, without a kernel.</summary>
internal sealed class NextHopObjectsTests
{
    private const int Link = 2;

    private static readonly FibConfig Marks = new();
    private static readonly uint Range = NextHopObjects.RangeOf(Marks);

    private readonly List<NextHopObject> _made = [];
    private NextHopObjects _objects = new();

    [SetUp]
    public void SetUp()
    {
        _objects = new NextHopObjects();
        _made.Clear();
    }

    [Test]
    public void TryUse_AGroup_MakesItsMembersBeforeIt()
    {
        Use(Ways("192.0.2.7", "192.0.2.8"));

        Assert.That(_made.Select(nextHop => nextHop.IsGroup), Is.EqualTo(new[] { false, false, true }));
        Assert.That(_made[2].Members.Select(member => member.Id), Is.EqualTo(new[] { _made[0].Id, _made[1].Id }));
    }

    [Test]
    public void TryUse_ABlackholeOrAWayOnTheLink_StaysInTheRoute()
    {
        var onLink = new Forwarding([new ForwardingHop(IpAddress.None, Link)]);

        Assert.That((_objects.TryUse(Forwarding.Blackhole, Marks, _made, out _), _objects.TryUse(onLink, Marks, _made, out _), _made.Count), Is.EqualTo((false, false, 0)));
    }

    [Test]
    public void Retire_AGroup_KeepsMembersThatARouteOrAnotherGroupHas()
    {
        Use(Ways("192.0.2.7", "192.0.2.8", "192.0.2.9"));
        var other = Use(Ways("192.0.2.8", "192.0.2.9"));
        var single = Use(Ways("192.0.2.9"));

        var gone = _objects.Retire([Ways("192.0.2.7", "192.0.2.8", "192.0.2.9")]);
        var later = _objects.Retire([Ways("192.0.2.8", "192.0.2.9")]);

        Assert.That(gone, Is.EqualTo(new[] { _made[3].Id, _made[0].Id }), "the group, then the member that nothing else has");
        Assert.That(later, Is.EqualTo(new[] { other, _made[1].Id }));
        Assert.That(_objects.Find(Ways("192.0.2.9")), Is.EqualTo(single));
    }

    [Test]
    public void Learn_AMemberDied_TheGroupStandsForTheRest()
    {
        var group = Use(Ways("192.0.2.7", "192.0.2.8"));
        _objects.Learn([_made[0], _made[2] with { Members = [new NextHopMember(_made[0].Id)] }], Marks);

        Assert.That(_objects.Find(Ways("192.0.2.7", "192.0.2.8")), Is.Zero);
        Assert.That(_objects.HopsOf(group).Single().Gateway, Is.EqualTo(IpAddress.Parse("192.0.2.7")));
    }

    [TestCase(0u, 186, true)]
    [TestCase(0u, 4, false, Description = "another program's in our range")]
    [TestCase(0x10000u, 186, false, Description = "another daemon's range")]
    public void Learn_AnEarlierRuns_IsOursByRangeAndProtocol(uint offset, byte protocol, bool isOurs)
    {
        _objects.Learn([Single(Range + offset + 1, "192.0.2.7", protocol)], Marks);

        Assert.That(_objects.Find(Ways("192.0.2.7")) != 0, Is.EqualTo(isOurs));
    }

    [Test]
    public void TryUse_NumbersThatOthersTook_ArePassedOver()
    {
        _objects.Learn([Single(Range + 1, "192.0.2.9", 4), Single(Range + 2, "192.0.2.9", 4)], Marks);

        Assert.That(Use(Ways("192.0.2.7")), Is.EqualTo(Range + 3));
    }

    [Test]
    public void TakeDump_WhatNoRouteRefersTo_Goes()
    {
        var used = Use(Ways("192.0.2.7"));
        var unused = Use(Ways("192.0.2.8"));

        Assert.That(_objects.TakeDump(Marks, new HashSet<uint> { used }, new HashSet<uint>()), Is.EqualTo(new[] { unused }));
    }

    [Test]
    public void TakeDump_UnderOtherMarks_KeepsWhatTheFormerOnesUse()
    {
        var used = Use(Ways("192.0.2.7"));

        Assert.That(_objects.TakeDump(Marks with { Protocol = 12 }, new HashSet<uint>(), new HashSet<uint>()), Is.Empty);
        Assert.That(_objects.Find(Ways("192.0.2.7")), Is.EqualTo(used));
    }

    [Test]
    public void Retire_ARouteOfAFormerMetricStillRefersToIt_StaysUntilADumpShowsNone()
    {
        var used = Use(Ways("192.0.2.7"));
        _objects.TakeDump(Marks, new HashSet<uint> { used }, new HashSet<uint> { used });

        var early = _objects.Retire([Ways("192.0.2.7")]);
        var late = _objects.TakeDump(Marks, new HashSet<uint>(), new HashSet<uint>());

        Assert.That((early.Count, late.Single()), Is.EqualTo((0, used)));
    }

    private uint Use(Forwarding ways)
    {
        Assert.That(_objects.TryUse(ways, Marks, _made, out var id), Is.True);
        return id;
    }

    private static Forwarding Ways(params string[] gateways) => new([.. gateways.Select(gateway => new ForwardingHop(IpAddress.Parse(gateway), Link)).Order()]);

    private static NextHopObject Single(uint id, string gateway, byte protocol) =>
        new() { Id = id, Protocol = (RouteProtocol)protocol, Gateway = IpAddress.Parse(gateway), InterfaceIndex = Link };
}
