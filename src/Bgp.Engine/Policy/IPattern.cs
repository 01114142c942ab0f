using System.Collections.Immutable;

namespace Bgp.Engine;

/// <summary>A test of one community of a kind.</summary>
internal interface IPattern<T>
{
    bool Matches(T value);
}

internal static class Patterns
{
    /// <summary>Whether any pattern matches; default is none.</summary>
    public static bool Any<TPattern, T>(ImmutableArray<TPattern> patterns, T value)
        where TPattern : struct, IPattern<T>
    {
        if (patterns.IsDefault)
        {
            return false;
        }

        foreach (ref readonly var pattern in patterns.AsSpan())
        {
            if (pattern.Matches(value))
            {
                return true;
            }
        }

        return false;
    }
}
