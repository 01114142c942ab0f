using Bgp.Protocol;

namespace Bgp.Config.Tests;

/// <summary>Ranges of dynamic neighbors in the router file.</summary>
[TestFixture]
internal sealed class DynamicNeighborTests
{
    private static readonly HostFacts Host = new(new RouterId(0x0a000001), "node-1");

    [Test]
    public void Ranges_OfAGroup_AreItsNeighborsToBe()
    {
        var range = Speaking("""
            router: {asn: 64512}
            peerGroups: {clients: {asn: internal, routeReflectorClient: true, holdTime: 30s, password: x, ttlSecurity: 2}}
            dynamicNeighbors: [{prefix: 10.0.0.0/16, group: clients, limit: 7}]
            """).Ranges.Single();

        var neighbor = range.At(IpAddress.Parse("10.0.3.4"), "");
        using (Assert.EnterMultipleScope())
        {
            Assert.That((range.Prefix.ToString(), range.Limit), Is.EqualTo(("10.0.0.0/16", 7)));
            Assert.That((neighbor.Key.ToString(), neighbor.Range, neighbor.IsDynamic, neighbor.Group), Is.EqualTo(("10.0.3.4", (IpPrefix?)range.Prefix, true, "clients")));
            Assert.That((neighbor.RemoteAsn.Value, neighbor.Passive, neighbor.RouteReflectorClient, neighbor.Password, neighbor.TtlSecurity), Is.EqualTo((64512u, true, true, "x", (int?)2)));
            Assert.That(neighbor.Families.Select(static family => family.Family), Is.EqualTo(new[] { AddressFamily.Ipv4Unicast }));
        }
    }

    [Test]
    public void Range_OfIpv6WithoutALimit_HasTheFamilyAndTheDefault()
    {
        var range = Speaking("router: {asn: 64512}\npeerGroups: {g: {asn: external}}\ndynamicNeighbors: [{prefix: \"fe80::/64\", group: g}]").Ranges.Single();

        Assert.That((range.Limit, range.Template.Families.Single().Family, range.Template.AcceptsAsn(new Asn(1)), range.At(IpAddress.Parse("fe80::9"), "eth0").Key.ToString()), Is.EqualTo((5000, AddressFamily.Ipv6Unicast, true, "fe80::9%eth0")));
    }

    [TestCase("{prefix: 10.0.0.0/16, group: clint}", "3:49: dynamicNeighbors[0].group: is 'clint', which peerGroups does not define; did you mean 'client'?")]
    [TestCase("{prefix: 10.0.0.0/16, group: noasn}", "3:20: dynamicNeighbors[0].asn: is missing; a neighbor or its group needs it")]
    [TestCase("{prefix: 10.0.0.0/16}", "3:20: dynamicNeighbors[0].group: is missing; a range of dynamic neighbors needs it")]
    [TestCase("{prefix: 10.0.0.1/16, group: client}", "3:29: dynamicNeighbors[0].prefix: is '10.0.0.1/16', which has bits set past its length (did you mean 10.0.0.0/16?); write a prefix such as 10.0.0.0/8 or fd00::/8")]
    [TestCase("{prefix: 10.0.0.0/16, group: client, limit: 0}", "3:64: dynamicNeighbors[0].limit: is 0, which is too small; write a number from 1 to 100000")]
    [TestCase("{prefix: 10.0.0.0/16, group: client}, {prefix: 10.0.0.0/16, group: client}", "3:58: dynamicNeighbors[1]: repeats 10.0.0.0/16, which dynamicNeighbors[0] in line 3 already has; leave one out")]
    [TestCase("{prefix: 10.0.0.0/16, group: foreign}", "3:20: dynamicNeighbors[0].group: has routeReflectorClient, which is for iBGP, but its AS is not 64512; leave it out of the group")]
    [TestCase("{prefix: 10.0.0.0/16, group: client}, {prefix: 10.0.0.0/8, group: keyed}", "3:20: dynamicNeighbors[0].password: is missing, but dynamicNeighbors 10.0.0.0/8 has one, and then nothing unsigned is let in from there; give it a password too")]
    [TestCase("{prefix: 192.0.2.0/24, group: keyed}", "4:13: neighbors[0].password: is missing, but dynamicNeighbors 192.0.2.0/24 has one, and then nothing unsigned is let in from there; give it a password too")]
    [TestCase("{prefix: 10.0.0.0/16, group: overriding}", "3:20: dynamicNeighbors[0].group: has asOverride, which is given for a neighbor of our own AS, where it means nothing; leave it out")]
    public void Range_Faulty_SaysWhereAndWhat(string ranges, string expected) => Assert.That(
        Routers.Faults(
            "router: {asn: 64512}\npeerGroups: {client: {asn: internal}, noasn: {}, keyed: {asn: internal, password: x}, foreign: {asn: 7, routeReflectorClient: true}, overriding: {asn: 64512, asOverride: true}}\n"
            + $"dynamicNeighbors: [{ranges}]\nneighbors: [{{address: 192.0.2.1, asn: 64512}}]"),
        Is.EqualTo($"router.yaml:{expected}"));

