using System.Buffers.Binary;
using System.Collections.Immutable;
using Bgp.Protocol;

namespace Bgp.Engine.Tests;

/// <summary>
/// Drives a <see cref="RouteEngine"/> as the speaker would, with real encoded bytes: peers announce and withdraw, read their cursors, and keep what they were sent as a plain dictionary.
/// </summary>
internal sealed class EngineHarness : IDisposable
{
    public static readonly Asn LocalAsn = new(64512);
    public static readonly IpAddress LocalAddress = IpAddress.Parse("10.0.0.1");

    private readonly EffectBuffer<EngineEffect> _effects = new();
    private readonly byte[] _message = new byte[BgpConstants.MaxExtendedMessageLength];
    private Instant _now = new(1_000_000);

    public EngineHarness(EngineLimits? limits = null, SpeakerConfig? config = null)
    {
        Engine = new RouteEngine(7, limits ?? new EngineLimits());
        Config = config ?? new SpeakerConfig { LocalAsn = LocalAsn, RouterId = new RouterId(0x0a000001), ClusterId = new RouterId(0x0a000001) };
        Apply(new EngineInput(EngineInputKind.Kernel)
        {
            Kernel = new KernelUpdate
            {
                IsSnapshot = true,
                Links = [new KernelLink(2, "eth0", true)],
                Addresses = [new KernelAddress(2, LocalAddress, 16), new KernelAddress(2, IpAddress.Parse("fd00::1"), 64)],
                Routes =
                [
                    Connected("10.0.0.0/16"),
                    Connected("fd00::/64"),
                    Connected("172.16.0.0/12") with { Hops = [new KernelHop(IpAddress.Parse("10.0.0.254"), 2, 1, false, false)] },
                ],
            },
        });
    }

    public RouteEngine Engine { get; }

    public SpeakerConfig Config { get; set; }

    public Dictionary<PeerId, TestPeer> Peers { get; } = [];

    /// <summary>The kernel's routes as the engine wants them.</summary>
    public SortedDictionary<IpPrefix, Forwarding> Fib { get; } = [];

    /// <summary>The metrics of their own that they have, 0 for the configured one.</summary>
    public SortedDictionary<IpPrefix, uint> FibMetrics { get; } = [];

    public List<EngineEffect> Faults { get; } = [];

    public List<EngineEffect> Verdicts { get; } = [];

    public int PrefixLimits { get; private set; }

    public int Returned { get; private set; }

    public TestPeer Add(int number, bool external = false, bool client = false, Func<NeighborConfig, NeighborConfig>? change = null)
    {
        var asn = external ? new Asn(65000u + (uint)number) : LocalAsn;
        var address = IpAddress.V4(0x0a000000u + 100 + (uint)number);
        var neighbor = new NeighborConfig
        {
            Key = new NeighborKey(address, "", 179),
            RemoteAsn = asn,
            LocalAsn = LocalAsn,
            RouteReflectorClient = client,
            Families =
            [
                new FamilyConfig(AddressFamily.Ipv4Unicast)
                {
                    ImportPolicy = external ? [PolicyConfig.AcceptAll] : [],
                    ExportPolicy = external ? [PolicyConfig.AcceptAll] : [],
                },
            ],
        };
        var peer = new TestPeer(new PeerId(number), change is null ? neighbor : change(neighbor));
        Peers[peer.Id] = peer;
        return peer;
    }

    public void Configure()
    {
        var speaker = Config with { Neighbors = [.. Peers.Values.OrderBy(peer => peer.Id.Value).Select(peer => peer.Neighbor)] };
        Apply(new EngineInput(EngineInputKind.Configure)
        {
            Config = new EngineConfig(speaker, Peers.Values.ToDictionary(peer => peer.Id, peer => peer.Neighbor)),
        });
    }

