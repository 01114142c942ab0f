using System.Collections.Immutable;
using System.Text.RegularExpressions;
using Bgp.Protocol;

namespace Bgp.Engine.Tests;

/// <summary>One seed of <see cref="UpdateFuzzTests"/>.</summary>
internal sealed partial class UpdateFuzzRun : IDisposable
{
    private const CodecFlags Wide = CodecFlags.FourOctetAs;
    private const CodecFlags AddPath = CodecFlags.AddPathIpv4 | CodecFlags.AddPathIpv6;

    private static readonly IpPrefix Denied = IpPrefix.Parse("10.2.0.0/19");

    private static readonly ImmutableArray<AddressFamily> Both = [AddressFamily.Ipv4Unicast, AddressFamily.Ipv6Unicast];
    private static readonly int[] Bounds = [1, 2, 64, 8192];

    private readonly Random _random;
    private readonly EngineHarness _engine;
    private readonly UpdateFuzzer _fuzzer;
    private readonly TestPeer[] _peers;
    private readonly Dictionary<PeerId, InputModel> _models;

    public UpdateFuzzRun(int seed)
    {
        _random = new Random(seed);
        _fuzzer = new UpdateFuzzer(_random);
        _engine = new EngineHarness(new EngineLimits
        {
            DestinationsPerStep = Draw(Bounds),
            DirtyDestinations = Draw(Bounds),
            MemberLagBytes = Draw([1, 4096, 4 << 20]),
            WalkAheadBytes = Draw([1, 4096, 1 << 20]),
        });
        _peers =
        [
            Add(1, external: true, client: false, Wide, Wide, BgpConstants.MaxMessageLength),
            Add(2, external: true, client: false, CodecFlags.None, CodecFlags.None, BgpConstants.MaxMessageLength),
            Add(3, external: false, client: false, Wide, Wide, BgpConstants.MaxMessageLength, enhanced: true),
            Add(4, external: false, client: true, CodecFlags.None, CodecFlags.None, BgpConstants.MaxMessageLength),
            Add(5, external: false, client: true, Wide | AddPath | CodecFlags.ExtendedNextHopIpv4,
                Wide | CodecFlags.ExtendedNextHopIpv4, BgpConstants.MaxExtendedMessageLength, enhanced: true),
            Add(6, external: false, client: true, Wide, Wide, BgpConstants.MaxMessageLength),
            Add(7, external: true, client: false, CodecFlags.None, CodecFlags.None, BgpConstants.MaxExtendedMessageLength, enhanced: true),
            Add(8, external: false, client: true, Wide | AddPath | CodecFlags.ExtendedNextHopIpv4, Wide | AddPath | CodecFlags.ExtendedNextHopIpv4,
                BgpConstants.MaxExtendedMessageLength, enhanced: true, sends: int.MaxValue),
            Add(9, external: false, client: true, Wide, Wide | AddPath | CodecFlags.ExtendedNextHopIpv4, BgpConstants.MaxExtendedMessageLength, sends: int.MaxValue),
            Add(10, external: false, client: true, Wide | AddPath, Wide | AddPath, BgpConstants.MaxMessageLength, sends: 2),
            Add(11, external: true, client: false, Wide, Wide | AddPath, BgpConstants.MaxMessageLength, sends: 2),
            Add(12, external: true, client: false, Wide | AddPath, Wide | AddPath, BgpConstants.MaxMessageLength, sends: 2),
        ];
        _models = _peers.ToDictionary(peer => peer.Id, peer => new InputModel(peer));
        _engine.Configure();
    }

    public int Verdicts { get; private set; }

    public long RoutesCompared { get; private set; }

    public void Run(int messages)
    {
        foreach (var peer in _peers)
        {
            Up(peer);
        }

        while (messages > 0)
        {
            messages -= Step(_peers[_random.Next(_peers.Length)]);
            EndPoisoned();
        }

        Check();
        foreach (var peer in _peers.Where(peer => peer.IsUp))
        {
            _engine.Down(peer);
        }

        _engine.Settle();
        CheckNothingIsLeft();
    }

    public void Dispose() => _engine.Dispose();

    private T Draw<T>(T[] choices) => choices[_random.Next(choices.Length)];

    private TestPeer Add(int number, bool external, bool client, CodecFlags from, CodecFlags to, int maxLength, bool enhanced = false, int sends = 0)
    {
        var side = external ? CodecFlags.External : CodecFlags.None;
        var policy = external ? ImmutableArray.Create(PolicyConfig.AcceptAll) : [];
        var neighbor = _engine.Add(number, external, client).Neighbor with
        {
            Families = [.. Both.Select(family => new FamilyConfig(family) { ImportPolicy = policy, ExportPolicy = policy, AddPathSend = sends })],
        };
        var peer = new TestPeer(new PeerId(number), neighbor)
        {
            EnhancedRefresh = enhanced,
            Families = number == 2 ? [AddressFamily.Ipv4Unicast] : Both,
            FromPeer = new CodecProfile(from | side, maxLength),
            ToPeer = new CodecProfile(to | side, maxLength),
        };
        _engine.Peers[peer.Id] = peer;
        return peer;
    }

