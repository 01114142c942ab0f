namespace Bgp.Engine;

/// <summary>A range of dynamic neighbors, and how often those that it has no place for are told so, and an operator of them.</summary>
internal sealed class RangeAdmission(NeighborRange range)
{
    /// <summary>Connections in <see cref="Window"/> that are closed with a NOTIFICATION; each may take seconds to close.</summary>
    private const int ExplanationsPerWindow = 64;

    private static readonly TimeSpan Window = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan ReportPause = TimeSpan.FromMinutes(1);

    private Instant? _reportedAt;
    private Instant _windowEnd;
    private int _explained;

    public NeighborRange Range { get; } = range;

    /// <summary>The neighbors that have come out of it, those that are only remembered included.</summary>
    public int Count { get; set; }

    public bool MayReport(Instant now)
    {
        if (_reportedAt + ReportPause > now)
        {
            return false;
        }

        _reportedAt = now;
        return true;
    }

    public bool MayExplain(Instant now)
    {
        if (now >= _windowEnd)
        {
            (_windowEnd, _explained) = (now + Window, 0);
        }

        return _explained++ < ExplanationsPerWindow;
    }
}
