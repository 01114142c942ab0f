namespace Bgp.Interop.Tests;

/// <summary>
/// One reflector with clients in two clusters and a non-client (RFC 4456 §6, §7): who hears of whom, and by which list of clusters. The BIRD in our place is the control.
/// </summary>
[TestFixture(SubjectKind.Bird)]
[TestFixture(SubjectKind.Daemon)]
[NonParallelizable]
internal sealed class ClusterTests(SubjectKind subject)
{
    private const string LeftCluster = "192.0.2.101";
    private const string RightCluster = "192.0.2.102";

    private static readonly string[] Others = ["left1", "left2", "right", "plain1", "plain2"];

    private ReflectedNetwork _network = null!;

    [OneTimeSetUp]
    public void Build()
    {
        _network = new ReflectedNetwork();
        _network.Add("subject", subject == SubjectKind.Bird ? SpeakerKind.Bird : SpeakerKind.Daemon);
        _network.Add("left1", SpeakerKind.Bird);
        _network.Add("left2", SpeakerKind.Frr);
        _network.Add("right", SpeakerKind.GoBgp);
        _network.Add("plain1", SpeakerKind.Bird);
        _network.Add("plain2", SpeakerKind.Frr);
        _network.Peer("subject", "left1", isClient: true, LeftCluster);
        _network.Peer("subject", "left2", isClient: true, LeftCluster);
        _network.Peer("subject", "right", isClient: true, RightCluster);
        _network.Peer("subject", "plain1");
        _network.Peer("subject", "plain2");
        _network.Start();
        foreach (var name in Others)
        {
            _network[name].Announce(Of(name));
        }
    }

    [OneTimeTearDown]
    public void TearDown() => _network?.Dispose();

    [TestCase("left1", "left2", LeftCluster)]
    [TestCase("left1", "right", $"{RightCluster} {LeftCluster}")]
    [TestCase("right", "left2", $"{LeftCluster} {RightCluster}")]
    [TestCase("left2", "plain1", LeftCluster)]
    [TestCase("right", "plain2", RightCluster)]
    [TestCase("plain1", "left2", LeftCluster)]
    [TestCase("plain2", "right", RightCluster)]
    public void Route_FromOneToAnother_NamesTheClustersThatItPassed(string from, string to, string clusters)
    {
        var route = Routes.Await(Of(from).Prefix, _network[to], _network.HostOf("subject"));

        var origin = _network.HostOf(from).IPv4;
        Assert.That((string.Join(' ', route.ClusterList), route.OriginatorId, route.NextHop), Is.EqualTo((clusters, origin, origin)));
    }

    [TestCase("plain1", "plain2")]
    [TestCase("plain2", "plain1")]
    public void Route_OfANonClient_IsNotReflectedToAnother(string from, string to)
    {
        // It comes after the other one, and to all of them.
        var fence = new Route("198.51.120.0/24");
        Routes.Await(Of(from).Prefix, _network["left1"], _network.HostOf("subject"));
        _network["right"].Announce(Of("right"), fence);
        Routes.Await(fence.Prefix, _network[to], _network.HostOf("subject"));

        Assert.That(_network[to].Received(Of(from).Prefix, _network.HostOf("subject")), Is.Null);
    }

    private static Route Of(string name) => new($"198.51.{100 + Array.IndexOf(Others, name)}.0/24");
}
