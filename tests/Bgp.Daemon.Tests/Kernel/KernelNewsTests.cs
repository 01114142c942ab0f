using Bgp.Engine;
using Bgp.Linux;
using Bgp.Protocol;
using NetlinkAddress = Bgp.Linux.KernelAddress;
using NetlinkLink = Bgp.Linux.KernelLink;
using NetlinkRoute = Bgp.Linux.KernelRoute;

namespace Bgp.Daemon.Tests;

internal sealed class KernelNewsTests
{
    private static readonly NetlinkLink Up = new() { Index = 2, Name = "eth0", Flags = LinkFlags.Up | LinkFlags.Running };

    [Test]
    public void Add_RouteAddedThenRemoved_OnlyTheRemovalIsTold()
    {
        var news = new KernelNews(new FibConfig());

        news.Add(Route(KernelChange.Added));
        news.Add(Route(KernelChange.Removed));
        var update = news.TakeUpdate()!;

        Assert.That((update.Routes.Length, update.RemovedRoutes.Length), Is.EqualTo((0, 1)));
    }

    [Test]
    public void Add_LinkWithoutAChange_IsNoNews()
    {
        var news = new KernelNews(new FibConfig());
        news.LearnLinks([Up]);

        news.Add(new KernelEvent { Kind = KernelEventKind.Link, Link = Up with { Mtu = 9000 } });

        Assert.That(news.TakeUpdate(), Is.Null);
    }

    [Test]
    public void Add_LinkRenamed_IsNewsButNothingIsUncertain()
    {
        var news = new KernelNews(new FibConfig());
        news.LearnLinks([Up]);

        news.Add(new KernelEvent { Kind = KernelEventKind.Link, Link = Up with { Name = "eth1" } });

        Assert.That((news.TakeUpdate()?.Links.Single().Name, news.TakeFibInputs().Length), Is.EqualTo(("eth1", 0)));
    }

    [Test]
    public void Add_SeveralReasonsToDoubt_AreOneUncertain()
    {
        var news = new KernelNews(new FibConfig());
        news.LearnLinks([Up]);

        news.Lost();
        news.Add(new KernelEvent { Kind = KernelEventKind.Link, Change = KernelChange.Removed, Link = Up });
        news.Lost();

        Assert.That(news.TakeFibInputs().Select(input => input.Kind), Is.EqualTo(new[] { FibInputKind.Uncertain }));
    }

    [Test]
    public void Lost_Events_TheWholeStateIsToBeReadAgain()
    {
        var news = new KernelNews(new FibConfig());

        news.Lost();

        Assert.That(news.IsIncomplete, Is.True);
    }

    [Test]
    public void Add_TentativeAddress_IsToldWhenItIsUsable()
    {
        var news = new KernelNews(new FibConfig());
        var address = new NetlinkAddress(IpAddress.Parse("2001:db8::1"), 64, 2);

        news.Add(new KernelEvent { Kind = KernelEventKind.Address, Address = address with { Flags = AddressFlags.Tentative } });
        var tentative = news.TakeUpdate();
        news.Add(new KernelEvent { Kind = KernelEventKind.Address, Address = address });

        Assert.That((tentative, news.TakeUpdate()!.Addresses.Length), Is.EqualTo(((KernelUpdate?)null, 1)));
    }

    [Test]
    public void Add_RouteOfATableThatDecidesNothing_IsNoNews()
    {
        var news = new KernelNews(new FibConfig());

        news.Add(Route(KernelChange.Added) with { Route = new NetlinkRoute(IpPrefix.Parse("203.0.113.0/24")) { Table = 1000 } });

        Assert.That(news.TakeUpdate(), Is.Null);
    }

    [Test]
    public void Configure_RivalsAtOtherMetricsAreToBeToldNow_WhatWasNotToldIsInDoubt()
    {
        var news = new KernelNews(new FibConfig());
        var rival = Route(KernelChange.Replaced) with { Route = new NetlinkRoute(IpPrefix.Parse("203.0.113.0/24")) { Protocol = RouteProtocol.Static, Metric = 77 } };
        news.Add(rival);
        var before = news.TakeFibInputs().Length;

        news.Configure(new FibConfig { VariesMetric = true }, []);
        var doubt = news.TakeFibInputs();
        news.Add(rival);
        news.Configure(new FibConfig { VariesMetric = true, Metric = 5 }, []);
        var after = news.TakeFibInputs();

        Assert.That(before, Is.Zero);
        Assert.That(doubt.Concat(after).Select(input => input.Kind), Is.EqualTo(new[] { FibInputKind.Uncertain, FibInputKind.RouteEvent }));
    }

    private static KernelEvent Route(KernelChange change) => new()
    {
        Kind = KernelEventKind.Route,
        Change = change,
        Route = new NetlinkRoute(IpPrefix.Parse("203.0.113.0/24")) { Protocol = RouteProtocol.Static },
    };
}