    private void Up(TestPeer peer)
    {
        _engine.Up(peer);
        _models[peer.Id].Clear();
    }

    private int Step(TestPeer peer)
    {
        if (!peer.IsUp)
        {
            Up(peer);
            return 1;
        }

        switch (_random.Next(40))
        {
            case 0 when _random.Next(4) == 0:
                _engine.Down(peer);
                return 1;
            case 1:
                _engine.Refresh(peer);
                return 1;
            case 2 when _random.Next(4) == 0:
                Check();
                return 1;
            case 3 when _random.Next(4) == 0:
                Reconfigure(peer);
                return 1;
            case < 12:
                _engine.Read(peer, 1 + _random.Next(3));
                return 0;
            case < 20:
                _engine.Work(1 + _random.Next(5));
                return 0;
            default:
                return Send(peer);
        }
    }

    /// <summary>Another export policy, or another number of paths: the peer moves to another group.</summary>
    private void Reconfigure(TestPeer peer)
    {
        var at = _random.Next(peer.Neighbor.Families.Length);
        var family = peer.Neighbor.Families[at];
        var sends = peer.ToPeer.AddPath(family.Family) ? Draw([1, 2, 3, int.MaxValue]) : 0;
        var changed = _random.Next(2) == 0 ? family with { AddPathSend = sends } : family with { ExportPolicy = IsDenying(family) ? [PolicyConfig.AcceptAll] : [Denying] };
        peer.Neighbor = peer.Neighbor with { Families = peer.Neighbor.Families.Replace(family, changed) };
        _engine.Configure();
    }

    private static PolicyConfig Denying { get; } = new("denying",
    [
        new PolicyRule { Prefixes = [new PrefixMatch(PrefixOperator.In, Denied, 0, 32)], Action = PolicyAction.Reject },
        new PolicyRule { Action = PolicyAction.Accept },
    ]);

    private static bool IsDenying(FamilyConfig family) => !family.ExportPolicy.IsEmpty && family.ExportPolicy[0] == Denying;

    private int Send(TestPeer peer)
    {
        // Sweeps that pile up cost a refresh its effect (see TryBeginRefresh), which the model does not know.
        _engine.Work(peer.EnhancedRefresh ? int.MaxValue : 0);
        List<byte> batch = [];
        var count = 0;
        for (var wanted = 1 + _random.Next(8); count < wanted; count++)
        {
            var message = _fuzzer.Create(peer);
            if (message.Length > peer.FromPeer.MaxMessageLength || batch.Count + message.Length > UpdateBatch.Capacity)
            {
                break;
            }

            _models[peer.Id].Take(message);
            batch.AddRange(message);
            if (message[18] == (byte)MessageType.RouteRefresh)
            {
                wanted = count;
            }
        }

        if (count > 0)
        {
            _engine.SendRaw(peer, [.. batch]);
        }

        return Math.Max(1, count);
    }

    /// <summary>What the session does on a verdict: it ends.</summary>
    private void EndPoisoned()
    {
        foreach (var verdict in _engine.Verdicts)
        {
            var peer = _engine.Peers[verdict.Peer];
            if (peer.IsUp && peer.Generation == verdict.Generation)
            {
                Assert.That(_models[peer.Id].IsFatal, Is.True, $"{verdict.Error} ended the session of {peer.Id}");
                Verdicts++;
                _engine.Down(peer);
            }
        }

        _engine.Verdicts.Clear();
    }

    private void Check()
    {
        _engine.Settle();
        EndPoisoned();
        _engine.Settle();
        foreach (var peer in _peers.Where(peer => peer.IsUp))
        {
            Assert.That(_models[peer.Id].IsFatal, Is.False, $"{peer.Id} sent what ends a session, and has it still");
            foreach (var family in peer.Families)
            {
                var received = _engine.Routes(new RouteQuery(family, RouteTable.AdjRibIn) { Peer = peer.Id })
                    .Select(view => $"{view.PathId?.Value ?? 0} {RouteWords.Of(view)}").Order(StringComparer.Ordinal);
                Same(received, _models[peer.Id].Routes(family), $"Adj-RIB-In of {peer.Id}");
                var sent = _engine.Routes(new RouteQuery(family, RouteTable.AdjRibOut) { Peer = peer.Id });
                var got = peer.Routes.Select(route => (Prefix: route.Key, Words: $"0 {RouteWords.Of(route.Key, route.Value)}"))
                    .Concat(peer.Paths.Select(path => (path.Key.Prefix, Words: $"{path.Key.PathId} {RouteWords.Of(path.Key.Prefix, path.Value)}")))
                    .Where(route => AddressFamily.Of(route.Prefix) == family).Select(route => AsCoded(route.Words, peer));
                Same(
                    sent.Select(view => AsCoded($"{view.PathId?.Value ?? 0} {RouteWords.Of(view)}", peer)).Order(StringComparer.Ordinal),
                    got.Order(StringComparer.Ordinal),
                    $"Adj-RIB-Out of {peer.Id}");
                if (peer.ToPeer.AddPath(family))
                {
                    CheckChoice(peer, family, sent);
                }
            }
        }
    }

