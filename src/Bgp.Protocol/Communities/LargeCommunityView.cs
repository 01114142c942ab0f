using System.Buffers.Binary;

namespace Bgp.Protocol;

/// <summary>Reads the value of a canonical LARGE_COMMUNITY in place: sorted, each once.</summary>
public readonly ref struct LargeCommunityView(ReadOnlySpan<byte> value)
{
    /// <summary>The attribute's value.</summary>
    public ReadOnlySpan<byte> Value { get; } = value;

    public int Count => Value.Length / 12;

    public LargeCommunity this[int index]
    {
        get
        {
            var entry = Value.Slice(12 * index, 12);
            return new LargeCommunity(
                BinaryPrimitives.ReadUInt32BigEndian(entry),
                BinaryPrimitives.ReadUInt32BigEndian(entry[4..]),
                BinaryPrimitives.ReadUInt32BigEndian(entry[8..]));
        }
    }

    public bool Contains(LargeCommunity community)
    {
        for (var i = 0; i < Count; i++)
        {
            if (this[i] == community)
            {
                return true;
            }
        }

        return false;
    }
}
