namespace Bgp.Config;

/// <summary>Finds what a mistyped word was meant to be.</summary>
internal static class Spelling
{
    /// <summary>The longest list of names that a fault gives as a whole.</summary>
    public const int MostInLine = 12;

    /// <summary>How many names of a longer list it gives.</summary>
    public const int FewInLine = 8;

    /// <summary>
    /// The candidate that differs least from the word, or <c>null</c> when none is near: other case or separators, or at most a third of
    /// the letters.
    /// </summary>
    public static string? Nearest(string word, IEnumerable<string> candidates)
    {
        var bare = Bare(word);
        string? nearest = null;
        var best = Math.Clamp(bare.Length / 3, 1, 3) + 1;
        foreach (var candidate in candidates)
        {
            var distance = Distance(bare, Bare(candidate), best);
            if (distance < best)
            {
                best = distance;
                nearest = candidate;
            }
        }

        return nearest;
    }

    /// <summary>The candidates, those that differ least from the word first.</summary>
    public static IEnumerable<string> ByDistance(string word, IEnumerable<string> candidates)
    {
        var bare = Bare(word);
        return candidates.OrderBy(candidate => Distance(bare, Bare(candidate), int.MaxValue));
    }

    /// <summary>Without case and separators, and <c>policies</c> as <c>policy</c>: other plurals are a letter apart anyhow.</summary>
    private static string Bare(string word)
    {
        var bare = (word.Length > 64 ? word[..64] : word).Replace("-", "", StringComparison.Ordinal).Replace("_", "", StringComparison.Ordinal).ToUpperInvariant();
        return bare.EndsWith("IES", StringComparison.Ordinal) ? bare[..^3] + "Y" : bare;
    }

    /// <summary>
    /// Insertions, deletions, replacements and swaps of neighboring letters that make one word the other; words of clearly other length are
    /// not compared.
    /// </summary>
    private static int Distance(string left, string right, int bound)
    {
        if (Math.Abs(left.Length - right.Length) >= bound)
        {
            return bound;
        }

        var cells = new int[left.Length + 1, right.Length + 1];
        for (var row = 0; row <= left.Length; row++)
        {
            for (var column = 0; column <= right.Length; column++)
            {
                if (row == 0 || column == 0)
                {
                    cells[row, column] = row + column;
                    continue;
                }

                var replaced = cells[row - 1, column - 1] + (left[row - 1] == right[column - 1] ? 0 : 1);
                cells[row, column] = Math.Min(replaced, Math.Min(cells[row - 1, column], cells[row, column - 1]) + 1);
                if (row > 1 && column > 1 && left[row - 1] == right[column - 2] && left[row - 2] == right[column - 1])
                {
                    cells[row, column] = Math.Min(cells[row, column], cells[row - 2, column - 2] + 1);
                }
            }
        }

        return cells[left.Length, right.Length];
    }
}
