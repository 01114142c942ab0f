using System.Diagnostics.CodeAnalysis;
using BenchmarkDotNet.Attributes;
using Bgp.Engine;
using Bgp.Protocol;

namespace Bgp.Bench;

/// <summary>
/// A reflector's work for one UPDATE: <c>Apply</c> decodes it, finds its attributes interned, decides and marks; <c>Work</c> exports, packs and encodes it once for all clients of the group. Each
/// operation is one UPDATE with N prefixes whose attributes are not those that the prefixes had, so that every prefix changes.
/// </summary>
[MemoryDiagnoser]
[SuppressMessage("Design", "CA1001", Justification = "BenchmarkDotNet calls the cleanup.")]
public class EngineBenchmarks
{
    private const int Clients = 10;

    private readonly EffectBuffer<EngineEffect> _effects = new();
    private readonly List<OutputCursor> _cursors = [];
    private readonly UpdateBatch[] _batches = [new(), new()];
    private RouteEngine _engine = null!;
    private int _turn;

    [Params(1, 5, 500)]
    public int Prefixes { get; set; }

    /// <summary>Whether the clients are sent up to two paths of a prefix (RFC 7911). There is one, so that the difference is what the identifiers cost.</summary>
    [Params(false, true)]
    public bool AddPath { get; set; }

    /// <summary>How many rules the export policy has, the last of which accepts; 0 is no policy.</summary>
    [Params(0, 20)]
    public int Rules { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        _engine = new RouteEngine(1, new EngineLimits());
        Apply(new EngineInput(EngineInputKind.Kernel) { Kernel = Subnet() });
        var neighbors = Enumerable.Range(0, Clients).ToDictionary(number => new PeerId(number), Neighbor);
        var speaker = new SpeakerConfig
        {
            LocalAsn = new Asn(64512),
            RouterId = new RouterId(0x0a000001),
            ClusterId = new RouterId(0x0a000001),
            Neighbors = [.. neighbors.Values],
            Fib = new FibConfig { Enabled = false },
        };
        Apply(new EngineInput(EngineInputKind.Configure) { Config = new EngineConfig(speaker, neighbors) });
        foreach (var (peer, neighbor) in neighbors)
        {
            Apply(new EngineInput(EngineInputKind.PeerUp) { Peer = peer, Neighbor = neighbor, Generation = new SessionGeneration(1), Session = Session(peer) });
        }

        Fill(_batches[0], localPref: 100);
        Fill(_batches[1], localPref: 200);
        for (var warm = 0; warm < 100; warm++)
        {
            ApplyAndExport();
        }
    }

    [GlobalCleanup]
    public void Cleanup() => _engine.Dispose();

    /// <summary>Apply, export, encode, and all clients read.</summary>
    [Benchmark]
    public int ApplyAndExport()
    {
        var batch = _batches[_turn ^= 1];
        Apply(new EngineInput(EngineInputKind.Updates) { Peer = batch.Peer, Generation = batch.Generation, Batch = batch });
        while (_engine.HasWork)
        {
            Apply(new EngineInput(EngineInputKind.Work));
        }

        var read = 0;
        foreach (var cursor in _cursors)
        {
            while (cursor.TryRead(out var bytes))
            {
                read += bytes.Length;
                cursor.Advance(bytes.Length);
            }

            if (cursor.TryMarkReported())
            {
                Apply(new EngineInput(EngineInputKind.Sent) { Cursor = cursor });
            }
        }

        return read;
    }

    private static KernelUpdate Subnet() => new()
    {
        IsSnapshot = true,
        Links = [new KernelLink(2, "eth0", true)],
        Addresses = [new KernelAddress(2, IpAddress.V4(0x0a000001), 24)],
        Routes =
        [
            new KernelRoute
            {
                Prefix = new IpPrefix(IpAddress.V4(0x0a000000), 24),
                Kind = KernelRouteKind.Unicast,
                Protocol = 2,
                Table = 254,
                Hops = [new KernelHop(IpAddress.None, 2, 1, false, false)],
            },
        ],
    };

