namespace Bgp.Load;

/// <summary>
/// The export policy of S8: twenty rules, of which the last one matches. The first twelve reject prefixes and the next seven communities that no route of
/// the run has, so that every route goes through all of them.
/// </summary>
internal static class ExportRules
{
    /// <summary>Reject what is within.</summary>
    public static IReadOnlyList<string> Prefixes { get; } = [.. Enumerable.Range(1, 12).Select(number => $"172.{15 + number}.0.0/16")];

    /// <summary>Reject what has it.</summary>
    public static IReadOnlyList<(int High, int Low)> Communities { get; } = [.. Enumerable.Range(1, 7).Select(number => (65000, number))];
}
