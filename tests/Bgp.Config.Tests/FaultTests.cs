namespace Bgp.Config.Tests;

/// <summary>Each kind of fault with its exact place, path and text.</summary>
[TestFixture]
internal sealed class FaultTests
{
    [TestCase("", "1:1: router.asn: is missing; router needs it")]
    [TestCase("router: {}\n", "1:9: router.asn: is missing; router needs it")]
    [TestCase("router:\n", "1:8: router.asn: is missing; router needs it")]
    [TestCase("- 1\n", "1:1: is a list; write a map that begins with router: {asn: NUMBER}")]
    [TestCase("router: 64512\n", "1:9: router: is '64512'; write a map (asn, routerId, clusterId, clientToClient, listen, defaultLocalPref, multipath, bestPath, ebgpRequiresPolicy, confederation, gracefulRestart)")]
    [TestCase("router:\n  asn: 64512\n  routerID: 192.0.2.1\n", "3:3: router.routerID: is not a field of router; did you mean 'routerId'?")]
    [TestCase("router:\n  asn: 64512\n  colour: red\n", "3:3: router.colour: is not a field of router; its fields are asn, routerId, clusterId, clientToClient, listen, defaultLocalPref, multipath, bestPath, ebgpRequiresPolicy, confederation, gracefulRestart")]
    [TestCase("router:\n  asn: 64512\nneigbours: []\n", "3:1: neigbours: is not a field of a router file; did you mean 'neighbors'?")]
    [TestCase("router:\n  asn: 64512\npolicy: {}\n", "3:1: policy: is not a field of a router file; did you mean 'policies'?")]
    [TestCase("router:\n  asn: 64512\n  asn: 64513\n", "3:3: router.asn: is given twice; the first is in line 2")]
    [TestCase("router:\n  asn: 0\n", "2:8: router.asn: is 0, which no AS may have (RFC 7607); write an AS number from 1 to 4294967294 (asplain or asdot)")]
    [TestCase("router:\n  asn: 23456\n", "2:8: router.asn: is 23456, which is AS_TRANS and stands for numbers of four octets (RFC 6793); write an AS number from 1 to 4294967294 (asplain or asdot)")]
    [TestCase("router:\n  asn: 65535.65535\n", "2:8: router.asn: is 4294967295, which is reserved (RFC 7300); write an AS number from 1 to 4294967294 (asplain or asdot)")]
    [TestCase("router:\n  asn: 4294967296\n", "2:8: router.asn: is '4294967296'; write an AS number from 1 to 4294967294 (asplain or asdot)")]
    [TestCase("router:\n  asn: 64512\n  routerId: 0.0.0.0\n", "3:13: router.routerId: is '0.0.0.0'; write an id in the form of an IPv4 address, not 0.0.0.0")]
    [TestCase("router:\n  asn: 64512\n  clientToClient: yes\n", "3:19: router.clientToClient: is 'yes'; write true or false")]
    [TestCase("router:\n  asn: 64512\n  clientToClient: \"true\"\n", "3:19: router.clientToClient: is the text 'true'; leave out the quotes; write true or false")]
    [TestCase("router:\n  asn: 64512\n  listen: [\"0.0.0.0\"]\n", "3:12: router.listen[0]: is '0.0.0.0'; write an address and a port, such as 0.0.0.0:179 or [::]:179")]
    [TestCase("router:\n  asn: 64512\n  listen: [\"[::]:179\", \"[::]:179\"]\n", "3:24: router.listen[1]: repeats [::]:179, which router.listen[0] in line 3 already has; leave one out")]
    [TestCase("router:\n  asn: 64512\n  multipath: {ebgp: 0}\n", "3:21: router.multipath.ebgp: is 0, which is too small; write a number from 1 to 128")]
    [TestCase("router: {asn: 64512}\nnetworks: [{prefix: 10.1.2.3/16}]\n", "2:21: networks[0].prefix: is '10.1.2.3/16', which has bits set past its length (did you mean 10.1.0.0/16?); write a prefix such as 10.0.0.0/8 or fd00::/8")]
    [TestCase("router: {asn: 64512}\nnetworks: [{prefix: 10.1.2.3}]\n", "2:21: networks[0].prefix: is '10.1.2.3', which has no length (did you mean 10.1.2.3/32?); write a prefix such as 10.0.0.0/8 or fd00::/8")]
    [TestCase("router: {asn: 64512}\nnetworks: [{prefix: fd00::/129}]\n", "2:21: networks[0].prefix: is 'fd00::/129', whose length is more than 128; write a prefix such as 10.0.0.0/8 or fd00::/8")]
    [TestCase("router: {asn: 64512}\nnetworks:\n  - blackhole: true\n", "3:5: networks[0].prefix: is missing; a network needs it")]
    [TestCase("router: {asn: 64512}\nnetworks:\n  - prefix: 10.0.0.0/8\n  - prefix: 10.0.0.0/8\n", "4:5: networks[1]: repeats 10.0.0.0/8, which networks[0] in line 3 already has; leave one out")]
    [TestCase("router: {asn: 64512}\nnetworks: 10.0.0.0/8\n", "2:11: networks: is '10.0.0.0/8'; write a list, each a map (prefix, set, blackhole)")]
    [TestCase("router: {asn: 64512}\nneighbors: [{address: 10.0.0.2, asn: internal, localAsn: 65000}]\n", "2:58: neighbors[0].localAsn: is given for a neighbor of our own AS; write its number or external as asn, or leave localAsn out")]
    [TestCase("router: {asn: 64512}\nneighbors: [{address: 10.0.0.2, asn: internal, role: peer}]\n", "2:54: neighbors[0].role: is given for a neighbor of our own AS, which has none (RFC 9234); leave it out")]
    [TestCase("router: {asn: 64512}\nneighbors: [{address: 10.0.0.2, asn: internal, routeServerClient: true}]\n", "2:67: neighbors[0].routeServerClient: is given for a neighbor of our own AS; a route server stands between other ASes (RFC 7947), so leave it out")]
    [TestCase("router: {asn: 64512}\nredistribute: [{from: connected, table: 100}]\n", "2:41: redistribute[0].table: is for routes from the kernel; connected subnets are in no table, leave it out")]
    [TestCase("router: {asn: 64512}\nredistribute: [{from: kernel, interfaces: [a/b]}]\n", "2:44: redistribute[0].interfaces[0]: is 'a/b'; write the name of an interface, such as eth0, eth* or !cali*")]
    [TestCase("router: {asn: 64512}\npolicies: {p: [{match: {from: {interface: \"!eth0\"}}}]}\n", "2:43: policies.p[0].match.from.interface: is '!eth0'; write the name of an interface, such as eth0 or eth*")]
    [TestCase("router: {asn: 64512}\nnetworks: [{prefix: 10.0.0.0/8, set: {blackhole: true}}]\n", "2:50: networks[0].set.blackhole: is for policies; write blackhole beside prefix and set")]
    [TestCase("router: {asn: 64512}\nstaticRoutes: [{prefix: 10.9.0.0/16, via: 'fe80::1'}]\n", "2:43: staticRoutes[0].via: is fe80::1, which says of no other router where it is; write a global address of it")]
    [TestCase("router: {asn: 64512}\nfib: {protocol: 2}\n", "2:17: fib.protocol: is 2, which marks routes of the kernel or of the administrator; write bgp, bird, or a number from 5 to 255")]
    [TestCase("router: {asn: 64512}\napi: {socket: bgp.sock}\n", "2:15: api.socket: is 'bgp.sock'; write an absolute path of at most 107 bytes")]
    [TestCase("router: {asn: 64512}\nlog: {level: warning}\n", "2:14: log.level: is 'warning'; write trace, debug, info, warn or error")]
    [TestCase("router: {asn: 64512}\nlog: {format: jsn}\n", "2:15: log.format: is 'jsn' (did you mean 'json'?); write text or json")]
    public void RouterFile_Faulty_SaysWhereAndWhat(string text, string expected)
    {
        Assert.That(Routers.Faults(text), Is.EqualTo($"router.yaml:{expected}"));
    }

