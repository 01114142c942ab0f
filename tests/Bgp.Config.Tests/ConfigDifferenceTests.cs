using Bgp.Protocol;

namespace Bgp.Config.Tests;

/// <summary>The difference between two files, neighbor by neighbor.</summary>
[TestFixture]
internal sealed class ConfigDifferenceTests
{
    private static readonly HostFacts Host = new(new RouterId(0x0a000001), "node-1");

    [Test]
    public void Difference_SameFile_IsEmpty()
    {
        var config = Routers.Read("router: {asn: 1}\nneighbors: [{address: 10.0.0.2, asn: 2}]");

        Assert.That(Words(config, config), Is.EqualTo("unchanged 1"));
    }

    [Test]
    public void Difference_NeighborsComeGoAndMovePort_AreAddedAndRemoved() => Assert.That(
        Words(
            "router: {asn: 1}\nneighbors: [{address: 10.0.0.2, asn: 2}, {address: 10.0.0.3, asn: 2}, {address: 10.0.0.4, asn: 2}]",
            "router: {asn: 1}\nneighbors: [{address: 10.0.0.4, asn: 2}, {address: 10.0.0.3, asn: 2, port: 1179}, {address: 10.0.0.5, asn: 2}]"),
        Is.EqualTo("""
            10.0.0.2:179 Removed
            10.0.0.3:179 Removed
            10.0.0.3:1179 Added
            10.0.0.5:179 Added
            unchanged 1
            """));

    [Test]
    public void Difference_SeveralFields_NamesEachWithItsEffect() => Assert.That(
        Words(
            "router: {asn: 1}\nneighbors: [{address: 10.0.0.2, asn: 2}]",
            "router: {asn: 1}\nneighbors: [{address: 10.0.0.2, asn: 2, holdTime: 30s, description: x, nextHop: self, families: [ipv4-unicast, ipv6-unicast]}]"),
        Is.EqualTo("""
            10.0.0.2:179 Reset description None, holdTime Reset, families Reset, nextHop Refresh
            unchanged 0
            """));

    [Test]
    public void Difference_GroupsField_IsTheNeighborsOwnUnlessItHasAnother() => Assert.That(
        Words(
            "router: {asn: 1}\npeerGroups: {g: {asn: 2}}\nneighbors: [{address: 10.0.0.2, group: g}, {address: 10.0.0.3, group: g, holdTime: 60s}]",
            "router: {asn: 1}\npeerGroups: {g: {asn: 2, holdTime: 30s}}\nneighbors: [{address: 10.0.0.2, group: g}, {address: 10.0.0.3, group: g, holdTime: 60s}]"),
        Is.EqualTo("""
            10.0.0.2:179 Reset holdTime Reset
            unchanged 1
            """));

    [TestCase("asn: 1", "asn: internal")]
    [TestCase("asn: 2", "asn: 2, localAsn: 1")]
    [TestCase("asn: 2", "asn: 2, families: [ipv4-unicast]")]
    [TestCase("asn: 2, addPaths: {send: 2}", "asn: 2, families: {ipv4-unicast: {addPaths: {send: 2}}}")]
    [TestCase("asn: 2, families: {ipv4-unicast: {addPaths: {send: 2}}}", "asn: 2, addPaths: {receive: true}, families: {ipv4-unicast: {addPaths: {send: 2}}}")]
    public void Difference_TheSameSaidInAnotherWay_IsNone(string before, string after) => Assert.That(
        Words($"router: {{asn: 1}}\nneighbors: [{{address: 10.0.0.2, {before}}}]", $"router: {{asn: 1, routerId: 10.0.0.1}}\nneighbors: [{{address: 10.0.0.2, {after}}}]"),
        Is.EqualTo("unchanged 1"));