    // It may come from any address of the link, and the kernel lets nothing unsigned in from the range. One that we dial is reached without.
    [TestCase("fe80::/64", "password: x", "passive: true", false)]
    [TestCase("::/0", "password: x", "passive: true", false)]
    [TestCase("fe80::/64", "password: x", "passive: true, password: y", true)]
    [TestCase("fe80::/64", "password: x", "passive: false", true)]
    [TestCase("fe80::/64", "description: x", "passive: true", true)]
    [TestCase("fd00::/64", "password: x", "passive: true", true)]
    public void InterfaceNeighbor_InAKeyedRange_NeedsAKeyToBeLetIn(string range, string group, string fields, bool isGood) => Assert.That(
        Routers.Faults($"router: {{asn: 64512}}\npeerGroups: {{g: {{asn: internal, {group}}}}}\ndynamicNeighbors: [{{prefix: \"{range}\", group: g}}]\nneighbors: [{{interface: eth0, asn: external, {fields}}}]"),
        Is.EqualTo(isGood ? "" : $"router.yaml:4:13: neighbors[0].password: is missing, but dynamicNeighbors {range} has one, and then nothing unsigned is let in from there; give it a password too"));

    [Test]
    public void Difference_RangesComeGoAndChange_IsToldByPrefix()
    {
        var difference = ConfigDifference.Of(
            Routers.Read("router: {asn: 1}\npeerGroups: {a: {asn: 2}, b: {asn: 2, holdTime: 30s, nextHop: self}}\ndynamicNeighbors: [{prefix: 10.0.0.0/16, group: a}, {prefix: 10.1.0.0/16, group: a}, {prefix: 10.2.0.0/16, group: a, limit: 9}, {prefix: 10.4.0.0/16, group: a}]\nneighbors: [{address: 192.0.2.1, asn: 2}]"),
            Routers.Read("router: {asn: 1}\npeerGroups: {a: {asn: 2}, b: {asn: 2, holdTime: 30s, nextHop: self}}\ndynamicNeighbors: [{prefix: 10.1.0.0/16, group: b}, {prefix: 10.2.0.0/16, group: a, limit: 8}, {prefix: 10.3.0.0/16, group: a}, {prefix: 10.4.0.0/16, group: a}]\nneighbors: [{address: 192.0.2.1, asn: 2}]"),
            Host);

        var words = difference.Neighbors.Items.Select(static range => $"{range.Address} {range.IsRange} {range.Effect}: {string.Join(", ", range.Fields.Items.Select(static change => $"{change.Field} {change.Effect}"))}");
        Assert.That(words, Is.EqualTo(new[]
        {
            "10.0.0.0/16 True Removed: ",
            "10.1.0.0/16 True Reset: group None, holdTime Reset, nextHop Refresh",
            "10.2.0.0/16 True Nothing: limit None",
            "10.3.0.0/16 True Added: ",
        }));
        Assert.That((difference.Router.Count, difference.Unchanged), Is.EqualTo((0, 1)));
    }

    [Test]
    public void Difference_PolicyOfTheGroup_RefreshesTheRange()
    {
        var difference = ConfigDifference.Of(
            Routers.Read("router: {asn: 1}\npolicies: {p: [{action: accept}]}\npeerGroups: {a: {asn: 2, importPolicy: [p]}}\ndynamicNeighbors: [{prefix: 10.0.0.0/16, group: a}]"),
            Routers.Read("router: {asn: 1}\npolicies: {p: [{action: reject}]}\npeerGroups: {a: {asn: 2, importPolicy: [p]}}\ndynamicNeighbors: [{prefix: 10.0.0.0/16, group: a}]"),
            Host);

        Assert.That(difference.Neighbors.Items.Select(static range => (range.Address, range.Effect)), Is.EqualTo(new[] { ("10.0.0.0/16", NeighborEffect.Refresh) }));
    }

    private static Engine.SpeakerConfig Speaking(string text) => Routers.Read(text).ToSpeakerConfig(Host);
}
