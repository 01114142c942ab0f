using static Bgp.Protocol.Tests.UpdateBytes;

namespace Bgp.Protocol.Tests;

public sealed class UpdateBuilderTests
{
    private static readonly byte[] Ipv4Set = Canonicalize(Mandatory, Internal).Canonical;
    private static readonly byte[] Ipv6Set =
        Canonicalize(Hex(OriginIgp + AsPath), Internal, true, Hex("20010db8000000000000000000000001")).Canonical;

    [Test]
    public void Reach_Ipv4_FillsTheMessageToTheLastPrefix()
    {
        var buffer = new byte[4096];
        var builder = new UpdateBuilder(buffer, Internal);
        Assert.That(builder.BeginReach(AddressFamily.Ipv4Unicast, Ipv4Set), Is.True);
        uint added = 0;
        while (builder.TryAdd(new IpPrefix(IpAddress.V4(0x0a000000 + (added << 8)), 24), default))
        {
            added++;
        }

        // Header 19, two length fields 4, attributes 4 + 9 + 7: the rest holds prefixes of 4 octets.
        Assert.That(added, Is.EqualTo((4096 - 19 - 4 - 20) / 4));
        var length = builder.Finish();
        Assert.That(length, Is.EqualTo(43 + (4 * added)));
        Assert.That(MessageText.Describe(buffer.AsSpan(0, length), Internal), Does.EndWith(
            ",10.3.244.0/24 origin=Igp path=[65001] next-hop=192.0.2.2"));
    }

    [Test]
    public void Reach_Ipv6OverflowingOneOctetLength_TakesTheExtendedOne()
    {
        for (var count = 1; count < 40; count++)
        {
            var buffer = new byte[4096];
            var builder = new UpdateBuilder(buffer, Internal);
            builder.BeginReach(AddressFamily.Ipv6Unicast, Ipv6Set);
            for (var i = 0; i < count; i++)
            {
                Assert.That(builder.TryAdd(new IpPrefix(IpAddress.V6(0x20010db800000000 + ((ulong)i << 16), 0), 48), default), Is.True);
            }

            var message = buffer.AsSpan(0, builder.Finish());
            var valueLength = 5 + 16 + (7 * count);
            Assert.That((AttributeFlags)message[23], Is.EqualTo(valueLength > 255
                ? AttributeFlags.Optional | AttributeFlags.ExtendedLength
                : AttributeFlags.Optional));
            Assert.That(message.Length, Is.EqualTo(23 + (valueLength > 255 ? 4 : 3) + valueLength + 4 + 9));
            Assert.That(MessageText.Describe(message, Internal), Does.StartWith("announce 2001:db8::/48")
                .And.EndsWith("origin=Igp path=[65001] next-hop=2001:db8::1"));
        }
    }

    [Test]
    public void Reach_Ipv6Full_KeepsTheAttributesWhole()
    {
        var buffer = new byte[4096];
        var builder = new UpdateBuilder(buffer, Internal);
        builder.BeginReach(AddressFamily.Ipv6Unicast, Ipv6Set);
        ulong added = 0;
        while (builder.TryAdd(new IpPrefix(IpAddress.V6(0x20010db800000000 + added, 0), 64), default))
        {
            added++;
        }

        var length = builder.Finish();
        Assert.That(length, Is.InRange(4096 - 8, 4096));
        Assert.That(MessageText.Describe(buffer.AsSpan(0, length), Internal), Does.EndWith("origin=Igp path=[65001] next-hop=2001:db8::1"));
    }

    [Test]
    public void Withdraw_Ipv4Full_LeavesRoomForTheAttributeLength()
    {
        var buffer = new byte[4096];
        var builder = new UpdateBuilder(buffer, Internal);
        builder.BeginWithdraw(AddressFamily.Ipv4Unicast);
        uint added = 0;
        while (builder.TryAddV4(0x0a000000 + added, 32, default))
        {
            added++;
        }

        Assert.That(added, Is.EqualTo((4096 - 19 - 4) / 5));
        var length = builder.Finish();
        var update = new DecodedUpdate();
        UpdateDecoder.Split(buffer.AsSpan(BgpConstants.HeaderLength, length - BgpConstants.HeaderLength), Internal, ref update);
        Assert.That(NlriReader.Count(update.Withdrawn, addPath: false), Is.EqualTo((int)added));
    }

    [Test]
    public void Withdraw_Ipv6_IsOneAttribute()
    {
        var buffer = new byte[4096];
        var builder = new UpdateBuilder(buffer, Internal);
        builder.BeginWithdraw(AddressFamily.Ipv6Unicast);
        builder.TryAdd(IpPrefix.Parse("2001:db8:9::/48"), default);
        var length = builder.Finish();
        Assert.That(MessageText.Hex(buffer.AsSpan(19, length - 19)), Is.EqualTo("0000000d800f0a0002013020010db80009"));
    }

    [Test]
    public void Finish_NothingAdded_IsNoMessage()
    {
        var builder = new UpdateBuilder(new byte[4096], Internal);
        builder.BeginWithdraw(AddressFamily.Ipv6Unicast);
        Assert.That(builder.Finish(), Is.Zero, "an empty MP_UNREACH_NLRI would be an End-of-RIB");
    }

    [Test]
    public void Begin_AfterFinish_ReusesTheBuffer()
    {
        var buffer = new byte[4096];
        var builder = new UpdateBuilder(buffer, Internal);
        builder.BeginReach(AddressFamily.Ipv6Unicast, Ipv6Set);
        builder.TryAdd(IpPrefix.Parse("2001:db8::/32"), default);
        builder.Finish();
        builder.BeginReach(AddressFamily.Ipv4Unicast, Ipv4Set);
        builder.TryAdd(IpPrefix.Parse("10.1.1.0/24"), default);
        Assert.That(builder.Count, Is.EqualTo(1));
        var length = builder.Finish();
        Assert.That(MessageText.Describe(buffer.AsSpan(0, length), Internal),
            Is.EqualTo("announce 10.1.1.0/24 origin=Igp path=[65001] next-hop=192.0.2.2"));
    }

