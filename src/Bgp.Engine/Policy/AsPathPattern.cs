using System.Diagnostics.CodeAnalysis;
using System.Globalization;
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
    /// <summary>Characters of an expression; it also bounds the time and memory that reading one takes.</summary>
    public const int MaxLength = 1024;

    /// <summary>What counted repetitions within each other may multiply to; bounds the time that a step along the path takes.</summary>
    public const int MaxRepetitions = 100;

    private const string Boundary = @"(?:^|$|[ ,{}()\[\]])";
    private const RegexOptions Options = RegexOptions.NonBacktracking | RegexOptions.CultureInvariant;

    private readonly Regex _regex;

    private AsPathPattern(string text, Regex regex)
    {
        Text = text;
        _regex = regex;
    }

    /// <summary>As written.</summary>
    public string Text { get; }

    /// <summary>Reads an expression; <paramref name="fault"/> says what is wrong with it, of the text as it was written.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out AsPathPattern? pattern, [NotNullWhen(false)] out string? fault)
    {
        pattern = null;
        fault = text.Length == 0 ? "it is empty"
            : text.Length > MaxLength ? string.Create(CultureInfo.InvariantCulture, $"it is longer than {MaxLength} characters")
            : null;
        if (fault is not null)
        {
            return false;
        }

        try
        {
            // An underscore is an ordinary character, so what is wrong with the translation is wrong with the text, and is said with the text's own offsets.
            _ = new Regex(text, Options);
            if (RepetitionCount.Of(text) > MaxRepetitions)
            {
                fault = string.Create(CultureInfo.InvariantCulture, $"its repetitions with counts multiply to more than {MaxRepetitions}");
                return false;
            }

            pattern = new AsPathPattern(text, new Regex(Translate(text), Options));
            return true;
        }
        catch (RegexParseException wrong)
        {
            fault = Reason(wrong);
            return false;
        }
        catch (NotSupportedException wrong)
        {
            fault = Reason(wrong);
            return false;
        }
    }

    public bool Matches(in AsPathView path) => _regex.IsMatch(path.ToString());

    public bool Equals(AsPathPattern? other) => other is not null && string.Equals(Text, other.Text, StringComparison.Ordinal);

    public override bool Equals(object? obj) => Equals(obj as AsPathPattern);

    public override int GetHashCode() => StringComparer.Ordinal.GetHashCode(Text);

    public override string ToString() => Text;

    /// <summary>Without the pattern, which the message repeats.</summary>
    private static string Reason(RegexParseException wrong)
    {
        var place = string.Create(CultureInfo.InvariantCulture, $" at offset {wrong.Offset}. ");
        var at = wrong.Message.LastIndexOf(place, StringComparison.Ordinal);
        var reason = at < 0 ? wrong.Message : wrong.Message[(at + place.Length)..];
        return string.Create(CultureInfo.InvariantCulture, $"{reason.TrimEnd('.')}, at character {wrong.Offset}");
    }

    /// <summary>What the matcher cannot do is named in quotes; without a name, the expression is too large.</summary>
    private static string Reason(NotSupportedException wrong)
    {
        const string Mark = "containing: '";
        var at = wrong.Message.IndexOf(Mark, StringComparison.Ordinal);
        var what = at < 0 ? "repetitions of this size" : wrong.Message[(at + Mark.Length)..].TrimEnd('.', '\'');
        return $"{what} cannot be matched in time proportional to the path";
    }

    private static string Translate(string text)
    {
        var result = new StringBuilder();
        var firstMember = -1;
        for (var at = 0; at < text.Length; at++)
        {
            var character = text[at];
            if (character == '\\' && at + 1 < text.Length)
            {
                result.Append(character).Append(text[++at]);
                continue;
            }

            if (firstMember < 0 && character == '[')
            {
                firstMember = text.AsSpan(at + 1).StartsWith("^") ? at + 2 : at + 1;
            }
            else if (character == ']' && at > firstMember)
            {
                // As the first member of a class the bracket is itself.
                firstMember = -1;
            }

            result.Append(character == '_' && firstMember < 0 ? Boundary : character.ToString());
        }

        return result.ToString();
    }
}
