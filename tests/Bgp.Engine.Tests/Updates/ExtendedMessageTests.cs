using System.Buffers;
using Bgp.Protocol;

namespace Bgp.Engine.Tests;

/// <summary>Sets that need more than 4,096 octets, from one engine over the wire to the next (RFC 8654).</summary>
internal sealed class ExtendedMessageTests
{
    private const string Block = "10.244.1.0/24";
    private const string Short = "10.244.2.0/24";
    private const int PathLength = 3000;
    private const int SegmentLength = 250;

    [Test]
    public void Relay_SetThatNeedsALongMessage_GoesThroughTwoEnginesAndOnToWhoCanReadIt()
    {
        using var first = new EngineHarness();
        using var second = Second();
        var (source, toSecond) = (Extended(first.Add(1, client: true)), Extended(first.Add(2, client: true)));
        var (fromFirst, able, plain) = (Extended(second.Add(1, client: true)), Extended(second.Add(2, client: true)), second.Add(3, client: true));
        Start(first, source, toSecond);
        Start(second, fromFirst, able, plain);
        first.SendRaw(source, LongUpdate(source));
        first.Announce(source, Short);
        first.Settle();
        Relay(toSecond, second, fromFirst);

        Assert.That(second.Faults, Is.Empty);
        Assert.That(able[Block].AsPath.Length, Is.EqualTo(PathLength));
        Assert.That((plain.Has(Block), plain.Has(Short)), Is.EqualTo((false, true)), "a peer without them has what fits");

        first.Withdraw(source, Block);
        first.Settle();
        Relay(toSecond, second, fromFirst);
        Assert.That((able.Has(Block), able.Has(Short)), Is.EqualTo((false, true)));
    }

    [Test]
    public void Wire_OnlySetsThatNeedIt_GoInLongMessages()
    {
        using var engine = new EngineHarness();
        var (source, receiver) = (Extended(engine.Add(1, client: true)), Extended(engine.Add(2, client: true)));
        Start(engine, source, receiver);
        engine.SendRaw(source, LongUpdate(source));
        engine.Announce(source, [.. Enumerable.Range(0, 4000).Select(at => new IpPrefix(IpAddress.V4(0x0b000000 + ((uint)at << 8)), 24))]);
        engine.Settle();

        Assert.That(receiver.Wire.Count(message => message.Length > BgpConstants.MaxMessageLength), Is.EqualTo(1));
        foreach (var message in receiver.Wire)
        {
            Assert.That(Frame(message, BgpConstants.MaxExtendedMessageLength), Is.EqualTo(FrameResult.Complete));
            Assert.That(
                Frame(message, BgpConstants.MaxMessageLength),
                Is.EqualTo(message.Length > BgpConstants.MaxMessageLength ? FrameResult.Malformed : FrameResult.Complete),
                "to a receiver that did not offer them a long message is a framing error");
        }
    }

    private static EngineHarness Second() => new(config: new SpeakerConfig
    {
        LocalAsn = EngineHarness.LocalAsn,
        RouterId = new RouterId(0x0a000002),
        ClusterId = new RouterId(0x0a000002),
    });

    private static TestPeer Extended(TestPeer peer)
    {
        peer.FromPeer = peer.FromPeer with { MaxMessageLength = BgpConstants.MaxExtendedMessageLength };
        peer.ToPeer = peer.ToPeer with { MaxMessageLength = BgpConstants.MaxExtendedMessageLength };
        return peer;
    }

    private static void Start(EngineHarness engine, params TestPeer[] peers)
    {
        engine.Configure();
        foreach (var peer in peers)
        {
            engine.Up(peer);
        }

        engine.Settle();
    }

    private static void Relay(TestPeer from, EngineHarness engine, TestPeer to)
    {
        foreach (var message in from.Wire)
        {
            engine.SendRaw(to, message);
        }

        from.Wire.Clear();
        engine.Settle();
    }

    private static FrameResult Frame(byte[] message, int maxLength)
    {
        var buffer = new ReadOnlySequence<byte>(message);
        return MessageFramer.TryRead(ref buffer, maxLength, out _, out _);
    }

    private static byte[] LongUpdate(TestPeer peer)
    {
        List<byte> path = [];
        for (var at = 0; at < PathLength; at += SegmentLength)
        {
            path.AddRange([(byte)AsPathSegmentType.AsSequence, SegmentLength]);
            path.AddRange(Enumerable.Repeat((byte[])[0xfa, 0x56, 0xea, 0x01], SegmentLength).SelectMany(static number => number));
        }

        var writer = new PathAttributesWriter(new byte[BgpConstants.MaxCanonicalLength]);
        writer.AppendByte(AttributeType.Origin, (byte)Origin.Igp);
        writer.Append(AttributeType.AsPath, [.. path]);
        writer.AppendNextHop(peer.Neighbor.Key.Address);
        writer.AppendUInt32(AttributeType.LocalPref, 100);
        var message = new byte[peer.FromPeer.MaxMessageLength];
        var builder = new UpdateBuilder(message, peer.FromPeer);
        Assert.That(builder.BeginReach(AddressFamily.Ipv4Unicast, writer.Written), Is.True);
        Assert.That(builder.TryAdd(IpPrefix.Parse(Block), default), Is.True);
        return message[..builder.Finish()];
    }
}
