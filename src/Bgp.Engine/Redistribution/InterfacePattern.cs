using System.Collections.Immutable;

namespace Bgp.Engine;

/// <summary>Names of interfaces by patterns: <c>*</c> stands for any text, also for none, and a <c>!</c> in front excludes.</summary>
public static class InterfacePattern
{
    /// <summary>Whether a list takes a name: no pattern with <c>!</c> matches it, and one of the others does or there are no others. The order means nothing.</summary>
    public static bool MatchesList(ImmutableArray<string> patterns, string name)
    {
        var (isTaken, hasOthers) = (false, false);
        foreach (var pattern in patterns)
        {
            if (pattern.StartsWith('!'))
            {
                if (Matches(pattern.AsSpan(1), name))
                {
                    return false;
                }
            }
            else
            {
                hasOthers = true;
                isTaken |= Matches(pattern, name);
            }
        }

        return isTaken || !hasOthers;
    }

    /// <summary>Whether one pattern, without <c>!</c>, matches a whole name.</summary>
    public static bool Matches(ReadOnlySpan<char> pattern, ReadOnlySpan<char> name)
    {
        // On a mismatch the last star takes one character more; those before it never have to.
        var (at, star, tried) = (0, -1, 0);
        for (var position = 0; position < name.Length;)
        {
            if (at < pattern.Length && pattern[at] == '*')
            {
                star = at++;
                tried = position;
            }
            else if (at < pattern.Length && pattern[at] == name[position])
            {
                at++;
                position++;
            }
            else if (star >= 0)
            {
                at = star + 1;
                position = ++tried;
            }
            else
            {
                return false;
            }
        }

        return pattern[at..].TrimStart('*').IsEmpty;
    }
}
