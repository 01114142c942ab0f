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
