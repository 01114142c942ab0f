using System.Buffers.Binary;

namespace Bgp.Protocol;

/// <summary>One segment of a four-octet AS_PATH.</summary>
/// <param name="type">The segment's type.</param>
/// <param name="values">The AS numbers, four octets each, in network order.</param>
public readonly ref struct AsPathSegment(AsPathSegmentType type, ReadOnlySpan<byte> values)
{
    public AsPathSegmentType Type { get; } = type;

    /// <summary>The AS numbers, four octets each, in network order.</summary>
    public ReadOnlySpan<byte> Values { get; } = values;

    public int Count => Values.Length / 4;

    public bool IsConfederation => Type is AsPathSegmentType.AsConfedSequence or AsPathSegmentType.AsConfedSet;

    public bool IsSet => Type is AsPathSegmentType.AsSet or AsPathSegmentType.AsConfedSet;

    public Asn this[int index] => new(BinaryPrimitives.ReadUInt32BigEndian(Values[(4 * index)..]));
}
