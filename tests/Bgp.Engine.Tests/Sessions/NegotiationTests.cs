using Bgp.Protocol;
using static Bgp.Engine.Tests.PeerScript;

namespace Bgp.Engine.Tests;

/// <summary>What we offer, and what two OPENs agree on.</summary>
internal sealed class NegotiationTests
{
    private static readonly NeighborConfig BothOverIpv6 = Neighbor with
    {
        Key = Neighbor.Key with { Address = IpAddress.Parse("2001:db8::2") },
        Families = [new FamilyConfig(AddressFamily.Ipv4Unicast), new FamilyConfig(AddressFamily.Ipv6Unicast)],
    };

    [Test]
    public void Offer_Default_NamesWhatWeDo()
    {
        var offer = Offer(Neighbor);
        Assert.That((offer.Asn, offer.HoldTime, offer.RouterId), Is.EqualTo((OurAsn, (ushort)90, OurId)));
        Assert.That(offer.Capabilities.Names, Is.EqualTo(["multiprotocol", "route-refresh", "enhanced-route-refresh", "four-octet-as", "extended-messages"]));
    }

    [Test]
    public void Offer_Default_FitsTheFirstMessageLength() => Assert.That(Offer(BothOverIpv6).Length, Is.LessThanOrEqualTo(BgpConstants.MaxMessageLength));

    [Test]
    public void Offer_ExtendedMessagesOff_LeavesThemOut() =>
        Assert.That(Offer(Neighbor with { ExtendedMessages = false }).Capabilities.ExtendedMessages, Is.False);

    [Test]
    public void Offer_BothFamiliesOverIpv6_HasExtendedNextHop() =>
        Assert.That(Offer(BothOverIpv6).Capabilities.ExtendedNextHop, Is.EqualTo([new ExtendedNextHopFamily(AddressFamily.Ipv4Unicast, Afi.Ipv6)]));

    [Test]
    public void Offer_BothFamiliesOverIpv4_HasNoExtendedNextHop() =>
        Assert.That(Offer(BothOverIpv6 with { Key = Neighbor.Key }).Capabilities.ExtendedNextHop, Is.Empty);

    [Test]
    public void Offer_OneFamilyOverIpv6_HasNoExtendedNextHop() =>
        Assert.That(Offer(BothOverIpv6 with { Families = [new FamilyConfig(AddressFamily.Ipv6Unicast)] }).Capabilities.ExtendedNextHop, Is.Empty);

    [Test]
    public void Offer_ExtendedNextHopOff_LeavesItOut() =>
        Assert.That(Offer(BothOverIpv6 with { ExtendedNextHop = false }).Capabilities.ExtendedNextHop, Is.Empty);

    [Test]
    public void Offer_LargeAs_StandsInTheCapability()
    {
        var asn = new Asn(4_200_000_000);
        Assert.That(Offer(Neighbor with { LocalAsn = asn }).Capabilities.FourOctetAs, Is.EqualTo(asn));
    }

    [Test]
    public void Offer_AddPathConfigured_NamesTheDirections()
    {
        var offer = Offer(Neighbor with
        {
            Families =
            [
                new FamilyConfig(AddressFamily.Ipv4Unicast) { AddPathReceive = true },
                new FamilyConfig(AddressFamily.Ipv6Unicast) { AddPathSend = 4 },
            ],
        });
        Assert.That(offer.Capabilities.AddPathFor(AddressFamily.Ipv4Unicast), Is.EqualTo(AddPathMode.Receive));
        Assert.That(offer.Capabilities.AddPathFor(AddressFamily.Ipv6Unicast), Is.EqualTo(AddPathMode.Send));
    }

    [TestCase(90, 30, 30)]
    [TestCase(30, 90, 30)]
    [TestCase(0, 90, 0)]
    [TestCase(90, 0, 0)]
    public void Agree_HoldTime_IsTheLesser(int ours, int theirs, int agreed)
    {
        var session = Agree(Neighbor with { HoldTime = TimeSpan.FromSeconds(ours) }, Open(holdTime: (ushort)theirs));
        Assert.That(session.HoldTime, Is.EqualTo(TimeSpan.FromSeconds(agreed)));
    }

