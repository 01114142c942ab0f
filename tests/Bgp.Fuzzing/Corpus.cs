namespace Bgp.Fuzzing;

/// <summary><c>tests/Fixtures/fuzz-corpus.txt</c>: a line an input, <c>TARGET HEX</c>. <c>--grow</c> finds more.</summary>
internal static class Corpus
{
    private static readonly ILookup<string, byte[]> Inputs = Load();

    public static IEnumerable<byte[]> Of(string target) => Inputs[target];

    public static IEnumerable<string> Targets => Inputs.Select(static group => group.Key);

    private static ILookup<string, byte[]> Load() =>
        File.ReadLines(Path.Combine(AppContext.BaseDirectory, "fuzz-corpus.txt"))
            .Where(static line => line.Length != 0 && !line.StartsWith('#'))
            .Select(static line => line.Split(' ', 2))
            .ToLookup(static parts => parts[0], static parts => Convert.FromHexString(parts.Length > 1 ? parts[1] : ""));
}
