namespace Bgp.Fuzzing;

/// <summary>An input that broke a rule, and how to see it again.</summary>
/// <param name="Target">The target's name.</param>
/// <param name="Seed">The run's seed; null where the input was given.</param>
/// <param name="Index">Which input of the seed.</param>
/// <param name="Input">The input, as <c>--replay</c> takes it.</param>
/// <param name="Reason">The rule, or the exception that should not have been.</param>
internal sealed record FuzzFailure(string Target, ulong? Seed, ulong Index, byte[] Input, Exception Reason)
{
    public override string ToString()
    {
        var from = Seed is { } seed ? $"seed {seed}, index {Index}" : "a given input";
        return $"{Target}: {from}: {Convert.ToHexStringLower(Input)}\n"
            + $"again: dotnet run --project tests/Bgp.Fuzzing -c Release -- {Target} --replay {Convert.ToHexStringLower(Input)}\n{Reason}";
    }
}
