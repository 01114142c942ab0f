using System.Diagnostics;

namespace Bgp.Interop.Tests;

/// <summary>
/// Our daemon as one member AS of a confederation, each implementation that can as another one, and every implementation once more as a neighbor outside that knows the confederation by its
/// identifier: all on one segment, each with a session to our daemon on which both families run.
/// </summary>
internal sealed class ConfederationTopology : IDisposable
{
    public const uint Id = 64512;
    public const uint SubjectAsn = 65101;

    private const uint FirstMember = 65102;
    private const uint FirstOutside = 65001;

    private readonly Dictionary<PeerKind, IMeasuredPeer> _members = [];
    private readonly Dictionary<PeerKind, IMeasuredPeer> _outside = [];
    private Segment? _segment;
    private DaemonPeer? _subject;

    public static IReadOnlyList<PeerKind> Members { get; } = [.. Enum.GetValues<PeerKind>().Where(kind => PeerLimits.Can(kind, PeerNeed.Confederation))];

    public static IReadOnlyList<PeerKind> Outside { get; } = Enum.GetValues<PeerKind>();

    public DaemonPeer Subject => _subject ?? throw new InvalidOperationException("not started");

    public static uint MemberAsn(PeerKind kind) => FirstMember + (uint)kind;

    public static uint OutsideAsn(PeerKind kind) => FirstOutside + (uint)kind;

    public IMeasuredPeer Member(PeerKind kind) => _members[kind];

    public IMeasuredPeer Neighbor(PeerKind kind) => _outside[kind];

    /// <summary>Starts everything and awaits the sessions.</summary>
    public void Start(Family transport)
    {
        _segment = new Segment();
        var subject = _segment.Attach("subject");
        var members = Members.ToDictionary(kind => kind, kind => _segment.Attach($"in{kind.ToString().ToLowerInvariant()}"));
        var outside = Outside.ToDictionary(kind => kind, kind => _segment.Attach($"out{kind.ToString().ToLowerInvariant()}"));
        foreach (var (kind, host) in members)
        {
            _members[kind] = StartMember(kind, host, new Session(subject, SubjectAsn, transport));
        }

        foreach (var (kind, host) in outside)
        {
            _outside[kind] = MeasuredPeers.Start(kind, host, OutsideAsn(kind), new Session(subject, Id, transport));
        }

        // Our own number may be listed or not.
        var all = string.Join(", ", Members.Select(MemberAsn).Append(SubjectAsn));
        _subject = new DaemonPeer(subject, SubjectAsn, "", $"confederation: {{id: {Id}, members: [{all}]}}",
        [
            .. members.Select(entry => new Session(entry.Value, MemberAsn(entry.Key), transport)),
            .. outside.Select(entry => new Session(entry.Value, OutsideAsn(entry.Key), transport)),
        ]);
        foreach (var peer in _members.Values.Concat(_outside.Values))
        {
            Eventually.Holds($"the subject has the session with {peer.Host.Name}", () => Subject.IsEstablished(peer.Host));
            Eventually.Holds($"{peer.Host.Name} has the session with the subject", () => peer.IsEstablished(subject));
        }
    }

    public void Dispose()
    {
        _subject?.Dispose();
        foreach (var peer in _members.Values.Concat(_outside.Values))
        {
            peer.Dispose();
        }

        _segment?.Dispose();
    }

    private static IMeasuredPeer StartMember(PeerKind kind, Host host, Session session)
    {
        var confederation = new Confederation(Id, [SubjectAsn, .. Members.Where(other => other != kind).Select(MemberAsn)]);
        return kind switch
        {
            PeerKind.Bird => new BirdPeer(host, MemberAsn(kind), session with { Options = [$"confederation {Id};", "confederation member yes;"] }),
            PeerKind.Frr => new FrrPeer(host, MemberAsn(kind), confederation, session),
            PeerKind.GoBgp => new GoBgpPeer(host, MemberAsn(kind), confederation, session),
            _ => throw new UnreachableException($"{kind} knows no confederations"),
        };
    }
}
