using System.Buffers.Binary;

namespace Bgp.Protocol;

/// <summary>Reads the value of a canonical EXTENDED COMMUNITIES in place: sorted, each once.</summary>
public readonly ref struct ExtendedCommunityView(ReadOnlySpan<byte> value)
{
    /// <summary>The attribute's value.</summary>
    public ReadOnlySpan<byte> Value { get; } = value;

    public int Count => Value.Length / 8;

    public ExtendedCommunity this[int index] => new(BinaryPrimitives.ReadUInt64BigEndian(Value[(8 * index)..]));

    public bool Contains(ExtendedCommunity community)
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
