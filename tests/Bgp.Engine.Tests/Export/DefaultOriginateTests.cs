using Bgp.Protocol;

namespace Bgp.Engine.Tests;

/// <summary>Default routes for single neighbors: there whatever the Loc-RIB has, one of each family, and for nobody else.</summary>
internal sealed class DefaultOriginateTests
{
    private const string Default = "0.0.0.0/0";
    private const string Wanted = "10.244.0.0/24";

    [Test]
    public void Default_OfANeighbor_IsSentToItAloneAndIsNoRouteOfOurs()
    {
        using var engine = Up(out var source, out var other, Always);
        engine.Announce(source, Wanted);
        engine.Settle();

        using (Assert.EnterMultipleScope())
        {
            Assert.That(other.Routes.Keys.Select(prefix => prefix.ToString()), Is.EqualTo(new[] { Default, Wanted }));
            Assert.That((other[Default].NextHop, other[Default].AsPath.ToString(), other[Default].LocalPref), Is.EqualTo((EngineHarness.LocalAddress, "", (uint?)100)));
            Assert.That(other.Log[^1] == "eor" || other.Log.IndexOf("eor") > other.Log.IndexOf($"announce {Default}"), Is.True);
            Assert.That(source.Has(Default), Is.False);
            Assert.That(engine.Routes().Select(route => route.Prefix.ToString()), Is.EqualTo(new[] { Wanted }));
            Assert.That(engine.Fib.Keys.Select(prefix => prefix.ToString()), Is.EqualTo(new[] { Wanted }));
            Assert.That((engine.Engine.Counts()[0].Prefixes, engine.Engine.PeerCounts(other.Id)[0].Advertised), Is.EqualTo((1, 2)));
        }
    }

    [Test]
    public void Default_OfAnExternalNeighborWithoutPolicy_IsSentAlone()
    {
        using var engine = new EngineHarness();
        engine.Config = engine.Config with { Networks = [new NetworkConfig(IpPrefix.Parse(Wanted), Blackhole: false)] };
        var other = engine.Add(1, external: true, change: neighbor => Always(neighbor) with { Families = [new FamilyConfig(AddressFamily.Ipv4Unicast)] });
        Start(engine);

        Assert.That((other.Routes.Count, other[Default].AsPath.ToString()), Is.EqualTo((1, "64512")));
    }

    [Test]
    public void Default_LocRibHasOneToo_OursReplacesItForTheNeighbor()
    {
        using var engine = Up(out var source, out var other, Always);
        var third = engine.Add(3);
        engine.Configure();
        engine.Up(third);
        engine.Announce(source, Default, spec => spec.Path = [65001, 65005]);
        engine.Settle();
        Assert.That((other[Default].AsPath.ToString(), third[Default].AsPath.ToString()), Is.EqualTo(("", "65001 65005")));

        engine.Withdraw(source, Default);
        engine.Settle();

        Assert.That((other.Has(Default), third.Has(Default), other.Log.Count(word => word.EndsWith(Default, StringComparison.Ordinal))), Is.EqualTo((true, false, 1)));
    }

    [Test]
    public void Default_ChangedByReload_ComesAndGoesAndLeavesNothing()
    {
        using var engine = Up(out var source, out var other, neighbor => neighbor);
        Assert.That(other.Has(Default), Is.False);

        Reload(engine, other, Always);
        Assert.That((other.Has(Default), source.Has(Default)), Is.EqualTo((true, false)));

        Reload(engine, other, neighbor => neighbor with { DefaultRoute = null });
        Assert.That((other.Has(Default), engine.Engine.AttributeSets, engine.Routes().Count), Is.EqualTo((false, 0, 0)));
    }

    [Test]
    public void Default_TurnedOffWhileTheLocRibHasOne_IsReplacedByThatOne()
    {
        using var engine = Up(out var source, out var other, Always);
        engine.Announce(source, Default);
        engine.Settle();

        Reload(engine, other, neighbor => neighbor with { DefaultRoute = null });

        Assert.That(other[Default].AsPath.ToString(), Is.EqualTo("65001"));
    }

    [Test]
    public void Condition_PrefixComesAndGoes_TheDefaultFollows()
    {
        using var engine = Up(out var source, out var other, neighbor => neighbor with { DefaultRoute = new DefaultRouteConfig(IpPrefix.Parse(Wanted)) });
        Assert.That(other.Has(Default), Is.False);

        engine.Announce(source, "10.244.0.0/25");
        engine.Settle();
        Assert.That(other.Has(Default), Is.False);

        engine.Announce(source, Wanted);
        engine.Settle();
        Assert.That(other.Has(Default), Is.True);

        engine.Announce(source, Wanted, spec => spec.Med = 9);
        engine.Settle();
        engine.Withdraw(source, Wanted);
        engine.Settle();
        Assert.That((other.Has(Default), other.Log.Count(word => word.EndsWith(Default, StringComparison.Ordinal))), Is.EqualTo((false, 2)));
    }

    [Test]
    public void Condition_NotMet_LocRibsOwnDefaultIsAnnounced()
    {
        using var engine = Up(out var source, out var other, neighbor => neighbor with { DefaultRoute = new DefaultRouteConfig(IpPrefix.Parse(Wanted)) });
        engine.Announce(source, Default);
        engine.Settle();
        Assert.That(other[Default].AsPath.ToString(), Is.EqualTo("65001"));

        engine.Announce(source, Wanted);
        engine.Settle();
        Assert.That(other[Default].AsPath.ToString(), Is.EqualTo(""));

        engine.Withdraw(source, Wanted);
        engine.Settle();
        Assert.That(other[Default].AsPath.ToString(), Is.EqualTo("65001"));
    }

