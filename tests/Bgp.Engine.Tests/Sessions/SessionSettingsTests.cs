using Bgp.Protocol;
using static Bgp.Engine.Tests.PeerScript;

namespace Bgp.Engine.Tests;

/// <summary>Which changes of a neighbor's settings reset its session, and which leave it alone.</summary>
internal sealed class SessionSettingsTests
{
    private static readonly PolicyConfig Policy = PolicyConfig.AcceptAll;

    private static IEnumerable<TestCaseData<NeighborConfig>> Resetting =>
    [
        Change("Key.Address", Neighbor with { Key = Neighbor.Key with { Address = IpAddress.Parse("192.0.2.3") } }),
        Change("Key.Zone", Neighbor with { Key = Neighbor.Key with { Zone = "eth1" } }),
        Change("Key.Port", Neighbor with { Key = Neighbor.Key with { Port = 1790 } }),
        Change("LocalAddress", Neighbor with { LocalAddress = IpAddress.Parse("192.0.2.9") }),
        Change("LocalAsn", Neighbor with { LocalAsn = new Asn(65009) }),
        Change("RemoteAsn", Neighbor with { RemoteAsn = new Asn(65009) }),
        Change("HoldTime", Neighbor with { HoldTime = TimeSpan.FromSeconds(30) }),
        Change("Keepalive", Neighbor with { Keepalive = TimeSpan.FromSeconds(5) }),
        Change("Families", Neighbor with { Families = [.. Neighbor.Families, new FamilyConfig(AddressFamily.Ipv6Unicast)] }),
        Change("AddPathReceive", Neighbor with { Families = [new FamilyConfig(AddressFamily.Ipv4Unicast) { AddPathReceive = true }] }),
        Change("AddPathSend", Neighbor with { Families = [new FamilyConfig(AddressFamily.Ipv4Unicast) { AddPathSend = 2 }] }),
        Change("ExtendedMessages", Neighbor with { ExtendedMessages = false }),
        Change("ExtendedNextHop", Neighbor with { ExtendedNextHop = false }),
        Change("Multihop", Neighbor with { Multihop = 3 }),
        Change("TtlSecurity", Neighbor with { TtlSecurity = 1 }),
        Change("Password", Neighbor with { Password = "secret" }),
    ];

    private static IEnumerable<TestCaseData<NeighborConfig>> Quiet =>
    [
        Change("nothing, another array", Neighbor with { Families = [new FamilyConfig(AddressFamily.Ipv4Unicast)] }),
        Change("Name", Neighbor with { Name = "tor" }),
        Change("Description", Neighbor with { Description = "rack 7" }),
        Change("Group", Neighbor with { Group = "clients" }),
        Change("Passive", Neighbor with { Passive = true }),
        Change("ShutdownMessage", Neighbor with { ShutdownMessage = "soon" }),
        Change("SendHoldTime", Neighbor with { SendHoldTime = TimeSpan.FromMinutes(20) }),
        Change("ConnectRetry", Neighbor with { ConnectRetry = TimeSpan.FromSeconds(20) }),
        Change("ImportPolicy", Neighbor with { Families = [new FamilyConfig(AddressFamily.Ipv4Unicast) { ImportPolicy = [Policy] }] }),
        Change("ExportPolicy", Neighbor with { Families = [new FamilyConfig(AddressFamily.Ipv4Unicast) { ExportPolicy = [Policy] }] }),
        Change("RouteReflectorClient", Neighbor with { RouteReflectorClient = true }),
        Change("ClusterId", Neighbor with { ClusterId = TheirId }),
        Change("NextHop", Neighbor with { NextHop = NextHopMode.Self }),
        Change("AllowLocalAs", Neighbor with { AllowLocalAs = 2 }),
        Change("EnforceFirstAs", Neighbor with { EnforceFirstAs = false }),
    ];

