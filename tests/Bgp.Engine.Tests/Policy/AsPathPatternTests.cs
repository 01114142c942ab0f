using Bgp.Protocol;

namespace Bgp.Engine.Tests;

[TestFixture]
internal sealed class AsPathPatternTests
{
    /// <summary>65001 65002 {65003,65004}.</summary>
    private const string Path = "02020000fde90000fdea01020000fdeb0000fdec";

    [TestCase("_65002_", ExpectedResult = true)]
    [TestCase("^65001_", ExpectedResult = true)]
    [TestCase("_65003_", ExpectedResult = true)]
    [TestCase("_65004_$", ExpectedResult = true)]
    [TestCase("6500", ExpectedResult = true)]
    [TestCase("_6500_", ExpectedResult = false)]
    [TestCase("^65002_", ExpectedResult = false)]
    [TestCase("_(65005|65002)_", ExpectedResult = true)]
    [TestCase("^6500[0-9]_6500[2]_", ExpectedResult = true)]
    public bool Expression_OverAPath_MatchesAsWritten(string expression) => Pattern(expression).Matches(new AsPathView(Convert.FromHexString(Path)));

    [TestCase("^$", ExpectedResult = true)]
    [TestCase("_", ExpectedResult = true)]
    [TestCase(".", ExpectedResult = false)]
    public bool Expression_OverAnEmptyPath_MatchesItsEnds(string expression) => Pattern(expression).Matches(new AsPathView([]));

    // The bracket that comes first in a class is a member of it, and the underscore after it is one too.
    [TestCase("65001[]_]", ExpectedResult = false)]
    [TestCase("65001[^]_]", ExpectedResult = true)]
    [TestCase("65001[_]", ExpectedResult = false)]
    [TestCase("65001[ ]65002_", ExpectedResult = true)]
    public bool Expression_UnderscoreInAClass_IsItself(string expression) => Pattern(expression).Matches(new AsPathView(Convert.FromHexString(Path)));

    [TestCase("_(65001", "Not enough )'s, at character 7")]
    [TestCase("65001_)", "Too many )'s, at character 7")]
    [TestCase("*", "Quantifier '*' following nothing, at character 1")]
    [TestCase("_[0-9", "Unterminated [] set, at character 5")]
    [TestCase(@"(65001)_\1", @"backreference (\ number) cannot be matched in time proportional to the path")]
    [TestCase("_(?!65001)", "negative lookahead (?! pattern) or negative lookbehind (?<! pattern) cannot be matched in time proportional to the path")]
    [TestCase("((_[0-9]{1,20}){1,20}){1,20}", "its repetitions with counts multiply to more than 100")]
    [TestCase("_1{1000000}_", "repetitions of this size cannot be matched in time proportional to the path")]
    [TestCase("", "it is empty")]
    public void Expression_Faulty_SaysWhatIsWrongWithTheTextAsWritten(string expression, string expected)
    {
        var isRead = AsPathPattern.TryParse(expression, out var pattern, out var fault);

        Assert.That((isRead, pattern, fault), Is.EqualTo((false, (AsPathPattern?)null, expected)));
    }

    [TestCase(AsPathPattern.MaxLength, true)]
    [TestCase(AsPathPattern.MaxLength + 1, false)]
    public void Expression_OfTheGreatestLength_IsTheLongestRead(int length, bool expected)
    {
        Assert.That(AsPathPattern.TryParse(new string('1', length), out _, out _), Is.EqualTo(expected));
    }

    [TestCase("_65001_", ExpectedResult = 1)]
    [TestCase("^([0-9]{1,5}_){1,10}$", ExpectedResult = 50)]
    [TestCase("_[0-9]{5}_[0-9]{7}_", ExpectedResult = 7)]
    [TestCase("(_[0-9]{3,}){2}(_1){9}", ExpectedResult = 9)]
    [TestCase("((1{2}|2{3}) *){4}", ExpectedResult = 12)]
    [TestCase(@"(\{4,5\}[{6,7}]\){8}]){2}", ExpectedResult = 16)]
    [TestCase("[]{9}]{2}", ExpectedResult = 2)]
    [TestCase("1{99999999999}", ExpectedResult = int.MaxValue)]
    [TestCase("((1{2147483647}){2147483647}){2147483647}", ExpectedResult = (long)int.MaxValue * int.MaxValue)]
    public long Repetitions_WithinEachOther_Multiply(string expression) => RepetitionCount.Of(expression);

    private static AsPathPattern Pattern(string expression)
    {
        Assert.That(AsPathPattern.TryParse(expression, out var pattern, out var fault), Is.True, fault);
        return pattern!;
    }
}