    [TestCase("holdTime: 2s", "47: neighbors[0].holdTime: is 2s, which is too short; write a duration from 3s to 65535s, or 0s")]
    [TestCase("holdTime: 90", "47: neighbors[0].holdTime: is '90', which has no unit (did you mean 90s?); write a duration from 3s to 65535s, or 0s")]
    [TestCase("holdTime: 1500ms", "47: neighbors[0].holdTime: is 1500ms, which is too short; write a duration from 3s to 65535s, or 0s")]
    [TestCase("holdTime: 3500ms", "47: neighbors[0].holdTime: is 3500ms, which is not in whole seconds; write a duration from 3s to 65535s, or 0s")]
    [TestCase("holdTime: 24h", "47: neighbors[0].holdTime: is 86400s, which is too long; write a duration from 3s to 65535s, or 0s")]
    [TestCase("holdTime: null", "47: neighbors[0].holdTime: is nothing; write a duration from 3s to 65535s, or 0s")]
    [TestCase("holdTime: {}", "47: neighbors[0].holdTime: is a map; write a duration from 3s to 65535s, or 0s")]
    [TestCase("keepalive: 90s", "48: neighbors[0].keepalive: is 90s, which is not less than holdTime 90s; write at most a third of it")]
    [TestCase("holdTime: 0s, keepalive: 30s", "62: neighbors[0].keepalive: is given, but with holdTime 0s no keepalives are sent; leave it out")]
    [TestCase("sendHoldTime: 90s", "51: neighbors[0].sendHoldTime: is 90s, which is not more than holdTime 90s (RFC 9687); write more, or 0s for none")]
    [TestCase("multihop: 0", "47: neighbors[0].multihop: is 0, which is too small; write a number from 1 to 255")]
    [TestCase("multihop: 2, ttlSecurity: 1", "63: neighbors[0].ttlSecurity: is given together with multihop; write ttlSecurity: HOPS alone")]
    [TestCase("port: 0", "43: neighbors[0].port: is '0'; write a port from 1 to 65535")]
    [TestCase("localAddress: fd00::1", "51: neighbors[0].localAddress: is fd00::1, but the neighbor's address 10.0.0.2 is of the other family; write one of the same family")]
    [TestCase("password: ''", "47: neighbors[0].password: is empty; write a key of 1 to 80 bytes")]
    [TestCase("password: <secret>", "47: neighbors[0].password: is <secret>, which stands for a key that was not printed; write a key of 1 to 80 bytes")]
    [TestCase("password: 'äääääääääääääääääääääääääääääääääääääääää'", "47: neighbors[0].password: is longer than the 80 bytes that TCP MD5 takes (RFC 2385); write a key of 1 to 80 bytes")]
    [TestCase("families: []", "47: neighbors[0].families: is empty; write a list of ipv4-unicast and ipv6-unicast, or a map from them to their settings")]
    [TestCase("families: [ipv4]", "48: neighbors[0].families[0]: is 'ipv4'; write ipv4-unicast or ipv6-unicast")]
    [TestCase("families: [ipv4-unicast, ipv4-unicast]", "62: neighbors[0].families[1]: repeats ipv4-unicast, which neighbors[0].families[0] in line 4 already has; leave one out")]
    [TestCase("families: {ipv5-unicast: {}}", "48: neighbors[0].families.ipv5-unicast: is 'ipv5-unicast' (did you mean 'ipv4-unicast'?); write ipv4-unicast or ipv6-unicast")]
    [TestCase("families: {ipv4-unicast: {policy: []}}", "63: neighbors[0].families.ipv4-unicast.policy: is not a field of a family; its fields are maxPrefixes, addPaths, importPolicy, exportPolicy")]
    [TestCase("importPolicy: accept-all", "51: neighbors[0].importPolicy: is 'accept-all'; write a list, each the name of a policy")]
    [TestCase("importPolicy: [acept-all]", "52: neighbors[0].importPolicy[0]: is 'acept-all', which policies does not define; did you mean 'accept-all'?")]
    [TestCase("description: \"two\\nlines\"", "50: neighbors[0].description: has a control character; write one line of text of at most 255 bytes")]
    [TestCase("allowLocalAs: '1'", "51: neighbors[0].allowLocalAs: is '1'; write a number from 0 to 255")]
    public void Neighbor_FaultyField_SaysWhereAndWhat(string field, string expected)
    {
        Assert.That(Routers.Faults(Routers.WithNeighbor(field)), Is.EqualTo($"router.yaml:4:{expected}"));
    }

