namespace Bgp.Interop.Tests;

/// <summary>
/// Two originators — hub — subject — receiver on one segment, all of one AS, all but the subject BIRD. The hub reflects the originators' routes and the subject reflects the hub's, each with ADD-PATH, so
/// that several paths of a prefix come to the subject and leave it.
/// </summary>
internal sealed class AddPathTopology : IDisposable
{
    private const uint Asn = 64512;

    private readonly List<IDisposable> _started = [];
    private BirdPeer? _first;
    private BirdPeer? _second;
    private BirdPeer? _hub;
    private IPathPeer? _subject;
    private BirdPeer? _receiver;

    public BirdPeer First => Started(_first);

    public BirdPeer Second => Started(_second);

    public BirdPeer Hub => Started(_hub);

    public IPathPeer Subject => Started(_subject);

    public BirdPeer Receiver => Started(_receiver);

    public void Start(SubjectKind kind, Family transport)
    {
        var segment = Keep(new Segment());
        var (first, second, hub) = (segment.Attach("first"), segment.Attach("second"), segment.Attach("hub"));
        var (subject, receiver) = (segment.Attach("subject"), segment.Attach("receiver"));
        _first = Keep(new BirdPeer(first, Asn, new Session(hub, Asn, transport)));
        _second = Keep(new BirdPeer(second, Asn, new Session(hub, Asn, transport)));
        _hub = Keep(new BirdPeer(
            hub,
            Asn,
            new Session(first, Asn, transport, IsClient: true),
            new Session(second, Asn, transport, IsClient: true),
            new Session(subject, Asn, transport) { AddPaths = true }));
        Session[] sessions = [new(hub, Asn, transport) { AddPaths = true }, new(receiver, Asn, transport, IsClient: true) { AddPaths = true }];
        _subject = Keep<IPathPeer>(kind == SubjectKind.Bird ? new BirdPeer(subject, Asn, sessions) : new DaemonPeer(subject, Asn, sessions));
        _receiver = Keep(new BirdPeer(receiver, Asn, new Session(subject, Asn, transport) { AddPaths = true }));
    }

    public void AwaitSessions()
    {
        Eventually.Holds("the hub has the session with the subject", () => Hub.IsEstablished(Subject.Host));
        Eventually.Holds("the receiver has the session with the subject", () => Receiver.IsEstablished(Subject.Host));
    }

    public void Dispose()
    {
        for (var at = _started.Count - 1; at >= 0; at--)
        {
            _started[at].Dispose();
        }
    }

    private T Keep<T>(T started)
        where T : IDisposable
    {
        _started.Add(started);
        return started;
    }

    private static T Started<T>(T? peer)
        where T : class => peer ?? throw new InvalidOperationException("not started");
}