    public void Up(TestPeer peer)
    {
        peer.Generation = new SessionGeneration(peer.Generation.Value + 1);
        peer.Reset();
        Apply(new EngineInput(EngineInputKind.PeerUp)
        {
            Peer = peer.Id,
            Neighbor = peer.Neighbor,
            Generation = peer.Generation,
            Session = new NegotiatedSession
            {
                LocalAsn = peer.Neighbor.LocalAsn,
                RemoteAsn = peer.Neighbor.RemoteAsn,
                Type = peer.Neighbor.Type,
                RemoteRouterId = new RouterId(peer.Neighbor.Key.Address is { IsV4: true } address ? address.V4Bits : 0x0a0000ff),
                Ends = new ConnectionEnds(peer.Local, 179, peer.Neighbor.Key.Address, 179),
                HoldTime = TimeSpan.FromSeconds(90),
                Keepalive = TimeSpan.FromSeconds(30),
                Families = peer.Families,
                Receive = peer.FromPeer,
                Send = peer.ToPeer,
                RouteRefresh = true,
                EnhancedRouteRefresh = peer.EnhancedRefresh,
                RemoteCapabilities = new CapabilitySetBuilder().Build(),
            },
        });
        peer.IsUp = true;
    }

    public void Down(TestPeer peer)
    {
        peer.IsUp = false;
        Apply(new EngineInput(EngineInputKind.PeerDown) { Peer = peer.Id, Generation = peer.Generation });
        foreach (var cursor in peer.Cursors)
        {
            cursor.Close();
            Report(cursor);
        }

        peer.Cursors.Clear();
    }

    public void Announce(TestPeer peer, string prefix, Action<AttributeSpec>? change = null, uint pathId = 0) => Announce(peer, [IpPrefix.Parse(prefix)], change, pathId);

    public void Announce(TestPeer peer, IReadOnlyList<IpPrefix> prefixes, Action<AttributeSpec>? change = null, uint pathId = 0)
    {
        var spec = new AttributeSpec
        {
            NextHop = peer.Neighbor.Key.Address,
            Path = peer.Neighbor.Type == SessionType.External ? [peer.Neighbor.RemoteAsn.Value] : [],
            MemberPath = peer.Neighbor.IsMember ? [peer.Neighbor.RemoteAsn.Value] : [],
            LocalPref = peer.Neighbor.Type == SessionType.External ? null : 100,
        };
        change?.Invoke(spec);
        var canonical = spec.Encode();
        var batch = NewBatch(peer);
        var builder = new UpdateBuilder(_message, peer.FromPeer);
        for (var at = 0; at < prefixes.Count;)
        {
            Assert.That(builder.BeginReach(AddressFamily.Of(prefixes[at]), canonical), Is.True);
            while (at < prefixes.Count && builder.TryAdd(prefixes[at], new PathId(pathId)))
            {
                at++;
            }

            Append(batch, builder.Finish());
        }

        Send(batch);
    }

    public void Withdraw(TestPeer peer, params string[] prefixes)
    {
        var batch = NewBatch(peer);
        var builder = new UpdateBuilder(_message, peer.FromPeer);
        builder.BeginWithdraw(AddressFamily.Ipv4Unicast);
        foreach (var prefix in prefixes)
        {
            Assert.That(builder.TryAdd(IpPrefix.Parse(prefix), default), Is.True);
        }

        Append(batch, builder.Finish());
        Send(batch);
    }

    /// <summary>Withdraws one path of a peer with ADD-PATH.</summary>
    public void WithdrawPath(TestPeer peer, string prefix, uint pathId)
    {
        var batch = NewBatch(peer);
        var builder = new UpdateBuilder(_message, peer.FromPeer);
        builder.BeginWithdraw(AddressFamily.Ipv4Unicast);
        Assert.That(builder.TryAdd(IpPrefix.Parse(prefix), new PathId(pathId)), Is.True);
        Append(batch, builder.Finish());
        Send(batch);
    }

    /// <summary>Hands over raw UPDATE bodies or whole ROUTE-REFRESH messages.</summary>
    public void SendRaw(TestPeer peer, ReadOnlySpan<byte> message)
    {
        var batch = NewBatch(peer);
        message.CopyTo(batch.Append(message.Length));
        Send(batch);
    }

    public void Refresh(TestPeer peer) => Apply(new EngineInput(EngineInputKind.Refresh)
    {
        Peer = peer.Id,
        Generation = peer.Generation,
        Refresh = new RouteRefreshMessage(AddressFamily.Ipv4Unicast, RouteRefreshSubtype.Request),
    });