    [Test]
    public void Difference_OurAsn_ResetsWhoHasNoLocalAsn() => Assert.That(
        Words(
            "router: {asn: 1}\nneighbors: [{address: 10.0.0.2, asn: internal}, {address: 10.0.0.3, asn: 7}, {address: 10.0.0.4, asn: 7, localAsn: 9}]",
            "router: {asn: 2}\nneighbors: [{address: 10.0.0.2, asn: internal}, {address: 10.0.0.3, asn: 7}, {address: 10.0.0.4, asn: 7, localAsn: 9}]"),
        Is.EqualTo("""
            router.asn Reset
            10.0.0.2:179 Reset router.asn Reset
            10.0.0.3:179 Reset router.asn Reset
            unchanged 1
            """));

    [Test]
    public void Difference_PoliciesAndSets_RefreshWhoUsesThem() => Assert.That(
        Words(Policed("10.1.0.0/16", "10"), Policed("10.2.0.0/16", "20")),
        Is.EqualTo("""
            sets.prefixes.pods Refresh
            policies.direct Refresh
            10.0.0.2:179 Refresh policies.direct Refresh
            10.0.0.3:179 Refresh sets.prefixes.pods Refresh
            10.0.0.4:179 Refresh policies.direct Refresh
            unchanged 1
            """));

    [Test]
    public void Difference_RoutersSections_AreListedWithTheirOwnEffects() => Assert.That(
        Words(
            "router: {asn: 1}",
            "router: {asn: 1, listen: [], defaultLocalPref: 200, bestPath: {missingMedWorst: true}}\nnetworks: [{prefix: 10.0.0.0/8}]\nfib: {metric: 7}\napi: {socket: /x}\nlog: {level: debug}"),
        Is.EqualTo("""
            router.listen Listener
            router.defaultLocalPref Refresh
            router.bestPath.missingMedWorst Refresh
            networks Refresh
            fib.metric Refresh
            api.socket Listener
            log.level None
            unchanged 0
            """));

    private const string Client = "{address: 10.0.0.2, asn: 1, routeReflectorClient: true}";

    [TestCase("clusterId: 10.0.0.9", Client, "router.clusterId Refresh\nrefreshed 2\nunchanged 1", TestName = "{m}: the cluster of a reflector")]
    [TestCase("clientToClient: false", Client, "router.clientToClient Refresh\nrefreshed 2\nunchanged 1", TestName = "{m}: client to client")]
    [TestCase("clusterId: 10.0.0.9", "{address: 10.0.0.2, asn: 1}", "router.clusterId Refresh\nunchanged 3", TestName = "{m}: a cluster without clients")]
    [TestCase("ebgpRequiresPolicy: false", Client, "router.ebgpRequiresPolicy Refresh\nrefreshed 1\nunchanged 2", TestName = "{m}: what concerns other ASes")]
    [TestCase("defaultLocalPref: 200", Client, "router.defaultLocalPref Refresh\nrefreshed 3\nunchanged 0", TestName = "{m}: what concerns all")]
    [TestCase("multipath: {ibgp: 4}", Client, "router.multipath.ibgp Refresh\nunchanged 3", TestName = "{m}: what concerns our own traffic")]
    public void Difference_RoutersOwnField_CountsWhomItReaches(string field, string neighbor, string expected)
    {
        var others = $"neighbors: [{neighbor}, {{address: 10.0.0.3, asn: internal}}, {{address: 10.0.0.4, asn: 2}}]";

        Assert.That(Words($"router: {{asn: 1}}\n{others}", $"router: {{asn: 1, {field}}}\n{others}"), Is.EqualTo(expected));
    }

    [Test]
    public void Difference_PolicyOfARedistribution_ReachesAllAndIsToldOfWhoHasAChangeAnyhow() => Assert.That(
        Words(Redistributing("10", "one"), Redistributing("20", "two")),
        Is.EqualTo("""
            policies.own Refresh
            10.0.0.2:179 Refresh description None, policies.own Refresh
            refreshed 1
            unchanged 0
            """));

