namespace Bgp.Engine.Tests;

[TestFixture]
internal sealed class InterfacePatternTests
{
    [TestCase("eth0", "eth0", true)]
    [TestCase("eth0", "eth01", false)]
    [TestCase("eth*", "eth", true)]
    [TestCase("eth*", "eth12", true)]
    [TestCase("*0", "eth10", true)]
    [TestCase("*", "anything", true)]
    [TestCase("e*h*0", "ethh010", true)]
    [TestCase("e*h*0", "ethh01", false)]
    [TestCase("**x", "x", true)]
    [TestCase("*ab", "aab", true)]
    public void Matches_Star_StandsForAnyText(string pattern, string name, bool expected) => Assert.That(InterfacePattern.Matches(pattern, name), Is.EqualTo(expected));

    [TestCase("eth*,!eth1", "eth1", false)]
    [TestCase("!eth1,eth*", "eth1", false)]
    [TestCase("!eth1,eth*", "eth2", true)]
    [TestCase("!eth1", "wlan0", true)]
    [TestCase("eth0,eth1", "eth2", false)]
    [TestCase("", "eth2", true)]
    public void MatchesList_Exclusions_WinWhateverTheOrder(string patterns, string name, bool expected) =>
        Assert.That(InterfacePattern.MatchesList([.. patterns.Split(',', StringSplitOptions.RemoveEmptyEntries)], name), Is.EqualTo(expected));
}
