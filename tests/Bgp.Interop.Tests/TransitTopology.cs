namespace Bgp.Interop.Tests;

/// <summary>
/// Left (BIRD) — subject — right (BIRD) on one segment. With eBGP three AS numbers, one of them of four octets; with iBGP left and right are
/// route reflector clients of the subject. Both families run on each session.
/// </summary>
internal sealed class TransitTopology : IDisposable
{
    public const uint SubjectAsn = 64512;

    private Segment? _segment;
    private BirdPeer? _left;
    private IPeer? _subject;
    private BirdPeer? _right;

    /// <summary>Nothing exists before <see cref="Start"/>, so that whatever a failing start has made is disposed of.</summary>
    public TransitTopology(SessionType type)
    {
        Type = type;
        (LeftAsn, RightAsn) = type == SessionType.Ebgp ? (4200000001u, 65002u) : (SubjectAsn, SubjectAsn);
    }

    public SessionType Type { get; }

    public uint LeftAsn { get; }

    public uint RightAsn { get; }

    public BirdPeer Left => Started(_left);

    public IPeer Subject => Started(_subject);

    public BirdPeer Right => Started(_right);

    public void Start(SubjectKind subject, Family transport, int holdTime = 90)
    {
        _segment = new Segment();
        var subjectHost = _segment.Attach("subject");
        var leftHost = _segment.Attach("left");
        var rightHost = _segment.Attach("right");
        _left = new BirdPeer(leftHost, LeftAsn, new Session(subjectHost, SubjectAsn, transport, holdTime));
        _right = new BirdPeer(rightHost, RightAsn, new Session(subjectHost, SubjectAsn, transport, holdTime));
        var isClient = Type == SessionType.Ibgp;
        Session[] sessions =
        [
            new(leftHost, LeftAsn, transport, holdTime, isClient),
            new(rightHost, RightAsn, transport, holdTime, isClient),
        ];
        _subject = subject == SubjectKind.Bird ? new BirdPeer(subjectHost, SubjectAsn, sessions) : new DaemonPeer(subjectHost, SubjectAsn, sessions);
    }

    public void AwaitSessions()
    {
        AwaitSession(Left);
        AwaitSession(Right);
    }

    public void AwaitSession(BirdPeer peer)
    {
        Eventually.Holds($"the subject has the session with {peer.Host.Name}", () => Subject.IsEstablished(peer.Host));
        Eventually.Holds($"{peer.Host.Name} has the session with the subject", () => peer.IsEstablished(Subject.Host));
    }

    public void Dispose()
    {
        _subject?.Dispose();
        _right?.Dispose();
        _left?.Dispose();
        _segment?.Dispose();
    }

    private static T Started<T>(T? peer)
        where T : class => peer ?? throw new InvalidOperationException("not started");
}
