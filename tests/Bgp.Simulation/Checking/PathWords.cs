namespace Bgp.Simulation;

/// <summary>
/// A printed AS path taken apart, as <c>(65001 65002) 65003 {65004,65005}</c>: the member ASes of the own confederation, which stand in parentheses (RFC 5065 §3), and what all others see.
/// No node of the simulation makes confederation sets.
/// </summary>
internal static class PathWords
{
    private static readonly char[] Separators = [' ', ',', '{', '}'];

    public static IEnumerable<string> Members(string path) => path.Split('(', ')').Where((_, at) => at % 2 == 1).SelectMany(part => part.Split(' '));

    /// <summary>The path as it is without its member ASes.</summary>
    public static string Outside(string path) =>
        string.Join(' ', path.Split('(', ')').Where((_, at) => at % 2 == 0).Select(part => part.Trim()).Where(part => part.Length > 0));

    public static IEnumerable<string> OutsideAsns(string path) => Outside(path).Split(Separators, StringSplitOptions.RemoveEmptyEntries);

    /// <summary>With one more member AS in front (RFC 5065 §4.1 b).</summary>
    public static string WithMember(string asn, string path) => path.StartsWith('(') ? $"({asn} {path[1..]}" : $"({asn}) {path}".TrimEnd();
}