    [Test]
    public void Condition_OfIpv4_HoldsForTheIpv6DefaultToo()
    {
        using var engine = new EngineHarness();
        var source = engine.Add(1, external: true);
        var other = engine.Add(2, change: neighbor => neighbor with
        {
            DefaultRoute = new DefaultRouteConfig(IpPrefix.Parse(Wanted)),
            Families = [.. neighbor.Families, new FamilyConfig(AddressFamily.Ipv6Unicast)],
        });
        other.Families = [AddressFamily.Ipv4Unicast, AddressFamily.Ipv6Unicast];
        Start(engine);
        Assert.That(other.Routes, Is.Empty);

        engine.Announce(source, Wanted);
        engine.Settle();
        Assert.That(other.Routes.Keys.Select(prefix => prefix.ToString()), Is.EqualTo(new[] { Default, Wanted, "::/0" }));

        engine.Down(source);
        engine.Settle();
        Assert.That(other.Routes, Is.Empty);
    }

    [Test]
    public void Condition_OtherPrefixByReload_IsJudgedByWhatIsThere()
    {
        using var engine = Up(out var source, out var other, neighbor => neighbor with { DefaultRoute = new DefaultRouteConfig(IpPrefix.Parse("192.0.2.0/24")) });
        engine.Announce(source, Wanted);
        engine.Settle();
        Assert.That(other.Has(Default), Is.False);

        Reload(engine, other, neighbor => neighbor with { DefaultRoute = new DefaultRouteConfig(IpPrefix.Parse(Wanted)) });

        Assert.That(other.Has(Default), Is.True);
    }

    [Test]
    public void AddPath_Neighbor_HasTheDefaultAsOnePath()
    {
        using var engine = new EngineHarness();
        var (left, right) = (engine.Add(1, external: true), engine.Add(2, external: true));
        var other = engine.Add(3, change: neighbor => Always(neighbor) with { Families = [neighbor.Families[0] with { AddPathSend = 4 }] });
        other.ToPeer = other.ToPeer with { Flags = other.ToPeer.Flags | CodecFlags.AddPathIpv4 };
        Start(engine);
        Assert.That(other.Paths.Keys, Is.EqualTo(new[] { (IpPrefix.Parse(Default), 1u) }));

        engine.Announce(left, Default);
        engine.Announce(right, Default);
        engine.Settle();
        Assert.That(other.Paths.Keys, Is.EqualTo(new[] { (IpPrefix.Parse(Default), 1u) }));

        Reload(engine, other, neighbor => neighbor with { DefaultRoute = null });
        Assert.That(other.Paths, Has.Count.EqualTo(2));
    }

    [Test]
    public void Refresh_OfTheNeighbor_SendsItOnceMore()
    {
        using var engine = Up(out _, out var other, Always);
        other.Log.Clear();

        engine.Refresh(other);
        engine.Settle();

        Assert.That(other.Log, Is.EqualTo(new[] { $"announce {Default}" }));
    }

    [Test]
    public void Joiner_OfAGroupThatHasOne_IsSentItOnceBeforeEndOfRib()
    {
        using var engine = Up(out _, out _, Always);
        var third = engine.Add(3, change: Always);
        engine.Configure();

        engine.Up(third);
        engine.Settle();

        Assert.That(third.Log, Is.EqualTo(new[] { $"announce {Default}", "eor" }));
    }

    [Test]
    public void SlowMember_ConditionComesAndGoesMeanwhile_HasThePresentState([Values] bool isPresent)
    {
        using var engine = Up(out var source, out var other, neighbor => neighbor with { DefaultRoute = new DefaultRouteConfig(IpPrefix.Parse(Wanted)) }, new EngineLimits { MemberLagBytes = 1 });
        for (uint change = 0; change < 6; change++)
        {
            engine.Announce(source, Wanted, spec => spec.Med = change);
            engine.Work(int.MaxValue);
            if (change % 2 == 1)
            {
                engine.Withdraw(source, Wanted);
                engine.Work(int.MaxValue);
            }
        }

        if (isPresent)
        {
            engine.Announce(source, Wanted);
        }

        engine.Settle();

        Assert.That(other.Has(Default), Is.EqualTo(isPresent));
    }

    [Test]
    public void Default_DueAmongManyChanges_CountsInTheBoundOfAStep()
    {
        using var engine = Up(out var source, out var other, neighbor => neighbor, new EngineLimits { DestinationsPerStep = 4 });
        engine.Announce(source, [.. Enumerable.Range(0, 20).Select(number => new IpPrefix(IpAddress.V4(0x0af40000 + ((uint)number << 8)), 24))]);

        Reload(engine, other, Always);

        Assert.That((other.Routes.Count, engine.Engine.BusiestStep), Is.EqualTo((21, 4)));
    }

    private static NeighborConfig Always(NeighborConfig neighbor) => neighbor with { DefaultRoute = new DefaultRouteConfig(null) };

    private static EngineHarness Up(out TestPeer source, out TestPeer other, Func<NeighborConfig, NeighborConfig> change, EngineLimits? limits = null)
    {
        var engine = new EngineHarness(limits);
        source = engine.Add(1, external: true);
        other = engine.Add(2, change: change);
        Start(engine);
        return engine;
    }

    private static void Start(EngineHarness engine)
    {
        engine.Configure();
        foreach (var peer in engine.Peers.Values)
        {
            engine.Up(peer);
        }

        engine.Settle();
    }

    private static void Reload(EngineHarness engine, TestPeer peer, Func<NeighborConfig, NeighborConfig> change)
    {
        peer.Neighbor = change(peer.Neighbor);
        engine.Configure();
        engine.Settle();
    }
}