    /// <summary>A peer with ADD-PATH is sent valid paths of others, its number of them at most and where there are as many, the best path among them.</summary>
    private void CheckChoice(TestPeer peer, AddressFamily family, List<RouteView> sent)
    {
        var settings = peer.Neighbor.Families.Single(settings => settings.Family == family);
        var sentOf = sent.ToLookup(view => view.Prefix);
        foreach (var paths in _engine.Routes(new RouteQuery(family)).Where(view => view.IsValid).GroupBy(view => view.Prefix))
        {
            var passing = paths.Where(view => MayPass(view, peer) && !(IsDenying(settings) && Denied.Contains(view.Prefix))).ToList();
            var due = passing.Where(view => view.Peer != peer.Id && view.NextHop != peer.Neighbor.Key.Address).Select(view => view.Peer).ToList();
            var actual = sentOf[paths.Key].ToList();
            foreach (var source in actual.GroupBy(view => view.Peer))
            {
                Assert.That(source.Count(), Is.AtMost(due.Count(candidate => candidate == source.Key)), $"{paths.Key} to {peer.Id} from {source.Key}");
            }

            Assert.That(actual, Has.Count.AtMost(settings.AddPathSend), $"{paths.Key} to {peer.Id}");
            if (peer.ToPeer.MaxMessageLength > BgpConstants.MaxMessageLength && due.Count == passing.Count)
            {
                Assert.That(actual, Has.Count.EqualTo(Math.Min(settings.AddPathSend, due.Count)), $"{paths.Key} to {peer.Id}");
                Assert.That(actual.Any(view => view.IsBest), Is.EqualTo(passing.Exists(view => view.IsBest)), $"{paths.Key} to {peer.Id}");
            }
        }
    }

    // RFC 1997 and RFC 4456 §6; the peers with extended messages take every set and every next hop.
    private bool MayPass(RouteView view, TestPeer peer)
    {
        var isClient = view.Source == RouteSource.Internal && _engine.Peers[view.Peer].Neighbor.RouteReflectorClient;
        var isHeld = view.Communities is { } communities
            && (communities.Contains(Communities.NoAdvertise.ToString()) || (peer.Neighbor.Type == SessionType.External && (communities.Contains(Communities.NoExport.ToString()) || communities.Contains(Communities.NoExportSubconfed.ToString()))));
        return !isHeld && (view.Source == RouteSource.External || peer.Neighbor.Type == SessionType.External || isClient || peer.Neighbor.RouteReflectorClient);
    }

    // AS4_PATH has no confederation segments (RFC 6793 §3), so that a speaker of two octets cannot be told where they stood.
    private static string AsCoded(string line, TestPeer peer) => peer.ToPeer.FourOctetAs ? line : ConfederationSegment().Replace(line, "").Replace(" ", "", StringComparison.Ordinal);

    [GeneratedRegex(@"\([^)]*\)|\[[^\]]*\]")]
    private static partial Regex ConfederationSegment();

    private void Same(IEnumerable<string> engine, IEnumerable<string> expected, string table)
    {
        var (left, right) = (engine.ToList(), expected.ToList());
        RoutesCompared += left.Count;
        if (!left.SequenceEqual(right, StringComparer.Ordinal))
        {
            Assert.Fail($"{table}\nonly in the engine:\n  {string.Join("\n  ", left.Except(right).Take(5))}\nonly outside:\n  {string.Join("\n  ", right.Except(left).Take(5))}");
        }
    }

    private void CheckNothingIsLeft()
    {
        Assert.That(_engine.Engine.Counts().All(counts => counts is { Prefixes: 0, Paths: 0 }), Is.True, "no destination and no path is left");
        Assert.That(_engine.Engine.AttributeSets, Is.Zero, "no attribute set is left");
        Assert.That(_engine.Engine.OutputBuffers, Is.Zero, "no output buffer is left");
        Assert.That(_engine.Fib, Is.Empty, "no route is forwarded");
    }
}
