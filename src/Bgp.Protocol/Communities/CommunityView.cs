using System.Buffers.Binary;

namespace Bgp.Protocol;

/// <summary>Reads the value of a canonical COMMUNITIES in place: sorted, each once.</summary>
public readonly ref struct CommunityView(ReadOnlySpan<byte> value)
{
    /// <summary>The attribute's value.</summary>
    public ReadOnlySpan<byte> Value { get; } = value;

    public int Count => Value.Length / 4;

    public Community this[int index] => new(BinaryPrimitives.ReadUInt32BigEndian(Value[(4 * index)..]));

    public bool Contains(Community community)
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
