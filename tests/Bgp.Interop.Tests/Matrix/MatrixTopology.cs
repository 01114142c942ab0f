using System.Collections.Concurrent;

namespace Bgp.Interop.Tests;

/// <summary>
/// Our daemon in the middle and peers of other AS numbers around it on one segment, each session with settings of its own; perhaps also a BIRD behind
/// the peers, which has a session with each of them and none with us. Nothing exists before <see cref="Start"/>.
/// </summary>
internal sealed class MatrixTopology : IDisposable
{
    public const uint SubjectAsn = 64512;
    public const uint BehindAsn = 65100;

    private readonly ConcurrentDictionary<PeerKind, IMeasuredPeer> _peers = [];
    private Segment? _segment;
    private DaemonPeer? _subject;
    private BirdPeer? _behind;

    public DaemonPeer Subject => _subject ?? throw NotStarted;

    public BirdPeer Behind => _behind ?? throw NotStarted;

    private static InvalidOperationException NotStarted => new("not started");

    public IMeasuredPeer this[PeerKind kind] => _peers[kind];

    public static uint AsnOf(PeerKind kind) => 65001 + (uint)kind;

    /// <param name="transport">The family of all sessions' addresses.</param>
    /// <param name="kinds">The peers.</param>
    /// <param name="atPeer">Settings at the peer, for us.</param>
    /// <param name="atSubject">Settings at our daemon, for the peer.</param>
    /// <param name="behind">The peers' settings for the BIRD behind them, or null when there is none.</param>
    /// <param name="sections">More of the router file.</param>
    /// <param name="hasIPv4">Whether the hosts have IPv4 addresses.</param>
    public void Start(
        Family transport,
        IReadOnlyList<PeerKind> kinds,
        Func<PeerKind, Session, Session> atPeer,
        Func<PeerKind, Session, Session> atSubject,
        Func<Session, Session>? behind = null,
        string sections = "",
        bool hasIPv4 = true)
    {
        _segment = new Segment();
        var subject = _segment.Attach("subject");
        var hosts = kinds.ToDictionary(kind => kind, kind => _segment.Attach(kind.ToString().ToLowerInvariant()));
        var last = behind is null ? null : _segment.Attach("behind");
        foreach (var host in hasIPv4 ? [] : (Host[])[subject, .. hosts.Values])
        {
            host.Namespace.Ip("-4", "address", "flush", "dev", "eth0");
            // FRR advertises itself as a router where it offers IPv6 next hops for IPv4, and a second address would become the source of what another one is
            // expected from.
            host.Namespace.Set("ipv6/conf/eth0/accept_ra", "0");
        }

        List<Action> starts =
        [
            () => _subject = new DaemonPeer(subject, SubjectAsn, sections, [.. kinds.Select(kind => atSubject(kind, new Session(hosts[kind], AsnOf(kind), transport)))]),
            .. kinds.Select<PeerKind, Action>(kind => () => _peers[kind] = MeasuredPeers.Start(
                kind,
                hosts[kind],
                AsnOf(kind),
                [atPeer(kind, new Session(subject, SubjectAsn, transport)), .. SessionsBehind(behind, last, transport)])),
        ];
        if (last is not null)
        {
            starts.Add(() => _behind = new BirdPeer(last, BehindAsn, [.. kinds.Select(kind => new Session(hosts[kind], AsnOf(kind), transport))]));
        }

        Parallel.ForEach(starts, start => start());
    }

    public void AwaitSession(PeerKind kind)
    {
        Eventually.Holds($"the subject has the session with {kind}", () => Subject.IsEstablished(this[kind].Host));
        Eventually.Holds($"{kind} has the session with the subject", () => this[kind].IsEstablished(Subject.Host));
    }

    public void Dispose()
    {
        Parallel.ForEach([_subject, _behind, .. _peers.Values], (IDisposable? started) => started?.Dispose());
        _segment?.Dispose();
    }

    private static IEnumerable<Session> SessionsBehind(Func<Session, Session>? settings, Host? host, Family transport) =>
        settings is null || host is null ? [] : [settings(new Session(host, BehindAsn, transport))];
}
