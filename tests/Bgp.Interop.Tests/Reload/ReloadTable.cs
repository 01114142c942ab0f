using System.Globalization;

namespace Bgp.Interop.Tests;

/// <summary>A router with fifty neighbors of every kind, and a reload for each kind of change that a file can have.</summary>
internal static class ReloadTable
{
    public const string Plain = "asn: 65100, passive: true, families: [ipv4-unicast, ipv6-unicast], importPolicy: [in], exportPolicy: [out]";
    public const string Member = "group: clients, passive: true";

    public const uint Asn = 64512;
    public const uint PlainAsn = 65100;
    public const uint BirdAsn = 65140;

    /// <summary>The peer that announces a route of its own.</summary>
    public const string Announcer = "10.9.0.100";

    private const string Networks = "{prefix: 198.51.100.0/24}, {prefix: 203.0.113.0/24, set: {communities: [\"64512:1\"]}}, {prefix: \"fd00:aaaa::/48\"}";
    private const string Sets = "{prefixes: {secret: [192.0.2.128/25]}, communities: {internal: [\"64512:9\"]}}";
    private const string Clients = "asn: internal, routeReflectorClient: true, families: [ipv4-unicast, ipv6-unicast]";

    public static IReadOnlyList<string> PlainV4 { get; } = Many("10.9.0.{0}", 100, 20);

    public static IReadOnlyList<string> Members { get; } = Many("10.9.0.{0}", 120, 10);

    public static IReadOnlyList<string> Bird { get; } = Many("10.9.0.{0}", 140, 10);

    public static IReadOnlyList<string> PlainV6 { get; } = Many("fd00:9::{0}", 100, 6);

    public static IReadOnlyList<string> LinkLocal { get; } = Many("fe80::b:{0}", 100, 4);

    /// <summary>Peers that dial from the beginning and become neighbors later.</summary>
    public static IReadOnlyList<string> Later { get; } = ["10.9.0.200", "10.9.0.202", "fd00:9::200", "fe80::b:200"];

    public const string LaterMember = "10.9.0.201";

    /// <summary>One who is let in by a range.</summary>
    public const string Dynamic = "10.9.0.210";

    private const string Range = "[{prefix: 10.9.0.208/29, group: clients, limit: 5}]";

    public static RouterText Start { get; } = Neighbors(
        new RouterText()
            .WithRouter("asn", "64512")
            .WithRouter("routerId", "10.9.0.1")
            .With("peerGroups", $"{{clients: {{{Clients}}}}}")
            .With("networks", $"[{Networks}]")
            .With("sets", Sets)
            .With("policies", Policies("accept", "accept"))
            .With("fib", "{table: 254}")
            .With("log", "{level: warn}"));

    public static IReadOnlyList<ReloadRow> Rows { get; } = [.. AboutNeighbors(), .. AboutPolicies(), .. AboutTheRest(), .. Removals()];

    private static IEnumerable<ReloadRow> AboutNeighbors()
    {
        yield return new("an IPv4 neighbor comes", text => text.WithNeighbor("10.9.0.200", Plain)) { Up = ["10.9.0.200"] };
        yield return new("an IPv6 neighbor comes", text => text.WithNeighbor("fd00:9::200", Plain)) { Up = ["fd00:9::200"] };
        yield return new("a link-local neighbor comes", text => text.WithNeighbor("fe80::b:200%eth0", Plain)) { Up = ["fe80::b:200"] };
        yield return new("a member of a group comes", text => text.WithNeighbor(LaterMember, Member)) { Up = [LaterMember] };
        yield return new("a neighbor comes that is shut down", text => text.WithNeighbor("10.9.0.202", Plain + ", shutdown: true"));
        yield return new("it is opened", text => text.WithNeighbor("10.9.0.202", Plain)) { Up = ["10.9.0.202"] };
        yield return new("a description, a name", text => text.WithNeighbor("10.9.0.101", Plain + ", description: rack 7, name: seven"));
        yield return new("limits and timers that are ours alone", text => text.WithNeighbor("10.9.0.101", Plain + ", maxPrefixes: {limit: 100}, connectRetry: 9s, sendHoldTime: 10m"));
        yield return new("passive no more", text => text.WithNeighbor("10.9.0.104", Plain.Replace("passive: true, ", "", StringComparison.Ordinal)));
        yield return new("passive again", text => text.WithNeighbor("10.9.0.104", Plain));
        yield return new("a hold time", text => text.WithNeighbor("10.9.0.102", Plain + ", holdTime: 80s")) { Reset = ["10.9.0.102"] };
        yield return new("a family less", text => text.WithNeighbor("10.9.0.103", Plain.Replace(", ipv6-unicast", "", StringComparison.Ordinal))) { Reset = ["10.9.0.103"] };
        yield return new("an IPv6 neighbor's keepalive time", text => text.WithNeighbor("fd00:9::100", Plain + ", keepalive: 20s")) { Reset = ["fd00:9::100"] };
        yield return new("a link-local neighbor's role", text => text.WithNeighbor("fe80::b:100%eth0", Plain + ", role: provider")) { Reset = ["fe80::b:100"] };
        yield return new("a neighbor is shut down", text => text.WithNeighbor("10.9.0.105", Plain + ", shutdown: true, shutdownMessage: gone fishing")) { Gone = ["10.9.0.105"] };
        yield return new("and opened again", text => text.WithNeighbor("10.9.0.105", Plain)) { Up = ["10.9.0.105"] };
        yield return new("a member's own field", text => text.WithNeighbor("10.9.0.121", Member + ", description: mine"));
        yield return new("a group's field that needs no reset", text => text.With("peerGroups", $"{{clients: {{{Clients}, allowLocalAs: 1, connectRetry: 7s}}}}"));
        yield return new("a group's hold time", text => text.With("peerGroups", $"{{clients: {{{Clients}, holdTime: 80s}}}}")) { Reset = [.. Members, LaterMember] };
        yield return new("the same said by a member itself", text => text.WithNeighbor("10.9.0.121", Member + ", description: mine, holdTime: 80s"));
    }