    [TestCaseSource(nameof(Resetting))]
    public void Configure_SessionSettingChanged_ResetsTheSession(NeighborConfig changed)
    {
        var peer = new PeerScript().ToEstablished();
        Assert.That(peer.Configure(changed), Is.EqualTo(
        [
            "Send 2 NOTIFICATION Cease / Other Configuration Change",
            "Close 2",
            "Down #1 SettingsChanged: Cease / Other Configuration Change",
            "State Established→Active",
        ]));
        Assert.That(peer.AtDeadline(), Does.Contain("Connect 4"));
    }

    [TestCaseSource(nameof(Quiet))]
    public void Configure_OtherSettingChanged_LeavesTheSession(NeighborConfig changed)
    {
        var peer = new PeerScript().ToEstablished();
        Assert.That(peer.Configure(changed), Is.Empty);
        Assert.That(peer.Fsm.Status.Config, Is.SameAs(changed));
    }

    [Test]
    public void Configure_RouterIdChanged_ResetsTheSession() =>
        Assert.That(
            new PeerScript().ToEstablished().Configure(routerId: Id("7.7.7.7")),
            Does.Contain("Down #1 SettingsChanged: Cease / Other Configuration Change"));

    [Test]
    public void Configure_FamiliesInOtherOrder_LeavesTheSession()
    {
        FamilyConfig ipv4 = new(AddressFamily.Ipv4Unicast);
        FamilyConfig ipv6 = new(AddressFamily.Ipv6Unicast);
        var peer = new PeerScript().ToEstablished(Neighbor with { Families = [ipv4, ipv6] });
        Assert.That(peer.Configure(Neighbor with { Families = [ipv6, ipv4] }), Is.Empty);
    }

    [Test]
    public void Configure_NewSettings_StandInTheNextOpen()
    {
        var peer = new PeerScript().ToEstablished();
        peer.Configure(Neighbor with { HoldTime = TimeSpan.FromSeconds(30) });
        peer.AtDeadline();
        peer.Opened(new ConnectionId(4));
        Assert.That(OpenMessage.TryParse(peer.Effects[0].Message.Span[BgpConstants.HeaderLength..], out var open, out _), Is.True);
        Assert.That(open.HoldTime, Is.EqualTo(30));
    }

    [Test]
    public void Configure_ShutdownSet_TakesItDownWithTheMessage()
    {
        var peer = new PeerScript().ToEstablished();
        var effects = peer.Configure(Neighbor with { Shutdown = true, ShutdownMessage = "until monday" });
        Assert.That(effects[0], Is.EqualTo("Send 2 NOTIFICATION Cease / Administrative Shutdown \"until monday\""));
        Assert.That(peer.State, Is.EqualTo(SessionState.Idle));
    }

    [Test]
    public void Configure_ShutdownCleared_Connects()
    {
        var peer = new PeerScript();
        peer.Configure(Neighbor with { Shutdown = true });
        Assert.That(peer.Configure(Neighbor), Is.EqualTo(["Connect 2", "State Idle→Connect"]));
    }

    [Test]
    public void Configure_ReloadWhileDisabledByHand_StaysDown()
    {
        var peer = new PeerScript().ToEstablished();
        peer.Do(SessionInputKind.Disable);
        Assert.That(peer.Configure(Neighbor with { Description = "reloaded" }), Is.Empty);
        Assert.That(peer.Configure(Neighbor with { HoldTime = TimeSpan.FromSeconds(30) }), Is.Empty);
    }

    [Test]
    public void Configure_PassiveCleared_Connects()
    {
        var peer = new PeerScript();
        peer.Configure(Neighbor with { Passive = true });
        Assert.That(peer.Configure(Neighbor), Is.EqualTo(["Connect 2", "State Active→Connect"]));
    }

    [Test]
    public void Configure_SettingsChangedWhileWaiting_ConnectsAtOnce()
    {
        var peer = new PeerScript();
        peer.Configure();
        peer.Failed(Out);
        Assert.That(peer.Configure(Neighbor with { Password = "secret" }), Is.EqualTo(["Connect 4", "State Active→Connect"]));
    }

    private static TestCaseData<NeighborConfig> Change(string name, NeighborConfig changed) =>
        new TestCaseData<NeighborConfig>(changed).SetArgDisplayNames(name);
}
