using System.Globalization;
using System.Text.RegularExpressions;

namespace Bgp.Engine;

/// <summary>
/// What the counted repetitions of an expression multiply to, one within the other: 25 for <c>([0-9]{1,5}_){1,5}</c>. The matcher goes through the path once, but at each step through as many
/// states as this allows, and more than their square where they overlap; a count of a few hundreds takes seconds for one long path.
/// </summary>
internal static partial class RepetitionCount
{
    /// <summary>The greatest product found in a valid expression.</summary>
    public static long Of(string text)
    {
        var outer = new Stack<long>();
        long group = 1;
        long last = 1;
        for (var at = 0; at < text.Length; at++)
        {
            switch (text[at])
            {
                case '\\':
                    at++;
                    last = 1;
                    break;
                case '[':
                    at = EndOfClass(text, at);
                    last = 1;
                    break;
                case '(':
                    outer.Push(group);
                    group = 1;
                    break;
                case ')' when outer.TryPop(out var before):
                    (last, group) = (group, Math.Max(before, group));
                    break;
                case '{' when Count().Match(text, at) is { Success: true } count:
                    last = Math.Min(last, int.MaxValue) * Math.Max(1, Math.Max(Number(count.Groups[1]), Number(count.Groups[2])));
                    group = Math.Max(group, last);
                    at += count.Length - 1;
                    break;
                case '*' or '+' or '?':
                    break;
                default:
                    last = 1;
                    break;
            }
        }

        return group;
    }

    /// <summary>The bracket that ends a class; as its first member it is itself.</summary>
    private static int EndOfClass(string text, int begin)
    {
        var first = text.AsSpan(begin + 1).StartsWith("^") ? begin + 2 : begin + 1;
        for (var at = first; at < text.Length; at++)
        {
            if (text[at] == '\\')
            {
                at++;
            }
            else if (text[at] == ']' && at > first)
            {
                return at;
            }
        }

        return text.Length;
    }

    private static long Number(Group digits) => digits.Length == 0 ? 0 : int.TryParse(digits.ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : int.MaxValue;

    [GeneratedRegex(@"\G\{([0-9]+)(?:,([0-9]*))?\}", RegexOptions.CultureInvariant)]
    private static partial Regex Count();
}