    [TestCase("0.0.0.0", "is 0.0.0.0, which is no address of anyone")]
    [TestCase("\"::\"", "is ::, which is no address of anyone")]
    [TestCase("224.0.0.5", "is 224.0.0.5, a multicast address")]
    [TestCase("ff02::1", "is ff02::1, a multicast address")]
    [TestCase("255.255.255.255", "is 255.255.255.255, the broadcast address")]
    [TestCase("::ffff:10.0.0.2", "is an IPv4 address in the form of IPv6 (did you mean 10.0.0.2?)")]
    [TestCase("fe80::2", "is the link-local fe80::2 without its interface")]
    [TestCase("fd00::2%eth0", "has an interface, but fd00::2 is not an IPv6 link-local address")]
    [TestCase("fe80::2%", "has no valid name of an interface after '%'")]
    [TestCase("10.0.0", "is '10.0.0'")]
    public void NeighborAddress_NotAUnicastHost_IsRefused(string address, string expected)
    {
        var faults = Routers.Faults($"router: {{asn: 64512}}\nneighbors:\n  - address: {address}\n    asn: 64512\n");

        Assert.That(faults, Is.EqualTo(
            $"router.yaml:3:14: neighbors[0].address: {expected}; write the neighbor's IPv4 or IPv6 address, a link-local one with its interface as in fe80::1%eth0"));
    }

