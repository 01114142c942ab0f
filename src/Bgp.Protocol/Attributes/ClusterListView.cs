using System.Buffers.Binary;

namespace Bgp.Protocol;

/// <summary>Reads the value of CLUSTER_LIST in place (RFC 4456 §8).</summary>
public readonly ref struct ClusterListView(ReadOnlySpan<byte> value)
{
    /// <summary>The attribute's value.</summary>
    public ReadOnlySpan<byte> Value { get; } = value;

    public int Count => Value.Length / 4;

    public RouterId this[int index] => new(BinaryPrimitives.ReadUInt32BigEndian(Value[(4 * index)..]));

    public bool Contains(RouterId clusterId)
    {
        for (var i = 0; i < Count; i++)
        {
            if (this[i] == clusterId)
            {
                return true;
            }
        }

        return false;
    }
}
