namespace Bgp.Config.Tests;

/// <summary>Each key of a rule with what it takes and what it refuses, and the names of sets.</summary>
[TestFixture]
internal sealed class PolicyFaultTests
{
    private const string Community = "a community such as 64512:1, 64512:* or NO_EXPORT, or the name of a set of them, or a list of these";
    private const string ExactCommunity = "a community such as 64512:1 or NO_EXPORT, or the name of a set of them";
    private const string Large = "a large community such as 64512:1:2";
    private const string Extended = "an extended community such as rt:64512:1, soo:192.0.2.1:1";
    private const string Bounds = "write a number, or bounds such as 100..200, 100.. or ..200";

    [TestCase("from: {}")]
    [TestCase("from: null, to: null")]
    [TestCase("from: {neighbor: 10.0.0.2, peerType: ebgp, source: remote}")]
    [TestCase("from: {neighbor: \"fe80::2\"}")]
    [TestCase("from: {peerType: local, source: local}")]
    [TestCase("to: {neighbor: \"fd00::2\", peerType: ibgp}")]
    [TestCase("nextHop: 10.0.0.2")]
    [TestCase("nextHop: [10.0.0.0/8, \"fd00::1\", \"fd00::/8\"]")]
    [TestCase("communities: 64512:1")]
    [TestCase("communities: no-export")]
    [TestCase("communities: [64512:*, \"*:1\", \"*:*\", NO_EXPORT, some, exact]")]
    [TestCase("largeCommunities: 64512:1:2")]
    [TestCase("largeCommunities: [64512:*:*, \"*:1:*\", 4294967295:0:0]")]
    [TestCase("extendedCommunities: rt:64512:1")]
    [TestCase("extendedCommunities: [soo:192.0.2.1:1, rt:64512:*, rt:*:*, 0x0002fc0000000001]")]
    [TestCase("asPath: ^65001_(65002|65003)_")]
    [TestCase("asPath: 65001")]
    [TestCase("asPathPrefix: 65001")]
    [TestCase("asPathPrefix: [65001, 1.10, 23456]")]
    [TestCase("asPathLength: 3")]
    [TestCase("asPathLength: 3..")]
    [TestCase("originAs: [0, 23456, 65535, 4294967295]")]
    [TestCase("localPref: 100..200, med: ..10")]
    [TestCase("localPref: '100', med: 0..4294967295")]
    public void Match_Valid_IsAccepted(string match)
    {
        Assert.That(Faults($"match: {{{match}}}"), Is.Empty);
    }

