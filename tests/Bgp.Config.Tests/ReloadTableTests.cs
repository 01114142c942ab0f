namespace Bgp.Config.Tests;

/// <summary>What a change of each field does on reload, written down by hand: a field that is new, or does something else, fails here first.</summary>
[TestFixture]
internal sealed class ReloadTableTests
{
    private const string Reset = """
        router router.asn router.routerId router.confederation router.confederation.id router.confederation.members router.gracefulRestart
        router.gracefulRestart.enabled router.gracefulRestart.restartTime router.gracefulRestart.staleTime router.gracefulRestart.longLived neighbors
        neighbors[].address neighbors[].interface neighbors[].asn neighbors[].port neighbors[].localAsn neighbors[].localAsnMode
        neighbors[].localAddress neighbors[].shutdown neighbors[].holdTime neighbors[].keepalive neighbors[].families
        neighbors[].families.FAMILY.addPaths neighbors[].addPaths neighbors[].addPaths.receive neighbors[].addPaths.send neighbors[].extendedNextHop
        neighbors[].extendedMessages neighbors[].role neighbors[].roleStrict neighbors[].gracefulRestart neighbors[].multihop neighbors[].ttlSecurity
        neighbors[].password neighbors[].passwordFile dynamicNeighbors dynamicNeighbors[].prefix
        """;

    private const string Refresh = """
        router.clusterId router.clientToClient router.defaultLocalPref router.multipath router.multipath.ebgp router.multipath.ibgp router.bestPath
        router.bestPath.alwaysCompareMed router.bestPath.missingMedWorst router.ebgpRequiresPolicy networks networks[].prefix networks[].set
        networks[].blackhole aggregates aggregates[].prefix aggregates[].summaryOnly aggregates[].policy staticRoutes staticRoutes[].prefix
        staticRoutes[].via redistribute redistribute[].from redistribute[].interfaces redistribute[].table redistribute[].policy peerGroups
        neighbors[].families.FAMILY.importPolicy neighbors[].families.FAMILY.exportPolicy neighbors[].routeReflectorClient neighbors[].clusterId
        neighbors[].routeServerClient neighbors[].nextHop neighbors[].nextHopAddress neighbors[].allowLocalAs neighbors[].asOverride
        neighbors[].enforceFirstAs neighbors[].removePrivateAs neighbors[].defaultOriginate neighbors[].defaultOriginate.ifPresent
        neighbors[].importPolicy neighbors[].exportPolicy sets sets.prefixes sets.communities policies policies.NAME[].match
        policies.NAME[].match.prefix policies.NAME[].match.family policies.NAME[].match.from policies.NAME[].match.from.neighbor
        policies.NAME[].match.from.peerType policies.NAME[].match.from.source policies.NAME[].match.from.interface policies.NAME[].match.to
        policies.NAME[].match.to.neighbor policies.NAME[].match.to.peerType policies.NAME[].match.nextHop policies.NAME[].match.communities
        policies.NAME[].match.largeCommunities policies.NAME[].match.extendedCommunities policies.NAME[].match.asPath
        policies.NAME[].match.asPathPrefix policies.NAME[].match.asPathLength policies.NAME[].match.originAs policies.NAME[].match.localPref
        policies.NAME[].match.med policies.NAME[].match.kernelMetric policies.NAME[].set policies.NAME[].set.localPref policies.NAME[].set.med
        policies.NAME[].set.kernelMetric policies.NAME[].set.origin policies.NAME[].set.nextHop policies.NAME[].set.communities
        policies.NAME[].set.addCommunities policies.NAME[].set.removeCommunities policies.NAME[].set.largeCommunities
        policies.NAME[].set.addLargeCommunities policies.NAME[].set.removeLargeCommunities policies.NAME[].set.extendedCommunities
        policies.NAME[].set.addExtendedCommunities policies.NAME[].set.removeExtendedCommunities policies.NAME[].set.prepend
        policies.NAME[].set.weight policies.NAME[].set.ecmpWeight policies.NAME[].set.blackhole policies.NAME[].action fib fib.enabled fib.table fib.metric fib.protocol
        fib.sourceAddress fib.policy fib.nexthopObjects
        """;

    private const string Nothing = """
        neighbors[].group neighbors[].name neighbors[].description neighbors[].passive neighbors[].shutdownMessage neighbors[].sendHoldTime
        neighbors[].connectRetry neighbors[].families.FAMILY.maxPrefixes neighbors[].bfd neighbors[].bfd.minTx neighbors[].bfd.minRx
        neighbors[].bfd.multiplier neighbors[].maxPrefixes neighbors[].maxPrefixes.limit neighbors[].maxPrefixes.action
        neighbors[].maxPrefixes.restartAfter dynamicNeighbors[].group dynamicNeighbors[].limit telemetry telemetry.otlp log log.level log.format
        """;

    private const string Listener = """
        router.listen api api.socket api.http
        """;

    [Test]
    public void Schema_EveryField_DoesOnReloadWhatIsWrittenHere()
    {
        var expected = Lines(ReloadClass.Reset, Reset).Concat(Lines(ReloadClass.Refresh, Refresh)).Concat(Lines(ReloadClass.None, Nothing)).Concat(Lines(ReloadClass.Listener, Listener));

        Assert.That(RootTable.Table.Describe("").Select(static row => $"{row.Path} {row.Reload}"), Is.EquivalentTo(expected));
    }

    private static IEnumerable<string> Lines(ReloadClass reload, string paths) =>
        paths.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Select(path => $"{path} {reload}");
}
