using Bgp.Protocol;

namespace Bgp.Engine;

/// <summary>
/// The encoded UPDATEs of an update group, or of a walk that feeds some of its members: written once by the route lane, read by each member's <see cref="OutputCursor"/>.
/// <para>
/// Segments are given back to the pool by the route lane only, when no cursor can touch them any more: none that follows the log stands there or before, and none that leaves the log later on
/// needs it. A cursor that has sent exactly all of a segment may still hold it to find the next one, so its mark moves on only with the first byte after.
/// </para>
/// </summary>
internal sealed class OutputLog
{
    private readonly OutputSegmentPool _pool;
    private readonly List<OutputSegment> _segments = [];
    private OutputSegment _tail;
    private int _written;
    private OutputAudience _audience = OutputAudience.Everybody;

    public OutputLog(OutputSegmentPool pool)
    {
        _pool = pool;
        _tail = pool.Rent(0);
        _segments.Add(_tail);
    }

    /// <summary>The sequence number after the last published byte.</summary>
    public long End => _tail.End;

    public OutputSegment Tail => _tail;

    /// <summary>Members that read it, or will: so often as they will come to it.</summary>
    public int Users { get; set; }

    /// <summary>A cursor that reads all that is published from now on.</summary>
    public OutputCursor Open(AddressFamily family, int member, Handover handover)
    {
        _tail.Followers++;
        return new OutputCursor(family, member, _tail, _tail.RangeCount, handover);
    }

    /// <summary>The present end as the place where a cursor goes on.</summary>
    public HandoverTarget EndAsTarget(Handover following)
    {
        _tail.Followers++;
        return new HandoverTarget(_tail, _tail.RangeCount, _tail.Length, following);
    }

    /// <summary>Room for one message of up to <paramref name="maxLength"/> bytes; <see cref="Commit"/> says how long it became.</summary>
    public Span<byte> Reserve(int maxLength, OutputAudience audience)
    {
        if (audience != _audience)
        {
            Publish();
            _audience = audience;
        }

        if (_written + maxLength > OutputSegment.Capacity || _tail.RangeCount == OutputSegment.MaxRanges)
        {
            Publish();
            var next = _pool.Rent(_tail.End);
            _tail.Next = next;
            _tail = next;
            _segments.Add(next);
            _written = 0;
            Trim();
        }

        return _tail.Buffer.AsSpan(_written, maxLength);
    }

    public void Commit(int length) => _written += length;

    /// <summary>Makes all committed bytes readable.</summary>
    public void Publish()
    {
        if (_written > _tail.Length)
        {
            _tail.Publish(_written, _audience);
        }
    }

    /// <summary>The cursor whose mark is <paramref name="mark"/> reads up to the present end and then leaves: from now on it keeps only those segments.</summary>
    public void Detach(OutputSegment mark)
    {
        mark.Followers--;
        for (var segment = mark; segment is not null; segment = segment.Next)
        {
            segment.Pins++;
        }

        Trim();
    }

    /// <summary>Moves a cursor's mark to the segment that it must stand in after it has sent up to <paramref name="sequence"/>.</summary>
    public OutputSegment Move(OutputSegment mark, long sequence, bool isDetached)
    {
        var segment = mark;
        while (sequence > segment.End && segment.Next is { } next)
        {
            if (isDetached)
            {
                segment.Pins--;
            }
            else
            {
                segment.Followers--;
                next.Followers++;
            }

            segment = next;
        }

        if (segment != mark)
        {
            Trim();
        }

        return segment;
    }

    /// <summary>The cursor is gone from this log; <paramref name="leftAt"/> is where it was to leave, for one that was detached.</summary>
    public void Remove(OutputSegment mark, long? leftAt)
    {
        if (leftAt is not { } at)
        {
            mark.Followers--;
        }
        else
        {
            // What comes after the place is not pinned: it may be in another log by now.
            var segment = mark;
            segment.Pins--;
            while (segment.End < at && segment.Next is { } next)
            {
                segment = next;
                segment.Pins--;
            }
        }

        Trim();
    }

    /// <summary>Gives every segment back; the log is not used after it, and no cursor reads it.</summary>
    public void Release()
    {
        foreach (var segment in _segments)
        {
            _pool.Return(segment);
        }

        _segments.Clear();
    }

    private void Trim()
    {
        var kept = 0;
        var at = 0;
        for (; at < _segments.Count - 1 && _segments[at].Followers == 0; at++)
        {
            if (_segments[at].Pins == 0)
            {
                _pool.Return(_segments[at]);
            }
            else
            {
                _segments[kept++] = _segments[at];
            }
        }

        _segments.RemoveRange(kept, at - kept);
    }
}

/// <summary>Segments that no log uses; keeps a bounded number. Route lane only.</summary>
internal sealed class OutputSegmentPool
{
    private const int MaxFree = 64;

    private readonly Stack<OutputSegment> _free = new();

    /// <summary>Segments that are out.</summary>
    public int Rented { get; private set; }

    public OutputSegment Rent(long start)
    {
        Rented++;
        if (!_free.TryPop(out var segment))
        {
            segment = new OutputSegment();
        }

        segment.Reset(start);
        return segment;
    }

    public void Return(OutputSegment segment)
    {
        Rented--;
        if (_free.Count < MaxFree)
        {
            _free.Push(segment);
        }
    }
}
