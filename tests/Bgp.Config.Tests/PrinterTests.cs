using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;

namespace Bgp.Config.Tests;

[TestFixture]
internal sealed class PrinterTests
{
    private static readonly Arbitrary<int> Seeds = Gen.Choose(0, int.MaxValue).ToArbitrary();

    [Test]
    public void Yaml_OfAnyConfig_ReadsBackAsTheSame() => CheckRoundTrip(static config => RouterConfigPrinter.ToYaml(config));

    [Test]
    public void Yaml_OfEveryField_ReadsBackAsTheSame() => CheckRoundTrip(static config => RouterConfigPrinter.ToYaml(config, all: true));

    [Test]
    public void Json_OfAnyConfig_ReadsBackAsTheSame() => CheckRoundTrip(static config => RouterConfigPrinter.ToJson(config));

    [Test]
    public void Json_OfEveryField_ReadsBackAsTheSame() => CheckRoundTrip(static config => RouterConfigPrinter.ToJson(config, all: true));

    [Test]
    public void Json_OfAnyConfig_IsJson()
    {
        Prop.ForAll(Seeds, static seed =>
        {
            using var document = JsonDocument.Parse(RouterConfigPrinter.ToJson(new ConfigGenerator(seed).Next(), all: true));
            return document.RootElement.GetProperty("neighbors").ValueKind == JsonValueKind.Array;
        }).QuickCheckThrowOnFailure();
    }

    [Test]
    public void Yaml_OfDefaults_IsTheAsnAlone()
    {
        Assert.That(RouterConfigPrinter.ToYaml(Routers.Read("router: {asn: 64512}\nfib: {table: 254}\n")), Is.EqualTo("router:\n  asn: 64512\n"));
    }

    [Test]
    public void Yaml_OfANeighborInAGroup_HasWhatDiffersFromTheGroup()
    {
        var config = Routers.Read("""
            router: {asn: 64512, listen: ["0.0.0.0:1179"]}
            sets: {prefixes: {pods: [10.244.0.0/16 24..28, "fd00::/64"]}}
            peerGroups:
              clients: {asn: internal, holdTime: 30s, passive: true}
            neighbors:
              - {address: fe80::2%eth0, group: clients, passive: false, description: "left: 1"}
            policies:
              pods: [{match: {prefix: pods}, action: accept}]
            """);

        Assert.That(RouterConfigPrinter.ToYaml(config), Is.EqualTo("""
            router:
              asn: 64512
              listen: [0.0.0.0:1179]
            sets:
              prefixes:
                pods: ["10.244.0.0/16 24..28", fd00::/64]
            peerGroups:
              clients:
                asn: internal
                passive: true
                holdTime: 30s
            neighbors:
              - address: fe80::2%eth0
                group: clients
                description: "left: 1"
                passive: false
            policies:
              pods:
                - match:
                    prefix: pods
                  action: accept

            """));
    }

    [Test]
    public void Yaml_OfARule_HasItsKeysInTheOrderOfTheReference()
    {
        var config = Routers.Read("""
            router: {asn: 64512}
            sets: {communities: {some: [64512:1, 64512:*, no-export]}}
            policies:
              p:
                - action: next
                  set: {prepend: 1.10, removeCommunities: some, addCommunities: [no-peer], nextHop: keep, med: 0, communities: []}
                  match: {asPathLength: ..3, med: 5, localPref: 7.., originAs: [65001], asPath: _1$, communities: [some, "*:1"], nextHop: [10.0.0.0/8, 10.0.0.1/32], from: {source: local}, to: {}}
            """);

        Assert.That(RouterConfigPrinter.ToYaml(config), Is.EqualTo("""
            router:
              asn: 64512
            sets:
              communities:
                some: ["64512:1", "64512:*", NO_EXPORT]
            policies:
              p:
                - match:
                    from:
                      source: local
                    nextHop: [10.0.0.0/8, 10.0.0.1]
                    communities: [some, "*:1"]
                    asPath: "_1$"
                    asPathLength: 0..3
                    originAs: 65001
                    localPref: 7..
                    med: 5
                  set:
                    med: 0
                    nextHop: keep
                    communities: []
                    addCommunities: [NO_PEER]
                    removeCommunities: [some]
                    prepend: [65546]
                  action: next

            """));
    }