    private static IEnumerable<ReloadRow> AboutPolicies()
    {
        yield return new("a neighbor's import policy", text => text.WithNeighbor(Announcer, Plain.Replace("[in]", "[better, in]", StringComparison.Ordinal))) { Told = ["10.9.0.120", "10.9.0.129"] };
        yield return new("a neighbor's export policy", text => text.WithNeighbor("10.9.0.106", Plain.Replace("[out]", "[marked, out]", StringComparison.Ordinal))) { Told = ["10.9.0.106"] };
        yield return new("a group's export policy", text => text.With("peerGroups", $"{{clients: {{{Clients}, holdTime: 80s, exportPolicy: [marked, accept-all]}}}}")) { Told = ["10.9.0.120", LaterMember] };
        yield return new("a rule of an import policy", text => text.With("policies", Policies("{set: {addCommunities: [\"64512:55\"]}, action: accept}", "accept"))) { Told = ["10.9.0.120"] };
        yield return new("a rule of an export policy", text => text.With("policies", Policies("{set: {addCommunities: [\"64512:55\"]}, action: accept}", "{set: {addCommunities: [\"64512:77\"]}, action: accept}"))) { Told = ["10.9.0.107", "fd00:9::101", "fe80::b:101"] };
        yield return new("a policy that nobody uses", text => text.With("policies", text.Sections["policies"].Replace("unused: [{action: accept}]", "unused: [{action: reject}]", StringComparison.Ordinal)));
        yield return new("a set of prefixes", text => text.With("sets", Sets.Replace("192.0.2.128/25", "203.0.113.0/24", StringComparison.Ordinal))) { Told = ["10.9.0.107", "fd00:9::101"] };
        yield return new("a set of communities", text => text.With("sets", Sets.Replace("64512:9", "64512:1", StringComparison.Ordinal)));
        yield return new("sets as they were", text => text.With("sets", Sets)) { Told = ["10.9.0.107", "fd00:9::101"] };
        yield return new("which routes go into the kernel", text => text.With("fib", "{table: 254, policy: [in]}"));
    }

