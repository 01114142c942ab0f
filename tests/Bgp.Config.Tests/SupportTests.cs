namespace Bgp.Config.Tests;

/// <summary>What this build does not support yet is refused by name when it is used; its default counts as absent.</summary>
[TestFixture]
internal sealed class SupportTests
{
    [TestCase("api: {http: 127.0.0.1:9179}", "api.http")]
    [TestCase("telemetry: {otlp: \"http://127.0.0.1:4317\"}", "telemetry.otlp")]
    [TestCase("router: {asn: 64512, gracefulRestart: {restartTime: 60s}}", "router.gracefulRestart.restartTime")]
    [TestCase("router: {asn: 64512, gracefulRestart: {longLived: 1h}}", "router.gracefulRestart.longLived")]
    [TestCase("peerGroups: {g: {bfd: {}}}", "peerGroups.g.bfd")]
    public void Section_NotSupportedYet_IsRefusedByName(string section, string path)
    {
        var text = section.StartsWith("router", StringComparison.Ordinal) ? section : $"router: {{asn: 64512}}\n{section}\n";

        Assert.That(RouterConfigFile.Parse(text, Routers.File).Faults.Select(static fault => (fault.Path, fault.Message)), Is.EqualTo(new[] { (path, "is not supported by this build yet; leave it out") }));
    }

    [TestCase("bfd: {minTx: 100ms}", "bfd")]
    [TestCase("bfd: nonsense", "bfd")]
    public void NeighborField_NotSupportedYet_IsRefusedByName(string field, string path)
    {
        var faults = RouterConfigFile.Parse(Routers.WithNeighbor(field), Routers.File).Faults;

        Assert.That(faults.Select(static fault => (fault.Path, fault.Message)), Is.EqualTo(new[] { ($"neighbors[0].{path}", "is not supported by this build yet; leave it out") }));
    }

    [TestCase("gracefulRestart: {enabled: true}", "gracefulRestart: is {enabled: true}, which is not supported by this build yet")]
    public void NeighborValue_NotSupportedYet_IsRefusedByName(string field, string expected)
    {
        Assert.That(Routers.Faults(Routers.WithNeighbor(field)), Does.EndWith($": neighbors[0].{expected}"));
    }

    [TestCase("gracefulRestart: {enabled: false}")]
    [TestCase("gracefulRestart: null")]
    [TestCase("addPaths: {receive: false, send: 0}")]
    [TestCase("maxPrefixes: {limit: 0, action: warn}")]
    [TestCase("removePrivateAs: false, asOverride: false, defaultOriginate: false, bfd: null, role: null, localAsn: null, nextHopAddress: null")]
    public void NeighborField_AtItsDefault_CountsAsAbsent(string fields)
    {
        Assert.That(Routers.Faults(Routers.WithNeighbor(fields)), Is.Empty);
    }

    [Test]
    public void RouterGracefulRestart_SwitchedOff_IsAccepted()
    {
        Assert.That(Routers.Read("router: {asn: 64512, gracefulRestart: {enabled: false}}").Router.GracefulRestart.Enabled, Is.False);
    }
}
