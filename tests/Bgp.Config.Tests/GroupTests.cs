using Bgp.Protocol;

namespace Bgp.Config.Tests;

[TestFixture]
internal sealed class GroupTests
{
    [Test]
    public void Neighbor_InGroup_TakesTheGroupsFields()
    {
        var config = Routers.Read("""
            router: {asn: 64512}
            neighbors:
              - {address: 10.0.0.2, group: clients}
            peerGroups:
              clients: {asn: 64512, routeReflectorClient: true, holdTime: 30s, families: [ipv6-unicast, ipv4-unicast]}
            """);

        var settings = config.Neighbors[0].Settings;
        using (Assert.EnterMultipleScope())
        {
            Assert.That(settings, Is.EqualTo(config.PeerGroups[0].Value));
            Assert.That(settings.RouteReflectorClient, Is.True);
            Assert.That(settings.Families, Is.EqualTo((EquatableArray<FamilySettings>)[new FamilySettings(AddressFamily.Ipv4Unicast), new FamilySettings(AddressFamily.Ipv6Unicast)]));
        }
    }

    [Test]
    public void Neighbor_FieldOfItsOwn_WinsEvenWhenItIsTheDefault()
    {
        var config = Routers.Read("""
            router: {asn: 64512}
            peerGroups:
              slow: {asn: 64512, holdTime: 300s, keepalive: 60s, passive: true, importPolicy: [reject-all]}
            neighbors:
              - {address: 10.0.0.2, group: slow, holdTime: 90s, keepalive: null, passive: false, importPolicy: []}
            """);

        Assert.That(config.Neighbors[0].Settings, Is.EqualTo(new PeerSettings { Asn = RemoteAs.Of(new Asn(64512)) }));
    }

    [Test]
    public void Neighbor_PasswordFileOfItsOwn_ReplacesTheGroupsPassword()
    {
        using var folder = new TemporaryFolder();
        folder.Write("key", "from-file\n");
        var file = folder.Write("router.yaml", """
            router: {asn: 64512}
            peerGroups:
              keyed: {asn: 64512, password: from-group}
            neighbors:
              - {address: 10.0.0.2, group: keyed, passwordFile: key}
              - {address: 10.0.0.3, group: keyed}
            """);

        var config = RouterConfigFile.Load(file).Config;

        Assert.That(config?.Neighbors.Select(static neighbor => neighbor.Settings.EffectivePassword?.Reveal()), Is.EqualTo(new[] { "from-file", "from-group" }));
    }

    [Test]
    public void Group_Faulty_IsReportedOnceAndNotThroughItsNeighbors()
    {
        var faults = Routers.Faults("""
            router: {asn: 64512}
            peerGroups:
              clients: {asn: none}
            neighbors:
              - {address: 10.0.0.2, group: clients}
              - {address: 10.0.0.3, group: clients}
            """);

        Assert.That(faults, Is.EqualTo("router.yaml:3:18: peerGroups.clients.asn: is 'none'; write an AS number from 1 to 4294967294, external or internal"));
    }

    [Test]
    public void Group_Undefined_IsAFaultWithTheNearestName()
    {
        var faults = Routers.Faults("""
            router: {asn: 64512}
            peerGroups:
              clients: {asn: 64512}
            neighbors:
              - {address: 10.0.0.2, asn: 64512, group: client}
            """);

        Assert.That(faults, Is.EqualTo("router.yaml:5:44: neighbors[0].group: is 'client', which peerGroups does not define; did you mean 'clients'?"));
    }

    [Test]
    public void Group_InAGroup_IsRefused()
    {
        var faults = Routers.Faults("router: {asn: 64512}\npeerGroups:\n  a: {group: b}\n  b: {}\n");

        Assert.That(faults, Is.EqualTo("router.yaml:3:7: peerGroups.a.group: is not a field of a peer group; groups do not nest; give the fields here"));
    }
}
