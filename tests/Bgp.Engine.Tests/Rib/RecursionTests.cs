using Bgp.Protocol;

namespace Bgp.Engine.Tests;

/// <summary>Next hops that only other BGP routes lead to.</summary>
public sealed class RecursionTests
{
    private const string Far = "198.51.100.0/24";
    private const string FarHop = "203.0.113.9";
    private const string Middle = "203.0.113.0/24";

    [Test]
    public void NextHop_BehindABgpRoute_TakesItsWays([Values] bool isMiddleFirst)
    {
        using var engine = Pair(out var near, out var other);
        Announce(engine, isMiddleFirst ? near : other, isMiddleFirst);
        Announce(engine, isMiddleFirst ? other : near, !isMiddleFirst);

        engine.Settle();

        var best = engine.Best(Far);
        Assert.That(Ways(engine, Far), Is.EqualTo(Hop(near)));
        Assert.That((best.Fault, best.Through), Is.EqualTo((NextHopFault.None, (IpPrefix?)IpPrefix.Parse(Middle))));
    }

    [Test]
    public void NextHop_CoveringRouteWithdrawn_RouteGoesWithTheReason()
    {
        using var engine = Pair(out var near, out var other);
        Announce(engine, near, isMiddle: true);
        Announce(engine, other, isMiddle: false);
        engine.Settle();

        engine.Withdraw(near, Middle);
        engine.Settle();

        var route = engine.Routes().Single();
        Assert.That(engine.Fib, Is.Empty);
        Assert.That((route.Reason, route.Fault), Is.EqualTo((PathReason.NextHopUnresolved, NextHopFault.NoRoute)));
    }

    [Test]
    public void NextHop_CoveringRouteMovesToAnotherPeer_RouteMovesAlong()
    {
        using var engine = Pair(out var near, out var other);
        Announce(engine, near, isMiddle: true);
        Announce(engine, other, isMiddle: false);
        engine.Settle();

        engine.Announce(other, Middle, spec => spec.LocalPref = 200);
        engine.Settle();

        Assert.That(Ways(engine, Far), Is.EqualTo(Hop(other)));
    }

    [Test]
    public void NextHop_BgpDefaultRoute_LeadsThere()
    {
        using var engine = Pair(out var near, out var other);
        Announce(engine, other, isMiddle: false);
        engine.Announce(near, "0.0.0.0/0");

        engine.Settle();

        Assert.That(Ways(engine, Far), Is.EqualTo(Hop(near)));
    }

    [TestCase("172.16.0.0/16", true)]
    [TestCase("172.16.0.0/12", false, Description = "as long as the kernel's")]
    [TestCase("172.0.0.0/8", false)]
    [TestCase("0.0.0.0/0", false)]
    public void NextHop_TheKernelKnowsAWay_OnlyLongerBgpRoutesWin(string prefix, bool wins)
    {
        using var engine = Pair(out var near, out var other);
        engine.Announce(other, Far, spec => spec.NextHop = IpAddress.Parse("172.16.0.9"));
        engine.Announce(near, prefix);

        engine.Settle();

        Assert.That(Ways(engine, Far), Is.EqualTo(wins ? Hop(near) : "10.0.0.254"));
    }

    [Test]
    public void NextHop_OnAConnectedSubnet_IsOnTheLinkWhateverPeersAnnounce()
    {
        using var engine = Pair(out var near, out var other);
        engine.Announce(other, Far);
        engine.Announce(near, "10.0.0.0/24");

        engine.Settle();

        Assert.That(Ways(engine, Far), Is.EqualTo(Hop(other)));
    }

    [Test]
    public void NextHop_OnlyItsOwnRouteCoversIt_IsUnresolved()
    {
        using var engine = Pair(out _, out var other);
        engine.Announce(other, Middle, spec => spec.NextHop = IpAddress.Parse(FarHop));

        engine.Settle();

        Assert.That(engine.Routes().Single().Fault, Is.EqualTo(NextHopFault.NoRoute));
    }

