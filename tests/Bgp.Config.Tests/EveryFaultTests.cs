namespace Bgp.Config.Tests;

/// <summary>What is wrong in one part of a file hides no fault of another.</summary>
[TestFixture]
internal sealed class EveryFaultTests
{
    private const string Reflector = "neighbors[1].routeReflectorClient: is for iBGP, but the neighbor's AS is not 64512; leave it out";

    [TestCase("{address: 10.0.0.2, asn: 64512, colour: red}", TestName = "{m}: another neighbor's unknown key")]
    [TestCase("{address: 10.0.0.2, asn: 64512, holdTime: 1s}", TestName = "{m}: another neighbor's value")]
    [TestCase("{address: 10.0.0.2}", TestName = "{m}: another neighbor's missing AS")]
    [TestCase("10.0.0.2", TestName = "{m}: a neighbor that is no map")]
    [TestCase("{asn: 64512}", TestName = "{m}: a neighbor without an address")]
    public void Neighbor_WithAFaultOfMeaning_IsReportedBeside(string other)
    {
        var faults = Routers.Faults($"router: {{asn: 64512}}\nneighbors:\n  - {other}\n  - {{address: 10.9.0.6, asn: 65001, routeReflectorClient: true}}\n").Split('\n');

        using (Assert.EnterMultipleScope())
        {
            Assert.That(faults, Has.Length.EqualTo(2));
            Assert.That(faults[1], Is.EqualTo($"router.yaml:4:59: {Reflector}"));
        }
    }

    [TestCase("router: {asn: 64512, colour: red}", TestName = "{m}: an unknown key of the router")]
    [TestCase("router: {asn: 64512, listen: [nowhere]}", TestName = "{m}: the router's listeners")]
    [TestCase("router: {asn: 64512}\nlog: {level: loud}", TestName = "{m}: another section")]
    [TestCase("router: {asn: 64512}\npolicies: {p: [{action: permit}]}", TestName = "{m}: a policy")]
    public void OtherSection_Faulty_HidesNoFaultOfANeighbor(string sections)
    {
        var faults = Routers.Faults($"{sections}\nneighbors:\n  - {{address: 10.0.0.2, asn: 64512}}\n  - {{address: 10.9.0.6, asn: 65001, routeReflectorClient: true}}\n").Split('\n');

        using (Assert.EnterMultipleScope())
        {
            Assert.That(faults, Has.Length.EqualTo(2));
            Assert.That(faults[1], Does.EndWith(Reflector));
        }
    }

    [Test]
    public void Neighbor_FaultsOfFormAndOfMeaning_AreAllReported()
    {
        var faults = Routers.Faults("""
            router: {asn: 64512}
            neighbors:
              - address: 10.0.0.2
                asn: 65001
                colour: red
                connectRetry: never
                holdTime: 30s
                keepalive: 30s
                routeReflectorClient: true
              - {address: 10.0.0.2, asn: 65001, colour: red}
            """);

        Assert.That(faults.Split('\n').Select(static fault => fault.Split(": ")[1]), Is.EqualTo(new[]
        {
            "neighbors[0].colour", "neighbors[0].connectRetry", "neighbors[0].keepalive", "neighbors[0].routeReflectorClient", "neighbors[1]", "neighbors[1].colour",
        }));
    }

    [TestCase("{address: 10.0.0.2, asn: 65001x, routeReflectorClient: true}", "neighbors[0].asn")]
    [TestCase("{address: 10.0.0.2, asm: 65001}", "neighbors[0].asm", Description = "What was meant to be the AS is not missing.")]
    [TestCase("{adress: 10.0.0.2, asn: 64512}", "neighbors[0].adress")]
    [TestCase("{address: 10.0.0.2, asn: 64512, holdTime: 1s, keepalive: 90s}", "neighbors[0].holdTime")]
    [TestCase("{address: 10.0.0.2, group: clients, routeReflectorClient: true}", "neighbors[0].group")]
    [TestCase("{address: 10.0.0.256, asn: 64512, localAddress: 'fd00::1'}", "neighbors[0].address")]
    public void Field_ThatCouldNotBeRead_IsNotHeldAgainstOthers(string neighbor, string field)
    {
        Assert.That(Routers.Faults($"router: {{asn: 64512}}\nneighbors: [{neighbor}]\n"), Does.Match($"^router.yaml:2:\\d+: {System.Text.RegularExpressions.Regex.Escape(field)}: .*$").And.Not.Contain("\n"));
    }

    [Test]
    public void RouterAs_ThatCouldNotBeRead_FaultsNoNeighborForIt()
    {
        var faults = Routers.Faults("router: {asn: 0}\nneighbors: [{address: 10.0.0.2, asn: 64512, routeReflectorClient: true}]\n");

        Assert.That(faults, Does.StartWith("router.yaml:1:15: router.asn: is 0").And.Not.Contain("\n"));
    }

    [Test]
    public void Group_WithAnUnknownKey_HidesNoFaultOfItsMembers()
    {
        var faults = Routers.Faults("""
            router: {asn: 64512}
            peerGroups:
              outside: {asn: 65001, colour: red}
            neighbors:
              - {address: 10.0.0.2, group: outside, routeReflectorClient: true}
            dynamicNeighbors:
              - {prefix: 10.1.0.0/16, group: outside, limit: none}
              - {prefix: 10.2.0.0/16, group: inside}
            """);

        Assert.That(faults.Split('\n').Select(static fault => fault.Split(": ")[1]), Is.EqualTo(new[]
        {
            "peerGroups.outside.colour", "neighbors[0].routeReflectorClient", "dynamicNeighbors[0].limit", "dynamicNeighbors[1].group",
        }));
    }

    [Test]
    public void UnknownKey_OfAMapWithManyFields_NamesTheNearestFew()
    {
        var fault = Routers.Faults(Routers.WithNeighbor("localPreference: 200"));

        Assert.That(fault, Is.EqualTo(
            "router.yaml:4:37: neighbors[0].localPreference: is not a field of a neighbor; of its 42 fields the nearest are localAddress, localAsn, localAsnMode, maxPrefixes, roleStrict, interface, connectRetry, clusterId; docs/configuration.md has all"));
    }
}
