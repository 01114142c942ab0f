using Bgp.Engine;
using Bgp.Engine.Tests;
using Bgp.Protocol;

namespace Bgp.Config.Tests;

/// <summary><c>router.confederation</c>: what it makes of neighbors, what it refuses, what its change resets.</summary>
[TestFixture]
internal sealed class ConfederationTests
{
    private static readonly HostFacts Host = new(new RouterId(0x0a000001), "node-1");

    // RFC 5065 §4: the member AS in all transactions with members, the confederation's identifier in all with others.
    [TestCase("asn: 65001", SessionType.Internal, 65001u)]
    [TestCase("asn: internal", SessionType.Internal, 65001u)]
    [TestCase("asn: 65002", SessionType.Confederation, 65001u)]
    [TestCase("asn: 65002, localAsn: 65001", SessionType.Confederation, 65001u)]
    [TestCase("asn: 65009", SessionType.External, 64512u)]
    [TestCase("asn: external", SessionType.External, 64512u)]
    [TestCase("asn: 65009, localAsn: 64888", SessionType.External, 64888u)]
    public void Neighbor_InOrOutside_IsToldTheNumberThatItKnows(string neighbor, SessionType type, uint localAsn)
    {
        foreach (var members in (string[])["[65002, 65003]", "[65001, 65002, 65003]"])
        {
            var mapped = Speaker($"{{id: 64512, members: {members}}}", neighbor).Neighbors[0];

            Assert.That((mapped.Type, mapped.LocalAsn), Is.EqualTo((type, new Asn(localAsn))), members);
        }
    }

    [Test]
    public void Speaker_OfAConfederation_HasBothNumbers()
    {
        var speaker = Speaker("{id: 64512}", "asn: 65009");

        Assert.That((speaker.LocalAsn, speaker.ConfederationId, speaker.OutsideAsn), Is.EqualTo((new Asn(65001), (Asn?)new Asn(64512), new Asn(64512))));
    }

    [Test]
    public void Speaker_WithoutConfederation_HasOneNumber()
    {
        var speaker = Routers.Read("router: {asn: 65001}").ToSpeakerConfig(Host);

        Assert.That((speaker.ConfederationId, speaker.OutsideAsn), Is.EqualTo(((Asn?)null, new Asn(65001))));
    }

    [TestCase("[65002]")]
    [TestCase("[65002, 65001]")]
    public void External_InAConfederation_TakesNoMember(string members)
    {
        var neighbor = Speaker($"{{id: 64512, members: {members}}}", "asn: external").Neighbors[0];

        Assert.That(new uint[] { 65001, 65002, 64512, 65009 }.Where(asn => neighbor.AcceptsAsn(new Asn(asn))), Is.EqualTo(new uint[] { 65009 }));
    }

    // One of the members may have the number that the confederation shows outside.
    [TestCase("65001", "{id: 65001, members: [65002]}", "asn: 65001", SessionType.Internal)]
    [TestCase("65001", "{id: 65002, members: [65002]}", "asn: 65002", SessionType.Confederation)]
    public void Identifier_OfOneOfTheMembers_IsThatMemberInside(string asn, string confederation, string neighbor, SessionType expected) =>
        Assert.That(Routers.Read(Text(confederation, neighbor, asn)).ToSpeakerConfig(Host).Neighbors[0].Type, Is.EqualTo(expected));

    [TestCase("asn: 64512", "asn: is 64512, the number that our confederation shows outside; write the neighbor's member AS")]
    [TestCase("asn: 65002, localAsn: 64888", "localAsn: is given, but AS 65002 is a member of our confederation and knows us as AS 65001; leave it out")]
    [TestCase("asn: 65002, role: provider", "role: is given, but AS 65002 is a member of our confederation, within which there are none (RFC 9234); leave it out")]
    [TestCase("asn: 65002, routeServerClient: true", "routeServerClient: is given, but AS 65002 is a member of our confederation; a route server stands between other ASes (RFC 7947), so leave it out")]
    [TestCase("asn: 65002, routeReflectorClient: true", "routeReflectorClient: is for iBGP, but the neighbor's AS is not 65001; leave it out")]
    public void Neighbor_AgainstTheConfederation_IsRefused(string neighbor, string expected) =>
        Assert.That(Routers.Faults(Text("{id: 64512, members: [65002]}", neighbor)), Does.EndWith($": neighbors[0].{expected}"));

    [Test]
    public void Range_OfAnotherMember_IsOneOfTheConfederation() =>
        Assert.That(Routers.Read(Range("asn: 65002")).ToSpeakerConfig(Host).Ranges[0].Template.Type, Is.EqualTo(SessionType.Confederation));

