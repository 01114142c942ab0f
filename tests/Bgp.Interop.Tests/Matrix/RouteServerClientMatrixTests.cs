namespace Bgp.Interop.Tests;

/// <summary>We are the route server of peers of different AS numbers (RFC 7947): what a client announces reaches the others as it is.</summary>
[NonParallelizable]
internal sealed class RouteServerClientMatrixTests
{
    private static readonly PeerKind[] Kinds = Enum.GetValues<PeerKind>();

    private readonly MatrixTopology _topology = new();

    [OneTimeSetUp]
    public void Build()
    {
        _topology.Start(
            Family.IPv4, Kinds, (_, session) => session with { IsRouteServer = true }, (_, session) => session with { IsRouteServerClient = true });
        foreach (var kind in Kinds)
        {
            _topology[kind].Announce(Of(kind));
        }
    }

    [OneTimeTearDown]
    public void TearDown() => _topology.Dispose();

    [Test]
    public void Route_OfAnotherClient_ArrivesWithoutATraceOfUs([PeersThat(PeerNeed.RouteServerClient)] PeerKind kind)
    {
        var other = kind == PeerKind.Bird ? PeerKind.Frr : PeerKind.Bird;

        var received = Routes.Await(Of(other).Prefix, _topology[kind], _topology.Subject.Host);

        Assert.That((received.AsPath, received.NextHop, received.Med), Is.EqualTo(($"{MatrixTopology.AsnOf(other)}", _topology[other].Host.IPv4, (uint?)50)));
    }

    private static Route Of(PeerKind kind) => new($"198.18.{(int)kind}.0/24") { Med = 50 };
}
