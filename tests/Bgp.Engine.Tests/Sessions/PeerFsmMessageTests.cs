using Bgp.Protocol;
using static Bgp.Engine.Tests.PeerScript;

namespace Bgp.Engine.Tests;

/// <summary>
/// Messages in every state: which fit, which are errors of the state machine (RFC 6608 §3), and what a NOTIFICATION, a refresh and a
/// verdict do.
/// </summary>
internal sealed class PeerFsmMessageTests
{
    private static readonly RouteRefreshMessage Refresh = new(AddressFamily.Ipv4Unicast, RouteRefreshSubtype.Request);

    private static readonly OpenMessage EnhancedOpen = Open(
        capabilities: new CapabilitySetBuilder().Family(AddressFamily.Ipv4Unicast).RouteRefresh().EnhancedRouteRefresh().FourOctetAs(TheirAsn).Build());

    [TestCase(MessageType.Keepalive)]
    [TestCase(MessageType.Update)]
    [TestCase(MessageType.RouteRefresh)]
    public void OpenSent_UnexpectedMessage_IsFsmError(MessageType type) =>
        Assert.That(new PeerScript().ToOpenSent().Receive(Out, Message(type)), Is.EqualTo(
        [
            "Send 2 NOTIFICATION Finite State Machine Error / Receive Unexpected Message in OpenSent State",
            "Close 2",
            "AttemptFailed 2 NotificationSent: Finite State Machine Error / Receive Unexpected Message in OpenSent State",
            "State OpenSent→Active",
        ]));

    [TestCase(MessageType.Open)]
    [TestCase(MessageType.Update)]
    [TestCase(MessageType.RouteRefresh)]
    public void OpenConfirm_UnexpectedMessage_IsFsmError(MessageType type) =>
        Assert.That(new PeerScript().ToOpenConfirm().Receive(Out, Message(type)), Does.Contain(
            "Send 2 NOTIFICATION Finite State Machine Error / Receive Unexpected Message in OpenConfirm State"));

    [TestCase(MessageType.Open)]
    [TestCase(MessageType.Update)]
    public void Established_UnexpectedMessage_IsFsmError(MessageType type) =>
        Assert.That(new PeerScript().ToEstablished().Receive(Out, Message(type)), Is.EqualTo(
        [
            "Send 2 NOTIFICATION Finite State Machine Error / Receive Unexpected Message in Established State",
            "Close 2",
            "Down #1 NotificationSent: Finite State Machine Error / Receive Unexpected Message in Established State",
            "State Established→Active",
        ]));

    [Test]
    public void Established_Keepalive_IsTaken() => Assert.That(new PeerScript().ToEstablished().Receive(Out, Keepalive()), Is.Empty);

    [TestCase(SessionState.OpenSent)]
    [TestCase(SessionState.OpenConfirm)]
    [TestCase(SessionState.Established)]
    public void AnyState_Notification_ClosesWithoutAnswer(SessionState state)
    {
        var peer = In(state);
        var effects = peer.Receive(Out, Bytes(BgpError.Cease(CeaseSubcode.AdministrativeShutdown, "gone fishing")));
        Assert.That(effects[0], Is.EqualTo("Close 2"));
        Assert.That(effects[1], Does.EndWith("NotificationReceived: Cease / Administrative Shutdown (gone fishing)"));
        Assert.That(peer.State, Is.EqualTo(SessionState.Active));
    }

    [TestCase(SessionState.OpenSent)]
    [TestCase(SessionState.OpenConfirm)]
    [TestCase(SessionState.Established)]
    public void AnyState_FramingError_IsAnswered(SessionState state)
    {
        var error = BgpError.Header(HeaderSubcode.ConnectionNotSynchronized);
        var effects = In(state).Do(new SessionInput(SessionInputKind.FramingError) { Connection = Out, Error = error });
        Assert.That(effects[..2], Is.EqualTo(["Send 2 NOTIFICATION Message Header Error / Connection Not Synchronized", "Close 2"]));
    }

    [TestCase(SessionState.OpenSent)]
    [TestCase(SessionState.OpenConfirm)]
    [TestCase(SessionState.Established)]
    public void AnyState_PeerCloses_NothingIsClosedTwice(SessionState state) =>
        Assert.That(In(state).Closed(Out), Has.None.StartsWith("Close").And.None.StartsWith("Send"));

    [Test]
    public void UnknownConnection_AnyReport_IsIgnored()
    {
        var peer = new PeerScript().ToEstablished();
        var other = new ConnectionId(77);
        Assert.That(peer.Receive(other, Keepalive()), Is.Empty);
        Assert.That(peer.Closed(other), Is.Empty);
        Assert.That(peer.Failed(new ConnectionId(78)), Is.Empty);
    }

