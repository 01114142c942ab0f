using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Bgp.Protocol;

namespace Bgp.Daemon;

/// <summary>One ping from pod to pod; <paramref name="Time"/> is <c>null</c> when it was not answered.</summary>
internal readonly record struct PingResult(int From, int To, IpAddress Address, TimeSpan? Time);

/// <summary>Which pod was answered by which.</summary>
internal sealed record PingMatrix(ImmutableArray<LabPod> Pods, ImmutableArray<PingResult> Results)
{
    /// <summary>With more pods than this a cell is one character, else the time in milliseconds.</summary>
    private const int WideCells = 12;

    public bool IsComplete => Results.All(result => result.Time is not null);

    /// <summary>A table for each family, a row for each pod that pinged.</summary>
    public override string ToString()
    {
        var text = new StringBuilder();
        foreach (var isV6 in (ReadOnlySpan<bool>)[false, true])
        {
            var results = Results.Where(result => result.Address.IsV6 == isV6).ToDictionary(result => (result.From, result.To), result => result.Time);
            if (results.Count > 0)
            {
                Write(text, isV6, results);
            }
        }

        return text.ToString();
    }

    private void Write(StringBuilder text, bool isV6, Dictionary<(int From, int To), TimeSpan?> results)
    {
        var wide = Pods.Length <= WideCells;
        var answered = results.Values.Count(time => time is not null);
        var unit = wide ? "milliseconds" : ". is an answer";
        text.Append(CultureInfo.InvariantCulture, $"{(isV6 ? "IPv6" : "IPv4")} from pod (row) to pod (column), {unit}, X is none\n");
        var label = Pods.Max(pod => pod.Name.Length);
        if (wide)
        {
            text.Append(' ', label);
            foreach (var pod in Pods)
            {
                text.Append(CultureInfo.InvariantCulture, $" {pod.Name,7}");
            }

            text.Append('\n');
        }

        for (var from = 0; from < Pods.Length; from++)
        {
            text.Append(Pods[from].Name.PadRight(label));
            for (var to = 0; to < Pods.Length; to++)
            {
                var cell = Cell(from, to, wide, results);
                text.Append(' ').Append(wide ? cell.PadLeft(7) : cell);
            }

            text.Append('\n');
        }

        text.Append(CultureInfo.InvariantCulture, $"{answered} of {results.Count} pings answered\n");
    }

    private static string Cell(int from, int to, bool wide, Dictionary<(int From, int To), TimeSpan?> results)
    {
        if (from == to)
        {
            return "-";
        }

        return results[(from, to)] is not { } time ? "X" : wide ? time.TotalMilliseconds.ToString("0.00", CultureInfo.InvariantCulture) : ".";
    }
}