    [Test]
    public void NeighborAddress_WhereWeListenOurselves_IsRefused()
    {
        var faults = Routers.Faults("router: {asn: 64512}\nneighbors:\n  - {address: 127.0.0.1, asn: 64513}\n");

        Assert.That(faults, Is.EqualTo("router.yaml:3:15: neighbors[0].address: is 127.0.0.1, where this router itself listens on port 179; write another router's address"));
    }

    [TestCase("{address: 127.0.0.1, asn: 64513, port: 1179}")]
    [TestCase("{address: 127.0.0.1, asn: 64513, passive: true}")]
    public void NeighborAddress_AnotherProgramOnThisHost_IsAccepted(string neighbor)
    {
        Assert.That(Routers.Faults($"router: {{asn: 64512}}\nneighbors:\n  - {neighbor}\n"), Is.Empty);
    }

    [Test]
    public void Neighbors_SameAddressAndPort_AreRefused()
    {
        var faults = Routers.Faults("""
            router: {asn: 64512}
            neighbors:
              - {address: fe80::2%eth0, asn: 64512}
              - {address: fe80::2%eth1, asn: 64512}
              - {address: fe80::2%eth0, asn: 64512, port: 1179}
              - {address: FE80:0::2%eth0, asn: 64513}
            """);

        Assert.That(faults, Is.EqualTo("router.yaml:6:5: neighbors[3]: repeats fe80::2%eth0 port 179, which neighbors[0] in line 3 already has; leave one out"));
    }

    [TestCase("- {asn: 64512}", "3:5: neighbors[0].address: is missing; a neighbor needs it, or an interface")]
    [TestCase("- {address: 10.0.0.2}", "3:5: neighbors[0].asn: is missing; a neighbor or its group needs it")]
    [TestCase("- 10.0.0.2", "3:5: neighbors[0]: is '10.0.0.2'; write a map with address, asn and the other fields of a neighbor")]
    [TestCase("- {address: 10.0.0.2, asn: 65001, routeReflectorClient: true}", "3:59: neighbors[0].routeReflectorClient: is for iBGP, but the neighbor's AS is not 64512; leave it out")]
    [TestCase("- {address: 10.0.0.2, asn: internal, asOverride: true}", "3:52: neighbors[0].asOverride: is given for a neighbor of our own AS, where it means nothing; leave it out")]
    [TestCase("- {address: 10.0.0.2, asn: 64512, asOverride: true}", "3:49: neighbors[0].asOverride: is given for a neighbor of our own AS, where it means nothing; leave it out")]
    [TestCase("- {address: 10.0.0.2, asn: 64512, role: peer}", "3:43: neighbors[0].role: is given for a neighbor of our own AS, which has none (RFC 9234); leave it out")]
    [TestCase("- {address: 10.0.0.2, asn: 65001, localAsn: 65001, role: peer}", "3:60: neighbors[0].role: is given for a neighbor of our own AS, which has none (RFC 9234); leave it out")]
    [TestCase("- {address: 10.0.0.2, asn: 64512, routeServerClient: true}", "3:56: neighbors[0].routeServerClient: is given for a neighbor of our own AS; a route server stands between other ASes (RFC 7947), so leave it out")]
    public void Neighbor_NotWhole_IsRefused(string neighbor, string expected)
    {
        Assert.That(Routers.Faults($"router: {{asn: 64512}}\nneighbors:\n  {neighbor}\n"), Is.EqualTo($"router.yaml:{expected}"));
    }

