using Bgp.Engine;
using Bgp.Engine.Tests;

namespace Bgp.Config.Tests;

/// <summary>What the schema says of a reload, held against what an established session does: each field of a neighbor and of the router is changed in a file.</summary>
[TestFixture]
internal sealed class ReloadBehaviourTests
{
    private static readonly HostFacts Host = new(PeerScript.OurId, "node-1");

    /// <summary>Field, its value before and after (nothing is its default), and what else the neighbor needs.</summary>
    private static readonly (string Field, string Before, string After, string Others)[] OfNeighbor =
    [
        ("group", "", "others", ""),
        ("name", "", "tor", ""),
        ("asn", "65002", "external", ""),
        ("description", "", "rack 7", ""),
        ("localAsn", "", "65009", ""),
        ("localAsnMode", "", "replace", ""),
        ("localAddress", "", "192.0.2.1", ""),
        ("passive", "", "true", ""),
        ("shutdown", "", "true", ""),
        ("shutdownMessage", "", "soon", ""),
        ("holdTime", "", "30s", ""),
        ("keepalive", "", "5s", ""),
        ("sendHoldTime", "", "20m", ""),
        ("connectRetry", "", "20s", ""),
        ("families", "", "[ipv4-unicast, ipv6-unicast]", ""),
        ("families.FAMILY.maxPrefixes", "", "{ipv4-unicast: {maxPrefixes: {limit: 5}}}", ""),
        ("families.FAMILY.addPaths", "", "{ipv4-unicast: {addPaths: {receive: true}}}", ""),
        ("families.FAMILY.importPolicy", "", "{ipv4-unicast: {importPolicy: [accept-all]}}", ""),
        ("families.FAMILY.exportPolicy", "", "{ipv4-unicast: {exportPolicy: [accept-all]}}", ""),
        ("addPaths", "", "{receive: true, send: 2}", ""),
        ("addPaths.receive", "", "{receive: true}", ""),
        ("addPaths.send", "", "{send: 2}", ""),
        ("extendedNextHop", "", "false", ""),
        ("extendedMessages", "", "false", ""),
        ("role", "", "customer", ""),
        ("roleStrict", "", "true", "role: customer"),
        ("multihop", "", "3", ""),
        ("ttlSecurity", "", "1", ""),
        ("password", "", "new", ""),
        ("routeReflectorClient", "", "true", "asn: internal"),
        ("clusterId", "", "9.9.9.9", "asn: internal\n    routeReflectorClient: true"),
        ("routeServerClient", "", "true", ""),
        ("nextHop", "", "self", ""),
        ("nextHopAddress", "", "{ipv4: 192.0.2.9}", ""),
        ("allowLocalAs", "", "2", ""),
        ("asOverride", "", "true", ""),
        ("enforceFirstAs", "", "false", ""),
        ("removePrivateAs", "", "all", ""),
        ("defaultOriginate", "", "true", ""),
        ("maxPrefixes", "", "{limit: 5}", ""),
        ("maxPrefixes.limit", "", "{limit: 5}", ""),
        ("maxPrefixes.action", "", "{action: warn}", ""),
        ("maxPrefixes.restartAfter", "", "{restartAfter: 90s}", ""),
        ("importPolicy", "", "[accept-all]", ""),
        ("exportPolicy", "", "[accept-all]", ""),
    ];

    private static readonly (string Field, string Value)[] OfRouter =
    [
        ("routerId", "7.7.7.7"),
        ("clusterId", "7.7.7.7"),
        ("clientToClient", "false"),
        ("listen", "[]"),
        ("defaultLocalPref", "200"),
        ("multipath", "{ebgp: 1, ibgp: 1}"),
        ("multipath.ebgp", "{ebgp: 1}"),
        ("multipath.ibgp", "{ibgp: 1}"),
        ("bestPath", "{alwaysCompareMed: true, missingMedWorst: true}"),
        ("bestPath.alwaysCompareMed", "{alwaysCompareMed: true}"),
        ("bestPath.missingMedWorst", "{missingMedWorst: true}"),
        ("ebgpRequiresPolicy", "false"),
        ("asn", "65003"),
        ("confederation", "{id: 64512, members: [65002]}"),
    ];

    /// <summary>Another neighbor, a file of its own, or not for every neighbor: tested by themselves. Graceful restart is in no OPEN yet.</summary>
    private static readonly string[] Elsewhere =
    [
        "router.confederation.id", "router.confederation.members", "neighbors[].address", "neighbors[].interface", "neighbors[].port", "neighbors[].passwordFile", "neighbors[].defaultOriginate.ifPresent",
        "neighbors[].gracefulRestart", "router.gracefulRestart", "router.gracefulRestart.enabled",
    ];

    private static IEnumerable<string> NeighborFields => OfNeighbor.Select(static change => change.Field);

    private static IEnumerable<string> RouterFields => OfRouter.Select(static change => change.Field);