    /// <summary>Lets time pass in which nothing happens.</summary>
    public void Pass(int seconds) => _now = new Instant(_now.Microseconds + (seconds * 1_000_000L));

    /// <summary>Works until nothing is left to do and every peer has read all it was sent.</summary>
    public void Settle()
    {
        bool moved;
        do
        {
            moved = Work(int.MaxValue);
            foreach (var peer in Peers.Values.OrderBy(peer => peer.Id.Value))
            {
                moved |= Read(peer, int.MaxValue);
            }
        }
        while (moved);
    }

    public bool Work(int steps)
    {
        var worked = false;
        for (; steps > 0 && Engine.HasWork; steps--)
        {
            Apply(new EngineInput(EngineInputKind.Work));
            worked = true;
        }

        return worked;
    }

    /// <summary>Has the peer read up to so many stretches of its cursors.</summary>
    public bool Read(TestPeer peer, int stretches)
    {
        var read = false;
        foreach (var cursor in peer.Cursors.ToArray())
        {
            for (; stretches > 0 && cursor.TryRead(out var bytes); stretches--)
            {
                peer.Receive(bytes.Span);
                cursor.Advance(bytes.Length);
                read = true;
            }

            Report(cursor);
        }

        return read;
    }

    public void Apply(in EngineInput input)
    {
        _now = new Instant(_now.Microseconds + 1000);
        Engine.Apply(input, _now, _effects);
        foreach (var effect in _effects.AsSpan().ToArray())
        {
            Carry(effect);
        }

        _effects.Clear();
    }

    public List<RouteView> Routes(RouteQuery? query = null)
    {
        var views = new List<RouteView>();
        for (var cursor = 0; cursor >= 0;)
        {
            cursor = Engine.ReadSlice(query ?? new RouteQuery(AddressFamily.Ipv4Unicast), cursor, 100, views);
        }

        return [.. views.OrderBy(view => view.Prefix)];
    }

    public RouteView Best(string prefix) => Routes(new RouteQuery(AddressFamily.Ipv4Unicast) { Prefix = IpPrefix.Parse(prefix) }).Single(view => view.IsBest);

    public void Dispose() => Engine.Dispose();

    private static KernelRoute Connected(string prefix) => new()
    {
        Prefix = IpPrefix.Parse(prefix),
        Kind = KernelRouteKind.Unicast,
        Protocol = 2,
        Table = 254,
        Hops = [new KernelHop(IpAddress.None, 2, 1, false, false)],
    };

    private static UpdateBatch NewBatch(TestPeer peer)
    {
        var batch = new UpdateBatch();
        batch.Reset(peer.Id, peer.Generation);
        return batch;
    }

    private void Append(UpdateBatch batch, int length) => _message.AsSpan(0, length).CopyTo(batch.Append(length));

    private void Send(UpdateBatch batch)
    {
        while (Engine.IsCongested)
        {
            Apply(new EngineInput(EngineInputKind.Work));
        }

        Apply(new EngineInput(EngineInputKind.Updates) { Peer = batch.Peer, Generation = batch.Generation, Batch = batch });
    }

    private void Report(OutputCursor cursor)
    {
        if (cursor.TryMarkReported())
        {
            Apply(new EngineInput(EngineInputKind.Sent) { Cursor = cursor });
        }
    }

    private void Carry(in EngineEffect effect)
    {
        switch (effect.Kind)
        {
            case EngineEffectKind.Attach:
                Peers[effect.Peer].Cursors.Add(effect.Cursor!);
                break;
            case EngineEffectKind.Return:
                Returned++;
                break;
            case EngineEffectKind.Verdict:
                Verdicts.Add(effect);
                break;
            case EngineEffectKind.PrefixLimit:
                PrefixLimits++;
                break;
            case EngineEffectKind.UpdateFault:
                Faults.Add(effect);
                break;
            case EngineEffectKind.Fib when effect.Forwarding is null:
                Fib.Remove(effect.Prefix);
                break;
            case EngineEffectKind.Fib:
                Fib[effect.Prefix] = effect.Forwarding!;
                FibMetrics[effect.Prefix] = effect.Metric;
                break;
        }
    }
}

