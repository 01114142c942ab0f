using System.Buffers.Binary;
using System.Diagnostics;

namespace Bgp.Protocol;

/// <summary>
/// The forms of AS_PATH: check, two octets to four and back, and the merge with AS4_PATH (RFC 6793 §4.2). Methods that write assume a
/// checked source and a destination with room.
/// </summary>
internal static class AsPathCodec
{
    private const int SegmentHeaderLength = 2;
    private const int MaxSegmentCount = 255;

    /// <summary>RFC 7606 §7.2: known segment types, none empty, none over the end; no AS 0 (RFC 7607 §2).</summary>
    public static bool IsWellFormed(ReadOnlySpan<byte> value, int asnSize, bool allowConfederation)
    {
        while (!value.IsEmpty)
        {
            if (value.Length < SegmentHeaderLength || value[1] == 0)
            {
                return false;
            }

            var type = (AsPathSegmentType)value[0];
            var isKnown = type is AsPathSegmentType.AsSet or AsPathSegmentType.AsSequence
                || (allowConfederation && IsConfederation(type));
            var length = value[1] * asnSize;
            if (!isKnown || length > value.Length - SegmentHeaderLength)
            {
                return false;
            }

            var numbers = value.Slice(SegmentHeaderLength, length);
            for (; !numbers.IsEmpty; numbers = numbers[asnSize..])
            {
                if (ReadAsn(numbers, asnSize) == 0)
                {
                    return false;
                }
            }

            value = value[(SegmentHeaderLength + length)..];
        }

        return true;
    }

    /// <summary>The octets of a two-octet value once widened.</summary>
    public static int WidenedLength(ReadOnlySpan<byte> value)
    {
        var length = 0;
        while (!value.IsEmpty)
        {
            length += SegmentHeaderLength + (4 * value[1]);
            value = value[(SegmentHeaderLength + (2 * value[1]))..];
        }

        return length;
    }

    /// <summary>Writes a two-octet value with four octets each and returns the length.</summary>
    public static int Widen(ReadOnlySpan<byte> value, Span<byte> destination)
    {
        var position = 0;
        while (!value.IsEmpty)
        {
            position += WidenSegment((AsPathSegmentType)value[0], value.Slice(SegmentHeaderLength, 2 * value[1]), value[1], destination[position..]);
            value = value[(SegmentHeaderLength + (2 * value[1]))..];
        }

        return position;
    }

    /// <summary>Whether a four-octet value has a number that two octets cannot hold.</summary>
    public static bool NeedsFourOctets(ReadOnlySpan<byte> value)
    {
        foreach (var segment in new AsPathView(value))
        {
            for (var i = 0; i < segment.Count; i++)
            {
                if (!segment[i].FitsTwoOctets)
                {
                    return true;
                }
            }
        }

        return false;
    }

    /// <summary>The octets of a four-octet value once narrowed.</summary>
    public static int NarrowedLength(ReadOnlySpan<byte> value)
    {
        var length = 0;
        foreach (var segment in new AsPathView(value))
        {
            length += SegmentHeaderLength + (2 * segment.Count);
        }

        return length;
    }

    /// <summary>Writes a four-octet value with two octets each, AS_TRANS where they do not do, and returns the length.</summary>
    public static int Narrow(ReadOnlySpan<byte> value, Span<byte> destination)
    {
        var position = 0;
        foreach (var segment in new AsPathView(value))
        {
            destination[position] = (byte)segment.Type;
            destination[position + 1] = (byte)segment.Count;
            position += SegmentHeaderLength;
            for (var i = 0; i < segment.Count; i++, position += 2)
            {
                BinaryPrimitives.WriteUInt16BigEndian(destination[position..], segment[i].ToTwoOctets());
            }
        }

        return position;
    }

    /// <summary>The octets of <see cref="WriteWithoutConfederation"/>.</summary>
    public static int LengthWithoutConfederation(ReadOnlySpan<byte> value)
    {
        var length = 0;
        foreach (var segment in new AsPathView(value))
        {
            length += segment.IsConfederation ? 0 : SegmentHeaderLength + segment.Values.Length;
        }

        return length;
    }

    /// <summary>Writes a four-octet value without confederation segments: what stands in AS4_PATH (RFC 6793 §4.2.2).</summary>
    public static int WriteWithoutConfederation(ReadOnlySpan<byte> value, Span<byte> destination)
    {
        var position = 0;
        foreach (var segment in new AsPathView(value))
        {
            if (!segment.IsConfederation)
            {
                destination[position] = (byte)segment.Type;
                destination[position + 1] = (byte)segment.Count;
                segment.Values.CopyTo(destination[(position + SegmentHeaderLength)..]);
                position += SegmentHeaderLength + segment.Values.Length;
            }
        }

        return position;
    }

