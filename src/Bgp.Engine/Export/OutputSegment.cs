namespace Bgp.Engine;

/// <summary>
/// One stretch of an <see cref="OutputLog"/>: whole messages, cut into ranges by audience. Written by the route lane only; read by any number of transmitters. A range never changes
/// once <see cref="RangeCount"/> covers it, and <see cref="Next"/> is set only after the last range is published, so a reader needs no lock. Segments are pooled: see
/// <see cref="OutputLog"/> for when one is given back.
/// </summary>
internal sealed class OutputSegment
{
    public const int Capacity = 65536;
    public const int MaxRanges = 256;

    private readonly OutputRange[] _ranges = new OutputRange[MaxRanges];
    private int _rangeCount;
    private OutputSegment? _next;

    /// <summary>The log's sequence number of the first byte.</summary>
    public long Start { get; private set; }

    public byte[] Buffer { get; } = GC.AllocateUninitializedArray<byte>(Capacity);

    /// <summary>Route lane: bytes written.</summary>
    public int Length { get; private set; }

    /// <summary>Route lane: cursors that stand in this segment and follow the log from here.</summary>
    public int Followers { get; set; }

    /// <summary>Route lane: cursors that need this segment, but not all that come after it, since they leave the log.</summary>
    public int Pins { get; set; }

    public int RangeCount => Volatile.Read(ref _rangeCount);

    public OutputSegment? Next
    {
        get => Volatile.Read(ref _next);
        set => Volatile.Write(ref _next, value);
    }

    public long End => Start + Length;

    /// <summary>Starts a new filling; no reader holds the segment.</summary>
    public void Reset(long start)
    {
        Start = start;
        Length = 0;
        Followers = 0;
        Pins = 0;
        _rangeCount = 0;
        _next = null;
    }

    public ref readonly OutputRange Range(int index) => ref _ranges[index];

    /// <summary>Makes the bytes up to <paramref name="length"/> readable for the audience.</summary>
    public void Publish(int length, OutputAudience audience)
    {
        _ranges[_rangeCount] = new OutputRange(Length, length, audience);
        Length = length;
        Volatile.Write(ref _rangeCount, _rangeCount + 1);
    }
}

/// <summary>Bytes [Begin, End) of a segment and whom they are for.</summary>
internal readonly record struct OutputRange(int Begin, int End, OutputAudience Audience);

/// <summary>Whom a range is for: everybody but up to two members, or one member only. −1 is nobody.</summary>
internal readonly record struct OutputAudience(int Except, int ExceptToo, int Only)
{
    public static OutputAudience Everybody => new(-1, -1, -1);

    public static OutputAudience JustFor(int member) => new(-1, -1, member);

    public static OutputAudience AllBut(int member, int another) => new(member, another, -1);

    public bool Includes(int member) => Only >= 0 ? Only == member : member != Except && member != ExceptToo;
}