/// <summary>The attributes of a test's UPDATE.</summary>
public sealed class AttributeSpec
{
    public IpAddress NextHop { get; set; }

    public uint[] Path { get; set; } = [];

    /// <summary>The AS_CONFED_SEQUENCE that leads the path; none where empty.</summary>
    public uint[] MemberPath { get; set; } = [];

    public uint? LocalPref { get; set; }

    public uint? Med { get; set; }

    public Origin Origin { get; set; } = Origin.Igp;

    public uint[] Communities { get; set; } = [];

    public uint? OriginatorId { get; set; }

    public uint[] ClusterList { get; set; } = [];

    public uint? OnlyToCustomer { get; set; }

    public byte[] Encode()
    {
        var buffer = new byte[4096];
        var writer = new PathAttributesWriter(buffer);
        writer.AppendByte(AttributeType.Origin, (byte)Origin);
        writer.Append(AttributeType.AsPath, [.. Segment(AsPathSegmentType.AsConfedSequence, MemberPath), .. Segment(AsPathSegmentType.AsSequence, Path)]);
        writer.AppendNextHop(NextHop);
        if (Med is { } med)
        {
            writer.AppendUInt32(AttributeType.MultiExitDisc, med);
        }

        if (LocalPref is { } localPref)
        {
            writer.AppendUInt32(AttributeType.LocalPref, localPref);
        }

        if (Communities.Length > 0)
        {
            writer.Append(AttributeType.Communities, Words(Communities.Order().ToArray()));
        }

        if (OriginatorId is { } originator)
        {
            writer.AppendUInt32(AttributeType.OriginatorId, originator);
        }

        if (ClusterList.Length > 0)
        {
            writer.Append(AttributeType.ClusterList, Words(ClusterList));
        }

        if (OnlyToCustomer is { } mark)
        {
            writer.AppendUInt32(AttributeType.OnlyToCustomer, mark);
        }

        return writer.Written.ToArray();
    }

    private static byte[] Segment(AsPathSegmentType type, uint[] numbers) => numbers.Length == 0 ? [] : [(byte)type, (byte)numbers.Length, .. Words(numbers)];

    private static byte[] Words(uint[] values)
    {
        var bytes = new byte[4 * values.Length];
        for (var at = 0; at < values.Length; at++)
        {
            BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(4 * at), values[at]);
        }

        return bytes;
    }
}

/// <summary>A neighbor of the engine under test: what it was sent, decoded.</summary>
internal sealed class TestPeer(PeerId id, NeighborConfig neighbor)
{
    public PeerId Id { get; } = id;

    public NeighborConfig Neighbor { get; set; } = neighbor;

    public SessionGeneration Generation { get; set; }

    public bool IsUp { get; set; }

    /// <summary>Our end of its session.</summary>
    public IpAddress Local { get; set; } = EngineHarness.LocalAddress;

    public bool EnhancedRefresh { get; init; }

    public ImmutableArray<AddressFamily> Families { get; set; } = [AddressFamily.Ipv4Unicast];

    /// <summary>How the peer codes what it sends.</summary>
    public CodecProfile FromPeer { get; set; } = DefaultProfile(neighbor);

    /// <summary>How the engine codes what it sends to the peer.</summary>
    public CodecProfile ToPeer { get; set; } = DefaultProfile(neighbor);

    public List<OutputCursor> Cursors { get; } = [];

    /// <summary>Prefix and path identifier → canonical attributes, as received with ADD-PATH; prefixes of families without it stand in <see cref="Routes"/>.</summary>
    public SortedDictionary<(IpPrefix Prefix, uint PathId), byte[]> Paths { get; } = [];

    /// <summary>Prefix → canonical attributes, as received.</summary>
    public SortedDictionary<IpPrefix, byte[]> Routes { get; } = [];

    /// <summary>Each message as a word, for order: "announce 10.0.0.0/24", "withdraw …", "eor", "borr", "eorr".</summary>
    public List<string> Log { get; } = [];