    private NeighborConfig Neighbor(int number) => new()
    {
        Key = new NeighborKey(Address(number), "", BgpConstants.Port),
        RemoteAsn = new Asn(64512),
        LocalAsn = new Asn(64512),
        RouteReflectorClient = true,
        Families = [new FamilyConfig(AddressFamily.Ipv4Unicast) { AddPathSend = AddPath ? 2 : 0, ExportPolicy = Rules == 0 ? [] : [new PolicyConfig("export", [.. Enumerable.Range(1, Rules).Select(Rule)])] }],
    };

    /// <summary>Two of three rules look at the prefix, one at communities; only the last one holds, and changes the route.</summary>
    private PolicyRule Rule(int number) => number switch
    {
        _ when number == Rules => new PolicyRule { Set = new RouteChanges { AddCommunities = [new Community(64512, 1)] }, Action = PolicyAction.Accept },
        _ when number % 3 == 0 => new PolicyRule { Match = new RouteMatch { Communities = [CommunityPattern.Exactly(new Community(64512, (ushort)(1000 + number)))] }, Action = PolicyAction.Reject },
        _ => new PolicyRule { Prefixes = [new PrefixMatch(PrefixOperator.In, new IpPrefix(IpAddress.V4(0xac100000 + ((uint)number << 8)), 24), 24, 32)], Action = PolicyAction.Reject },
    };

    private static IpAddress Address(int number) => IpAddress.V4(0x0a000002u + (uint)number);

    private NegotiatedSession Session(PeerId peer)
    {
        var profile = new CodecProfile(CodecFlags.FourOctetAs, BgpConstants.MaxMessageLength);
        return new NegotiatedSession
        {
            LocalAsn = new Asn(64512),
            RemoteAsn = new Asn(64512),
            Type = SessionType.Internal,
            RemoteRouterId = new RouterId(Address(peer.Value).V4Bits),
            Ends = new ConnectionEnds(IpAddress.V4(0x0a000001), BgpConstants.Port, Address(peer.Value), BgpConstants.Port),
            HoldTime = TimeSpan.FromSeconds(90),
            Keepalive = TimeSpan.FromSeconds(30),
            Families = [AddressFamily.Ipv4Unicast],
            Receive = profile,
            Send = AddPath ? profile with { Flags = profile.Flags | CodecFlags.AddPathIpv4 } : profile,
            RemoteCapabilities = new CapabilitySetBuilder().Build(),
        };
    }

    private void Fill(UpdateBatch batch, uint localPref)
    {
        var canonical = new byte[256];
        var writer = new PathAttributesWriter(canonical);
        writer.AppendByte(AttributeType.Origin, (byte)Origin.Igp);
        writer.Append(AttributeType.AsPath, []);
        writer.AppendNextHop(Address(0));
        writer.AppendUInt32(AttributeType.LocalPref, localPref);
        batch.Reset(new PeerId(0), new SessionGeneration(1));
        var message = new byte[BgpConstants.MaxMessageLength];
        var builder = new UpdateBuilder(message, new CodecProfile(CodecFlags.FourOctetAs, BgpConstants.MaxMessageLength));
        builder.BeginReach(AddressFamily.Ipv4Unicast, writer.Written);
        for (uint number = 0; number < Prefixes; number++)
        {
            builder.TryAdd(new IpPrefix(IpAddress.V4(0x0af40000 + (number << 6)), 26), default);
        }

        var length = builder.Finish();
        message.AsSpan(0, length).CopyTo(batch.Append(length));
    }

    private void Apply(in EngineInput input)
    {
        _engine.Apply(input, new Instant(1), _effects);
        foreach (ref readonly var effect in _effects.AsSpan())
        {
            if (effect.Kind == EngineEffectKind.Attach)
            {
                _cursors.Add(effect.Cursor!);
            }
        }

        _effects.Clear();
    }
}
