namespace Bgp.Interop.Tests;

/// <summary>Routes of ours that depend on other routes, as a BIRD and an FRR of another AS see them: aggregates, and default routes for one neighbor.</summary>
[NonParallelizable]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class OriginationTests : IDisposable
{
    private const string Sum = "198.51.0.0/16";
    private const string Part = "198.51.100.0/24";
    private const string SumV6 = "2001:db8::/32";
    private const string PartV6 = "2001:db8:100::/48";
    private const string Other = "203.0.113.0/24";
    private const string Default = "0.0.0.0/0";
    private const string DefaultV6 = "::/0";

    private readonly PairTopology _pair = new();

    public void Dispose() => _pair.Dispose();

    [Test]
    public void Aggregate_OwnNetworkWithin_BirdHasItWithAggregatorAndWithoutWhatItSumsUp()
    {
        _pair.Start([], [], $"aggregates: [{{prefix: {Sum}, summaryOnly: true}}, {{prefix: \"{SumV6}\"}}]");
        _pair.AwaitSession();

        _pair.Subject.Announce(new Route(Part), new Route(PartV6));

        var received = Routes.Await(Sum, _pair.Peer, _pair.Subject.Host);
        var text = _pair.Peer.Shown(Sum, _pair.Subject.Host);
        Routes.Await(SumV6, _pair.Peer, _pair.Subject.Host);
        Routes.Await(PartV6, _pair.Peer, _pair.Subject.Host);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(received, Is.EqualTo(new Route(Sum) { AsPath = "64512", NextHop = _pair.Subject.Host.IPv4, LocalPref = 100 }).Using<Route>(SameAttributes));
            Assert.That(text, Does.Contain("BGP.atomic_aggr").And.Contain($"BGP.aggregator: {_pair.Subject.Host.IPv4} AS64512"));

            // The aggregate follows its contributor: had that been announced, it would be there by now.
            Assert.That(_pair.Peer.Received(Part, _pair.Subject.Host), Is.Null);
        }

        Eventually.Get("the aggregate's blackhole", () => KernelRoute(Sum), kernel => kernel.StartsWith($"blackhole {Sum}", StringComparison.Ordinal));
    }

    [Test]
    public void Aggregate_LearnedContributorComesAndGoes_FollowsItAtBird()
    {
        _pair.Start([], [], $"aggregates: [{{prefix: {Sum}, summaryOnly: true}}]");
        _pair.AwaitSession();

        _pair.Peer.Announce(new Route(Part) { Origin = "incomplete" });
        Assert.That(Routes.Await(Sum, _pair.Peer, _pair.Subject.Host).Origin, Is.EqualTo("incomplete"));

        _pair.Peer.Announce();
        Routes.AwaitNone(Sum, _pair.Peer, _pair.Subject.Host);
        Eventually.Get("no blackhole any more", () => KernelRoute(Sum), kernel => kernel.Length == 0);
    }

    [Test]
    public void DefaultOriginate_WithACondition_BirdHasOneOfEachFamilyWhileItHolds()
    {
        _pair.Start([$"defaultOriginate: {{ifPresent: {Other}}}", "exportPolicy: [reject-all]"], []);
        _pair.AwaitSession();

        _pair.Subject.Announce(new Route(Other));
        var received = Routes.Await(Default, _pair.Peer, _pair.Subject.Host);
        var receivedV6 = Routes.Await(DefaultV6, _pair.Peer, _pair.Subject.Host);
        using (Assert.EnterMultipleScope())
        {
            Assert.That((received.AsPath, received.NextHop), Is.EqualTo(("64512", _pair.Subject.Host.IPv4)));
            Assert.That((receivedV6.AsPath, receivedV6.NextHop), Is.EqualTo(("64512", _pair.Subject.Host.IPv6)));
            Assert.That(_pair.Peer.Received(Other, _pair.Subject.Host), Is.Null);
            Assert.That(_pair.Subject.Imported(Default), Is.Null);
            Assert.That(KernelRoute("default"), Does.Not.Contain("proto bgp"));
        }

        _pair.Subject.Announce();
        Routes.AwaitNone(Default, _pair.Peer, _pair.Subject.Host);
        Routes.AwaitNone(DefaultV6, _pair.Peer, _pair.Subject.Host);
    }

    [Test]
    public void AggregateAndDefault_TowardsFrr_ArriveAndGo()
    {
        using var segment = new Segment();
        var (left, right) = (segment.Attach("subject"), segment.Attach("frr"));
        using var frr = new FrrPeer(right, PairTopology.PeerAsn, new Session(left, PairTopology.SubjectAsn, Family.IPv4));
        using var subject = new DaemonPeer(
            left, PairTopology.SubjectAsn, $"aggregates: [{{prefix: {Sum}, summaryOnly: true}}]", new Session(right, PairTopology.PeerAsn, Family.IPv4) { Options = ["defaultOriginate: true"] });
        Eventually.Holds("FRR has the session", () => frr.IsEstablished(left));
        Assert.That(Routes.Await(Default, frr, left).AsPath, Is.EqualTo("64512"));

        subject.Announce(new Route(Part));
        Assert.That(Routes.Await(Sum, frr, left).AsPath, Is.EqualTo("64512"));
        Assert.That(frr.Received(Part, left), Is.Null);

        subject.Announce();
        Routes.AwaitNone(Sum, frr, left);
        Assert.That(frr.Received(Default, left), Is.Not.Null);
    }

    private string KernelRoute(string prefix) => _pair.Subject.Host.Namespace.Ip("-4", "route", "show", prefix).Trim();

    private static bool SameAttributes(Route left, Route right) => (left.Origin, left.AsPath, left.NextHop, left.Med, left.LocalPref, left.Communities.Count)
        == (right.Origin, right.AsPath, right.NextHop, right.Med, right.LocalPref, right.Communities.Count);
}
