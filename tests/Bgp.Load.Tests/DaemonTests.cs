namespace Bgp.Load.Tests;

/// <summary>What daemons can do by their versions.</summary>
internal sealed class DaemonTests
{
    [TestCase("BIRD version 2.0.12", false)]
    [TestCase("BIRD version 2.13.1", false)]
    [TestCase("BIRD version 2.14", true)]
    [TestCase("BIRD version 2.20.0", true)]
    [TestCase("BIRD version 3.4.0", true)]
    [TestCase("", false)]
    public void Bird_ByVersion_HasASendHoldTimer(string version, bool has) => Assert.That(BirdDaemon.HasSendHold(version), Is.EqualTo(has));

    [TestCase(DaemonKind.Frr, "bgpd version 10.7.1", "FRR 10.7.1")]
    [TestCase(DaemonKind.OpenBgpd, "OpenBGPD 7.7", "OpenBGPD 7.7")]
    [TestCase(DaemonKind.Bird, "", "BIRD")]
    [TestCase(DaemonKind.Bgp, "bgp 0.1.0, commit 12.3", "bgp")]
    [TestCase(DaemonKind.Floor, "netlink loop", "floor")]
    public void Name_OfARow_HasThePeersVersion(DaemonKind daemon, string version, string name) => Assert.That(DaemonNames.Of(daemon, version), Is.EqualTo(name));
}