    [Test]
    public void Json_OfAConfig_HasTypedValues()
    {
        var config = Routers.Read("router: {asn: 64086.59904, routerId: 192.0.2.1}\nneighbors: [{address: 10.0.0.2, asn: 64512, passive: true, multihop: 3}]\n");

        Assert.That(RouterConfigPrinter.ToJson(config), Is.EqualTo("""
            {
              "router": {
                "asn": 4200000000,
                "routerId": "192.0.2.1"
              },
              "neighbors": [
                {
                  "address": "10.0.0.2",
                  "asn": 64512,
                  "passive": true,
                  "multihop": 3
                }
              ]
            }
            """));
    }

    [TestCase(false)]
    [TestCase(true)]
    public void Password_Printed_IsAPlaceholderThatIsRefusedWhenRead(bool all)
    {
        var config = Routers.Read(Routers.WithNeighbor("password: hunter2"));
        var yaml = RouterConfigPrinter.ToYaml(config, all);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(yaml, Does.Contain("password: <secret>").And.Not.Contain("hunter2"));
            Assert.That(RouterConfigPrinter.ToJson(config, all), Does.Contain("\"password\": \"<secret>\"").And.Not.Contain("hunter2"));
            Assert.That(config.Neighbors[0].ToString(), Does.Not.Contain("hunter2"));
            Assert.That(Routers.Faults(yaml), Does.Contain("neighbors[0].password: is <secret>"));
        }
    }

    [Test]
    public void PasswordFile_Printed_IsItsNameAndNotItsText()
    {
        using var folder = new TemporaryFolder();
        folder.Write("key", "hunter2");
        var file = folder.Write("router.yaml", Routers.WithNeighbor("passwordFile: key"));
        var config = RouterConfigFile.Load(file).Config;

        var yaml = RouterConfigPrinter.ToYaml(config!, all: true);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(yaml, Does.Contain("passwordFile: key").And.Not.Contain("hunter2"));
            Assert.That(RouterConfigFile.Parse(yaml, file).Config, Is.EqualTo(config));
        }
    }

    [Test]
    public void Config_WithAnotherKeyOrPolicy_IsAnother()
    {
        var one = Routers.Read(Routers.WithNeighbor("password: a, importPolicy: [accept-all]"));

        using (Assert.EnterMultipleScope())
        {
            Assert.That(Routers.Read(Routers.WithNeighbor("importPolicy: [accept-all], password: a")), Is.EqualTo(one));
            Assert.That(Routers.Read(Routers.WithNeighbor("password: b, importPolicy: [accept-all]")), Is.Not.EqualTo(one));
            Assert.That(Routers.Read(Routers.WithNeighbor("password: a, importPolicy: [reject-all]")), Is.Not.EqualTo(one));
        }
    }

    [TestCase("match: {communities: [64512:1]}", "match: {communities: [64512:2]}")]
    [TestCase("match: {asPath: _1_}", "match: {asPath: _2_}")]
    [TestCase("match: {from: {source: local}}", "match: {from: {source: remote}}")]
    [TestCase("match: {originAs: [1, 2]}", "match: {originAs: [2, 1]}")]
    [TestCase("set: {communities: []}", "set: {communities: null}")]
    [TestCase("set: {extendedCommunities: [rt:1:2]}", "set: {extendedCommunities: [rt:1:3]}")]
    public void Config_WithAnotherRule_IsAnother(string rule, string other)
    {
        var one = Routers.Read(WithRule(rule));

        using (Assert.EnterMultipleScope())
        {
            Assert.That(Routers.Read(WithRule(rule)), Is.EqualTo(one));
            Assert.That(Routers.Read(WithRule(other)), Is.Not.EqualTo(one));
        }

        static string WithRule(string text) => $"router: {{asn: 64512}}\npolicies: {{p: [{{{text}}}]}}\n";
    }

    private static void CheckRoundTrip(Func<RouterConfig, string> print)
    {
        Prop.ForAll(Seeds, seed =>
        {
            var config = new ConfigGenerator(seed).Next();
            var text = print(config);
            var result = RouterConfigFile.Parse(text, Routers.File);
            return (result.Config == config).Label($"{string.Join('\n', result.Faults)}\n{text}");
        }).QuickCheckThrowOnFailure();
    }
}