    [Test]
    public void NextHop_TwoRoutesNeedEachOther_BothAreUnresolved()
    {
        using var engine = Pair(out var near, out var other);
        engine.Announce(near, Far, spec => spec.NextHop = IpAddress.Parse(FarHop));
        engine.Announce(other, Middle, spec => spec.NextHop = IpAddress.Parse("198.51.100.9"));

        engine.Settle();

        Assert.That(engine.Routes().Select(route => route.Fault), Is.All.EqualTo(NextHopFault.NoRoute));
    }

    [Test]
    public void NextHop_CircleThatADefaultRouteFed_DoesNotOutliveIt()
    {
        using var engine = Pair(out var near, out var other);
        engine.Announce(near, "0.0.0.0/0");
        engine.Announce(near, Far, spec => spec.NextHop = IpAddress.Parse(FarHop));
        engine.Announce(other, Middle, spec => spec.NextHop = IpAddress.Parse("198.51.100.9"));
        engine.Settle();
        var fed = engine.Fib.Count;

        engine.Withdraw(near, "0.0.0.0/0");
        engine.Settle();

        Assert.That((fed, engine.Fib.Count), Is.EqualTo((3, 0)));
    }

    [Test]
    public void NextHop_ABetterPathThroughAWorseOneOfItsPrefix_DoesNotComeAndGoForEver([Values] bool isBetterFirst)
    {
        using var engine = Pair(out var near, out var other);
        void Better() => engine.Announce(other, Middle, spec => (spec.NextHop, spec.LocalPref) = (IpAddress.Parse(FarHop), 200));
        if (isBetterFirst)
        {
            Better();
        }

        engine.Announce(near, Middle);
        engine.Settle();
        if (!isBetterFirst)
        {
            Better();
        }

        engine.Settle();

        Assert.That(Ways(engine, Middle), Is.EqualTo(Hop(near)));
    }

    [Test]
    public void NextHop_AChainInAnyOrder_EndsTheSame()
    {
        foreach (var order in Permutations([0, 1, 2, 3]))
        {
            using var engine = Pair(out var near, out _);
            foreach (var at in order)
            {
                Link(engine, near, at);
                if (at % 2 == 0)
                {
                    engine.Settle();
                }
            }

            engine.Settle();

            Assert.That(Enumerable.Range(0, 4).Select(at => Ways(engine, $"192.{at}.0.0/16")), Is.All.EqualTo(Hop(near)), string.Join(' ', order));
        }
    }

    [Test]
    public void NextHop_AChainPastTheBound_IsUnresolvedAtItsEnd()
    {
        using var engine = Pair(out var near, out _);
        for (var at = 0; at < RouteRecursion.MaxDepth + 3; at++)
        {
            Link(engine, near, at);
            engine.Settle();
        }

        Assert.That(engine.Fib, Has.Count.EqualTo(RouteRecursion.MaxDepth + 1));
    }

    [Test]
    public void NextHop_AWorsePathOfTheCoveringRouteNeedsIt_IsUnresolvedWhicheverCameFirst([Values] bool isWorseFirst)
    {
        using var engine = Pair(out var near, out var other);
        void Worse() => engine.Announce(other, Middle, spec => (spec.NextHop, spec.LocalPref) = (IpAddress.Parse(FarHop), 50));
        Announce(engine, near, isMiddle: true);
        if (isWorseFirst)
        {
            Worse();
        }

        Announce(engine, other, isMiddle: false);
        engine.Settle();
        if (!isWorseFirst)
        {
            Worse();
        }

        engine.Settle();

        Assert.That(engine.Fib.ContainsKey(IpPrefix.Parse(Far)), Is.False);
    }

    [Test]
    public void NextHop_AWorsePathTwoRoutesAwayNeedsIt_IsUnresolvedWhicheverCameFirst([Values] bool isWorseFirst)
    {
        using var engine = Pair(out var near, out var other);
        void Worse() => engine.Announce(other, "192.0.0.0/16", spec => (spec.NextHop, spec.LocalPref) = (IpAddress.Parse(FarHop), 50));
        Link(engine, near, 0);
        if (isWorseFirst)
        {
            Worse();
        }

        engine.Announce(near, Middle, spec => spec.NextHop = IpAddress.Parse("192.0.0.1"));
        Announce(engine, other, isMiddle: false);
        engine.Settle();
        if (!isWorseFirst)
        {
            Worse();
        }

        engine.Settle();
        Assert.That(engine.Fib.ContainsKey(IpPrefix.Parse(Far)), Is.False);

        engine.Withdraw(other, "192.0.0.0/16");
        engine.Settle();
        Assert.That(Ways(engine, Far), Is.EqualTo(Hop(near)));
    }