    [Test]
    public void Difference_Key_IsTheSameInAFileAndNeverPrinted()
    {
        using var folder = new TemporaryFolder();
        folder.Write("key", "hunter2\n");
        folder.Write("other", "hunter3\n");
        var inline = Keyed(folder, "password: hunter2");
        var inFile = Keyed(folder, "passwordFile: key");
        var other = Keyed(folder, "passwordFile: other");

        using (Assert.EnterMultipleScope())
        {
            Assert.That(Words(inline, inFile), Is.EqualTo("unchanged 1"));
            Assert.That(Words(inFile, other), Is.EqualTo("10.0.0.2:179 Reset passwordFile Reset\nunchanged 0"));
            Assert.That(ConfigDifference.Of(inline, other, Host).ToString(), Does.Not.Contain("hunter"));
        }
    }

    [Test]
    public void Difference_AnyTwoConfigurations_FindsAChangeWhereTheyDiffer([Range(1, 60)] int seed)
    {
        var generator = new ConfigGenerator(seed);
        var (left, right) = (generator.Next(), generator.Next());

        using (Assert.EnterMultipleScope())
        {
            var same = ConfigDifference.Of(left, left, Host);
            Assert.That((same.Router.Count, same.Neighbors.Count, same.Unchanged), Is.EqualTo((0, 0, left.Neighbors.Count)));
            Assert.That(ConfigDifference.Of(left, right, Host).Router, Is.Not.Empty);
        }
    }

    private static RouterConfig Keyed(TemporaryFolder folder, string key)
    {
        var read = RouterConfigFile.Parse($"router: {{asn: 1}}\nneighbors: [{{address: 10.0.0.2, asn: 2, {key}}}]", folder[Routers.File]);
        Assert.That(read.Faults, Is.Empty);
        return read.Config!;
    }

    private static string Policed(string pods, string pref) => $$$$"""
        router: {asn: 1}
        sets:
          prefixes: {pods: [{{{{pods}}}}], idle: ["10.9.0.0/16"]}
        policies:
          direct: [{set: {localPref: {{{{pref}}}}}, action: accept}]
          by-set: [{match: {prefix: pods}, action: accept}]
          idle: [{match: {prefix: idle}, action: accept}]
        peerGroups: {g: {asn: 2, exportPolicy: [direct]}}
        neighbors:
          - {address: 10.0.0.2, asn: 2, importPolicy: [direct]}
          - {address: 10.0.0.3, asn: 2, families: {ipv4-unicast: {importPolicy: [by-set]}}}
          - {address: 10.0.0.4, group: g}
          - {address: 10.0.0.5, asn: 2, importPolicy: [direct], families: {ipv4-unicast: {importPolicy: [idle]}}}
        """;

    private static string Redistributing(string med, string description) => $$"""
        router: {asn: 1}
        redistribute: [{from: connected, policy: own}]
        policies: {own: [{set: {med: {{med}}}, action: accept}]}
        neighbors: [{address: 10.0.0.2, asn: 1, description: {{description}}}, {address: 10.0.0.3, asn: 1}]
        """;

    private static string Words(string running, string wanted) => Words(Routers.Read(running), Routers.Read(wanted));

    private static string Words(RouterConfig running, RouterConfig wanted)
    {
        var difference = ConfigDifference.Of(running, wanted, Host);
        return string.Join('\n', difference.Router.Items.Select(Word)
            .Concat(difference.Neighbors.Items.Select(static neighbor => $"{neighbor.Address}:{neighbor.Port} {neighbor.Effect} {string.Join(", ", neighbor.Fields.Items.Select(Word))}".TrimEnd()))
            .Concat(difference.RefreshedByRouter > 0 ? [$"refreshed {difference.RefreshedByRouter}"] : Array.Empty<string>())
            .Append($"unchanged {difference.Unchanged}"));
    }

    private static string Word(FieldChange change) => $"{change.Field} {change.Effect}";
}
