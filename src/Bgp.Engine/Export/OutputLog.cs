using Bgp.Protocol;

namespace Bgp.Engine;

/// <summary>
/// The encoded UPDATEs of an update group, or of a walk that feeds some of its members: written once by the route lane, read by each member's <see cref="OutputCursor"/>. Segments are
/// given back to the pool at the least cursor, by the route lane only.
/// </summary>
internal sealed class OutputLog
{
    private readonly OutputBufferPool _pool;
    private OutputSegment _head;
    private OutputSegment _tail;
    private int _written;
    private OutputAudience _audience = OutputAudience.Everybody;

    public OutputLog(OutputBufferPool pool)
    {
        _pool = pool;
        _head = _tail = new OutputSegment(0, pool.Rent());
    }

    /// <summary>The sequence number after the last published byte.</summary>
    public long End => _tail.End;

    public OutputSegment Tail => _tail;

    /// <summary>A cursor that reads all that is published from now on.</summary>
    public OutputCursor Open(AddressFamily family, int member, Handover handover)
    {
        _tail.Readers++;
        return new OutputCursor(family, member, _tail, _tail.RangeCount, handover);
    }

    /// <summary>The present end as the place where a cursor goes on.</summary>
    public HandoverTarget EndAsTarget(Handover following)
    {
        _tail.Readers++;
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
            var next = new OutputSegment(_tail.End, _pool.Rent());
            _tail.Next = next;
            _tail = next;
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

    /// <summary>Moves a reader's mark from its segment to the one that holds <paramref name="sequence"/>; returns that one.</summary>
    public OutputSegment MoveReader(OutputSegment from, long sequence)
    {
        var segment = from;
        while (sequence >= segment.End && segment.Next is { } next)
        {
            segment = next;
        }

        if (segment != from)
        {
            segment.Readers++;
            from.Readers--;
            Trim();
        }

        return segment;
    }

    public void RemoveReader(OutputSegment segment)
    {
        segment.Readers--;
        Trim();
    }

    /// <summary>Gives every buffer back; the log is not used after it, and no cursor reads it.</summary>
    public void Release()
    {
        for (var segment = _head; segment is not null; segment = segment.Next)
        {
            _pool.Return(segment.Buffer);
        }
    }

    private void Trim()
    {
        while (_head.Readers == 0 && _head != _tail)
        {
            _pool.Return(_head.Buffer);
            _head = _head.Next!;
        }
    }
}

/// <summary>Buffers of <see cref="OutputSegment.Capacity"/> bytes; keeps a bounded number of free ones. Route lane only.</summary>
internal sealed class OutputBufferPool
{
    private const int MaxFree = 64;

    private readonly Stack<byte[]> _free = new();

    /// <summary>Buffers that are out.</summary>
    public int Rented { get; private set; }

    public byte[] Rent()
    {
        Rented++;
        return _free.TryPop(out var buffer) ? buffer : GC.AllocateUninitializedArray<byte>(OutputSegment.Capacity);
    }

    public void Return(byte[] buffer)
    {
        Rented--;
        if (_free.Count < MaxFree)
        {
            _free.Push(buffer);
        }
    }
}
