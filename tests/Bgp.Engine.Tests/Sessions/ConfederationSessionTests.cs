using Bgp.Protocol;
using static Bgp.Engine.Tests.PeerScript;

namespace Bgp.Engine.Tests;

/// <summary>Sessions of a member of a confederation (RFC 5065 §4): who is taken for what.</summary>
internal sealed class ConfederationSessionTests
{
    private static readonly NeighborConfig Member = Neighbor with { IsMember = true };
    private static readonly NeighborConfig AnyOutside = Neighbor with { RemoteAsn = NeighborConfig.AnyExternal, LocalAsn = new Asn(64500), MemberAsns = [OurAsn, new Asn(65003)] };

    [Test]
    public void Session_ToAnotherMember_ReadsAndWritesConfederationSegments()
    {
        var session = new PeerScript().ToEstablished(Member).Fsm.Status.Session!;

        Assert.That(session.Type, Is.EqualTo(SessionType.Confederation));
        Assert.That((session.Receive.IsExternal, session.Receive.IsConfederation, session.Send.IsConfederation), Is.EqualTo((true, true, true)));
    }

    [Test]
    public void Session_WithinOrOutsideOfTheConfederation_ReadsAsWithoutOne()
    {
        var inside = new PeerScript().ToEstablished(Neighbor with { RemoteAsn = OurAsn }, Open(asn: OurAsn)).Fsm.Status.Session!;
        var outside = new PeerScript().ToEstablished(AnyOutside).Fsm.Status.Session!;

        Assert.That((inside.Type, inside.Receive.IsExternal, inside.Receive.IsConfederation), Is.EqualTo((SessionType.Internal, false, false)));
        Assert.That((outside.Type, outside.Receive.IsExternal, outside.Receive.IsConfederation), Is.EqualTo((SessionType.External, true, false)));
    }

    // RFC 9234 §5: roles between members are not recommended; we have none.
    [Test]
    public void Open_ToAnotherMember_HasNoRole() =>
        Assert.That(Negotiation.Offer(new PeerSettings(Member with { Role = BgpRole.Provider }, OurId)).Capabilities.Role, Is.Null);

    [TestCase(65001u)]
    [TestCase(65003u)]
    [TestCase(64500u)]
    public void Open_OfAMemberWhereAnyExternalIsWelcome_IsRefused(uint asn)
    {
        var peer = new PeerScript().ToOpenSent(AnyOutside);

        Assert.That(peer.Receive(Out, Bytes(Open(asn: new Asn(asn)))), Does.Contain("Send 2 NOTIFICATION OPEN Message Error / Bad Peer AS"));
    }

    [Test]
    public void Configure_NeighborBecomesAMember_ResetsTheSession()
    {
        var peer = new PeerScript().ToEstablished();

        Assert.That(peer.Configure(Member), Does.Contain("State Established→Active"));
    }

    [TestCase(65002u, true)]
    [TestCase(65009u, false)]
    public void Configure_AsBecomesAMemberWhereAnyExternalIsWelcome_ResetsOnlyItsSession(uint added, bool isReset)
    {
        var peer = new PeerScript().ToEstablished(AnyOutside);
        peer.Configure(AnyOutside with { MemberAsns = [.. AnyOutside.MemberAsns, new Asn(added)] });

        Assert.That(peer.State != SessionState.Established, Is.EqualTo(isReset));
    }
}