    [TestCase("from: ebgp", "31: from: is 'ebgp'; write a map (neighbor, peerType, source, interface)")]
    [TestCase("from: {peer: 10.0.0.2}", "32: from.peer: is not a field of from; its fields are neighbor, peerType, source, interface")]
    [TestCase("from: {neighbor: left}", "42: from.neighbor: is 'left'; write a neighbor's IPv4 or IPv6 address")]
    [TestCase("from: {neighbor: 0.0.0.0}", "42: from.neighbor: is 0.0.0.0, which is no address of anyone; write a neighbor's IPv4 or IPv6 address")]
    [TestCase("from: {neighbor: fe80::2%eth0}", "42: from.neighbor: has an interface, but the address counts on every one (did you mean fe80::2?); write a neighbor's IPv4 or IPv6 address")]
    [TestCase("from: {peerType: external}", "42: from.peerType: is 'external'; write ebgp, ibgp or local")]
    [TestCase("from: {source: lcal}", "40: from.source: is 'lcal' (did you mean 'local'?); write remote or local")]
    [TestCase("from: {peerType: local, source: remote}", "31: from: holds for no route: what is local comes from no neighbor; leave one of neighbor, peerType and source out")]
    [TestCase("from: {neighbor: 10.0.0.2, source: local}", "31: from: holds for no route: what is local comes from no neighbor; leave one of neighbor, peerType and source out")]
    [TestCase("to: {peerType: local}", "40: to.peerType: is 'local'; write ebgp or ibgp")]
    [TestCase("to: {source: local}", "30: to.source: is not a field of to; its fields are neighbor, peerType")]
    [TestCase("nextHop: self", "34: nextHop: is 'self'; write an address or a prefix")]
    [TestCase("nextHop: [10.1.0.0/8]", "35: nextHop[0]: is '10.1.0.0/8', which has bits set past its length (did you mean 10.0.0.0/8?); write an address or a prefix")]
    [TestCase("nextHop: []", "34: nextHop: is an empty list; write an address or a prefix, or a list of these, or leave it out")]
    [TestCase("communities: []", "38: communities: is an empty list; write " + Community + ", or leave it out")]
    [TestCase("communities: {}", "38: communities: is a map; write a community such as 64512:1, 64512:* or NO_EXPORT, or the name of a set of them")]
    [TestCase("communities: [64512:1, 64512:65536]", "48: communities[1]: is '64512:65536'; write a community such as 64512:1, 64512:* or NO_EXPORT, or the name of a set of them")]
    [TestCase("communities: 64512:1*", "38: communities: is '64512:1*'; write a community such as 64512:1, 64512:* or NO_EXPORT, or the name of a set of them")]
    [TestCase("communities: som", "38: communities: is 'som', which sets.communities does not define; did you mean 'some'?")]
    [TestCase("communities: NO_EXPRT", "38: communities: is 'NO_EXPRT', which sets.communities does not define; did you mean 'NO_EXPORT'?")]
    [TestCase("communities: customers", "38: communities: is 'customers', which sets.communities does not define; define the set there")]
    [TestCase("largeCommunities: 64512:1", "43: largeCommunities: is '64512:1'; write a large community such as 64512:1:2 or 64512:*:*")]
    [TestCase("largeCommunities: some", "43: largeCommunities: is 'some'; write a large community such as 64512:1:2 or 64512:*:*")]
    [TestCase("extendedCommunities: rt:*:1", "46: extendedCommunities: is 'rt:*:1'; write " + Extended + ", rt:64512:*, rt:*:* or 0x0002fc0000000001")]
    [TestCase("extendedCommunities: rt:4200000000:65536", "46: extendedCommunities: is 'rt:4200000000:65536'; write " + Extended + ", rt:64512:*, rt:*:* or 0x0002fc0000000001")]
    [TestCase("asPath: _(65001", "33: asPath: is '_(65001', which is no expression that can be used: Not enough )'s, at character 7; write a regular expression over AS numbers, such as ^65001_ or _65002$")]
    [TestCase("asPath: (65001)_\\1", "33: asPath: is '(65001)_\\1', which is no expression that can be used: backreference (\\ number) cannot be matched in time proportional to the path; write a regular expression over AS numbers, such as ^65001_ or _65002$")]
    [TestCase("asPath: ''", "33: asPath: is '', which is no expression that can be used: it is empty; write a regular expression over AS numbers, such as ^65001_ or _65002$")]
    [TestCase("asPath: [_65001_]", "33: asPath: is a list; write a regular expression over AS numbers, such as ^65001_ or _65002$")]
    [TestCase("asPathPrefix: []", "39: asPathPrefix: is an empty list; write an AS number (asplain or asdot), or a list of these, or leave it out")]
    [TestCase("asPathPrefix: AS65001", "39: asPathPrefix: is 'AS65001'; write an AS number (asplain or asdot)")]
    [TestCase("asPathLength: 5..3", "39: asPathLength: is '5..3', which holds for no number; " + Bounds)]
    [TestCase("asPathLength: ..", "39: asPathLength: is '..'; " + Bounds)]
    [TestCase("originAs: [65001, 4294967296]", "43: originAs[1]: is '4294967296'; write an AS number (asplain or asdot)")]
    [TestCase("localPref: '-1'", "36: localPref: is '-1'; " + Bounds)]
    [TestCase("med: 4294967296", "30: med: is '4294967296'; " + Bounds)]
    [TestCase("med: 1...3", "30: med: is '1...3'; " + Bounds)]
    [TestCase("peerType: ebgp", "25: peerType: is not a field of match; of its 15 fields the nearest are prefix, nextHop, family, from, to, asPath, med, originAs; docs/configuration.md has all")]
    public void Match_Faulty_SaysWhereAndWhat(string match, string expected)
    {
        Assert.That(Faults($"match: {{{match}}}"), Is.EqualTo(Expected("match", expected)));
    }

