using Bgp.Protocol;

namespace Bgp.Engine.Tests;

/// <summary>Peers of two-octet AS numbers and of other message lengths, and what may not be sent to a peer as it was received.</summary>
public sealed class OtherProfileTests
{
    private const string Block = "10.244.1.0/24";

    [Test]
    public void Export_ToTwoOctetPeer_WideNumbersComeBackByAs4Path()
    {
        using var engine = new EngineHarness();
        var (source, receiver) = Pair(engine, receiver => receiver.ToPeer = new CodecProfile(CodecFlags.None, BgpConstants.MaxMessageLength));
        engine.Announce(source, Block, spec => spec.Path = [65001, 4200000001, 65010]);
        engine.Settle();
        Assert.That(receiver[Block].AsPath.ToString(), Is.EqualTo("65001 4200000001 65010"));
    }

    [Test]
    public void Import_FromTwoOctetPeer_PathIsMerged()
    {
        using var engine = new EngineHarness();
        var (source, receiver) = Pair(engine, _ => { }, source => source.FromPeer = new CodecProfile(CodecFlags.None, BgpConstants.MaxMessageLength));
        engine.Announce(source, Block, spec => spec.Path = [65001, 4200000001]);
        engine.Settle();
        Assert.Multiple(() =>
        {
            Assert.That(engine.Best(Block).AsPath, Is.EqualTo("65001 4200000001"));
            Assert.That(receiver[Block].AsPath.ToString(), Is.EqualTo("65001 4200000001"));
        });
    }

    // Found by the update fuzzer: AS_PATH and AS4_PATH together are longer than the path that fitted into a message as it came.
    [TestCase(600, true)]
    [TestCase(660, true)]
    [TestCase(700, false)]
    [TestCase(950, false)]
    public void Export_LongPathToTwoOctetPeer_SentOnlyWhereBothPathsFit(int numbers, bool isSent)
    {
        using var engine = new EngineHarness();
        var (source, receiver) = Pair(engine, receiver => receiver.ToPeer = new CodecProfile(CodecFlags.None, BgpConstants.MaxMessageLength));
        SendPath(engine, source, Split(numbers));
        engine.Settle();
        Assert.Multiple(() =>
        {
            Assert.That(engine.Routes(), Has.Count.EqualTo(1));
            Assert.That(receiver.Has(Block), Is.EqualTo(isSent));
        });
    }

    [Test]
    public void Export_LongPathToTwoOctetPeerOfExtendedMessages_IsSent()
    {
        using var engine = new EngineHarness();
        var (source, receiver) = Pair(engine, receiver => receiver.ToPeer = new CodecProfile(CodecFlags.None, BgpConstants.MaxExtendedMessageLength));
        SendPath(engine, source, Split(950));
        engine.Settle();
        Assert.That(receiver[Block].AsPath.Length, Is.EqualTo(950));
    }

    // RFC 8654 §5: what came in an extended message and does not fit into 4,096 octets is not announced to a peer without them.
    [TestCase(BgpConstants.MaxMessageLength, false)]
    [TestCase(BgpConstants.MaxExtendedMessageLength, true)]
    public void Export_SetOfAnExtendedMessage_SentOnlyToPeersOfExtendedMessages(int maxLength, bool isSent)
    {
        using var engine = new EngineHarness();
        var (source, receiver) = Pair(
            engine,
            receiver => receiver.ToPeer = receiver.ToPeer with { MaxMessageLength = maxLength },
            source => source.FromPeer = source.FromPeer with { MaxMessageLength = BgpConstants.MaxExtendedMessageLength });
        SendPath(engine, source, Split(3000));
        engine.Settle();
        Assert.That(receiver.Has(Block), Is.EqualTo(isSent));
    }

    // The route that went before with a shorter set is not left behind.
    [TestCase(CodecFlags.FourOctetAs)]
    [TestCase(CodecFlags.FourOctetAs | CodecFlags.AddPathIpv4)]
    public void Export_SetGrowsPastAMessage_RouteIsWithdrawnFromPeersWithoutExtendedMessages(CodecFlags flags)
    {
        using var engine = new EngineHarness();
        var (source, narrow) = Pair(
            engine,
            receiver => receiver.ToPeer = new CodecProfile(flags, BgpConstants.MaxMessageLength),
            source => source.FromPeer = source.FromPeer with { MaxMessageLength = BgpConstants.MaxExtendedMessageLength });
        var wide = engine.Add(3, client: true);
        wide.ToPeer = new CodecProfile(flags, BgpConstants.MaxExtendedMessageLength);
        engine.Configure();
        engine.Up(wide);
        SendPath(engine, source, Split(100));
        engine.Settle();
        var before = (Lengths(narrow), Lengths(wide));
        SendPath(engine, source, Split(3000));
        engine.Settle();
        Assert.That((before, (Lengths(narrow), Lengths(wide))), Is.EqualTo((("100", "100"), ("", "3000"))));
    }