    [Test]
    public void NextHop_AskedOfARouteBeforeItsChangeIsExported_ChangesNothingThatIsShown()
    {
        using var engine = Pair(out var near, out var other);
        engine.Announce(near, Middle);
        engine.Settle();

        engine.Announce(other, Middle);
        Announce(engine, other, isMiddle: false);
        var shown = engine.Routes(new RouteQuery(AddressFamily.Ipv4Unicast) { Prefix = IpPrefix.Parse(Middle) }).Select(route => route.IsMultipath).ToArray();
        engine.Settle();

        Assert.That(shown, Is.All.False);
        Assert.That(engine.Routes(new RouteQuery(AddressFamily.Ipv4Unicast) { Prefix = IpPrefix.Parse(Middle) }).Select(route => route.IsMultipath), Is.All.True);
    }

    [Test]
    public void NextHop_AWorsePathOfTheCoveringRouteNeedsItNoMore_IsResolved()
    {
        using var engine = Pair(out var near, out var other);
        Announce(engine, near, isMiddle: true);
        Announce(engine, other, isMiddle: false);
        engine.Announce(other, Middle, spec => (spec.NextHop, spec.LocalPref) = (IpAddress.Parse(FarHop), 50));
        engine.Settle();

        engine.Withdraw(other, Middle);
        engine.Settle();

        Assert.That(Ways(engine, Far), Is.EqualTo(Hop(near)));
    }

    [Test]
    public void KernelRouteOfTheCoveringRoute_Moves_RouteMovesAlong()
    {
        using var engine = Pair(out var near, out var other);
        engine.Announce(near, Middle, spec => spec.NextHop = IpAddress.Parse("172.16.0.9"));
        Announce(engine, other, isMiddle: false);
        engine.Settle();
        var before = Ways(engine, Far);

        engine.Apply(new EngineInput(EngineInputKind.Kernel)
        {
            Kernel = new KernelUpdate
            {
                Routes =
                [
                    new KernelRoute
                    {
                        Prefix = IpPrefix.Parse("172.16.0.0/12"),
                        Kind = KernelRouteKind.Unicast,
                        Protocol = 2,
                        Table = 254,
                        Hops = [new KernelHop(IpAddress.Parse("10.0.0.253"), 2, 1, false, false)],
                    },
                ],
            },
        });
        engine.Settle();

        Assert.That((before, Ways(engine, Far)), Is.EqualTo(("10.0.0.254", "10.0.0.253")));
    }

    private static EngineHarness Pair(out TestPeer near, out TestPeer other)
    {
        var engine = new EngineHarness();
        near = engine.Add(1);
        other = engine.Add(2);
        engine.Configure();
        engine.Up(near);
        engine.Up(other);
        return engine;
    }

    private static void Announce(EngineHarness engine, TestPeer peer, bool isMiddle)
    {
        if (isMiddle)
        {
            engine.Announce(peer, Middle);
        }
        else
        {
            engine.Announce(peer, Far, spec => spec.NextHop = IpAddress.Parse(FarHop));
        }
    }

    /// <summary>One route of a chain: each one's next hop lies in the one before, the first one's is the peer.</summary>
    private static void Link(EngineHarness engine, TestPeer peer, int at) => engine.Announce(peer, $"192.{at}.0.0/16", spec =>
    {
        if (at > 0)
        {
            spec.NextHop = IpAddress.Parse($"192.{at - 1}.0.1");
        }
    });

    private static string Hop(TestPeer peer) => peer.Neighbor.Key.Address.ToString();

    private static string Ways(EngineHarness engine, string prefix) =>
        engine.Fib.TryGetValue(IpPrefix.Parse(prefix), out var ways) ? string.Join(", ", ways.Hops.Select(hop => hop.Gateway.ToString())) : "none";

    private static IEnumerable<int[]> Permutations(int[] items) => items.Length <= 1
        ? [items]
        : items.SelectMany(item => Permutations([.. items.Where(other => other != item)]).Select(rest => (int[])[item, .. rest]));
}
