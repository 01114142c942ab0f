using System.Text;

namespace Bgp.Config.Tests;

/// <summary>What YAML allows and a router file does not, and the bounds.</summary>
[TestFixture]
internal sealed class DocumentReaderTests
{
    [TestCase("router:\n  asn: [1\n", "3:1: is not valid YAML: ")]
    [TestCase("router:\n\tasn: 1\n", "2:1: is not valid YAML: ")]
    [TestCase("router: {asn: 1}\nname: \"open\n", "2:7: is not valid YAML: ")]
    [TestCase("router: {asn: 64512}\n- 1\n", "2:1: is not valid YAML: ")]
    [TestCase("router: {asn: 64512\nfib: {}\n", "2:1: is not valid YAML: text without quotes cannot go on here; is a ',', ']' or '}' missing before?")]
    [TestCase(" : t", "2:1: is not valid YAML: a value is missing here")]
    [TestCase("router: {asn: 64512}\nnetworks: [\u2028x]\n", "3:1: is not valid YAML: ")]
    public void Text_NotYaml_IsOneFaultWithItsPlace(string text, string expected)
    {
        var faults = Routers.Faults(text);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(faults, Does.StartWith($"router.yaml:{expected}"));
            Assert.That(faults, Does.Not.Contain("\n"));
        }
    }

    [TestCase("router: {asn: 64512}\n---\nrouter: {asn: 64513}\n", "2:1: starts a second document; a router file is one document, without '---' in the middle")]
    [TestCase("router: {asn: !!int 64512}\n", "1:15: router.asn: has the tag 'tag:yaml.org,2002:int'; tags are not used here, leave it out")]
    [TestCase("router: {asn: 64512}\n? [a, b]\n: c\n", "2:3: has a key that is not plain text")]
    [TestCase("router: {asn: *nowhere}\n", "1:15: router.asn: refers to '*nowhere', but nothing above is marked '&nowhere'; text that begins with '*' needs quotes\nrouter.yaml:1:15: router.asn: is nothing; write an AS number from 1 to 4294967294 (asplain or asdot)")]
    [TestCase(":\n e: \"\"*:", "2:7: has a key that is not plain text\nrouter.yaml:3:1: is not valid YAML: a key is missing before ':'")]
    public void Text_BeyondARouterFile_IsRefused(string text, string expected)
    {
        Assert.That(Routers.Faults(text), Is.EqualTo($"router.yaml:{expected}"));
    }

    [Test]
    public void Document_WithMarks_IsRead()
    {
        Assert.That(Routers.Read("# a comment\n---\nrouter: {asn: 64512}\n...\n"), Is.EqualTo(Routers.Read("router: {asn: 64512}")));
    }

    [Test]
    public void Alias_OfAMap_StandsForIt()
    {
        var config = Routers.Read("""
            router: {asn: 64512}
            peerGroups:
              a: &fields {asn: 64513, holdTime: 30s}
              b: *fields
            """);

        Assert.That(config.PeerGroups[1].Value, Is.EqualTo(config.PeerGroups[0].Value));
    }

    [Test]
    public void Alias_OfAFaultyValue_IsFaultyUnderBothPathsAtThePlaceOfTheText()
    {
        var faults = Routers.Faults("router: {asn: 64512}\npeerGroups:\n  a: &fields {holdTime: 1s}\n  b: *fields\n");

        Assert.That(faults, Is.EqualTo(string.Join('\n',
            "router.yaml:3:25: peerGroups.a.holdTime: is 1s, which is too short; write a duration from 3s to 65535s, or 0s",
            "router.yaml:3:25: peerGroups.b.holdTime: is 1s, which is too short; write a duration from 3s to 65535s, or 0s")));
    }

    [Test]
    public void Alias_OfAliasesOfAliases_StopsAtTheBound()
    {
        var text = new StringBuilder("router: {asn: 64512}\na0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
        for (var level = 1; level < 12; level++)
        {
            text.AppendLine($"a{level}: &a{level} [{string.Join(", ", Enumerable.Repeat($"*a{level - 1}", 10))}]");
        }

        var faults = Routers.Faults(text.ToString());

        Assert.That(faults, Does.Contain("is repeated by aliases too often: they may stand for 50000 values in all"));
    }

    [Test]
    public void Lists_TooDeep_AreAFaultWhereTheyBecomeSo()
    {
        var depth = DocumentReader.MaxDepth + 8;

        var faults = Routers.Faults($"router: {{asn: 64512}}\nx: {new string('[', depth)}{new string(']', depth)}\n");

        Assert.That(faults, Does.Contain($"router.yaml:2:{3 + DocumentReader.MaxDepth}: x{string.Concat(Enumerable.Repeat("[0]", DocumentReader.MaxDepth - 1))}: lies deeper than 32 lists and maps"));
    }

    [Test]
    public void Text_TooLong_IsRefusedUnread()
    {
        var text = new string('#', DocumentReader.MaxCharacters + 1);

        Assert.That(Routers.Faults(text), Is.EqualTo("router.yaml:1:1: has 16777217 characters; at most 16777216 are read"));
    }
}
