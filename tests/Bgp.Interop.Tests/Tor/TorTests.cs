namespace Bgp.Interop.Tests;

/// <summary>
/// A node between two ToR switches (FRR): ECMP outwards, its service address and its pods inwards, and what is lost when one of the two ways goes. A
/// client pings every ten milliseconds all the while.
/// </summary>
[TestFixture("auto")]
[TestFixture("off")]
[NonParallelizable]
internal sealed class TorTests(string nexthopObjects)
{
    /// <summary>
    /// A lost carrier, like a closed connection, is told at once: then a loss is what was in flight, and what the kernels and daemons of three machines need to
    /// act. It is milliseconds; the bound is for busy machines, and still below the hold time.
    /// </summary>
    private static readonly TimeSpan ToldAtOnce = TimeSpan.FromSeconds(TorTopology.HoldTime / 2);

    private readonly TorTopology _topology = new();

    [OneTimeSetUp]
    public void Build()
    {
        _topology.Start(nexthopObjects);
        AwaitBothWays();
    }

    [OneTimeTearDown]
    public void TearDown() => _topology.Dispose();

    [TestCase(TorTopology.Service)]
    [TestCase(TorTopology.Pod)]
    public void Client_ReachesWhatTheNodeAnnounces(string address)
    {
        using var pings = new Pinger(_topology.ClientRouter.Host, TorTopology.Client, address);

        pings.AwaitAnswers();
    }

    [Test]
    public void DefaultRoute_OfBothTors_IsOneRouteWithTwoGateways()
    {
        AwaitBothWays();

        var routes = _topology.Node.Host.Namespace.Ip("-4", "route", "show", "default");

        Assert.That(routes.Split('\n').Count(line => line.StartsWith("default", StringComparison.Ordinal)), Is.EqualTo(1), routes);
        Assert.That(routes.Contains("nhid", StringComparison.Ordinal), Is.EqualTo(nexthopObjects == "auto"), routes);
    }

    [Test]
    public void Link_LosesItsCarrier_OnlyWhatWasInFlightIsLost([Values] bool isInUse)
    {
        AwaitBothWays();
        var tor = isInUse ? _topology.TorInUse() : 1 - _topology.TorInUse();

        AssertOutage(tor, ToldAtOnce, () => _topology.SetLink(tor, isUp: false), () => _topology.SetLink(tor, isUp: true));
    }

    [Test]
    public void Session_ShutDownByTheTor_OnlyWhatWasInFlightIsLost()
    {
        AwaitBothWays();
        var tor = _topology.TorInUse();

        AssertOutage(
            tor,
            ToldAtOnce,
            () => _topology.Tor(tor).Disable(_topology.NodeEnd(tor), "maintenance"),
            () => _topology.Tor(tor).Retry(_topology.NodeEnd(tor)));
    }

    /// <summary>Nothing tells of it but the silence: it takes the hold time, and what that takes to act on.</summary>
    [Test]
    public void Link_FallsSilent_TheHoldTimeIsLostAtMost()
    {
        AwaitBothWays();
        var tor = _topology.TorInUse();

        AssertOutage(
            tor, TimeSpan.FromSeconds(TorTopology.HoldTime) + ToldAtOnce, () => _topology.SetSilent(tor, isSilent: true), () => _topology.SetSilent(tor, isSilent: false));
    }

    private void AssertOutage(int tor, TimeSpan bound, Action cut, Action mend)
    {
        AwaitBothWays();
        using var pings = new Pinger(_topology.ClientRouter.Host, TorTopology.Client, TorTopology.Service);
        pings.AwaitAnswers();
        var before = pings.Now;

        cut();
        _topology.AwaitDefault(1 - tor);
        pings.AwaitAnswers();
        var lost = pings.OutageSince(before);
        var mended = pings.Now;
        mend();
        AwaitBothWays();
        pings.AwaitAnswers();
        var lostByMending = pings.OutageSince(mended);

        TestContext.Out.WriteLine($"lost: {lost.TotalMilliseconds:0} ms by the cut, {lostByMending.TotalMilliseconds:0} ms by its end");
        Assert.That(lost, Is.LessThan(bound));
        Assert.That(lostByMending, Is.LessThan(ToldAtOnce));
    }

    private void AwaitBothWays()
    {
        _topology.AwaitDefault(0, 1);
        _topology.AwaitService(0);
        _topology.AwaitService(1);
    }
}
