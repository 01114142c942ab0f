namespace Bgp.Config.Tests;

[TestFixture]
internal sealed class ClusterIdTests
{
    private const string Advice = "is given, but not routeReflectorClient: true, and only a client is in a cluster; write that here or in";

    [TestCase("clusterId: 10.0.0.1")]
    [TestCase("clusterId: 10.0.0.1, routeReflectorClient: false")]
    public void Neighbor_NotAClient_IsRefused(string fields) => Assert.That(Routers.Faults(Routers.WithNeighbor(fields)), Is.EqualTo(
        $"router.yaml:4:48: neighbors[0].clusterId: {Advice} the group too, or leave clusterId out"));

    [TestCase("clusterId: 10.0.0.1, routeReflectorClient: true")]
    [TestCase("clusterId: null")]
    public void Neighbor_AClientOrInNoCluster_IsAccepted(string fields) => Assert.That(Routers.Faults(Routers.WithNeighbor(fields)), Is.Empty);

    [TestCase("routeReflectorClient: true", "clusterId: 10.0.0.1", TestName = "{m}: the group has the flag")]
    [TestCase("clusterId: 10.0.0.1", "routeReflectorClient: true", TestName = "{m}: the neighbor has the flag")]
    [TestCase("clusterId: 10.0.0.1, routeReflectorClient: true", "routeReflectorClient: false", TestName = "{m}: one of the clients' group is none")]
    public void GroupAndNeighbor_WithTheFlagInOneOfThem_AreAccepted(string group, string neighbor) => Assert.That(Faults(group, neighbor), Is.Empty);

    [TestCase("clusterId: 10.0.0.1", "description: none", TestName = "{m}: no member has the flag")]
    [TestCase("clusterId: 10.0.0.1", "clusterId: null", TestName = "{m}: the member is in no cluster")]
    public void Group_WithoutAClient_IsRefused(string group, string neighbor) => Assert.That(Faults(group, neighbor), Is.EqualTo(
        $"router.yaml:2:41: peerGroups.g.clusterId: {Advice} one of the group's neighbors, or leave clusterId out"));

    [Test]
    public void Group_WhoseMembersFlagCouldNotBeRead_IsNotHeldAgainstIt() =>
        Assert.That(Faults("clusterId: 10.0.0.1", "routeReflectorClient: perhaps"), Does.Contain("neighbors[0].routeReflectorClient").And.Not.Contain("clusterId"));

    private static string Faults(string group, string neighbor) => Routers.Faults(
        $"router: {{asn: 64512}}\npeerGroups: {{g: {{asn: 64512, {group}}}}}\nneighbors: [{{address: 10.0.0.2, group: g, {neighbor}}}]\n");
}
