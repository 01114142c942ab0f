using Bgp.Engine;
using Bgp.Protocol;

namespace Bgp.Config.Tests;

[TestFixture]
internal sealed class SpeakerMappingTests
{
    private static readonly HostFacts Host = new(new RouterId(0x0a000001), "node-1");

    [Test]
    public void Speaker_NoRouterId_TakesTheHosts()
    {
        var speaker = Routers.Read("router: {asn: 64512}").ToSpeakerConfig(Host);

        Assert.That((speaker.RouterId, speaker.ClusterId), Is.EqualTo((Host.RouterId, Host.RouterId)));
    }

    [Test]
    public void Speaker_RouterId_IsAlsoItsClusterId()
    {
        var speaker = Routers.Read("router: {asn: 64512, routerId: 192.0.2.1}").ToSpeakerConfig(Host);

        Assert.That((speaker.RouterId.ToString(), speaker.ClusterId.ToString()), Is.EqualTo(("192.0.2.1", "192.0.2.1")));
    }

    [TestCase("fib: {metric: 32}", 32u, false, false)]
    [TestCase("fib: {metric: complementOfLocalPref}", 1024u, true, true)]
    [TestCase("policies: {p: [{set: {kernelMetric: 7}}]}", 1024u, false, true)]
    [TestCase("networks: [{prefix: 10.0.0.0/8, blackhole: true, set: {kernelMetric: 7}}]", 1024u, false, true)]
    public void Fib_Metric_IsFixedOrVaries(string section, uint metric, bool isFromLocalPref, bool varies)
    {
        var fib = Routers.Read($"router: {{asn: 64512}}\n{section}\n").ToSpeakerConfig(Host).Fib;

        Assert.That((fib.Metric, fib.MetricFromLocalPref, fib.VariesMetric), Is.EqualTo((metric, isFromLocalPref, varies)));
    }

    [Test]
    public void StaticRoutes_InTheOrderOfTheFile_AreCarried()
    {
        var speaker = Routers.Read("router: {asn: 64512}\nstaticRoutes: [{prefix: 10.9.0.0/16, via: 10.0.0.1}, {prefix: 10.9.0.0/16, via: 'fd00::1'}]\n").ToSpeakerConfig(Host);

        Assert.That(speaker.StaticRoutes.Select(static route => $"{route.Prefix} {route.Via}"), Is.EqualTo(new[] { "10.9.0.0/16 10.0.0.1", "10.9.0.0/16 fd00::1" }));
    }

    [Test]
    public void Redistributions_InTheOrderOfTheFile_AreCarriedWithTheirPolicies()
    {
        var speaker = Routers.Read("""
            router: {asn: 64512}
            redistribute:
              - {from: connected, interfaces: ["eth*", "!cali*"], policy: accept-all}
              - {from: kernel}
              - {from: kernel, table: 100}
            """).ToSpeakerConfig(Host);

        Assert.That(
            speaker.Redistributions.Select(static one => $"{one.Source} {string.Join('+', one.Interfaces)} {one.Table} {string.Join('+', one.Policy.Select(static policy => policy.Name))}"),
            Is.EqualTo(new[] { "Connected eth*+!cali* 254 accept-all", "Kernel  254 ", "Kernel  100 " }));
    }