    // With another number of ours on the session it is eBGP.
    [Test]
    public void Neighbor_OfTheRoutersNumberByAnotherOfOurs_MayHaveARole() =>
        Assert.That(Routers.Faults("router: {asn: 64512}\nneighbors: [{address: 10.0.0.2, asn: 64512, localAsn: 65001, role: peer, asOverride: true}]\n"), Is.Empty);

    [Test]
    public void RouterFile_ThreeFaults_ReportsAllInTheOrderOfTheFile()
    {
        var faults = Routers.Faults("""
            log: {level: loud}
            router:
              asn: 0
            neighbors:
              - address: 10.0.0.2
                asn: 64512
                holdTime: 1s
            """);

        Assert.That(faults, Is.EqualTo(string.Join('\n',
            "router.yaml:1:14: log.level: is 'loud'; write trace, debug, info, warn or error",
            "router.yaml:3:8: router.asn: is 0, which no AS may have (RFC 7607); write an AS number from 1 to 4294967294 (asplain or asdot)",
            "router.yaml:7:15: neighbors[0].holdTime: is 1s, which is too short; write a duration from 3s to 65535s, or 0s")));
    }

    [TestCase("p: [{action: permit}]", "2:25: policies.p[0].action: is 'permit'; write accept, reject or next")]
    [TestCase("p: [{match: {prefx: x}}]", "2:25: policies.p[0].match.prefx: is not a field of match; did you mean 'prefix'?")]
    [TestCase("p: [{match: {prefix: pods}}]", "2:33: policies.p[0].match.prefix: is 'pods', which sets.prefixes does not define; define the set there")]
    [TestCase("p: [{match: {prefix: 10.0.0.0/8}}]", "2:33: policies.p[0].match.prefix: is '10.0.0.0/8'; write {in: PREFIX} or {equal: PREFIX}")]
    [TestCase("p: [{match: {prefix: []}}]", "2:33: policies.p[0].match.prefix: is an empty list, which would hold for no route; write the name of a set, {in: 10.0.0.0/8, length: 16..24}, or a list of these, or leave it out")]
    [TestCase("p: [{match: {prefix: {length: 8..9}}}]", "2:33: policies.p[0].match.prefix: has none of in, equal, notIn and notEqual; write one, as in {in: 10.0.0.0/8, length: 16..24}")]
    [TestCase("p: [{match: {prefix: {in: 10.0.0.0/8, equal: 10.0.0.0/8}}}]", "2:33: policies.p[0].match.prefix: has more than one of in, equal, notIn and notEqual; write one, as in {in: 10.0.0.0/8, length: 16..24}")]
    [TestCase("p: [{match: {prefix: {in: 10.0.0.0/8, length: 24..20}}}]", "2:58: policies.p[0].match.prefix.length: is '24..20'; write lengths such as 24..28 or 24")]
    [TestCase("p: [{match: {prefix: {in: 10.0.0.0/8, length: 24..33}}}]", "2:58: policies.p[0].match.prefix.length: has the length 33, but the family has at most 32")]
    [TestCase("p: [{match: {prefix: {in: 10.0.0.0/16, length: 8}}}]", "2:59: policies.p[0].match.prefix.length: can match nothing: within 10.0.0.0/16 no prefix has a length of at most 8")]
    [TestCase("p: [{match: {prefix: {equal: 10.0.0.0/8, length: 8}}}]", "2:61: policies.p[0].match.prefix.length: goes only with in and notIn; leave it out")]
    [TestCase("accept-all: []", "2:12: policies.accept-all: is built in; give this policy another name")]
    [TestCase("p: accept", "2:15: policies.p: is 'accept'; write a list, each a map (match, set, action)")]
    public void Policy_Faulty_SaysWhereAndWhat(string policy, string expected)
    {
        Assert.That(Routers.Faults($"router: {{asn: 64512}}\npolicies: {{{policy}}}\n"), Is.EqualTo($"router.yaml:{expected}"));
    }