    [TestCase("{}")]
    [TestCase("localPref: 0, med: 4294967295, weight: 4294967295")]
    [TestCase("origin: igp")]
    [TestCase("origin: egp")]
    [TestCase("origin: incomplete")]
    [TestCase("nextHop: self")]
    [TestCase("nextHop: keep")]
    [TestCase("nextHop: 10.0.0.1")]
    [TestCase("nextHop: \"fd00::1\"")]
    [TestCase("communities: []")]
    [TestCase("communities: 64512:1")]
    [TestCase("communities: [64512:1, BLACKHOLE, exact], addCommunities: [exact], removeCommunities: [some, 64512:*, graceful-shutdown]")]
    [TestCase("largeCommunities: [], addLargeCommunities: [64512:1:2], removeLargeCommunities: [64512:*:*]")]
    [TestCase("extendedCommunities: [], addExtendedCommunities: [rt:64512:1], removeExtendedCommunities: [rt:*:*, soo:64512:*]")]
    [TestCase("prepend: [64512, 1.10]")]
    [TestCase("prepend: 64512")]
    [TestCase("ecmpWeight: 1")]
    [TestCase("ecmpWeight: 256")]
    public void Set_Valid_IsAccepted(string set)
    {
        Assert.That(Faults(set.StartsWith('{') ? $"set: {set}" : $"set: {{{set}}}"), Is.Empty);
    }

    [TestCase("localPref: 100..200", "34: localPref: is '100..200'; write a number from 0 to 4294967295")]
    [TestCase("med: -1", "28: med: is -1, which is too small; write a number from 0 to 4294967295")]
    [TestCase("origin: unknown", "31: origin: is 'unknown'; write igp, egp or incomplete")]
    [TestCase("nextHop: slef", "32: nextHop: is 'slef' (did you mean 'self'?); write self, keep or an IPv4 or IPv6 address")]
    [TestCase("nextHop: 10.0.0.0/8", "32: nextHop: is '10.0.0.0/8'; write self, keep or an IPv4 or IPv6 address")]
    [TestCase("nextHop: 224.0.0.1", "32: nextHop: is 224.0.0.1, a multicast address; write self, keep or an IPv4 or IPv6 address")]
    [TestCase("communities: [64512:*]", "37: communities[0]: has a wildcard, but a route can only be given whole numbers; write " + ExactCommunity)]
    [TestCase("communities: [some]", "37: communities[0]: is 'some', a set with the wildcard 64512:*, but a route can only be given whole numbers; write a set without wildcards")]
    [TestCase("addCommunities: [some]", "40: addCommunities[0]: is 'some', a set with the wildcard 64512:*, but a route can only be given whole numbers; write a set without wildcards")]
    [TestCase("addCommunities: [intern]", "40: addCommunities[0]: is 'intern', which sets.communities does not define; define the set there")]
    [TestCase("addCommunities: 64512:1:2", "39: addCommunities: is '64512:1:2'; write " + ExactCommunity)]
    [TestCase("removeCommunities: [sme]", "43: removeCommunities[0]: is 'sme', which sets.communities does not define; did you mean 'some'?")]
    [TestCase("largeCommunities: [64512:*:*]", "42: largeCommunities[0]: has a wildcard, but a route can only be given whole numbers; write " + Large)]
    [TestCase("addLargeCommunities: [64512:1]", "45: addLargeCommunities[0]: is '64512:1'; write " + Large)]
    [TestCase("removeLargeCommunities: [64512:*]", "48: removeLargeCommunities[0]: is '64512:*'; write " + Large + " or 64512:*:*")]
    [TestCase("extendedCommunities: [rt:64512:*]", "45: extendedCommunities[0]: has a wildcard, but a route can only be given whole numbers; write " + Extended + " or 0x0002fc0000000001")]
    [TestCase("addExtendedCommunities: [64512:1]", "48: addExtendedCommunities[0]: is '64512:1'; write " + Extended + " or 0x0002fc0000000001")]
    [TestCase("removeExtendedCommunities: [xx:64512:*]", "51: removeExtendedCommunities[0]: is 'xx:64512:*'; write " + Extended + ", rt:64512:*, rt:*:* or 0x0002fc0000000001")]
    [TestCase("prepend: [23456]", "33: prepend[0]: is 23456, which is AS_TRANS and stands for numbers of four octets (RFC 6793); write an AS number from 1 to 4294967294 (asplain or asdot)")]
    [TestCase("weight: -1", "31: weight: is -1, which is too small; write a number from 0 to 4294967295")]
    [TestCase("ecmpWeight: 0", "35: ecmpWeight: is 0, which is too small; write a number from 1 to 256")]
    [TestCase("ecmpWeight: 257", "35: ecmpWeight: is 257, which is too great; write a number from 1 to 256")]
    [TestCase("addComunities: []", "23: addComunities: is not a field of set; did you mean 'addCommunities'?")]
    public void Set_Faulty_SaysWhereAndWhat(string set, string expected)
    {
        Assert.That(Faults($"set: {{{set}}}"), Is.EqualTo(Expected("set", expected)));
    }