    [TestCase(null, 30)]
    [TestCase(10, 10)]
    [TestCase(60, 30)]
    public void Agree_Keepalive_IsNeverOverAThird(int? configured, int agreed)
    {
        var keepalive = configured is { } seconds ? TimeSpan.FromSeconds(seconds) : (TimeSpan?)null;
        Assert.That(Agree(Neighbor with { Keepalive = keepalive }, Open()).Keepalive, Is.EqualTo(TimeSpan.FromSeconds(agreed)));
    }

    [Test]
    public void Agree_Families_AreTheCommonOnesInOurOrder()
    {
        var multicast = new AddressFamily(Afi.Ipv4, Safi.Multicast);
        var capabilities = new CapabilitySetBuilder()
            .Family(AddressFamily.Ipv6Unicast).Family(multicast).Family(AddressFamily.Ipv4Unicast).Build();
        Assert.That(Agree(BothOverIpv6, Open(capabilities: capabilities)).Families, Is.EqualTo([AddressFamily.Ipv4Unicast, AddressFamily.Ipv6Unicast]));
    }

    [Test]
    public void Agree_PlainPeer_HasPlainProfiles()
    {
        var session = Agree(Neighbor, Open(capabilities: CapabilitySet.Empty));
        var plain = new CodecProfile(CodecFlags.External, BgpConstants.MaxMessageLength);
        Assert.That((session.Receive, session.Send), Is.EqualTo((plain, plain)));
        Assert.That((session.RouteRefresh, session.EnhancedRouteRefresh), Is.EqualTo((false, false)));
    }

    [Test]
    public void Agree_SameOffers_HasAllOfThem()
    {
        var session = Agree(BothOverIpv6, Offer(BothOverIpv6) with { Asn = TheirAsn, RouterId = TheirId });
        var full = new CodecProfile(CodecFlags.External | CodecFlags.FourOctetAs | CodecFlags.ExtendedNextHopIpv4, BgpConstants.MaxExtendedMessageLength);
        Assert.That((session.Receive, session.Send), Is.EqualTo((full, full)));
        Assert.That((session.RouteRefresh, session.EnhancedRouteRefresh), Is.EqualTo((true, true)));
    }

    [Test]
    public void Agree_Ibgp_IsNotExternal()
    {
        var session = Agree(Neighbor with { RemoteAsn = OurAsn }, Open(asn: OurAsn));
        Assert.That(session.Type, Is.EqualTo(SessionType.Internal));
        Assert.That(session.Send.Flags, Is.EqualTo(CodecFlags.FourOctetAs));
    }

    [TestCase(true, 0, AddPathMode.Send, CodecFlags.AddPathIpv4, CodecFlags.None)]
    [TestCase(false, 2, AddPathMode.Receive, CodecFlags.None, CodecFlags.AddPathIpv4)]
    [TestCase(true, 2, AddPathMode.Both, CodecFlags.AddPathIpv4, CodecFlags.AddPathIpv4)]
    [TestCase(true, 0, AddPathMode.Receive, CodecFlags.None, CodecFlags.None)]
    public void Agree_AddPath_NeedsASenderAndAReceiver(bool receive, int send, AddPathMode theirs, CodecFlags receiving, CodecFlags sending)
    {
        var neighbor = Neighbor with { Families = [new FamilyConfig(AddressFamily.Ipv4Unicast) { AddPathReceive = receive, AddPathSend = send }] };
        var capabilities = new CapabilitySetBuilder().AddPath(new AddPathFamily(AddressFamily.Ipv4Unicast, theirs)).Build();
        var session = Agree(neighbor, Open(capabilities: capabilities));
        Assert.That(session.Receive.Flags & CodecFlags.AddPathIpv4, Is.EqualTo(receiving));
        Assert.That(session.Send.Flags & CodecFlags.AddPathIpv4, Is.EqualTo(sending));
    }

    private static OpenMessage Offer(NeighborConfig neighbor) => Negotiation.Offer(new PeerSettings(neighbor, OurId));

    private static NegotiatedSession Agree(NeighborConfig neighbor, OpenMessage remote) =>
        Negotiation.Agree(Offer(neighbor), remote, new PeerSettings(neighbor, OurId), Ends);
}
