using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Text.RegularExpressions;
using Bgp.Protocol;

namespace Bgp.Engine;

/// <summary>
/// A regular expression over an AS path as it is shown: <c>65001 65002 {65003,65004}</c>. An underscore matches the begin, the end, and what stands between numbers, as FRR has it. Matching takes
/// time in proportion to the path's length, whatever the expression, since the path is a peer's and may be made to be slow; expressions that cannot promise that are refused.
/// </summary>
public sealed class AsPathPattern : IEquatable<AsPathPattern>
{
    private const string Boundary = @"(?:^|$|[ ,{}()\[\]])";

    private readonly Regex _regex;

    private AsPathPattern(string text, Regex regex)
    {
        Text = text;
        _regex = regex;
    }

    /// <summary>As written.</summary>
    public string Text { get; }

    /// <summary>Reads an expression; <paramref name="fault"/> says what is wrong with it.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out AsPathPattern? pattern, [NotNullWhen(false)] out string? fault)
    {
        try
        {
            pattern = new AsPathPattern(text, new Regex(Translate(text), RegexOptions.NonBacktracking | RegexOptions.CultureInvariant));
            fault = null;
            return true;
        }
        catch (ArgumentException wrong)
        {
            (pattern, fault) = (null, wrong.Message);
            return false;
        }
        catch (NotSupportedException wrong)
        {
            (pattern, fault) = (null, wrong.Message);
            return false;
        }
    }

    public bool Matches(in AsPathView path) => _regex.IsMatch(path.ToString());

    public bool Equals(AsPathPattern? other) => other is not null && string.Equals(Text, other.Text, StringComparison.Ordinal);

    public override bool Equals(object? obj) => Equals(obj as AsPathPattern);

    public override int GetHashCode() => StringComparer.Ordinal.GetHashCode(Text);

    public override string ToString() => Text;

    private static string Translate(string text)
    {
        var result = new StringBuilder();
        var isInClass = false;
        for (var at = 0; at < text.Length; at++)
        {
            var character = text[at];
            if (character == '\\' && at + 1 < text.Length)
            {
                result.Append(character).Append(text[++at]);
                continue;
            }

            isInClass = character switch { '[' => true, ']' => false, _ => isInClass };
            result.Append(character == '_' && !isInClass ? Boundary : character.ToString());
        }

        return result.ToString();
    }
}