    /// <summary>The messages as they came.</summary>
    public List<byte[]> Wire { get; } = [];

    public int Messages { get; private set; }

    public void Reset()
    {
        Routes.Clear();
        Paths.Clear();
        Log.Clear();
        Wire.Clear();
        Messages = 0;
    }

    public PathAttributes this[string prefix] => new(Routes[IpPrefix.Parse(prefix)]);

    public bool Has(string prefix) => Routes.ContainsKey(IpPrefix.Parse(prefix));

    public void Receive(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            var length = BinaryPrimitives.ReadUInt16BigEndian(bytes[16..]);
            Messages++;
            Wire.Add(bytes[..length].ToArray());
            ReceiveMessage((MessageType)bytes[18], bytes[BgpConstants.HeaderLength..length], ToPeer);
            bytes = bytes[length..];
        }
    }

    private void ReceiveMessage(MessageType type, ReadOnlySpan<byte> body, in CodecProfile profile)
    {
        if (type == MessageType.RouteRefresh)
        {
            Assert.That(RouteRefreshMessage.TryParse(body, out var refresh, out _), Is.True);
            Log.Add(refresh.Subtype == RouteRefreshSubtype.BeginningOfRefresh ? "borr" : "eorr");
            return;
        }

        var update = default(DecodedUpdate);
        UpdateDecoder.Split(body, profile, ref update);
        Assert.That(update.Action, Is.EqualTo(UpdateErrorAction.None));
        if (update.IsEndOfRib(out _))
        {
            Log.Add("eor");
            return;
        }

        Take(update.Withdrawn, AddressFamily.Ipv4Unicast);
        Take(update.UnreachNlri, update.UnreachFamily);
        Put(update, profile, update.Announced, AddressFamily.Ipv4Unicast, useMpNextHop: false);
        Put(update, profile, update.ReachNlri, update.ReachFamily, useMpNextHop: true);
    }

    private void Put(in DecodedUpdate update, in CodecProfile profile, ReadOnlySpan<byte> nlri, AddressFamily family, bool useMpNextHop)
    {
        if (nlri.IsEmpty)
        {
            return;
        }

        var canonical = new byte[BgpConstants.MaxCanonicalLength];
        var action = UpdateDecoder.Canonicalize(update.AttributeBytes, profile, useMpNextHop, update.ReachNextHop, canonical, out var written, out var error, out var faulty);
        Assert.That(action, Is.EqualTo(UpdateErrorAction.None), $"what the engine sends is good: {error} ({faulty})");
        var attributes = canonical[..written];
        var reader = new NlriReader(nlri, family, profile.AddPath(family));
        while (reader.TryRead(out var prefix, out var pathId))
        {
            if (profile.AddPath(family))
            {
                Assert.That(pathId.Value, Is.Not.Zero);
                Paths[(prefix, pathId.Value)] = attributes;
                Log.Add($"announce {prefix} {pathId.Value}");
            }
            else
            {
                Routes[prefix] = attributes;
                Log.Add($"announce {prefix}");
            }
        }
    }

    private void Take(ReadOnlySpan<byte> withdrawn, AddressFamily family)
    {
        var reader = new NlriReader(withdrawn, family, ToPeer.AddPath(family));
        while (reader.TryRead(out var prefix, out var pathId))
        {
            if (ToPeer.AddPath(family))
            {
                Paths.Remove((prefix, pathId.Value));
                Log.Add($"withdraw {prefix} {pathId.Value}");
            }
            else
            {
                Routes.Remove(prefix);
                Log.Add($"withdraw {prefix}");
            }
        }
    }

    private static CodecProfile DefaultProfile(NeighborConfig neighbor) =>
        new(CodecFlags.FourOctetAs | FlagsOf(neighbor.Type), BgpConstants.MaxMessageLength);

    private static CodecFlags FlagsOf(SessionType type) => type switch
    {
        SessionType.External => CodecFlags.External,
        SessionType.Confederation => CodecFlags.External | CodecFlags.Confederation,
        _ => CodecFlags.None,
    };
}