    [Test]
    public void Range_AgainstTheConfederation_IsRefused() =>
        Assert.That(Routers.Faults(Range("asn: 64512")), Does.EndWith(": dynamicNeighbors[0].group: has asn, which is 64512, the number that our confederation shows outside; write the neighbor's member AS"));

    [TestCase("{members: [65002]}")]
    [TestCase("{id: 0}")]
    public void Confederation_WithoutAGoodIdentifier_IsRefused(string confederation) =>
        Assert.That(Routers.Faults(Text(confederation, "asn: 65002")), Does.Contain(": router.confederation.id: "));

    // What is asked first is whether the difference tells of a reset, then whether an established session really is.
    [TestCase("asn: 65002", "", "{id: 64512, members: [65002]}", true)]
    [TestCase("asn: 65009", "", "{id: 64512, members: [65002]}", true)]
    [TestCase("asn: 65001", "", "{id: 64512, members: [65002]}", false)]
    [TestCase("asn: 65009, localAsn: 64888", "", "{id: 64512, members: [65002]}", false)]
    [TestCase("asn: 65002", "{id: 64512, members: [65002]}", "", true)]
    [TestCase("asn: 65002", "{id: 64512, members: [65002]}", "{id: 64513, members: [65002]}", false)]
    [TestCase("asn: 65009", "{id: 64512, members: [65002]}", "{id: 64513, members: [65002]}", true)]
    [TestCase("asn: 65009", "{id: 64512, members: [65002]}", "{id: 64512, members: [65002, 65009]}", true)]
    [TestCase("asn: 65002", "{id: 64512, members: [65002]}", "{id: 64512, members: [65003]}", true)]
    [TestCase("asn: 65002", "{id: 64512, members: [65002]}", "{id: 64512, members: [65002, 65003]}", false)]
    [TestCase("asn: 65009", "{id: 64512, members: [65002]}", "{id: 64512, members: [65002, 65003]}", false)]
    [TestCase("asn: external", "{id: 64512, members: [65002]}", "{id: 64512, members: [65002, 65003]}", false)]
    [TestCase("asn: 65002", "{id: 64512, members: [65002]}", "{id: 64512, members: [65002, 65001]}", false)]
    public void Reload_ConfederationChanged_ResetsOnlySessionsWhoseOwnSettingsDo(string neighbor, string before, string after, bool isReset)
    {
        var (running, wanted) = (Routers.Read(Text(before, neighbor)), Routers.Read(Text(after, neighbor)));
        var difference = ConfigDifference.Of(running, wanted, Host);
        var old = running.ToSpeakerConfig(Host).Neighbors[0];
        var peer = new PeerScript().ToEstablished(old, PeerScript.Open(asn: old.RemoteAsn == NeighborConfig.AnyExternal ? new Asn(65009) : old.RemoteAsn));
        peer.Configure(wanted.ToSpeakerConfig(Host).Neighbors[0]);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(difference.Neighbors.Items.Select(static told => told.Effect), Is.EqualTo(isReset ? [NeighborEffect.Reset] : Array.Empty<NeighborEffect>()));
            Assert.That(difference.Neighbors.Items.SelectMany(static told => told.Fields.Items).Select(static field => field.Field).All(static field => field.StartsWith("router.confederation", StringComparison.Ordinal)));
            Assert.That(peer.State != SessionState.Established, Is.EqualTo(isReset));
        }
    }

    // The outside does not see our member AS.
    [TestCase("asn: 65009", false)]
    [TestCase("asn: 65002", true)]
    public void Reload_MemberAsChanged_ResetsSessionsWithinTheConfederation(string neighbor, bool isReset)
    {
        var difference = ConfigDifference.Of(
            Routers.Read(Text("{id: 64512, members: [65002]}", neighbor)), Routers.Read(Text("{id: 64512, members: [65002]}", neighbor, "65005")), Host);

        Assert.That(difference.Neighbors.Items.SelectMany(static told => told.Fields.Items).Select(static field => field.Field), Is.EqualTo(isReset ? ["router.asn"] : Array.Empty<string>()));
    }

    private static SpeakerConfig Speaker(string confederation, string neighbor) => Routers.Read(Text(confederation, neighbor)).ToSpeakerConfig(Host);

    private static string Range(string group) => $$$"""
        router: {asn: 65001, confederation: {id: 64512, members: [65002]}}
        peerGroups: {g: {{{{group}}}}}
        dynamicNeighbors: [{prefix: 10.0.0.0/16, group: g}]
        """;

    private static string Text(string confederation, string neighbor, string asn = "65001") => $"""
        router:
          asn: {asn}
          {(confederation.Length == 0 ? "" : $"confederation: {confederation}")}
        neighbors:
          - {"{"}address: 192.0.2.2, {neighbor}{"}"}
        """;
}
