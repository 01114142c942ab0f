namespace Bgp.Interop.Tests;

/// <summary>The daemon knows BIRD by nothing but the subnet that it comes from.</summary>
[NonParallelizable]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class DynamicNeighborTests : IDisposable
{
    private const uint SubjectAsn = 64512;
    private const uint PeerAsn = 65001;
    private const string Prefix = "198.51.100.0/24";

    private readonly Segment _segment = new();
    private readonly List<IDisposable> _running = [];

    public void Dispose()
    {
        _running.ForEach(process => process.Dispose());
        _segment.Dispose();
    }

    [TestCase(Family.IPv4, "10.9.0.0/16")]
    [TestCase(Family.IPv6, "fd00:9::/64")]
    public void Range_WithPasswordAndTtlSecurity_TakesWhoeverHasThem(Family transport, string range)
    {
        var (left, right) = (_segment.Attach("subject"), _segment.Attach("peer"));
        var subject = Keep(new DaemonPeer(left, SubjectAsn, $$"""
            peerGroups:
              others:
                asn: external
                families: [ipv4-unicast, ipv6-unicast]
                password: secret
                ttlSecurity: 1
                importPolicy: [accept-all]
                exportPolicy: [accept-all]
            dynamicNeighbors: [{prefix: "{{range}}", group: others}]
            """));
        var peer = Keep(new BirdPeer(right, PeerAsn, new Session(left, SubjectAsn, transport) { Options = ["password \"secret\";", "ttl security on;"] }));

        Eventually.Holds("BIRD has the session", () => peer.IsEstablished(left));
        peer.Announce(new Route(Prefix));
        subject.Announce(new Route("203.0.113.0/24"));

        Eventually.Some("BIRD's route", () => subject.Imported(Prefix));
        Routes.Await("203.0.113.0/24", peer, left);
    }

    private T Keep<T>(T process)
        where T : IDisposable
    {
        _running.Add(process);
        return process;
    }
}
