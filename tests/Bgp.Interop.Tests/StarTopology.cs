namespace Bgp.Interop.Tests;

/// <summary>
/// The subject in the middle, BIRD as the source of a route with everything on it, and a peer of each given kind: all on one segment, each with a
/// session to the subject on which both families run. With eBGP each has an AS number of its own, some of them of four octets; with iBGP all are
/// route reflector clients of the subject.
/// </summary>
internal sealed class StarTopology(SessionType type) : IDisposable
{
    public const uint SubjectAsn = 64512;

    private readonly Dictionary<PeerKind, IMeasuredPeer> _peers = [];
    private Segment? _segment;
    private IPeer? _subject;
    private BirdPeer? _source;

    public IPeer Subject => _subject ?? throw NotStarted;

    public BirdPeer Source => _source ?? throw NotStarted;

    public uint SourceAsn => type == SessionType.Ibgp ? SubjectAsn : 4200000001;

    private static InvalidOperationException NotStarted => new("not started");

    public IMeasuredPeer this[PeerKind kind] => _peers[kind];

    public uint AsnOf(PeerKind kind, bool fourOctetAs = true) => type == SessionType.Ibgp ? SubjectAsn : kind switch
    {
        PeerKind.Frr when fourOctetAs => 4200000002,
        PeerKind.OpenBgpd when fourOctetAs => 4200000004,
        _ => 65001 + (uint)kind,
    };

    /// <summary>Starts everything and awaits the sessions.</summary>
    public void Start(SubjectKind subject, Family transport, IReadOnlyList<PeerKind> kinds, bool fourOctetAs = true)
    {
        _segment = new Segment();
        var subjectHost = _segment.Attach("subject");
        var sourceHost = _segment.Attach("source");
        var hosts = kinds.ToDictionary(kind => kind, kind => _segment.Attach(kind.ToString().ToLowerInvariant()));
        _source = new BirdPeer(sourceHost, SourceAsn, new Session(subjectHost, SubjectAsn, transport));
        foreach (var (kind, host) in hosts)
        {
            _peers[kind] = MeasuredPeers.Start(kind, host, AsnOf(kind, fourOctetAs), new Session(subjectHost, SubjectAsn, transport, FourOctetAs: fourOctetAs));
        }

        var isClient = type == SessionType.Ibgp;
        Session[] sessions =
        [
            new(sourceHost, SourceAsn, transport, IsClient: isClient),
            .. hosts.Select(entry => new Session(entry.Value, AsnOf(entry.Key, fourOctetAs), transport, IsClient: isClient)),
        ];
        _subject = subject == SubjectKind.Bird ? new BirdPeer(subjectHost, SubjectAsn, sessions) : new DaemonPeer(subjectHost, SubjectAsn, sessions);
        AwaitSession(Source);
        foreach (var peer in _peers.Values)
        {
            AwaitSession(peer);
        }
    }

    public void AwaitSession(IPeer peer)
    {
        Eventually.Holds($"the subject has the session with {peer.Host.Name}", () => Subject.IsEstablished(peer.Host));
        Eventually.Holds($"{peer.Host.Name} has the session with the subject", () => peer.IsEstablished(Subject.Host));
    }

    public void Dispose()
    {
        _subject?.Dispose();
        _source?.Dispose();
        foreach (var peer in _peers.Values)
        {
            peer.Dispose();
        }

        _segment?.Dispose();
    }
}
