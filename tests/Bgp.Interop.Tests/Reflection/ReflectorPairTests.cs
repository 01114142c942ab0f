namespace Bgp.Interop.Tests;

/// <summary>
/// Two reflectors, our daemon and another implementation, with a client of each kind that is a client of both: with a cluster id each, and with one for both (RFC 4456 §7).
/// GoBGP 3.10 has no step for CLUSTER_LIST in its decision (RFC 4456 §9): it may prefer a client's route by the other reflector to the client's own word. With one cluster id for both it then sends nothing.
/// </summary>
[TestFixture(SpeakerKind.Bird, false)]
[TestFixture(SpeakerKind.Bird, true)]
[TestFixture(SpeakerKind.Frr, false)]
[TestFixture(SpeakerKind.Frr, true)]
[TestFixture(SpeakerKind.GoBgp, false)]
[NonParallelizable]
internal sealed class ReflectorPairTests(SpeakerKind other, bool isOneCluster)
{
    private const string Ours = "ours";
    private const string Theirs = "theirs";
    private const string Node = "node";

    private static readonly string[] Clients = ["bird", "frr", "gobgp", Node];
    private static readonly string[] Reflectors = [Ours, Theirs];

    private ReflectedNetwork _network = null!;

    [SetUp]
    public void Build()
    {
        var cluster = isOneCluster ? "192.0.2.77" : null;
        _network = new ReflectedNetwork();
        _network.Add(Ours, SpeakerKind.Daemon);
        _network.Add(Theirs, other);
        _network.Add("bird", SpeakerKind.Bird);
        _network.Add("frr", SpeakerKind.Frr);
        _network.Add("gobgp", SpeakerKind.GoBgp);
        _network.Add(Node, SpeakerKind.Daemon);
        if (other == SpeakerKind.GoBgp)
        {
            // GoBGP 3.10 adds neither ORIGINATOR_ID nor CLUSTER_LIST to what it reflects to a non-client.
            _network.Peer(Theirs, Ours, isClient: true, cluster);
        }
        else
        {
            _network.Peer(Ours, Theirs);
        }

        foreach (var reflector in Reflectors)
        {
            foreach (var client in Clients)
            {
                _network.Peer(reflector, client, isClient: true, cluster);
            }
        }

        _network.Sections[Ours] = "fib: {enabled: false}";
        _network.Start();
        foreach (var client in Clients)
        {
            _network[client].Announce(Of(client));
        }
    }

    [TearDown]
    public void TearDown() => _network?.Dispose();

    // One network for all of it: it takes longer to start six speakers than to look at them.
    [Test]
    public void Pair_RoutesOfClients_AreEverywhereOnceFromEachAndGoWhenTheyAreWithdrawn()
    {
        foreach (var client in Clients)
        {
            foreach (var receiver in Clients.Where(receiver => receiver != client && receiver != Node))
            {
                AssertReflected(client, receiver, Ours);
                AssertReflected(client, receiver, Theirs);
            }

            AssertFromTheOtherReflector(client);
        }

        AssertKernelIsLeftAlone();

        foreach (var client in Clients)
        {
            _network[client].Announce();
            _network.AwaitGoneEverywhere(Of(client).Prefix);
        }
    }

    [Test]
    public void Pair_OneReflectorDies_ClientsKeepTheRoutesByTheOther([ValueSource(nameof(Reflectors))] string victim)
    {
        var survivor = Reflectors.Single(reflector => reflector != victim);
        foreach (var (client, receiver) in Clients.SelectMany(client => Clients.Where(receiver => receiver != client).Select(receiver => (client, receiver))))
        {
            Eventually.Holds($"{client}'s route at {receiver}", () => _network.Paths(receiver).ReceivedPaths(Of(client).Prefix, _network.HostOf(survivor)).Count > 0);
        }

        _network.Stop(victim);

        foreach (var receiver in Clients)
        {
            Eventually.Holds($"{receiver} has lost the session", () => !_network[receiver].IsEstablished(_network.HostOf(victim)));
            foreach (var client in Clients.Where(client => client != receiver))
            {
                Assert.That(_network.Paths(receiver).ReceivedPaths(Of(client).Prefix, _network.HostOf(survivor)), Is.Not.Empty, $"{client}'s route at {receiver}");
            }
        }

        // The node reaches a client, and new routes and withdrawals still travel.
        var gateway = _network.HostOf("bird").IPv4;
        Eventually.Get("the route in the node's kernel", () => InKernel(Node, Of("bird").Prefix), line => line.Contains($"via {gateway}", StringComparison.Ordinal));
        _network["bird"].Announce();
        _network.AwaitGoneEverywhere(Of("bird").Prefix);
        Eventually.Get("no route in the node's kernel", () => InKernel(Node, Of("bird").Prefix), line => line.Length == 0);
    }

    private static Route Of(string client) => new($"198.51.{100 + Array.IndexOf(Clients, client)}.0/24");

    private string ClusterOf(string reflector) => isOneCluster ? "192.0.2.77" : _network.HostOf(reflector).IPv4;

    private void AssertReflected(string client, string receiver, string reflector)
    {
        var route = Routes.Await(Of(client).Prefix, _network[receiver], _network.HostOf(reflector));
        var origin = _network.HostOf(client).IPv4;
        var clusters = string.Join(' ', route.ClusterList);
        var detour = $"{ClusterOf(Theirs)} {ClusterOf(Ours)}";
        Assert.That((route.NextHop, route.OriginatorId, route.AsPath, route.LocalPref), Is.EqualTo((origin, origin, "", 100u)), $"{client} to {receiver} by {reflector}");
        Assert.That(
            clusters, other == SpeakerKind.GoBgp && reflector == Theirs ? Is.AnyOf(ClusterOf(reflector), detour) : Is.EqualTo(ClusterOf(reflector)), $"{client} to {receiver} by {reflector}");
    }

    /// <summary>Each cluster of its own: the other's routes are a second way. One cluster: they have been here.</summary>
    private void AssertFromTheOtherReflector(string client)
    {
        if (other == SpeakerKind.GoBgp)
        {
            return;
        }

        var reasons = Eventually.Get(
            $"{client}'s route by the other reflector", () => _network.Daemon(Ours).Reasons(Of(client).Prefix, _network.HostOf(Theirs)), reasons => reasons.Count > 0);
        Assert.That(reasons, Is.EqualTo(new[] { isOneCluster ? "clusterLoop" : "longerClusterList" }), client);
    }

    private void AssertKernelIsLeftAlone() => Assert.That(_network.HostOf(Ours).Namespace.Ip("route", "show", "proto", "bgp").Trim(), Is.Empty);

    private string InKernel(string name, string prefix) => _network.HostOf(name).Namespace.Ip("route", "show", "proto", "bgp", prefix).Trim();
}