    // Found by the update fuzzer, seed 4271: RFC 8950 next hops went to peers that never offered them.
    [TestCase(CodecFlags.FourOctetAs, false)]
    [TestCase(CodecFlags.FourOctetAs | CodecFlags.ExtendedNextHopIpv4, true)]
    public void Export_Ipv6NextHopOfIpv4Route_SentOnlyWhereNegotiated(CodecFlags flags, bool isSent)
    {
        using var engine = new EngineHarness();
        var (source, receiver) = Pair(
            engine,
            receiver => receiver.ToPeer = receiver.ToPeer with { Flags = flags },
            source => source.FromPeer = source.FromPeer with { Flags = CodecFlags.FourOctetAs | CodecFlags.ExtendedNextHopIpv4 });
        engine.Announce(source, Block, spec => spec.NextHop = IpAddress.Parse("fd00::99"));
        engine.Settle();
        Assert.That(receiver.Has(Block), Is.EqualTo(isSent));
    }

    // Found by the update fuzzer, seed 4271: the external peer takes such a path as malformed.
    [Test]
    public void Export_ConfederationSegmentsToExternalPeer_AreTakenOut()
    {
        using var engine = new EngineHarness();
        var source = engine.Add(1, client: true);
        var receiver = engine.Add(2, external: true);
        engine.Configure();
        engine.Up(source);
        engine.Up(receiver);
        SendPath(engine, source, [(3, [65100, 65101]), (2, [65001]), (4, [65102])]);
        engine.Settle();
        Assert.That(receiver[Block].AsPath.ToString(), Is.EqualTo("64512 65001"));
    }

    private static (TestPeer Source, TestPeer Receiver) Pair(EngineHarness engine, Action<TestPeer> receiverIs, Action<TestPeer>? sourceIs = null)
    {
        var source = engine.Add(1, client: true);
        var receiver = engine.Add(2, client: true);
        receiverIs(receiver);
        sourceIs?.Invoke(source);
        engine.Configure();
        engine.Up(source);
        engine.Up(receiver);
        engine.Settle();
        return (source, receiver);
    }

    private static string Lengths(TestPeer peer) => string.Join(' ', peer.Routes.Values.Concat(peer.Paths.Values).Select(bytes => new PathAttributes(bytes).AsPath.Length));

    private static IEnumerable<(byte Type, uint[] Numbers)> Split(int numbers) =>
        Enumerable.Repeat(4200000001u, numbers).Chunk(250).Select(chunk => ((byte)2, chunk));

    private static void SendPath(EngineHarness engine, TestPeer peer, IEnumerable<(byte Type, uint[] Numbers)> path)
    {
        List<byte> value = [];
        foreach (var (type, numbers) in path)
        {
            value.AddRange([type, (byte)numbers.Length]);
            value.AddRange(numbers.SelectMany(number => BitConverter.GetBytes(number).Reverse()));
        }

        var canonical = new byte[BgpConstants.MaxCanonicalLength];
        var writer = new PathAttributesWriter(canonical);
        writer.AppendByte(AttributeType.Origin, (byte)Origin.Igp);
        writer.Append(AttributeType.AsPath, [.. value]);
        writer.AppendNextHop(peer.Neighbor.Key.Address);
        writer.AppendUInt32(AttributeType.LocalPref, 100);
        var message = new byte[peer.FromPeer.MaxMessageLength];
        var builder = new UpdateBuilder(message, peer.FromPeer);
        Assert.That(builder.BeginReach(AddressFamily.Ipv4Unicast, writer.Written), Is.True);
        Assert.That(builder.TryAdd(IpPrefix.Parse(Block), default), Is.True);
        engine.SendRaw(peer, message.AsSpan(0, builder.Finish()));
    }
}
