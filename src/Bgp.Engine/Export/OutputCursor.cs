using Bgp.Protocol;

namespace Bgp.Engine;

/// <summary>
/// Where one member stands in the streams of UPDATEs that are meant for it. The transmitter reads whole messages and says when they are in the socket; the route lane writes the log and
/// may hand the cursor over from one log to another at a message boundary. One transmitter and the route lane use it at the same time, without a lock: each field has one writer.
/// </summary>
public sealed class OutputCursor
{
    private readonly int _member;
    private OutputSegment _segment;
    private int _range;
    private int _offset;
    private Handover _handover;
    private int _reported;
    private int _epoch;
    private long _sent;
    private bool _closed;

    internal OutputCursor(AddressFamily family, int member, OutputSegment segment, int range, Handover handover)
    {
        Family = family;
        _member = member;
        _segment = segment;
        _range = range;
        _offset = range < segment.RangeCount ? segment.Range(range).Begin : segment.Length;
        _handover = handover;
        _sent = segment.Start + _offset;
    }

    public AddressFamily Family { get; }

    /// <summary>The session slot of the member in the route engine.</summary>
    internal int Member => _member;

    /// <summary>Who reads by it; route lane only.</summary>
    internal GroupMember? Reader { get; set; }

    /// <summary>How many handovers the transmitter has passed; route lane reads it with <see cref="Sent"/>.</summary>
    internal (int Epoch, long Sequence) Sent
    {
        get
        {
            // The epoch is written after the sequence of a new log, so an old epoch may come with a new sequence: read until it is stable.
            while (true)
            {
                var epoch = Volatile.Read(ref _epoch);
                var sent = Volatile.Read(ref _sent);
                if (Volatile.Read(ref _epoch) == epoch && (epoch & 1) == 0)
                {
                    return (epoch >> 1, sent);
                }
            }
        }
    }

    /// <summary>The transmitter will not read any more and holds no memory of the log.</summary>
    internal bool IsClosed => Volatile.Read(ref _closed);

    /// <summary>
    /// The next bytes to send: whole messages, contiguous, valid until <see cref="Advance"/>. False when there is nothing now; the transport is woken when there may be. It reports then also
    /// where it has sent nothing: the cursor may have passed what is meant for others, or gone over to another log.
    /// </summary>
    public bool TryRead(out ReadOnlyMemory<byte> messages)
    {
        while (!_closed)
        {
            // The count is read before the handover's place: what is published after a handover was decided is never read past it.
            var count = _segment.RangeCount;
            if (PassHandover())
            {
                continue;
            }

            if (_range < count)
            {
                if (_segment.Range(_range).Audience.Includes(_member))
                {
                    messages = _segment.Buffer.AsMemory(_offset, ContiguousEnd(count) - _offset);
                    return true;
                }

                _offset = _segment.Range(_range++).End;
                Volatile.Write(ref _sent, _segment.Start + _offset);
                continue;
            }

            if (_segment.Next is not { } next)
            {
                break;
            }

            if (_range == _segment.RangeCount)
            {
                _segment = next;
                _range = 0;
                _offset = 0;
            }
        }

        messages = default;
        return false;
    }

    /// <summary>The first <paramref name="count"/> bytes of what <see cref="TryRead"/> gave, whole messages, are in the socket.</summary>
    public void Advance(int count)
    {
        _offset += count;
        while (_range < _segment.RangeCount && _segment.Range(_range).End <= _offset)
        {
            _range++;
        }

        Volatile.Write(ref _sent, _segment.Start + _offset);
    }

    /// <summary>The transmitter is done with the cursor, at the end of the connection; then it must report once more.</summary>
    public void Close() => Volatile.Write(ref _closed, true);

    /// <summary>Whether the transport should report progress now: false while an earlier report is still unread.</summary>
    public bool TryMarkReported() => Interlocked.Exchange(ref _reported, 1) == 0;

    /// <summary>Route lane: the report is being read.</summary>
    internal void ClearReported() => Volatile.Write(ref _reported, 0);

    private bool PassHandover()
    {
        var handover = _handover;
        if (_segment.Start + _offset != Volatile.Read(ref handover.At))
        {
            return false;
        }

        var target = handover.Target!;
        Volatile.Write(ref _epoch, _epoch + 1);
        _segment = target.Segment;
        _range = target.Range;
        _offset = target.Offset;
        Volatile.Write(ref _sent, _segment.Start + _offset);
        _handover = target.Following;
        Volatile.Write(ref _epoch, _epoch + 1);
        return true;
    }

    private int ContiguousEnd(int count)
    {
        var limit = Volatile.Read(ref _handover.At);
        var range = _range;
        var end = _segment.Range(range).End;
        while (++range < count && _segment.Start + end != limit && _segment.Range(range).Audience.Includes(_member))
        {
            end = _segment.Range(range).End;
        }

        return end;
    }
}

/// <summary>A cursor's next change of log: when it has reached <see cref="At"/> in the log that it reads, it goes on at <see cref="Target"/>. Unset until the route lane decides.</summary>
internal sealed class Handover
{
    public const long Never = long.MaxValue;

    internal long At = Never;

    /// <summary>Where the cursor goes on; set before <see cref="At"/> is.</summary>
    public HandoverTarget? Target { get; private set; }

    /// <summary>Route lane: the cursor leaves its log at this sequence number, the log's present end.</summary>
    public void Decide(long at, HandoverTarget target)
    {
        Target = target;
        Volatile.Write(ref At, at);
    }
}

/// <summary>Where a cursor goes on, and the handover that may come after this one.</summary>
internal sealed record HandoverTarget(OutputSegment Segment, int Range, int Offset, Handover Following);
