namespace Bgp.Interop.Tests;

/// <summary>Several paths of a prefix to clients (RFC 7911 with RFC 4456): two clients and a non-client have one prefix, and who may hear of all of them does.</summary>
[NonParallelizable]
internal sealed class ClientPathTests
{
    private const string Prefix = "198.51.100.0/24";

    private static readonly string[] Clients = ["bird", "frr", "gobgp", "daemon"];
    private static readonly string[] Sources = ["source1", "source2", "source3"];

    private ReflectedNetwork _network = null!;

    [OneTimeSetUp]
    public void Build()
    {
        _network = new ReflectedNetwork();
        _network.Add("subject", SpeakerKind.Daemon);
        _network.Add("source1", SpeakerKind.Bird);
        _network.Add("source2", SpeakerKind.GoBgp);
        _network.Add("source3", SpeakerKind.Bird);
        _network.Add("bird", SpeakerKind.Bird);
        _network.Add("frr", SpeakerKind.Frr);
        _network.Add("gobgp", SpeakerKind.GoBgp);
        _network.Add("daemon", SpeakerKind.Daemon);
        _network.Add("plain", SpeakerKind.Bird);
        _network.Peer("subject", "source1", isClient: true);
        _network.Peer("subject", "source2", isClient: true);
        _network.Peer("subject", "source3");
        foreach (var client in Clients)
        {
            _network.Peer("subject", client, isClient: true, addPaths: true);
        }

        _network.Peer("subject", "plain", addPaths: true);
        _network.Sections["subject"] = "fib: {enabled: false}";
        _network.Start();
    }

    [OneTimeTearDown]
    public void TearDown() => _network?.Dispose();

    [SetUp]
    public void AnnounceAll()
    {
        for (var at = 0; at < Sources.Length; at++)
        {
            _network[Sources[at]].Announce(new Route(Prefix) { Med = 10 * ((uint)at + 1) });
        }
    }

    [Test]
    public void Paths_ToAClient_AreThoseOfClientsAndNonClients([ValueSource(nameof(Clients))] string client) => AwaitOrigins(client, "source1", "source2", "source3");

    [Test]
    public void Paths_ToANonClient_AreThoseOfClients() => AwaitOrigins("plain", "source1", "source2");

    [Test]
    public void Path_WithdrawnBySource_OnlyThatOneGoes([ValueSource(nameof(Clients))] string client)
    {
        AwaitOrigins(client, "source1", "source2", "source3");

        _network["source1"].Announce();

        AwaitOrigins(client, "source2", "source3");
    }

    private void AwaitOrigins(string at, params IEnumerable<string> sources)
    {
        var expected = string.Join(", ", sources.Select(source => $"{_network.HostOf(source).IPv4} by {_network.HostOf("subject").IPv4}"));
        Eventually.Get(
            $"paths at {at} of {expected}",
            () => string.Join(", ", _network.Paths(at).ReceivedPaths(Prefix, _network.HostOf("subject")).Select(path => $"{path.OriginatorId} by {string.Join(' ', path.ClusterList)}").Order(StringComparer.Ordinal)),
            text => text == expected);
    }
}
