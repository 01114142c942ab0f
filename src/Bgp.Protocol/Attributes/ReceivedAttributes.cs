using System.Numerics;

namespace Bgp.Protocol;

/// <summary>The attributes of a section that passed their checks, by type: an index into the section, no copy.</summary>
internal readonly ref struct ReceivedAttributes
{
    /// <summary>The length of the index: one place a type.</summary>
    public const int IndexLength = byte.MaxValue + 1;

    /// <summary>The length of the map of types: one bit a type.</summary>
    public const int MapLength = IndexLength / BitsPerWord;

    private const int BitsPerWord = 64;
    private const int Discarded = -1;

    private readonly ReadOnlySpan<byte> _section;
    private readonly Span<int> _index; // where the attribute's header starts; only where the map has its type
    private readonly Span<ulong> _map;

    /// <param name="section">The attribute section.</param>
    /// <param name="index">Of <see cref="IndexLength"/>, whatever it holds.</param>
    /// <param name="map">Of <see cref="MapLength"/>, whatever it holds.</param>
    public ReceivedAttributes(ReadOnlySpan<byte> section, Span<int> index, Span<ulong> map)
    {
        _section = section;
        _index = index;
        _map = map;
        map.Clear();
    }

    /// <summary>Whether an attribute of the type came before, good or not.</summary>
    public bool HasSeen(AttributeType type) => (_map[(byte)type / BitsPerWord] & (1UL << ((byte)type % BitsPerWord))) != 0;

    public void Keep(AttributeType type, int offset) => Set(type, offset);

    public void Discard(AttributeType type) => Set(type, Discarded);

    public bool Contains(AttributeType type) => HasSeen(type) && _index[(byte)type] != Discarded;

    /// <summary>The next type after <paramref name="type"/> that was seen; false at the end.</summary>
    public bool TryMoveNext(ref AttributeType type)
    {
        var from = (byte)type + 1;
        for (var word = from / BitsPerWord; word < MapLength; word++)
        {
            var bits = _map[word] & (word == from / BitsPerWord ? ulong.MaxValue << (from % BitsPerWord) : ulong.MaxValue);
            if (bits != 0)
            {
                type = (AttributeType)((word * BitsPerWord) + BitOperations.TrailingZeroCount(bits));
                return true;
            }
        }

        return false;
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

        var reader = new AttributeReader(_section[_index[(byte)type]..]);
        reader.TryRead(out _, out flags, out value);
        return true;
    }

    private void Set(AttributeType type, int place)
    {
        _map[(byte)type / BitsPerWord] |= 1UL << ((byte)type % BitsPerWord);
        _index[(byte)type] = place;
    }
}
