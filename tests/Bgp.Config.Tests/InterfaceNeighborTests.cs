using Bgp.Engine;
using Bgp.Protocol;

namespace Bgp.Config.Tests;

/// <summary>Neighbors that are configured by the interface that they are on.</summary>
[TestFixture]
internal sealed class InterfaceNeighborTests
{
    private static readonly HostFacts Host = new(new RouterId(0x0a000001), "node-1");

    [Test]
    public void Neighbor_OnAnInterface_HasBothFamiliesAndNoAddressYet()
    {
        var neighbor = Speaking("router: {asn: 64512}\nneighbors: [{interface: eth0, asn: external}]").Neighbors.Single();

        using (Assert.EnterMultipleScope())
        {
            Assert.That((neighbor.Key, neighbor.Key.ToString(), neighbor.Interface), Is.EqualTo((new NeighborKey(IpAddress.None, "eth0", 179), "eth0", "eth0")));
            Assert.That(neighbor.Families.Select(static family => family.Family), Is.EqualTo(new[] { AddressFamily.Ipv4Unicast, AddressFamily.Ipv6Unicast }));
            Assert.That((neighbor.RemoteAsn, neighbor.ExtendedNextHop, neighbor.Passive), Is.EqualTo((NeighborConfig.AnyExternal, true, false)));
        }
    }

    [TestCase("interface: eth0, address: 10.0.0.2, asn: 1", "3:31: neighbors[0].address: is given beside interface; leave out one of them")]
    [TestCase("interface: eth0, asn: 1, multihop: 2", "3:40: neighbors[0].multihop: is given for a neighbor on an interface, which is on the same link; leave it out")]
    [TestCase("interface: eth0, asn: 1, localAddress: 10.0.0.1", "3:44: neighbors[0].localAddress: is 10.0.0.1, but with a neighbor on an interface we speak from a link-local address; leave it out")]
    [TestCase("interface: eth0, asn: 1}, {interface: eth0, asn: 2", "3:31: neighbors[1]: repeats interface eth0 port 179, which neighbors[0] in line 3 already has; leave one out")]
    [TestCase("asn: 1", "3:4: neighbors[0].address: is missing; a neighbor needs it, or an interface")]
    public void Neighbor_Faulty_SaysWhereAndWhat(string fields, string expected) =>
        Assert.That(Routers.Faults($"router: {{asn: 64512}}\nneighbors:\n  [{{{fields}}}]\n"), Is.EqualTo($"router.yaml:{expected}"));

    [Test]
    public void Difference_NeighborsOnInterfaces_AreToldByInterface()
    {
        var difference = ConfigDifference.Of(
            Routers.Read("router: {asn: 1}\nneighbors: [{interface: eth0, asn: 2}, {interface: eth1, asn: 2}, {interface: eth2, asn: 2}]"),
            Routers.Read("router: {asn: 1}\nneighbors: [{interface: eth1, asn: 2, holdTime: 30s}, {interface: eth2, asn: 2, families: [ipv4-unicast, ipv6-unicast]}, {interface: eth3, asn: 2}]"),
            Host);

        Assert.That(difference.Neighbors.Items.Select(static neighbor => (neighbor.Address, neighbor.Effect)), Is.EqualTo(new[] { ("eth0", NeighborEffect.Removed), ("eth1", NeighborEffect.Reset), ("eth3", NeighborEffect.Added) }));
        Assert.That(difference.Unchanged, Is.EqualTo(1));
    }

    private static SpeakerConfig Speaking(string text) => Routers.Read(text).ToSpeakerConfig(Host);
}