    /// <summary>
    /// Writes the path that a two-octet AS_PATH and an AS4_PATH stand for (RFC 6793 §4.2.3): as much of AS_PATH's head as AS4_PATH is
    /// shorter, then AS4_PATH. An AS4_PATH longer than AS_PATH is ignored. Confederation segments of AS4_PATH are dropped (§3), those of AS_PATH
    /// are taken while they lead or follow what was taken.
    /// </summary>
    /// <param name="twoOctets">A checked AS_PATH value of two octets a number.</param>
    /// <param name="fourOctets">A checked AS4_PATH value.</param>
    /// <param name="destination">Room for both, widened.</param>
    public static int Merge(ReadOnlySpan<byte> twoOctets, ReadOnlySpan<byte> fourOctets, Span<byte> destination)
    {
        var take = CountTwoOctets(twoOctets) - new AsPathView(fourOctets).Length;
        if (take < 0)
        {
            return Widen(twoOctets, destination);
        }

        var position = 0;
        var openCount = -1; // where the count of a sequence cut short stands, so that AS4_PATH's first sequence can join it
        while (!twoOctets.IsEmpty)
        {
            var type = (AsPathSegmentType)twoOctets[0];
            int count = twoOctets[1];
            var numbers = twoOctets.Slice(SegmentHeaderLength, 2 * count);
            if (!IsConfederation(type))
            {
                if (take == 0)
                {
                    break;
                }

                var taken = type == AsPathSegmentType.AsSequence ? Math.Min(count, take) : count;
                openCount = taken < count ? position + 1 : -1;
                take -= type == AsPathSegmentType.AsSequence ? taken : 1;
                count = taken;
            }

            position += WidenSegment(type, numbers, count, destination[position..]);
            if (openCount >= 0)
            {
                break;
            }

            twoOctets = twoOctets[(SegmentHeaderLength + numbers.Length)..];
        }

        return AppendFourOctets(fourOctets, destination, position, openCount);
    }

    /// <summary>Puts a number <paramref name="count"/> times in front, into a segment of the given type.</summary>
    public static int Prepend(ReadOnlySpan<byte> value, AsPathSegmentType type, Asn asn, int count, Span<byte> destination)
    {
        var joins = !value.IsEmpty && (AsPathSegmentType)value[0] == type;
        var room = joins ? MaxSegmentCount - value[1] : 0;
        var joined = Math.Min(count, room);
        var position = 0;
        for (var rest = count - joined; rest > 0;)
        {
            var chunk = rest % MaxSegmentCount == 0 ? MaxSegmentCount : rest % MaxSegmentCount;
            position += WriteRepeated(type, asn, chunk, chunk, destination[position..]);
            rest -= chunk;
        }

        if (joined > 0)
        {
            position += WriteRepeated(type, asn, joined, joined + value[1], destination[position..]);
            value = value[SegmentHeaderLength..];
        }

        value.CopyTo(destination[position..]);
        return position + value.Length;
    }

    private static int AppendFourOctets(ReadOnlySpan<byte> fourOctets, Span<byte> destination, int position, int openCount)
    {
        foreach (var segment in new AsPathView(fourOctets))
        {
            if (segment.IsConfederation)
            {
                continue;
            }

            if (openCount >= 0 && segment.Type == AsPathSegmentType.AsSequence && destination[openCount] + segment.Count <= MaxSegmentCount)
            {
                destination[openCount] += (byte)segment.Count;
            }
            else
            {
                destination[position] = (byte)segment.Type;
                destination[position + 1] = (byte)segment.Count;
                position += SegmentHeaderLength;
            }

            openCount = -1;
            segment.Values.CopyTo(destination[position..]);
            position += segment.Values.Length;
        }

        return position;
    }

    private static int WriteRepeated(AsPathSegmentType type, Asn asn, int count, int segmentCount, Span<byte> destination)
    {
        Debug.Assert(segmentCount <= MaxSegmentCount, "a segment holds 255 numbers");
        destination[0] = (byte)type;
        destination[1] = (byte)segmentCount;
        for (var i = 0; i < count; i++)
        {
            BinaryPrimitives.WriteUInt32BigEndian(destination[(SegmentHeaderLength + (4 * i))..], asn.Value);
        }

        return SegmentHeaderLength + (4 * count);
    }

    private static int WidenSegment(AsPathSegmentType type, ReadOnlySpan<byte> numbers, int count, Span<byte> destination)
    {
        destination[0] = (byte)type;
        destination[1] = (byte)count;
        for (var i = 0; i < count; i++)
        {
            var number = BinaryPrimitives.ReadUInt16BigEndian(numbers[(2 * i)..]);
            BinaryPrimitives.WriteUInt32BigEndian(destination[(SegmentHeaderLength + (4 * i))..], number);
        }

        return SegmentHeaderLength + (4 * count);
    }

    private static int CountTwoOctets(ReadOnlySpan<byte> value)
    {
        var count = 0;
        while (!value.IsEmpty)
        {
            count += (AsPathSegmentType)value[0] switch
            {
                AsPathSegmentType.AsSequence => value[1],
                AsPathSegmentType.AsSet => 1,
                _ => 0,
            };
            value = value[(SegmentHeaderLength + (2 * value[1]))..];
        }

        return count;
    }

    private static bool IsConfederation(AsPathSegmentType type) =>
        type is AsPathSegmentType.AsConfedSequence or AsPathSegmentType.AsConfedSet;

    private static uint ReadAsn(ReadOnlySpan<byte> source, int size) =>
        size == 4 ? BinaryPrimitives.ReadUInt32BigEndian(source) : BinaryPrimitives.ReadUInt16BigEndian(source);
}
