using System.Globalization;

namespace Bgp.Config;

/// <summary>
/// Durations: numbers with the units <c>h</c>, <c>m</c>, <c>s</c> and <c>ms</c>, from great to small, such as <c>90s</c> or <c>1h30m</c>.
/// Zero needs no unit.
/// </summary>
internal static class DurationKind
{
    private static readonly (string Unit, long Milliseconds)[] Units = [("h", 3_600_000), ("m", 60_000), ("s", 1_000), ("ms", 1)];

    /// <summary>A duration of whole seconds within bounds: what the wire or a socket counts in seconds.</summary>
    /// <param name="min">The least, but that <paramref name="zero"/> allows 0 as well.</param>
    /// <param name="max">The greatest.</param>
    /// <param name="zero">Whether 0 (which turns something off) is allowed below <paramref name="min"/>.</param>
    public static ValueKind<TimeSpan> Seconds(int min, int max, bool zero = false) => Create(
        TimeSpan.FromSeconds(min), TimeSpan.FromSeconds(max), zero, wholeSeconds: true);

    public static ValueKind<TimeSpan> Milliseconds(int min, int max) => Create(
        TimeSpan.FromMilliseconds(min), TimeSpan.FromMilliseconds(max), zero: false, wholeSeconds: false);

    /// <summary>In seconds, or in milliseconds where seconds are not enough.</summary>
    public static string Print(TimeSpan value) => value.Ticks % TimeSpan.TicksPerSecond == 0
        ? string.Create(CultureInfo.InvariantCulture, $"{value.Ticks / TimeSpan.TicksPerSecond}s")
        : string.Create(CultureInfo.InvariantCulture, $"{value.Ticks / TimeSpan.TicksPerMillisecond}ms");

    public static bool TryParse(ReadOnlySpan<char> text, out TimeSpan value)
    {
        value = TimeSpan.Zero;
        if (text is "0")
        {
            return true;
        }

        var nextUnit = 0;
        var total = 0L;
        while (!text.IsEmpty)
        {
            var digits = text.IndexOfAnyExceptInRange('0', '9');
            if (digits is <= 0 or > 9)
            {
                return false;
            }

            var number = long.Parse(text[..digits], NumberStyles.None, CultureInfo.InvariantCulture);
            text = text[digits..];
            var letters = text.IndexOfAnyInRange('0', '9');
            var unit = letters < 0 ? text : text[..letters];
            var index = nextUnit;
            while (index < Units.Length && !unit.SequenceEqual(Units[index].Unit))
            {
                index++;
            }

            if (index == Units.Length)
            {
                return false;
            }

            total += number * Units[index].Milliseconds;
            nextUnit = index + 1;
            text = text[unit.Length..];
        }

        value = TimeSpan.FromMilliseconds(total);
        return nextUnit > 0;
    }

    private static ScalarKind<TimeSpan> Create(TimeSpan min, TimeSpan max, bool zero, bool wholeSeconds)
    {
        var expects = $"a duration from {Print(min)} to {Print(max)}{(zero && min > TimeSpan.Zero ? ", or 0s" : "")}";
        return new ScalarKind<TimeSpan>(expects, Parse, static value => ScalarNode.String(Print(value)));

        string? Parse(ScalarNode node, out TimeSpan value)
        {
            if (!TryParse(node.Text, out value))
            {
                var isBare = node.Text.Length is > 0 and <= 9 && node.Text.All(char.IsAsciiDigit);
                return isBare ? $"is {node.Noun}, which has no unit (did you mean {node.Text}s?)" : "";
            }

            return zero && value == TimeSpan.Zero ? null
                : value < min ? $"is {Print(value)}, which is too short"
                : value > max ? $"is {Print(value)}, which is too long"
                : wholeSeconds && value.Ticks % TimeSpan.TicksPerSecond != 0 ? $"is {Print(value)}, which is not in whole seconds"
                : null;
        }
    }
}