    [Test]
    public void Speaker_EveryRouterField_IsCarried()
    {
        var speaker = Routers.Read("""
            router:
              asn: 64512
              clusterId: 192.0.2.9
              clientToClient: false
              defaultLocalPref: 200
              multipath: {ebgp: 2, ibgp: 3}
              bestPath: {alwaysCompareMed: true, missingMedWorst: true}
              ebgpRequiresPolicy: false
            networks: [{prefix: 10.244.1.0/24, blackhole: true}, {prefix: "fd00:1::/64"}]
            fib: {enabled: false, table: 100, metric: 32, protocol: bird, sourceAddress: {ipv4: 10.0.0.1, ipv6: "fd00::1"}, nexthopObjects: off}
            """).ToSpeakerConfig(Host);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(speaker.LocalAsn, Is.EqualTo(new Asn(64512)));
            Assert.That(speaker.ClusterId.ToString(), Is.EqualTo("192.0.2.9"));
            Assert.That(speaker.ClientToClient, Is.False);
            Assert.That(speaker.DefaultLocalPref, Is.EqualTo(200u));
            Assert.That(speaker.Multipath, Is.EqualTo(new MultipathConfig(2, 3)));
            Assert.That(speaker.BestPath, Is.EqualTo(new BestPathConfig(true, true)));
            Assert.That(speaker.EbgpRequiresPolicy, Is.False);
            Assert.That(speaker.Networks, Is.EqualTo(new[] { new NetworkConfig(IpPrefix.Parse("10.244.1.0/24"), Blackhole: true), new NetworkConfig(IpPrefix.Parse("fd00:1::/64"), Blackhole: false) }));
            Assert.That(speaker.Fib, Is.EqualTo(new FibConfig
            {
                Enabled = false,
                Table = 100,
                Metric = 32,
                Protocol = 12,
                SourceV4 = IpAddress.Parse("10.0.0.1"),
                SourceV6 = IpAddress.Parse("fd00::1"),
                NexthopObjects = false,
            }));
        }
    }

    [Test]
    public void Neighbor_EveryField_IsCarried()
    {
        var neighbor = Neighbor("""
            address: fe80::2%eth0
                asn: internal
                name: left
                description: the left one
                port: 1179
                localAddress: fe80::1
                passive: true
                shutdown: true
                shutdownMessage: maintenance
                holdTime: 30s
                keepalive: 5s
                sendHoldTime: 10m
                connectRetry: 1s
                extendedMessages: false
                extendedNextHop: false
                ttlSecurity: 1
                password: key
                routeReflectorClient: true
                clusterId: 192.0.2.9
                nextHop: self
                nextHopAddress: {ipv4: 192.0.2.7, ipv6: "fd00::7"}
                allowLocalAs: 2
                enforceFirstAs: false
            """);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(neighbor.Key, Is.EqualTo(new NeighborKey(IpAddress.Parse("fe80::2"), "eth0", 1179)));
            Assert.That(neighbor.Families.Single().Family, Is.EqualTo(AddressFamily.Ipv6Unicast));
            Assert.That(neighbor with { Families = [] }, Is.EqualTo(new NeighborConfig
            {
                Key = neighbor.Key,
                RemoteAsn = new Asn(64512),
                LocalAsn = new Asn(64512),
                Families = [],
                Name = "left",
                Description = "the left one",
                LocalAddress = IpAddress.Parse("fe80::1"),
                Passive = true,
                Shutdown = true,
                ShutdownMessage = "maintenance",
                HoldTime = TimeSpan.FromSeconds(30),
                Keepalive = TimeSpan.FromSeconds(5),
                SendHoldTime = TimeSpan.FromMinutes(10),
                ConnectRetry = TimeSpan.FromSeconds(1),
                ExtendedMessages = false,
                ExtendedNextHop = false,
                TtlSecurity = 1,
                Password = "key",
                RouteReflectorClient = true,
                ClusterId = new RouterId(0xc0000209),
                NextHop = NextHopMode.Self,
                NextHopV4 = IpAddress.Parse("192.0.2.7"),
                NextHopV6 = IpAddress.Parse("fd00::7"),
                AllowLocalAs = 2,
                EnforceFirstAs = false,
            }));
        }
    }

    [Test]
    public void Neighbor_OfAnotherAs_FieldsOfItAreCarried()
    {
        var neighbor = Neighbor("{address: 10.0.0.2, asn: 65001, asOverride: true, removePrivateAs: replace, role: rs-client, roleStrict: true, routeServerClient: true, maxPrefixes: {limit: 9, action: shutdown}}");

        using (Assert.EnterMultipleScope())
        {
            Assert.That((neighbor.AsOverride, neighbor.RemovePrivateAs), Is.EqualTo((true, RemovePrivateAsMode.Replace)));
            Assert.That(neighbor.RouteServerClient, Is.True);
            Assert.That((neighbor.Role, neighbor.RoleStrict), Is.EqualTo(((BgpRole?)BgpRole.RouteServerClient, true)));
            Assert.That(neighbor.Families.Single().MaxPrefixes, Is.EqualTo(new MaxPrefixesConfig(9, MaxPrefixesAction.Shutdown, TimeSpan.FromSeconds(60))));
        }
    }

    [TestCase("asn: external", 0u, 64512u, LocalAsnMode.Prepend)]
    [TestCase("asn: internal", 64512u, 64512u, LocalAsnMode.Prepend)]
    [TestCase("asn: external, localAsn: 65000, localAsnMode: no-prepend", 0u, 65000u, LocalAsnMode.NoPrepend)]
    [TestCase("asn: 65001, localAsn: 65000, localAsnMode: replace", 65001u, 65000u, LocalAsnMode.Replace)]
    public void AsNumbers_OfANeighbor_AreCarried(string fields, uint remote, uint local, LocalAsnMode mode)
    {
        var neighbor = Neighbor($"{{address: 10.0.0.2, {fields}}}");

        Assert.That((neighbor.RemoteAsn, neighbor.LocalAsn, neighbor.LocalAsnMode), Is.EqualTo((new Asn(remote), new Asn(local), mode)));
    }

    [TestCase("10.0.0.2", "ipv4-unicast")]
    [TestCase("fd00::2", "ipv6-unicast")]
    public void Families_NotGiven_AreThatOfTheAddress(string address, string expected)
    {
        Assert.That(Neighbor($"{{address: \"{address}\", asn: 65001}}").Families.Single().Family.ToString(), Is.EqualTo(expected));
    }

    [Test]
    public void Families_WithPolicies_OverrideTheNeighbors()
    {
        var families = Neighbor("{address: 10.0.0.2, asn: 65001, importPolicy: [reject-all], exportPolicy: [accept-all], families: {ipv6-unicast: {importPolicy: [accept-all]}, ipv4-unicast: {exportPolicy: []}}}").Families;

        using (Assert.EnterMultipleScope())
        {
            Assert.That(families.Select(static family => family.Family.ToString()), Is.EqualTo(new[] { "ipv4-unicast", "ipv6-unicast" }));
            Assert.That(families[0].ImportPolicy, Is.EqualTo(new[] { PolicyConfig.RejectAll }));
            Assert.That(families[0].ExportPolicy, Is.Empty);
            Assert.That(families[1].ImportPolicy, Is.EqualTo(new[] { PolicyConfig.AcceptAll }));
            Assert.That(families[1].ExportPolicy, Is.EqualTo(new[] { PolicyConfig.AcceptAll }));
        }
    }

    [TestCase("addPaths: {receive: true}", "ipv4-unicast True 0, ipv6-unicast True 0")]
    [TestCase("addPaths: {receive: true, send: 4}", "ipv4-unicast True 4, ipv6-unicast True 4")]
    [TestCase("addPaths: {send: all}", "ipv4-unicast False 2147483647, ipv6-unicast False 2147483647")]
    [TestCase("addPaths: {send: 2}, families: {ipv4-unicast: {addPaths: {receive: true}}, ipv6-unicast: {}}", "ipv4-unicast True 0, ipv6-unicast False 2")]
    public void AddPaths_OfNeighborAndFamily_AreCarried(string fields, string expected)
    {
        var families = fields.Contains("families", StringComparison.Ordinal) ? "" : ", families: [ipv4-unicast, ipv6-unicast]";
        var neighbor = Neighbor($"{{address: 10.0.0.2, asn: 65001, {fields}{families}}}");

        Assert.That(string.Join(", ", neighbor.Families.Select(static family => $"{family.Family} {family.AddPathReceive} {family.AddPathSend}")), Is.EqualTo(expected));
    }

    [Test]
    public void Aggregates_WithAndWithoutPolicy_AreCarried()
    {
        var speaker = Routers.Read("""
            router: {asn: 64512}
            policies: {p: [{action: accept}]}
            aggregates: [{prefix: 10.0.0.0/8, summaryOnly: true, policy: p}, {prefix: "fd00::/16"}]
            neighbors: [{address: 10.0.0.2, asn: 65001, importPolicy: [p]}]
            """).ToSpeakerConfig(Host);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(speaker.Aggregates.Select(static aggregate => (aggregate.Prefix.ToString(), aggregate.SummaryOnly)), Is.EqualTo(new[] { ("10.0.0.0/8", true), ("fd00::/16", false) }));
            Assert.That(speaker.Aggregates[0].Policy, Is.SameAs(speaker.Neighbors[0].Families[0].ImportPolicy[0]));
            Assert.That(speaker.Aggregates[1].Policy, Is.Null);
        }
    }

    [TestCase("defaultOriginate: false", null)]
    [TestCase("defaultOriginate: true", "always")]
    [TestCase("defaultOriginate: {ifPresent: 10.0.0.0/8}", "10.0.0.0/8")]
    public void DefaultOriginate_EachForm_IsCarried(string field, string? expected)
    {
        var route = Neighbor($"{{address: 10.0.0.2, asn: 65001, {field}}}").DefaultRoute;

        Assert.That(route is { } given ? given.IfPresent?.ToString() ?? "always" : null, Is.EqualTo(expected));
    }

    [Test]
    public void Policy_NamedByTwoNeighbors_IsOneObject()
    {
        var speaker = Routers.Read("""
            router: {asn: 64512}
            policies: {p: [{action: accept}]}
            neighbors:
              - {address: 10.0.0.2, asn: 65001, importPolicy: [p]}
              - {address: 10.0.0.3, asn: 65002, exportPolicy: [p]}
            """).ToSpeakerConfig(Host);

        Assert.That(speaker.Neighbors[0].Families[0].ImportPolicy[0], Is.SameAs(speaker.Neighbors[1].Families[0].ExportPolicy[0]));
    }

    [TestCase("{in: 10.0.0.0/8}", "10.0.0.0/8 10.1.0.0/16 10.1.2.3/32")]
    [TestCase("{in: 10.0.0.0/8, length: 16..24}", "10.1.0.0/16")]
    [TestCase("{in: 10.0.0.0/8, length: 32}", "10.1.2.3/32")]
    [TestCase("{equal: 10.0.0.0/8}", "10.0.0.0/8")]
    [TestCase("{notIn: 10.1.0.0/16}", "10.0.0.0/8 fd00::/64")]
    [TestCase("{notEqual: 10.0.0.0/8}", "10.1.0.0/16 10.1.2.3/32 fd00::/64")]
    [TestCase("pods", "10.0.0.0/8 10.1.2.3/32")]
    [TestCase("[{equal: \"fd00::/64\"}, pods]", "10.0.0.0/8 10.1.2.3/32 fd00::/64")]
    public void PrefixCondition_EachForm_MatchesWhatItSays(string condition, string expected)
    {
        string[] candidates = ["10.0.0.0/8", "10.1.0.0/16", "10.1.2.3/32", "fd00::/64"];

        var rule = Rule($"match: {{prefix: {condition}}}");

        Assert.That(string.Join(' ', candidates.Where(text => rule.Prefixes.Any(match => match.Matches(IpPrefix.Parse(text))))), Is.EqualTo(expected));
    }

    [Test]
    public void Rule_WithoutConditions_HasNone()
    {
        var rule = Rule("match: {}");

        Assert.That((rule.Prefixes.IsDefault, rule.Family, rule.Action), Is.EqualTo((true, (AddressFamily?)null, PolicyAction.Continue)));
    }

    [TestCase("action: accept", PolicyAction.Accept)]
    [TestCase("action: reject", PolicyAction.Reject)]
    [TestCase("action: next", PolicyAction.Next)]
    [TestCase("match: {family: ipv6-unicast}", PolicyAction.Continue)]
    public void Rule_Action_IsCarried(string rule, PolicyAction expected)
    {
        Assert.That(Rule(rule).Action, Is.EqualTo(expected));
    }

    private static NeighborConfig Neighbor(string fields) =>
        Routers.Read($"router: {{asn: 64512}}\nneighbors:\n  - {fields}\n").ToSpeakerConfig(Host).Neighbors.Single();

    private static PolicyRule Rule(string rule) => Routers.Read($$$"""
        router: {asn: 64512}
        sets: {prefixes: {pods: [10.0.0.0/8, 10.1.0.0/16 32]}}
        policies: {p: [{{{{rule}}}}]}
        neighbors: [{address: 10.0.0.2, asn: 65001, importPolicy: [p]}]
        """).ToSpeakerConfig(Host).Neighbors[0].Families[0].ImportPolicy[0].Rules.Single();
}