    [Test]
    public void Changes_OfNeighborsAndRouter_MissNoSupportedField()
    {
        var tried = NeighborFields.Select(static field => $"neighbors[].{field}").Concat(RouterFields.Select(static field => $"router.{field}")).Concat(Elsewhere);
        var supported = Rows.Where(static row => row.Support != Support.NotYet).Select(static row => row.Path);

        Assert.That(tried, Is.EquivalentTo(supported.Where(static path => path.StartsWith("neighbors[].", StringComparison.Ordinal) || path.StartsWith("router.", StringComparison.Ordinal))));
    }

    [TestCaseSource(nameof(NeighborFields))]
    public void Reload_NeighborsFieldChanged_DoesToTheSessionWhatTheSchemaSays(string field)
    {
        var change = OfNeighbor.Single(change => change.Field == field);
        var key = field.Split('.')[0];
        var others = change.Others.Length > 0 ? [change.Others] : Array.Empty<string>();
        var asn = key == "asn" || change.Others.StartsWith("asn", StringComparison.Ordinal) ? [] : new[] { "asn: 65002" };
        var before = WithNeighbor([.. asn, .. others, .. change.Before.Length > 0 ? [$"{key}: {change.Before}"] : Array.Empty<string>()]);
        var after = WithNeighbor([.. asn, .. others, $"{key}: {change.After}"]);

        Hold(before, after, ClassOf($"neighbors[].{field}"), field.Replace("FAMILY", "ipv4-unicast", StringComparison.Ordinal));
    }

    [TestCaseSource(nameof(RouterFields))]
    public void Reload_RoutersFieldChanged_DoesToTheSessionWhatTheSchemaSays(string field)
    {
        var (_, value) = OfRouter.Single(change => change.Field == field);
        var key = field.Split('.')[0];
        var router = key == "asn" ? "asn: 65003" : $"asn: 65001, {key}: {value}";

        Hold(WithNeighbor(["asn: 65002"]), WithNeighbor(["asn: 65002"], router), ClassOf($"router.{field}"), $"router.{field}");
    }

    [TestCase("2", "4")]
    [TestCase("2", "all")]
    public void Reload_PathsToSendFromOneNumberToAnother_LeavesTheSession(string before, string after) =>
        Hold(WithNeighbor(["asn: 65002", $"addPaths: {{send: {before}}}"]), WithNeighbor(["asn: 65002", $"addPaths: {{send: {after}}}"]), ReloadClass.Refresh, "addPaths.send");

    [TestCase("true", "{ifPresent: 10.0.0.0/8}")]
    [TestCase("{ifPresent: 10.0.0.0/8}", "{ifPresent: 10.0.0.0/9}")]
    public void Reload_ConditionOfTheDefaultRouteChanged_LeavesTheSession(string before, string after) =>
        Hold(WithNeighbor(["asn: 65002", $"defaultOriginate: {before}"]), WithNeighbor(["asn: 65002", $"defaultOriginate: {after}"]), ReloadClass.Refresh, "defaultOriginate");

    private static IEnumerable<SchemaRow> Rows => RootTable.Table.Describe("");

    private static ReloadClass ClassOf(string path) => Rows.Single(row => row.Path == path).Reload;

    private static RouterConfig WithNeighbor(string[] fields, string router = "asn: 65001") => Routers.Read($"""
        router: {"{" + router + "}"}
        peerGroups:
          others:
        neighbors:
          - address: 192.0.2.2
            {string.Join("\n    ", fields)}
        """);

    /// <summary>The session does what the class says, and the difference says what the session does.</summary>
    private static void Hold(RouterConfig before, RouterConfig after, ReloadClass expected, string field)
    {
        var difference = ConfigDifference.Of(before, after, Host);
        var changes = difference.Neighbors.Items.SelectMany(static neighbor => neighbor.Fields.Items).Concat(difference.Router.Items).Distinct().ToList();
        using (Assert.EnterMultipleScope())
        {
            // A cluster id that is not given is the router id.
            var others = changes.Where(change => !change.Field.StartsWith(field, StringComparison.Ordinal) && change.Field != "router.clusterId");
            Assert.That(others, Is.Empty);
            Assert.That(changes.Where(change => change.Field.StartsWith(field, StringComparison.Ordinal)).Select(static change => change.Effect).Distinct(), Is.EqualTo(new[] { expected }));
            Assert.That(IsReset(before, after), Is.EqualTo(expected == ReloadClass.Reset));
            Assert.That(difference.Neighbors.Items.Any(static neighbor => neighbor.Effect == NeighborEffect.Reset), Is.EqualTo(expected == ReloadClass.Reset));
        }
    }

    private static bool IsReset(RouterConfig before, RouterConfig after)
    {
        var old = before.ToSpeakerConfig(Host);
        var isInternal = old.Neighbors[0].RemoteAsn == old.LocalAsn;
        var peer = new PeerScript().ToEstablished(old.Neighbors[0], PeerScript.Open(asn: isInternal ? PeerScript.OurAsn : PeerScript.TheirAsn));
        var wanted = after.ToSpeakerConfig(Host);
        peer.Configure(wanted.Neighbors[0], wanted.RouterId);
        return peer.State != SessionState.Established;
    }
}