    private static IEnumerable<ReloadRow> AboutTheRest()
    {
        yield return new("a network comes", text => text.With("networks", $"[{Networks}, {{prefix: 100.64.0.0/24}}]")) { Told = ["10.9.0.107", "10.9.0.120", "fd00:9::101"] };
        yield return new("its attributes", text => text.With("networks", $"[{Networks}, {{prefix: 100.64.0.0/24, set: {{localPref: 70}}}}]")) { Told = ["10.9.0.120"] };
        yield return new("its blackhole", text => text.With("networks", $"[{Networks}, {{prefix: 100.64.0.0/24, set: {{localPref: 70}}, blackhole: true}}]"));
        yield return new("it goes", text => text.With("networks", $"[{Networks}]")) { Told = ["10.9.0.107", "10.9.0.120"] };
        yield return new("the default LOCAL_PREF", text => text.WithRouter("defaultLocalPref", "120")) { Told = ["10.9.0.120"] };
        yield return new("multipath", text => text.WithRouter("multipath", "{ebgp: 1, ibgp: 1}"));
        yield return new("the decision's options", text => text.WithRouter("bestPath", "{alwaysCompareMed: true, missingMedWorst: true}"));
        yield return new("client to client", text => text.WithRouter("clientToClient", "false"));
        yield return new("the cluster id", text => text.WithRouter("clusterId", "9.9.9.9"));
        yield return new("policies are not required", text => text.WithRouter("ebgpRequiresPolicy", "false"));
        foreach (var fib in (string[])["{metric: 2048}", "{table: 1000}", "{table: 1000, protocol: 77}", "{nexthopObjects: \"off\"}", "{sourceAddress: 10.9.0.1}", "{enabled: false}", "{table: 254}"])
        {
            yield return new($"fib: {fib}", text => text.With("fib", fib));
        }

        yield return new("what is logged, and how", text => text.With("log", "{level: debug, format: json}"));
        yield return new("and back", text => text.With("log", "{level: warn}"));
        yield return new("one more listener", text => text.WithRouter("listen", "[\"0.0.0.0:179\", \"[::]:179\", \"127.0.0.1:1790\"]"));
        yield return new("listeners of single addresses", text => text.WithRouter("listen", "[\"10.9.0.1:179\", \"[::]:179\"]"));
        yield return new("listeners as they were", text => text.WithRouter("listen", "[\"0.0.0.0:179\", \"[::]:179\"]"));
    }

    private static IEnumerable<ReloadRow> Removals()
    {
        yield return new("a range comes, and who is in it", text => text.With("dynamicNeighbors", Range)) { Up = [Dynamic] };
        yield return new("a range's limit", text => text.With("dynamicNeighbors", Range.Replace("limit: 5", "limit: 50", StringComparison.Ordinal)));
        yield return new("one more range", text => text.With("dynamicNeighbors", Range.Replace("]", ", {prefix: 10.99.0.0/16, group: clients, limit: 5}]", StringComparison.Ordinal)));
        yield return new("a range goes", text => text.With("dynamicNeighbors", "[]")) { Gone = [Dynamic] };
        yield return new("an IPv4 neighbor goes", text => text.Without("10.9.0.200")) { Gone = ["10.9.0.200"] };
        yield return new("an IPv6 neighbor goes", text => text.Without("fd00:9::200")) { Gone = ["fd00:9::200"] };
        yield return new("a link-local neighbor goes", text => text.Without("fe80::b:200%eth0")) { Gone = ["fe80::b:200"] };
        yield return new("a member of a group goes", text => text.Without(LaterMember)) { Gone = [LaterMember] };
        yield return new("everything at once", text => text
            .Without("10.9.0.202")
            .WithNeighbor("10.9.0.200", Plain)
            .WithNeighbor("10.9.0.108", Plain + ", holdTime: 80s")
            .WithNeighbor("10.9.0.109", Plain.Replace("[out]", "[marked, out]", StringComparison.Ordinal))
            .With("networks", $"[{Networks}, {{prefix: 100.65.0.0/24}}]"))
        {
            Up = ["10.9.0.200"],
            Gone = ["10.9.0.202"],
            Reset = ["10.9.0.108"],
            Told = ["10.9.0.109", "10.9.0.107", "10.9.0.120", "fe80::b:101"],
        };
    }

    private static RouterText Neighbors(RouterText text)
    {
        text = PlainV4.Concat(PlainV6).Aggregate(text, (so, address) => so.WithNeighbor(address, Plain));
        text = LinkLocal.Aggregate(text, (so, address) => so.WithNeighbor(address + "%eth0", Plain));
        text = Members.Aggregate(text, (so, address) => so.WithNeighbor(address, Member));
        return Bird.Aggregate(text, (so, address) => so.WithNeighbor(address, "asn: 65140, passive: true, importPolicy: [in], exportPolicy: [out]"));
    }

    private static string Policies(string inRule, string outRule) =>
        $"{{in: [{Rule(inRule)}], out: [{{match: {{prefix: secret}}, action: reject}}, {{match: {{communities: internal}}, action: reject}}, {Rule(outRule)}], "
        + "better: [{set: {localPref: 200}}], marked: [{set: {med: 42}}], unused: [{action: accept}]}";

    private static string Rule(string rule) => rule == "accept" ? "{action: accept}" : rule;

    private static string[] Many(string format, int first, int count) =>
        [.. Enumerable.Range(first, count).Select(number => string.Format(CultureInfo.InvariantCulture, format, number))];
}
