namespace Bgp.Fuzzing;

/// <summary>A rule that must hold for any input does not.</summary>
public sealed class BrokenRuleException(string rule) : Exception($"broken: {rule}")
{
    internal static void Require(bool condition, string rule)
    {
        if (!condition)
        {
            throw new BrokenRuleException(rule);
        }
    }
}