    [Test]
    public void Refresh_OfNegotiatedFamily_IsPassedOn() =>
        Assert.That(new PeerScript().ToEstablished().Receive(Out, Bytes(Refresh)), Is.EqualTo(["RefreshReceived #1 ipv4-unicast Request"]));

    [Test]
    public void Refresh_OfOtherFamily_IsIgnored() =>
        Assert.That(new PeerScript().ToEstablished().Receive(Out, Bytes(Refresh with { Family = AddressFamily.Ipv6Unicast })), Is.Empty);

    [Test]
    public void Refresh_UnknownSubtype_IsIgnored() =>
        Assert.That(new PeerScript().ToEstablished().Receive(Out, Bytes(Refresh with { Subtype = (RouteRefreshSubtype)9 })), Is.Empty);

    [TestCase(RouteRefreshSubtype.BeginningOfRefresh)]
    [TestCase(RouteRefreshSubtype.EndOfRefresh)]
    public void Refresh_DemarcationNegotiated_IsPassedOn(RouteRefreshSubtype subtype) =>
        Assert.That(
            new PeerScript().ToEstablished(open: EnhancedOpen).Receive(Out, Bytes(Refresh with { Subtype = subtype })),
            Is.EqualTo([$"RefreshReceived #1 ipv4-unicast {subtype}"]));

    [Test]
    public void Refresh_DemarcationNotNegotiated_IsIgnored() =>
        Assert.That(new PeerScript().ToEstablished().Receive(Out, Bytes(Refresh with { Subtype = RouteRefreshSubtype.EndOfRefresh })), Is.Empty);

    [Test]
    public void Refresh_DemarcationOfBadLength_IsAnError()
    {
        byte[] message = [.. Bytes(Refresh with { Subtype = RouteRefreshSubtype.EndOfRefresh }), 0];
        MessageHeader.Write(message, MessageType.RouteRefresh, message.Length);
        Assert.That(
            new PeerScript().ToEstablished(open: EnhancedOpen).Receive(Out, message),
            Does.Contain("Send 2 NOTIFICATION ROUTE-REFRESH Message Error / Invalid Message Length"));
    }

    [Test]
    public void RequestRefresh_AllFamilies_AsksForEach() =>
        Assert.That(new PeerScript().ToEstablished().Do(SessionInputKind.RequestRefresh), Is.EqualTo(["Send 2 ROUTE-REFRESH ipv4-unicast"]));

    [Test]
    public void RequestRefresh_OtherFamily_AsksForNothing() =>
        Assert.That(new PeerScript().ToEstablished().Do(new SessionInput(SessionInputKind.RequestRefresh) { Family = AddressFamily.Ipv6Unicast }), Is.Empty);

    [Test]
    public void RequestRefresh_PeerCannot_AsksForNothing() =>
        Assert.That(new PeerScript().ToEstablished(open: Open(capabilities: CapabilitySet.Empty)).Do(SessionInputKind.RequestRefresh), Is.Empty);

    [Test]
    public void Verdict_PresentGeneration_TakesTheSessionDown() =>
        Assert.That(new PeerScript().ToEstablished().Verdict(1, BgpError.Update(UpdateSubcode.MalformedAttributeList)), Is.EqualTo(
        [
            "Send 2 NOTIFICATION UPDATE Message Error / Malformed Attribute List",
            "Close 2",
            "Down #1 NotificationSent: UPDATE Message Error / Malformed Attribute List",
            "State Established→Active",
        ]));

    [TestCase(0u)]
    [TestCase(2u)]
    public void Verdict_OtherGeneration_IsIgnored(uint generation) =>
        Assert.That(new PeerScript().ToEstablished().Verdict(generation, BgpError.Update(UpdateSubcode.MalformedAttributeList)), Is.Empty);

    [Test]
    public void Verdict_NotEstablished_IsIgnored() =>
        Assert.That(new PeerScript().ToOpenConfirm().Verdict(0, BgpError.Update(UpdateSubcode.MalformedAttributeList)), Is.Empty);

    private static PeerScript In(SessionState state) => state switch
    {
        SessionState.OpenSent => new PeerScript().ToOpenSent(),
        SessionState.OpenConfirm => new PeerScript().ToOpenConfirm(),
        _ => new PeerScript().ToEstablished(),
    };

    private static byte[] Message(MessageType type) => type switch
    {
        MessageType.Open => Bytes(Open()),
        MessageType.Keepalive => Keepalive(),
        MessageType.Update => EmptyUpdate(),
        _ => Bytes(Refresh),
    };
}
