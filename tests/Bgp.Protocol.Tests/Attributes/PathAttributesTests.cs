using static Bgp.Protocol.Tests.UpdateBytes;

namespace Bgp.Protocol.Tests;

public sealed class PathAttributesTests
{
    private const string Everything = Mandatory + "800404 00000005" + "400504 00000064" + "400600" + "c00708 0000fde9 c0000209" + "c00804 fde90001"
        + "800904 c0000203" + "800a08 c0000204 c0000205" + "c01008 0002fde900000001" + "c0200c 000000010000000200000003" + "c02304 0000fde9";

    private static readonly byte[] Canonical = Canonicalize(Everything, Internal).Canonical;

    [Test]
    public void View_EveryAttribute_IsRead()
    {
        var attributes = new PathAttributes(Canonical);
        Assert.That(attributes.Origin, Is.EqualTo(Origin.Igp));
        Assert.That(attributes.AsPath.ToString(), Is.EqualTo("65001"));
        Assert.That(attributes.NextHop, Is.EqualTo(IpAddress.Parse("192.0.2.2")));
        Assert.That(attributes.LinkLocalNextHop.IsNone, Is.True);
        Assert.That((attributes.Med, attributes.LocalPref), Is.EqualTo((5u, 100u)));
        Assert.That(attributes.AtomicAggregate, Is.True);
        Assert.That(attributes.Aggregator, Is.EqualTo((new Asn(65001), IpAddress.Parse("192.0.2.9"))));
        Assert.That(attributes.Communities.Contains(new Community(65001, 1)), Is.True);
        Assert.That(attributes.OriginatorId.ToString(), Is.EqualTo("192.0.2.3"));
        Assert.That(attributes.ClusterList.Contains(new RouterId(0xc0000205)), Is.True);
        Assert.That(attributes.ExtendedCommunities.Contains(new ExtendedCommunity(0x0002fde900000001)), Is.True);
        Assert.That(attributes.LargeCommunities.Contains(new LargeCommunity(1, 2, 3)), Is.True);
        Assert.That(attributes.OnlyToCustomer, Is.EqualTo(new Asn(65001)));
    }

    [Test]
    public void View_NothingThere_IsAbsent()
    {
        var attributes = new PathAttributes(default);
        Assert.That(attributes.NextHop.IsNone, Is.True);
        Assert.That((attributes.Med, attributes.LocalPref), Is.EqualTo(((uint?)null, (uint?)null)));
        Assert.That((attributes.Aggregator, attributes.OriginatorId, attributes.OnlyToCustomer), Is.EqualTo(((ValueTuple<Asn, IpAddress>?)null, (RouterId?)null, (Asn?)null)));
        Assert.That((attributes.AtomicAggregate, attributes.AsPath.IsEmpty), Is.EqualTo((false, true)));
        Assert.That((attributes.Communities.Count, attributes.LargeCommunities.Count), Is.EqualTo((0, 0)));
    }

    [Test]
    public void Writer_EveryAttributeOfAView_GivesTheSameBytes()
    {
        var destination = new byte[Canonical.Length];
        var writer = new PathAttributesWriter(destination);
        foreach (var attribute in new PathAttributes(Canonical))
        {
            writer.Append(attribute.Type, attribute.Flags, attribute.Value);
        }

        Assert.That(writer.HasOverflowed, Is.False);
        Assert.That(writer.Written.ToArray(), Is.EqualTo(Canonical));
    }

    [Test]
    public void Writer_FlagsByRow_AreWhatTheDecoderGives()
    {
        var destination = new byte[Canonical.Length];
        var writer = new PathAttributesWriter(destination);
        foreach (var attribute in new PathAttributes(Canonical))
        {
            writer.Append(attribute.Type, attribute.Value);
        }

        Assert.That(destination, Is.EqualTo(Canonical));
    }

    [Test]
    public void Writer_TypedValues_AreRead()
    {
        var writer = new PathAttributesWriter(new byte[256]);
        writer.AppendByte(AttributeType.Origin, (byte)Origin.Egp);
        writer.Append(AttributeType.AsPath, default);
        writer.AppendNextHop(IpAddress.Parse("2001:db8::1"));
        writer.AppendUInt32(AttributeType.LocalPref, 200);
        Assert.That(MessageText.DescribeAttributes(writer.Written), Is.EqualTo("origin=Egp path=[] next-hop=2001:db8::1 local-pref=200"));
    }

    [Test]
    public void Writer_NoRoom_SaysSoAndKeepsWhatFits()
    {
        var writer = new PathAttributesWriter(new byte[12]);
        writer.AppendByte(AttributeType.Origin, 0);
        writer.AppendUInt32(AttributeType.MultiExitDisc, 5);
        Assert.That((writer.HasOverflowed, writer.Length), Is.EqualTo((true, 5)));
    }
}
