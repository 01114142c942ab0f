using Bgp.Protocol;

namespace Bgp.Engine.Tests;

/// <summary>Members that a reload moves from one update group to another.</summary>
public sealed class MoveTests
{
    // The new group is never sent the route, so nothing changes there when it goes: only the walk can tell the member.
    [Test]
    public void Move_RejectedRouteIsWithdrawnBeforeTheWalkReachesIt_MemberHearsOfIt()
    {
        using var engine = new EngineHarness(new EngineLimits { DestinationsPerStep = 4 });
        var (source, member) = (engine.Add(1, client: true), engine.Add(2, client: true));
        engine.Configure();
        engine.Up(source);
        engine.Up(member);
        var prefixes = GroupTests.Many(50);
        engine.Announce(source, prefixes);
        engine.Settle();
        var rejected = prefixes[^1];
        member.Neighbor = member.Neighbor with { Families = [new FamilyConfig(AddressFamily.Ipv4Unicast) { ExportPolicy = [AllBut(rejected)] }] };
        engine.Configure();
        engine.Withdraw(source, rejected.ToString());
        engine.Settle();
        Assert.That(member.Routes.Keys, Is.EqualTo(prefixes[..^1]));
    }

    [Test]
    public void Move_RejectedRouteIsWithdrawnBeforeTheWalkReachesIt_DestinationIsFreed()
    {
        using var engine = new EngineHarness(new EngineLimits { DestinationsPerStep = 4 });
        var (source, member) = (engine.Add(1, client: true), engine.Add(2, client: true));
        engine.Configure();
        engine.Up(source);
        engine.Up(member);
        var prefixes = GroupTests.Many(50);
        engine.Announce(source, prefixes);
        engine.Settle();
        member.Neighbor = member.Neighbor with { Families = [new FamilyConfig(AddressFamily.Ipv4Unicast) { ExportPolicy = [PolicyConfig.RejectAll] }] };
        engine.Configure();
        engine.Withdraw(source, [.. prefixes.Select(prefix => prefix.ToString())]);
        engine.Settle();
        Assert.Multiple(() =>
        {
            Assert.That(member.Routes, Is.Empty);
            Assert.That(engine.Engine.Counts()[0].Prefixes, Is.Zero);
        });
    }

    private static PolicyConfig AllBut(IpPrefix prefix) => new("all-but",
    [
        new PolicyRule { Prefixes = [new PrefixMatch(PrefixOperator.Equal, prefix, 0, 32)], Action = PolicyAction.Reject },
        new PolicyRule { Action = PolicyAction.Accept },
    ]);
}
