using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Bgp.Protocol;

/// <summary>Sorts the value of a community attribute in place and drops repetitions, so that equal sets are equal bytes.</summary>
public static class CommunityLists
{
    /// <summary>COMMUNITIES, four octets each; returns the length.</summary>
    public static int Normalize(Span<byte> value)
    {
        var list = MemoryMarshal.Cast<byte, uint>(value);
        ToHostOrder(list);
        return Finish(value, SortAndDeduplicate(list), sizeof(uint));
    }

    /// <summary>EXTENDED COMMUNITIES, eight octets each; returns the length.</summary>
    public static int NormalizeExtended(Span<byte> value)
    {
        var list = MemoryMarshal.Cast<byte, ulong>(value);
        if (BitConverter.IsLittleEndian)
        {
            BinaryPrimitives.ReverseEndianness(list, list);
        }

        var count = SortAndDeduplicate(list);
        if (BitConverter.IsLittleEndian)
        {
            BinaryPrimitives.ReverseEndianness(list, list);
        }

        return count * sizeof(ulong);
    }

    /// <summary>LARGE_COMMUNITY, twelve octets each; returns the length.</summary>
    public static int NormalizeLarge(Span<byte> value)
    {
        ToHostOrder(MemoryMarshal.Cast<byte, uint>(value));
        return Finish(value, SortAndDeduplicate(MemoryMarshal.Cast<byte, LargeCommunity>(value)), 12);
    }

    /// <summary>IPv6 Address Specific Extended Communities, twenty octets each (RFC 5701 §2); returns the length.</summary>
    public static int NormalizeIpv6Extended(Span<byte> value)
    {
        ToHostOrder(MemoryMarshal.Cast<byte, uint>(value));
        return Finish(value, SortAndDeduplicate(MemoryMarshal.Cast<byte, Ipv6ExtendedCommunity>(value)), 20);
    }

    private static int Finish(Span<byte> value, int count, int size)
    {
        ToHostOrder(MemoryMarshal.Cast<byte, uint>(value[..(count * size)]));
        return count * size;
    }

    // The same swap leads back to network order.
    private static void ToHostOrder(Span<uint> list)
    {
        if (BitConverter.IsLittleEndian)
        {
            BinaryPrimitives.ReverseEndianness(list, list);
        }
    }

    private static int SortAndDeduplicate<T>(Span<T> list)
        where T : struct, IComparable<T>
    {
        var isStrictlyAscending = true;
        for (var i = 1; i < list.Length && isStrictlyAscending; i++)
        {
            isStrictlyAscending = list[i - 1].CompareTo(list[i]) < 0;
        }

        if (isStrictlyAscending)
        {
            return list.Length;
        }

        list.Sort();
        var count = 1;
        for (var i = 1; i < list.Length; i++)
        {
            if (list[i].CompareTo(list[count - 1]) != 0)
            {
                list[count++] = list[i];
            }
        }

        return count;
    }

    // In order of the octets; no one reads its parts.
    private readonly record struct Ipv6ExtendedCommunity(uint First, uint Second, uint Third, uint Fourth, uint Fifth) : IComparable<Ipv6ExtendedCommunity>
    {
        public int CompareTo(Ipv6ExtendedCommunity other) =>
            (First, Second, Third, Fourth, Fifth).CompareTo((other.First, other.Second, other.Third, other.Fourth, other.Fifth));
    }
}
