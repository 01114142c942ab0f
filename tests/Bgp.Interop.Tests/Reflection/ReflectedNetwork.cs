using System.Diagnostics;

namespace Bgp.Interop.Tests;

/// <summary>
/// Speakers of one AS on one segment, reflectors and others, and the sessions between them. First all are named with <see cref="Add"/> and <see cref="Peer"/>, then <see cref="Start"/> runs
/// them and awaits the sessions.
/// </summary>
internal sealed class ReflectedNetwork : IDisposable
{
    public const uint Asn = 64512;

    private readonly Segment _segment = new();
    private readonly List<(string Name, SpeakerKind Kind, Host Host)> _speakers = [];
    private readonly List<(string Left, Session ToRight, string Right, Session ToLeft)> _sessions = [];
    private readonly Dictionary<string, IPeer> _running = [];
    private readonly HashSet<string> _stopped = [];

    public IPeer this[string name] => _running[name];

    /// <summary>More of the router file of our daemon where it has this name.</summary>
    public Dictionary<string, string> Sections { get; } = [];

    public Host HostOf(string name) => _speakers.Single(speaker => speaker.Name == name).Host;

    public DaemonPeer Daemon(string name) => (DaemonPeer)_running[name];

    public IPathPeer Paths(string name) => (IPathPeer)_running[name];

    /// <summary>A host's name is at most eight letters, so that a device can be called so.</summary>
    public void Add(string name, SpeakerKind kind) => _speakers.Add((name, kind, _segment.Attach(name)));

    /// <summary>Two that peer; with <paramref name="isClient"/> the right one is the left one's client, in its cluster of that id. The options are the left one's.</summary>
    public void Peer(string left, string right, bool isClient = false, string? cluster = null, bool addPaths = false, params IReadOnlyList<string> options) => _sessions.Add((
        left,
        new Session(HostOf(right), Asn, Family.IPv4, IsClient: isClient) { ClusterId = cluster, AddPaths = addPaths, Options = options },
        right,
        new Session(HostOf(left), Asn, Family.IPv4) { AddPaths = addPaths }));

    public void Start()
    {
        foreach (var (name, kind, host) in _speakers)
        {
            Session[] sessions = [.. _sessions.Where(pair => pair.Left == name).Select(pair => pair.ToRight), .. _sessions.Where(pair => pair.Right == name).Select(pair => pair.ToLeft)];
            _running[name] = Run(kind, host, Sections.GetValueOrDefault(name, ""), sessions);
        }

        AwaitSessions();
    }

    public void AwaitSessions()
    {
        foreach (var (left, _, right, _) in Pairs())
        {
            Eventually.Holds($"{left} has the session with {right}", () => this[left].IsEstablished(HostOf(right)));
            Eventually.Holds($"{right} has the session with {left}", () => this[right].IsEstablished(HostOf(left)));
        }
    }

    /// <summary>Nobody has the prefix from anybody any more.</summary>
    public void AwaitGoneEverywhere(string prefix)
    {
        foreach (var (left, _, right, _) in Pairs())
        {
            AwaitGone(prefix, left, right);
            AwaitGone(prefix, right, left);
        }
    }

    /// <summary>Ends the speaker's process.</summary>
    public void Stop(string name)
    {
        _stopped.Add(name);
        _running[name].Dispose();
    }

    public void Dispose()
    {
        foreach (var (_, speaker) in _running.Where(running => !_stopped.Contains(running.Key)))
        {
            speaker.Dispose();
        }

        _segment.Dispose();
    }

    private IEnumerable<(string Left, Session ToRight, string Right, Session ToLeft)> Pairs() => _sessions.Where(pair => !_stopped.Contains(pair.Left) && !_stopped.Contains(pair.Right));

    private void AwaitGone(string prefix, string at, string from) =>
        Eventually.Get($"no {prefix} at {at} from {from}", () => Paths(at).ReceivedPaths(prefix, HostOf(from)), paths => paths.Count == 0);

    private static IPeer Run(SpeakerKind kind, Host host, string sections, Session[] sessions) => kind switch
    {
        SpeakerKind.Daemon => new DaemonPeer(host, Asn, sections, sessions),
        SpeakerKind.Bird => new BirdPeer(host, Asn, sessions),
        SpeakerKind.Frr => new FrrPeer(host, Asn, sessions),
        SpeakerKind.GoBgp => new GoBgpPeer(host, Asn, sessions),
        _ => throw new UnreachableException($"{kind}"),
    };
}
