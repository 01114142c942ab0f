namespace Bgp.Interop.Tests;

/// <summary>
/// Several paths of a prefix (RFC 7911) over eBGP, each peer at the same time: every peer has a path of its own and one of the BIRD behind it, sends us both, and is
/// sent those of all the others.
/// </summary>
[NonParallelizable]
internal sealed class PathMatrixTests
{
    private const string Prefix = "198.51.100.0/24";

    private static readonly PeerKind[] Kinds = Enum.GetValues<PeerKind>();

    private readonly MatrixTopology _topology = new();

    [OneTimeSetUp]
    public void Build()
    {
        _topology.Start(
            Family.IPv4, Kinds, (_, session) => session with { AddPaths = true }, (_, session) => session with { AddPaths = true }, behind: session => session);
        _topology.Behind.Announce(new Route(Prefix));
        foreach (var kind in Kinds)
        {
            _topology.AwaitSession(kind);
            if (_topology[kind] is ExaBgpPeer exaBgp)
            {
                exaBgp.AnnouncePaths(new Route(Prefix), new Route(Prefix) { AsPath = $"{MatrixTopology.BehindAsn}" });
            }
            else
            {
                _topology[kind].Announce(new Route(Prefix));
            }
        }
    }

    [OneTimeTearDown]
    public void TearDown() => _topology.Dispose();

    /// <summary>FRR also sends our own paths back, with our AS number in them: a loop, which is kept and not used.</summary>
    [Test]
    public void Paths_FromPeer_AllArrive([PeersThat(PeerNeed.SendPaths)] PeerKind kind) => AssertPaths(
        _topology.Subject, _topology[kind].Host, path => !path.Contains($"{MatrixTopology.SubjectAsn}", StringComparison.Ordinal), PathsOf(kind));

    [Test]
    public void Paths_ToPeer_AllArrive([PeersThat(PeerNeed.ReceivePaths)] PeerKind kind) => AssertPaths(
        _topology[kind],
        _topology.Subject.Host,
        _ => true,
        [.. Kinds.Where(other => other != kind).SelectMany(PathsOf).Select(path => $"{MatrixTopology.SubjectAsn} {path}")]);

    private static string[] PathsOf(PeerKind kind) => [$"{MatrixTopology.AsnOf(kind)}", $"{MatrixTopology.AsnOf(kind)} {MatrixTopology.BehindAsn}"];

    private static void AssertPaths(IPathPeer at, Host from, Func<string, bool> pick, string[] expected) => Eventually.Get(
        $"{expected.Length} paths at {at.Host.Name}: {string.Join(", ", expected)}",
        () => string.Join(", ", at.ReceivedPaths(Prefix, from).Select(path => path.AsPath).Where(pick).Order(StringComparer.Ordinal)),
        text => text == string.Join(", ", expected.Order(StringComparer.Ordinal)));
}
