namespace Bgp.Interop.Tests;

/// <summary>Each peer is a route server (RFC 7947) between us and a BIRD behind it: what that one announces reaches us as it is.</summary>
[NonParallelizable]
internal sealed class RouteServerMatrixTests
{
    private const string Prefix = "198.51.100.0/24";

    private readonly MatrixTopology _topology = new();

    [OneTimeSetUp]
    public void Build()
    {
        _topology.Start(
            Family.IPv4,
            [.. Enum.GetValues<PeerKind>().Where(kind => PeerLimits.Can(kind, PeerNeed.RouteServer))],
            (_, session) => session with { IsRouteServerClient = true },
            (_, session) => session with { IsRouteServer = true },
            behind: session => session with { IsRouteServerClient = true });
        _topology.Behind.Announce(new Route(Prefix) { Med = 50 });
    }

    [OneTimeTearDown]
    public void TearDown() => _topology.Dispose();

    [Test]
    public void Route_BehindPeer_ArrivesWithoutATraceOfIt([PeersThat(PeerNeed.RouteServer)] PeerKind kind)
    {
        var received = Routes.Await(Prefix, _topology.Subject, _topology[kind].Host);

        Assert.That((received.AsPath, received.NextHop, received.Med), Is.EqualTo(($"{MatrixTopology.BehindAsn}", _topology.Behind.Host.IPv4, (uint?)50)));
        Eventually.Holds("it is a route to use", () => _topology.Subject.Imported(Prefix) is not null);
    }
}
