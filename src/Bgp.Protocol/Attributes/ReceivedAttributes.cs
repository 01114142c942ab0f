namespace Bgp.Protocol;

/// <summary>The attributes of a section that passed their checks, by type: an index into the section, no copy.</summary>
internal readonly ref struct ReceivedAttributes
{
    /// <summary>The length of the index: one place a type.</summary>
    public const int IndexLength = byte.MaxValue + 1;

    private const int Absent = 0;
    private const int Discarded = -1;

    private readonly ReadOnlySpan<byte> _section;
    private readonly Span<int> _index; // where the attribute's header starts, plus one

    /// <param name="section">The attribute section.</param>
    /// <param name="index">Zeroed, of <see cref="IndexLength"/>.</param>
    public ReceivedAttributes(ReadOnlySpan<byte> section, Span<int> index)
    {
        _section = section;
        _index = index;
    }

    /// <summary>Whether an attribute of the type came before, good or not.</summary>
    public bool HasSeen(AttributeType type) => _index[(byte)type] != Absent;

    public void Keep(AttributeType type, int offset) => _index[(byte)type] = offset + 1;

    public void Discard(AttributeType type) => _index[(byte)type] = Discarded;

    public bool Contains(AttributeType type) => _index[(byte)type] > Absent;

    /// <summary>The next type after <paramref name="type"/> that was seen; false at the end.</summary>
    public bool TryMoveNext(ref AttributeType type)
    {
        var from = (byte)type + 1;
        var at = _index[from..].IndexOfAnyExcept(Absent);
        type = (AttributeType)(from + Math.Max(at, 0));
        return at >= 0;
    }

    public bool TryGet(AttributeType type, out ReadOnlySpan<byte> value) => TryGet(type, out value, out _);

    public bool TryGet(AttributeType type, out ReadOnlySpan<byte> value, out AttributeFlags flags)
    {
        value = default;
        flags = AttributeFlags.None;
        if (!Contains(type))
        {
            return false;
        }

        var reader = new AttributeReader(_section[(_index[(byte)type] - 1)..]);
        reader.TryRead(out _, out flags, out value);
        return true;
    }
}