    [TestCase("10.0.0.0/8 16", null)]
    [TestCase("10.0.0.0/8 16..24", null)]
    [TestCase("10.0.0.0/8", null)]
    [TestCase("10.0.0.0/8 16..40", "has the length 40, but the family has at most 32; write a prefix, alone or with lengths, such as 10.244.0.0/16 24..28")]
    [TestCase("10.0.0.0/8 ge 16", "is '10.0.0.0/8 ge 16'; write a prefix, alone or with lengths, such as 10.244.0.0/16 24..28")]
    public void PrefixSet_Entry_IsAPrefixWithLengths(string entry, string? expected)
    {
        var faults = Routers.Faults($"router: {{asn: 64512}}\nsets: {{prefixes: {{pods: [\"{entry}\"]}}}}\n");

        Assert.That(faults, Is.EqualTo(expected is null ? "" : $"router.yaml:2:26: sets.prefixes.pods[0]: {expected}"));
    }

    [Test]
    public void PasswordFile_Missing_IsAFault()
    {
        using var folder = new TemporaryFolder();
        var file = folder.Write("router.yaml", "router: {asn: 64512}\nneighbors: [{address: 10.0.0.2, asn: 64512, passwordFile: nowhere}]\n");

        var fault = RouterConfigFile.Load(file).Faults.Single();

        using (Assert.EnterMultipleScope())
        {
            Assert.That((fault.File, fault.Line, fault.Column, fault.Path), Is.EqualTo((file, 2, 59, "neighbors[0].passwordFile")));
            Assert.That(fault.Message, Is.EqualTo("is 'nowhere': there is no such file; write the name of a file with a key of 1 to 80 bytes"));
        }
    }

    [Test]
    public void PasswordFile_Empty_IsAFault()
    {
        using var folder = new TemporaryFolder();
        folder.Write("key", "\n");
        var file = folder.Write("router.yaml", "router: {asn: 64512}\nneighbors: [{address: 10.0.0.2, asn: 64512, passwordFile: key}]\n");

        Assert.That(RouterConfigFile.Load(file).Faults.Single().Message, Is.EqualTo("names a file whose text is empty; write the name of a file with a key of 1 to 80 bytes"));
    }

    [Test]
    public void RouterFile_NotThere_IsAFaultOfTheFile()
    {
        using var folder = new TemporaryFolder();

        var result = RouterConfigFile.Load(folder["nothing.yaml"]);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(result.Config, Is.Null);
            Assert.That(result.Faults.Single().ToString(), Is.EqualTo($"{folder["nothing.yaml"]}: there is no such file"));
        }
    }

    [Test]
    public void RouterFile_InNoFolder_IsAFaultOfTheFile()
    {
        using var folder = new TemporaryFolder();

        Assert.That(RouterConfigFile.Load(folder["nowhere/router.yaml"]).Faults.Single().ToString(), Is.EqualTo($"{folder["nowhere/router.yaml"]}: there is no such file"));
    }

    [Test]
    public void RouterFile_AFolder_IsAFaultOfTheFile()
    {
        using var folder = new TemporaryFolder();

        Assert.That(RouterConfigFile.Load(folder[""]).Faults.Single().ToString(), Is.EqualTo($"{folder[""]}: is a folder; a file is needed"));
    }

    // Not by reading a file that we may not: the tests may run as root.
    [Test]
    public void FileWords_NoPermission_SaysSo() =>
        Assert.That(FileWords.WhyUnread("router.yaml", new UnauthorizedAccessException("Access to the path is denied.")), Is.EqualTo("may not be read: permission denied"));
}
