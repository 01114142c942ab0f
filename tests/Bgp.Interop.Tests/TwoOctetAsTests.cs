namespace Bgp.Interop.Tests;

/// <summary>
/// Peers that do not offer four-octet AS numbers (RFC 6793). A path with large numbers crosses the session as AS_TRANS and AS4_PATH, and is whole
/// again behind it, in both directions.
/// </summary>
[NonParallelizable]
internal sealed class TwoOctetAsTests
{
    private const string LargePath = "65101 4200065100 4200065100";

    private static readonly PeerKind[] Kinds = [.. Enum.GetValues<PeerKind>().Where(kind => PeerLimits.Can(kind, PeerNeed.TwoOctetAs))];

    private readonly StarTopology _topology = new(SessionType.Ebgp);

    [OneTimeSetUp]
    public void Build()
    {
        _topology.Start(SubjectKind.Daemon, Family.IPv4, Kinds, fourOctetAs: false);
        _topology.Source.Announce(FromSource(Family.IPv4), FromSource(Family.IPv6));
        foreach (var kind in Kinds)
        {
            _topology[kind].Announce(Cells().Where(cell => (PeerKind)cell.Arguments[0]! == kind).Select(cell => Offer(kind, (Family)cell.Arguments[1]!)));
        }
    }

    [OneTimeTearDown]
    public void TearDown() => _topology.Dispose();

    [TestCaseSource(nameof(Cells))]
    public void Route_FromTwoOctetPeer_ArrivesWithItsWholePath(PeerKind kind, Family family)
    {
        var sent = Offer(kind, family);

        var received = Routes.Await(sent.Prefix, _topology.Subject, _topology[kind].Host);

        Routes.AssertSame(received, sent with
        {
            AsPath = $"{_topology.AsnOf(kind, fourOctetAs: false)} {sent.AsPath}".Trim(),
            NextHop = _topology[kind].Host.Address(family),
            LocalPref = received.LocalPref,
        });
    }

    [TestCaseSource(nameof(MergingCells))]
    public void Route_WithLargePath_ArrivesWholeAtTwoOctetPeer(PeerKind kind, Family family)
    {
        var sent = FromSource(family);

        var received = Routes.Await(sent.Prefix, _topology[kind], _topology.Subject.Host);

        Routes.AssertSame(received, sent with
        {
            AsPath = $"{StarTopology.SubjectAsn} {_topology.SourceAsn} {sent.AsPath}",
            NextHop = _topology.Source.Host.Address(family),
            Med = null,
            LocalPref = received.LocalPref,
        });
    }

    private static IEnumerable<TestCaseData> Cells() =>
        from kind in Kinds
        from family in Enum.GetValues<Family>()
        where family == Family.IPv4 || PeerLimits.Can(kind, PeerNeed.TwoOctetAsWithIPv6)
        select new TestCaseData(kind, family);

    private static IEnumerable<TestCaseData> MergingCells() =>
        Cells().Where(cell => PeerLimits.Can((PeerKind)cell.Arguments[0]!, PeerNeed.MergeAs4Path));

    private static Route FromSource(Family family) => new(family == Family.IPv4 ? "203.0.113.0/24" : "2001:db8:200::/48")
    {
        AsPath = LargePath,
        Med = 50,
        Communities = ["64512:7"],
    };

    private static Route Offer(PeerKind kind, Family family) => new(family == Family.IPv4 ? $"198.18.{(int)kind}.0/24" : $"2001:db8:{(int)kind + 1}::/48")
    {
        AsPath = PeerLimits.Can(kind, PeerNeed.AsPath) ? LargePath : "",
        Med = 50,
        Communities = ["64512:7"],
    };
}
