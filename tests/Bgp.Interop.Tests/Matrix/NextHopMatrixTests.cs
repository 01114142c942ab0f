namespace Bgp.Interop.Tests;

/// <summary>IPv4 routes by IPv6 next hops between global addresses (RFC 8950): no host has an IPv4 address.</summary>
[NonParallelizable]
internal sealed class NextHopMatrixTests
{
    private const string Own = "203.0.113.0/24";

    private readonly MatrixTopology _topology = new();

    [OneTimeSetUp]
    public void Build()
    {
        PeerKind[] kinds = [.. Enum.GetValues<PeerKind>().Where(kind => PeerLimits.Can(kind, PeerNeed.SendExtendedNextHop))];
        _topology.Start(
            Family.IPv6, kinds, (_, session) => session with { ExtendedNextHop = true, ToKernel = true }, (_, session) => session, hasIPv4: false);
        _topology.Subject.Announce(new Route(Own));
        foreach (var kind in kinds)
        {
            _topology[kind].Announce(Of(kind));
        }
    }

    [OneTimeTearDown]
    public void TearDown() => _topology.Dispose();

    [Test]
    public void Route_FromPeer_IsInTheKernelByItsIPv6Address([PeersThat(PeerNeed.SendExtendedNextHop)] PeerKind kind)
    {
        var peer = _topology[kind].Host;

        Assert.That(Routes.Await(Of(kind).Prefix, _topology.Subject, peer).NextHop, Is.EqualTo(peer.IPv6));
        AwaitInKernel(_topology.Subject.Host, Of(kind).Prefix, peer);
    }

    [Test]
    public void Route_ToPeer_HasOurIPv6Address([PeersThat(PeerNeed.ReceiveExtendedNextHop)] PeerKind kind) =>
        Assert.That(Routes.Await(Own, _topology[kind], _topology.Subject.Host).NextHop, Is.EqualTo(_topology.Subject.Host.IPv6));

    /// <summary>ExaBGP writes no kernel's table.</summary>
    [Test]
    public void Route_ToPeer_IsInItsKernel([Values(PeerKind.Bird, PeerKind.Frr)] PeerKind kind) => AwaitInKernel(_topology[kind].Host, Own, _topology.Subject.Host);

    private static Route Of(PeerKind kind) => new($"198.18.{(int)kind}.0/24");

    /// <summary>FRR takes the link-local address that comes beside a global one.</summary>
    private static void AwaitInKernel(Host at, string prefix, Host gateway) => Eventually.Get(
        $"{prefix} in the kernel of {at.Name}",
        () => at.Namespace.Ip("-4", "route", "show", prefix),
        text => text.Contains("via inet6 ", StringComparison.Ordinal) && text.Contains("dev eth0", StringComparison.Ordinal)
            && (text.Contains($"inet6 {gateway.IPv6} ", StringComparison.Ordinal) || text.Contains("inet6 fe80:", StringComparison.Ordinal)));
}
