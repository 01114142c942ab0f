using System.Globalization;
using System.Text;

namespace Bgp.Config;

/// <summary>Document → YAML, so that reading it back gives the same document: block style, but lists of scalars on one line.</summary>
internal static class YamlRenderer
{
    public static string Render(ConfigNode root)
    {
        var text = new StringBuilder();
        if (root is MapNode { Entries.Length: > 0 } map)
        {
            WriteMap(text, map, 0, startsLine: true);
        }
        else
        {
            text.Append(Flow(root)).Append('\n');
        }

        return text.ToString();
    }

    /// <summary>The node on one line, as in <c>{ebgp: 16, ibgp: 16}</c>.</summary>
    public static string Flow(ConfigNode node) => node switch
    {
        ScalarNode scalar => Scalar(scalar),
        ListNode list => $"[{string.Join(", ", list.Items.Select(Flow))}]",
        _ => $"{{{string.Join(", ", ((MapNode)node).Entries.Select(static entry => $"{Quote(entry.Key)}: {Flow(entry.Value)}"))}}}",
    };

    private static void WriteMap(StringBuilder text, MapNode map, int indent, bool startsLine)
    {
        foreach (var entry in map.Entries)
        {
            if (startsLine)
            {
                text.Append(' ', indent);
            }

            startsLine = true;
            text.Append(Quote(entry.Key)).Append(':');
            switch (entry.Value)
            {
                case MapNode { Entries.Length: > 0 } inner:
                    text.Append('\n');
                    WriteMap(text, inner, indent + 2, startsLine: true);
                    break;
                case ListNode list when list.Items.Any(static item => item is not ScalarNode):
                    text.Append('\n');
                    WriteList(text, list, indent + 2);
                    break;
                default:
                    text.Append(' ').Append(Flow(entry.Value)).Append('\n');
                    break;
            }
        }
    }

    private static void WriteList(StringBuilder text, ListNode list, int indent)
    {
        foreach (var item in list.Items)
        {
            text.Append(' ', indent).Append("- ");
            if (item is MapNode { Entries.Length: > 0 } map)
            {
                WriteMap(text, map, indent + 2, startsLine: false);
            }
            else
            {
                text.Append(Flow(item)).Append('\n');
            }
        }
    }

    private static string Scalar(ScalarNode scalar) => scalar.Form == ScalarForm.Plain ? scalar.Text : Quote(scalar.Text);

    /// <summary>Bare where YAML takes it for the same text in block and in flow style, else in double quotes.</summary>
    private static string Quote(string text)
    {
        if (IsBare(text))
        {
            return text;
        }

        var quoted = new StringBuilder(text.Length + 2).Append('"');
        foreach (var character in text)
        {
            _ = character switch
            {
                '"' => quoted.Append("\\\""),
                '\\' => quoted.Append("\\\\"),
                '\n' => quoted.Append("\\n"),
                '\r' => quoted.Append("\\r"),
                '\t' => quoted.Append("\\t"),
                < ' ' or (>= '\x7f' and <= '\xa0') or '\u2028' or '\u2029' or '\ufeff' or '\ufffe' or '\uffff' =>
                    quoted.Append(CultureInfo.InvariantCulture, $"\\u{(int)character:x4}"),
                _ => quoted.Append(character),
            };
        }

        return quoted.Append('"').ToString();
    }

    /// <summary>
    /// Words of letters, digits and a few marks that mean nothing to YAML, and that no reader takes for a number, a boolean or null.
    /// </summary>
    private static bool IsBare(string text)
    {
        if (text.Length == 0 || !char.IsAsciiLetterOrDigit(text[0]) && text[0] is not ('/' or '<'))
        {
            return false;
        }

        for (var index = 0; index < text.Length; index++)
        {
            var character = text[index];
            var isSafe = char.IsAsciiLetterOrDigit(character) || character is '.' or '_' or '-' or '/' or '%' or '+' or '<' or '>'
                || (character == ':' && index + 1 < text.Length && text[index + 1] is not (' ' or ','));
            if (!isSafe)
            {
                return false;
            }
        }

        return !LooksTyped(text);
    }

    private static bool LooksTyped(string text) =>
        text.ToUpperInvariant() is "NULL" or "TRUE" or "FALSE" or "YES" or "NO" or "ON" or "OFF" or "Y" or "N"
        || (char.IsAsciiDigit(text[0]) && double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out _))
        || IsSexagesimal(text)
        || (text.Length > 1 && text[0] == '0' && text[1] is 'x' or 'X' or 'o' or 'O' or 'b' or 'B');

    /// <summary>Digits and colons only, which YAML 1.1 readers take for a number in base 60.</summary>
    private static bool IsSexagesimal(string text) => text.Contains(':') && text.All(static character => char.IsAsciiDigit(character) || character == ':');
}