    [TestCase(255, "")]
    [TestCase(256, "router.yaml:3:32: policies.p[0].set.prepend: is a list of 256; write at most 255")]
    public void Prepend_LongerThanASegment_IsRefused(int count, string expected)
    {
        Assert.That(Faults($"set: {{prepend: [{string.Join(", ", Enumerable.Repeat(64512, count))}]}}"), Is.EqualTo(expected));
    }

    [TestCase("one: [64512:1, 64512:*, NO_PEER]", "")]
    [TestCase("one: []", "")]
    [TestCase("one: [64512]", "2:28: sets.communities.one[0]: is '64512'; write a community such as 64512:1, 64512:* or NO_EXPORT")]
    [TestCase("NO_EXPORT: [64512:1]", "2:22: sets.communities.NO_EXPORT: has the name of a community; give this set another name")]
    [TestCase("no-peer: []", "2:22: sets.communities.no-peer: has the name of a community; give this set another name")]
    [TestCase("\"64512:1\": []", "2:22: sets.communities.64512:1: has the name of a community; give this set another name")]
    [TestCase("\"1:99999\": []", "2:22: sets.communities.1:99999: has the name of a community; give this set another name")]
    [TestCase("one: [], one: [64512:1]", "2:31: sets.communities.one: is given twice; the first is in line 2")]
    public void CommunitySet_Any_HoldsPatternsUnderANameOfItsOwn(string sets, string expected)
    {
        Assert.That(Routers.Faults($"router: {{asn: 64512}}\nsets: {{communities: {{{sets}}}}}\n"), Is.EqualTo(expected.Length == 0 ? "" : $"router.yaml:{expected}"));
    }

    [TestCase("set: {med: 10, origin: egp, addCommunities: [64512:1], weight: 7}", "")]
    [TestCase("set: {nextHop: self}", "4:20: networks[0].set.nextHop: is for policies; an own network goes out with this router's address, leave it out")]
    [TestCase("set: {communities: [some]}", "4:25: networks[0].set.communities[0]: is 'some', which sets.communities does not define; define the set there")]
    public void NetworkSet_Any_IsThatOfARuleWithoutNextHop(string set, string expected)
    {
        Assert.That(Routers.Faults($"router: {{asn: 64512}}\nnetworks:\n  - prefix: 10.0.0.0/8\n    {set}\n"), Is.EqualTo(expected.Length == 0 ? "" : $"router.yaml:{expected}"));
    }

    /// <summary>Of a policy with one rule, in line 3; the rule's first key stands in column 17.</summary>
    private static string Faults(string rule) => Routers.Faults($$$"""
        router: {asn: 64512}
        sets: {communities: {some: [64512:1, 64512:*], exact: [64512:1, NO_EXPORT]}}
        policies: {p: [{{{{rule}}}}]}
        """);

    private static string Expected(string section, string fault)
    {
        var colon = fault.IndexOf(": ", StringComparison.Ordinal);
        return $"router.yaml:3:{fault[..colon]}: policies.p[0].{section}.{fault[(colon + 2)..]}";
    }
}