    // 4,096 − 23 − (ORIGIN 4, AS_PATH 9, NEXT_HOP 7, header of the unknown one 4) − 5 for a host prefix.
    [TestCase(4044, ExpectedResult = true)]
    [TestCase(4045, ExpectedResult = false)]
    public bool Reach_HugeAttributes_NeedRoomForOnePrefix(int unknownLength)
    {
        byte[] section = [.. Hex(Mandatory), 0xd0, 99, (byte)(unknownLength >> 8), (byte)unknownLength, .. new byte[unknownLength]];
        var builder = new UpdateBuilder(new byte[4096], Internal);
        var begun = builder.BeginReach(AddressFamily.Ipv4Unicast, Canonicalize(section, Internal, false, default).Canonical);
        Assert.That(builder.Finish(), Is.Zero);
        return begun;
    }

    [Test]
    public void Reach_AddPath_WritesTheIdentifier()
    {
        var profile = Internal with { Flags = Internal.Flags | CodecFlags.AddPathIpv4 };
        var buffer = new byte[4096];
        var builder = new UpdateBuilder(buffer, profile);
        builder.BeginReach(AddressFamily.Ipv4Unicast, Ipv4Set);
        builder.TryAdd(IpPrefix.Parse("10.1.1.0/24"), new PathId(7));
        Assert.That(MessageText.Hex(buffer.AsSpan(0, builder.Finish())), Does.EndWith("00000007180a0101"));
    }

    [Test]
    public void Reach_NarrowAttributes_StandInAscendingOrder()
    {
        const string Attributes = OriginIgp + "400206 0201 fa56ea01" + NextHop + "c00708 fa56ea02 c0000209" + "c01008 0002fde900000001" + "c0200c 000000010000000200000003";
        var buffer = new byte[4096];
        var builder = new UpdateBuilder(buffer, TwoOctets);
        builder.BeginReach(AddressFamily.Ipv4Unicast, Canonicalize(Attributes, External).Canonical);
        builder.TryAdd(IpPrefix.Parse("10.1.1.0/24"), default);
        var update = new DecodedUpdate();
        UpdateDecoder.Split(buffer.AsSpan(19, builder.Finish() - 19), TwoOctets, ref update);
        Assert.That(MessageText.Hex(update.AttributeBytes), Is.EqualTo(MessageText.Hex(Hex(
            OriginIgp + "400204 0201 5ba0" + NextHop + "c00706 5ba0 c0000209" + "c01008 0002fde900000001"
            + "c01106 0201 fa56ea01" + "c01208 fa56ea02 c0000209" + "c0200c 000000010000000200000003"))));
    }

    // RFC 6793 §4.2.2: AS4_PATH has no confederation segments.
    [Test]
    public void Reach_NarrowPathWithMemberAses_HasThemInAsPathOnly()
    {
        var member = TwoOctets with { Flags = TwoOctets.Flags | CodecFlags.Confederation };
        var buffer = new byte[4096];
        var builder = new UpdateBuilder(buffer, member);
        builder.BeginReach(AddressFamily.Ipv4Unicast, Canonicalize(OriginIgp + "40020c 0301 0000fdf2 0201 fa56ea01" + NextHop, Member).Canonical);
        builder.TryAdd(IpPrefix.Parse("10.1.1.0/24"), default);
        var update = new DecodedUpdate();
        UpdateDecoder.Split(buffer.AsSpan(19, builder.Finish() - 19), member, ref update);
        Assert.That(MessageText.Hex(update.AttributeBytes), Is.EqualTo(MessageText.Hex(Hex(
            OriginIgp + "400208 0301 fdf2 0201 5ba0" + NextHop + "c01106 0201 fa56ea01"))));
    }

    [TestCase(4096)]
    [TestCase(65535)]
    public void EveryPrefix_OfManyMessages_ArrivesOnce(int maxMessageLength)
    {
        var profile = Internal with { MaxMessageLength = maxMessageLength };
        var buffer = new byte[maxMessageLength];
        var builder = new UpdateBuilder(buffer, profile);
        List<uint> arrived = [];
        builder.BeginReach(AddressFamily.Ipv4Unicast, Ipv4Set);
        for (uint i = 0; i < 50_000; i++)
        {
            var prefix = new IpPrefix(IpAddress.V4(i << 8), 24);
            if (!builder.TryAdd(prefix, default))
            {
                Collect(buffer, builder.Finish(), arrived);
                builder.BeginReach(AddressFamily.Ipv4Unicast, Ipv4Set);
                Assert.That(builder.TryAdd(prefix, default), Is.True);
            }
        }

        Collect(buffer, builder.Finish(), arrived);
        Assert.That(arrived, Is.EqualTo(Enumerable.Range(0, 50_000).Select(static i => (uint)i << 8)));
    }

    private static void Collect(byte[] buffer, int length, List<uint> arrived)
    {
        var update = new DecodedUpdate();
        UpdateDecoder.Split(buffer.AsSpan(BgpConstants.HeaderLength, length - BgpConstants.HeaderLength), Internal, ref update);
        var reader = new NlriReader(update.Announced, AddressFamily.Ipv4Unicast, addPath: false);
        while (reader.TryReadV4(out var bits, out _, out _))
        {
            arrived.Add(bits);
        }
    }
}
