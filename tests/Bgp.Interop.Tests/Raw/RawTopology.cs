namespace Bgp.Interop.Tests;

/// <summary>Our daemon, and scripted peers around it: one for each test, so that no test meets what another one has left.</summary>
internal sealed class RawTopology : IDisposable
{
    public const uint SubjectAsn = 64512;

    private readonly List<RawPeer> _peers = [];
    private Segment? _segment;
    private DaemonPeer? _subject;

    public DaemonPeer Subject => _subject ?? throw new InvalidOperationException("not started");

    public void Start()
    {
        _segment = new Segment();
        _subject = new DaemonPeer(_segment.Attach("subject"), SubjectAsn);
    }

    /// <summary>A peer on a host of its own; the daemon does not know it yet.</summary>
    public RawPeer Add(Func<Host, Host, RawPeer> make)
    {
        var segment = _segment ?? throw new InvalidOperationException("not started");
        var peer = make(segment.Attach($"raw{_peers.Count}"), Subject.Host);
        _peers.Add(peer);
        return peer;
    }

    /// <summary>Makes the daemon a neighbor of the peer; a passive one waits for the peer's connection.</summary>
    public void Introduce(RawPeer peer, bool isPassive) => Subject.Add(
        new Session(peer.Host, peer.Asn, Family.IPv4) { Options = [$"passive: {(isPassive ? "true" : "false")}"] });

    /// <summary>A peer that the daemon knows, and whose connection it awaits.</summary>
    public RawPeer AddKnown(uint asn = 65010)
    {
        var peer = Add((host, subject) => new RawPeer(host, subject, asn));
        Introduce(peer, isPassive: true);
        return peer;
    }

    public void AwaitEstablished(RawPeer peer) => Eventually.Holds($"the session with {peer.Host.Name}", () => Subject.IsEstablished(peer.Host));

    public void Dispose()
    {
        _peers.ForEach(peer => peer.Dispose());
        _subject?.Dispose();
        _segment?.Dispose();
    }
}
