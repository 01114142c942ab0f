namespace Bgp.Interop.Tests;

/// <summary>The subject and one BIRD of another AS on a segment, each with settings of its own for the one session. Nothing exists before <see cref="Start"/>.</summary>
internal sealed class PairTopology : IDisposable
{
    public const uint SubjectAsn = 64512;
    public const uint PeerAsn = 65001;

    private Segment? _segment;
    private DaemonPeer? _subject;
    private BirdPeer? _peer;

    public DaemonPeer Subject => _subject ?? throw new InvalidOperationException("not started");

    public BirdPeer Peer => _peer ?? throw new InvalidOperationException("not started");

    /// <param name="subject">Settings of our daemon's neighbor.</param>
    /// <param name="peer">Statements of BIRD's protocol.</param>
    /// <param name="sections">More of the router file.</param>
    /// <param name="shownAsn">The AS number that BIRD expects of us.</param>
    /// <param name="isLinkLocal">Whether the session is over link-local addresses.</param>
    public void Start(IReadOnlyList<string> subject, IReadOnlyList<string> peer, string sections = "", uint shownAsn = SubjectAsn, bool isLinkLocal = false)
    {
        _segment = new Segment();
        var (left, right) = (_segment.Attach("subject"), _segment.Attach("peer"));
        _peer = new BirdPeer(right, PeerAsn, new Session(left, shownAsn, Family.IPv4) { Options = peer, IsLinkLocal = isLinkLocal });
        _subject = new DaemonPeer(left, SubjectAsn, sections, new Session(right, PeerAsn, Family.IPv4) { Options = subject, IsLinkLocal = isLinkLocal });
    }

    public void AwaitSession()
    {
        Eventually.Holds("the subject has the session", () => Subject.IsEstablished(Peer.Host));
        Eventually.Holds("BIRD has the session", () => Peer.IsEstablished(Subject.Host));
    }

    public void Dispose()
    {
        _subject?.Dispose();
        _peer?.Dispose();
        _segment?.Dispose();
    }
}
