using Bgp.Protocol;

namespace Bgp.Engine.Tests;

internal sealed class PatternTests
{
    [TestCase("64512:1", "64512:1", true)]
    [TestCase("64512:1", "64512:2", false)]
    [TestCase("64512:*", "64512:65535", true)]
    [TestCase("64512:*", "64513:0", false)]
    [TestCase("*:7", "1:7", true)]
    [TestCase("*:7", "7:1", false)]
    [TestCase("*:*", "0:0", true)]
    [TestCase("no-export", "NO_EXPORT", true)]
    public void Community_Pattern_Matches(string pattern, string community, bool expected)
    {
        Assert.That(CommunityPattern.TryParse(pattern, out var parsed), Is.True);
        Assert.That(Community.TryParse(community, out var candidate), Is.True);
        Assert.That(parsed.Matches(candidate), Is.EqualTo(expected));
    }

    [TestCase("64512:1:2", "64512:1:2", true)]
    [TestCase("64512:*:2", "64512:9:2", true)]
    [TestCase("64512:*:2", "64512:9:3", false)]
    [TestCase("*:*:*", "1:2:3", true)]
    public void LargeCommunity_Pattern_Matches(string pattern, string community, bool expected)
    {
        Assert.That(LargeCommunityPattern.TryParse(pattern, out var parsed), Is.True);
        Assert.That(LargeCommunity.TryParse(community, out var candidate), Is.True);
        Assert.That(parsed.Matches(candidate), Is.EqualTo(expected));
    }

    [TestCase("rt:64512:1", "rt:64512:1", true)]
    [TestCase("rt:64512:*", "rt:64512:99999", true)]
    [TestCase("rt:64512:*", "soo:64512:1", false)]
    [TestCase("rt:70000:*", "rt:70000:5", true)]
    [TestCase("rt:70000:*", "rt:4464:5", false)]
    [TestCase("rt:192.0.2.1:*", "rt:192.0.2.1:5", true)]
    [TestCase("soo:*:*", "soo:70000:5", true)]
    [TestCase("soo:*:*", "soo:192.0.2.1:5", true)]
    [TestCase("soo:*:*", "rt:1:5", false)]
    public void ExtendedCommunity_Pattern_Matches(string pattern, string community, bool expected)
    {
        Assert.That(ExtendedCommunityPattern.TryParse(pattern, out var parsed), Is.True);
        Assert.That(ExtendedCommunity.TryParse(community, out var candidate), Is.True);
        Assert.That(parsed.Matches(candidate), Is.EqualTo(expected));
    }

    [TestCase("64512:*")]
    [TestCase("*:7")]
    [TestCase("64512:1")]
    public void Community_Pattern_PrintsAsRead(string text)
    {
        Assert.That(CommunityPattern.TryParse(text, out var pattern), Is.True);
        Assert.That(pattern.ToString(), Is.EqualTo(text));
    }

    [TestCase("rt:64512:*")]
    [TestCase("rt:70000:*")]
    [TestCase("soo:192.0.2.1:*")]
    [TestCase("soo:*:*")]
    [TestCase("rt:64512:1")]
    public void ExtendedCommunity_Pattern_PrintsAsRead(string text)
    {
        Assert.That(ExtendedCommunityPattern.TryParse(text, out var pattern), Is.True);
        Assert.That(pattern.ToString(), Is.EqualTo(text));
    }

    [TestCase("6451*:1")]
    [TestCase("70000:1")]
    [TestCase("1")]
    [TestCase("1:2:3")]
    [TestCase("")]
    public void Community_NoPattern_IsRefused(string text) => Assert.That(CommunityPattern.TryParse(text, out _), Is.False);

    [TestCase("rt:*:5")]
    [TestCase("xx:1:*")]
    [TestCase(":*")]
    [TestCase(":*:*")]
    public void ExtendedCommunity_NoPattern_IsRefused(string text) => Assert.That(ExtendedCommunityPattern.TryParse(text, out _), Is.False);

    [TestCase("_65002_", "65001 65002 65003", true)]
    [TestCase("_65002_", "65001 165002", false)]
    [TestCase("^65001_", "65001", true)]
    [TestCase("^65001_", "65001 65002", true)]
    [TestCase("^65001_", "650010", false)]
    [TestCase("^$", "", true)]
    [TestCase("^$", "1", false)]
    [TestCase("_65003_", "65001 {65002,65003}", true)]
    [TestCase("^(65001_)+$", "65001 65001 65001", true)]
    [TestCase("^[0-9]+$", "65001", true)]
    [TestCase("^[0-9]+$", "65001 2", false)]
    public void AsPath_Expression_Matches(string text, string path, bool expected)
    {
        Assert.That(AsPathPattern.TryParse(text, out var pattern, out var fault), Is.True, fault);
        Assert.That(pattern!.Matches(new AsPathView(PathBytes.Of(path))), Is.EqualTo(expected));
    }

    [TestCase("(")]
    [TestCase("[")]
    [TestCase(@"(1)\1")]
    [TestCase("(?=1)2")]
    public void AsPath_FaultyOrUnboundedExpression_IsRefusedWithTheReason(string text)
    {
        Assert.That(AsPathPattern.TryParse(text, out _, out var fault), Is.False);
        Assert.That(fault, Is.Not.Empty);
    }
}
