using System.Collections.Immutable;
using System.Globalization;

namespace Bgp.Config;

/// <summary>The plain kinds of values: text, booleans, numbers and words of a fixed set. Each reads what it writes.</summary>
internal static class Kinds
{
    public static readonly ValueKind<string> Text = new ScalarKind<string>("text", ParseText, ScalarNode.String);

    /// <summary>Text that is also sent to peers or written to logs: one line, at most 255 bytes of UTF-8.</summary>
    public static readonly ValueKind<string> Line = new ScalarKind<string>("one line of text of at most 255 bytes", ParseLine, ScalarNode.String);

    public static readonly ValueKind<bool> Bool = new ScalarKind<bool>("true or false", ParseBool, static value => ScalarNode.Literal(value ? "true" : "false"));

    /// <summary>A name that is not looked up: of a neighbor, or of an interface in the kernel.</summary>
    public static readonly ValueKind<string> Name = new ScalarKind<string>("a name", ParseName, ScalarNode.String);

    /// <summary>The name of an interface: up to 15 bytes, as the kernel has it.</summary>
    public static readonly ValueKind<string> InterfaceName = new ScalarKind<string>("the name of an interface, such as eth0", ParseInterface, ScalarNode.String);

    /// <summary>A name of interfaces in which <c>*</c> stands for any text.</summary>
    public static readonly ValueKind<string> InterfacePattern = new ScalarKind<string>("the name of an interface, such as eth0 or eth*", ParsePattern, ScalarNode.String);

    /// <summary>As <see cref="InterfacePattern"/>, with <c>!</c> in front where it excludes.</summary>
    public static readonly ValueKind<string> InterfaceChoice = new ScalarKind<string>("the name of an interface, such as eth0, eth* or !cali*", ParseChoice, ScalarNode.String);

    public static ValueKind<int> Int(int min, int max) => new ScalarKind<int>(
        string.Create(CultureInfo.InvariantCulture, $"a number from {min} to {max}"),
        (ScalarNode node, out int value) => TryParseNumber(node, min, max, out var number, out value, static number => (int)number) ? null : OutOf(number, min, max),
        static value => ScalarNode.Literal(value.ToString(CultureInfo.InvariantCulture)));

    public static ValueKind<uint> UInt(uint min, uint max) => new ScalarKind<uint>(
        string.Create(CultureInfo.InvariantCulture, $"a number from {min} to {max}"),
        (ScalarNode node, out uint value) => TryParseNumber(node, min, max, out var number, out value, static number => (uint)number) ? null : OutOf(number, min, max),
        static value => ScalarNode.Literal(value.ToString(CultureInfo.InvariantCulture)));

    /// <summary>One of some words, each of which stands for a value. Words that YAML takes for booleans are literals.</summary>
    public static ValueKind<T> OneOf<T>(params ImmutableArray<(string Word, T Value)> words)
        where T : struct
    {
        var expects = Listed([.. words.Select(static pair => pair.Word)]);
        return new ScalarKind<T>(expects, Parse, value => Write(words.First(pair => EqualityComparer<T>.Default.Equals(pair.Value, value)).Word));

        string? Parse(ScalarNode node, out T value)
        {
            foreach (var pair in words)
            {
                if (string.Equals(pair.Word, node.Text, StringComparison.Ordinal))
                {
                    value = pair.Value;
                    return null;
                }
            }

            value = default;
            return Spelling.Nearest(node.Text, words.Select(static pair => pair.Word)) is { } near ? $"is {node.Noun} (did you mean '{near}'?)" : "";
        }

        static ScalarNode Write(string word) => word is "true" or "false" ? ScalarNode.Literal(word) : ScalarNode.String(word);
    }

    /// <summary>"a", "a or b", "a, b or c".</summary>
    public static string Listed(ImmutableArray<string> words) =>
        words.Length == 1 ? words[0] : $"{string.Join(", ", words.Take(words.Length - 1))} or {words[^1]}";

    private static string? ParseText(ScalarNode node, out string value)
    {
        value = node.Text;
        return null;
    }

    private static string? ParseLine(ScalarNode node, out string value)
    {
        value = node.Text;
        return System.Text.Encoding.UTF8.GetByteCount(value) > 255 ? "is too long"
            : value.Any(char.IsControl) ? "has a control character"
            : null;
    }

    private static string? ParseName(ScalarNode node, out string value)
    {
        value = node.Text;
        return value.Length == 0 ? "is empty" : value.Length > 255 ? "is longer than 255 characters" : value.Any(char.IsControl) ? "has a control character" : null;
    }

    private static string? ParseInterface(ScalarNode node, out string value)
    {
        value = node.Text;
        return IsInterfaceName(value) ? null : "";
    }

    private static string? ParsePattern(ScalarNode node, out string value)
    {
        value = node.Text;
        return IsInterfaceName(value) && value[0] != '!' ? null : "";
    }

    private static string? ParseChoice(ScalarNode node, out string value)
    {
        value = node.Text;
        return IsInterfaceName(value.StartsWith('!') ? value[1..] : value) ? null : "";
    }

    /// <summary>As the kernel's dev_valid_name has it.</summary>
    public static bool IsInterfaceName(string name) =>
        name.Length is > 0 and <= 15 && name is not ("." or "..") && name.All(static character => character is > ' ' and <= '~' and not ('/' or ':' or '%'));

    private static string? ParseBool(ScalarNode node, out bool value)
    {
        value = node.Text is "true" or "True" or "TRUE";
        var isWord = value || node.Text is "false" or "False" or "FALSE";
        return !isWord ? "" : node.Form == ScalarForm.Text ? $"is the text {node.Noun}; leave out the quotes" : null;
    }

    private static bool TryParseNumber<T>(ScalarNode node, long min, long max, out long number, out T value, Func<long, T> convert)
    {
        var isNumber = long.TryParse(node.Text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out number) && node.Form == ScalarForm.Plain;
        if (!isNumber)
        {
            number = min;
        }

        var isWithin = isNumber && number >= min && number <= max;
        value = isWithin ? convert(number) : default!;
        return isWithin;
    }

    private static string OutOf(long number, long min, long max) =>
        number < min ? string.Create(CultureInfo.InvariantCulture, $"is {number}, which is too small")
        : number > max ? string.Create(CultureInfo.InvariantCulture, $"is {number}, which is too great")
        : "";
}
