using System.Numerics;
using Bgp.Protocol;

namespace Bgp.Load;

/// <summary>
/// The prefixes of a run, numbered from 0, so that a received prefix is found by arithmetic and not in a table: slots of equal size side by side, a
/// prefix at the start of each.
/// </summary>
internal sealed class PrefixSpace
{
    private const byte LongestOfTable = 24;
    private const byte ShortestOfTable = 16;

    private readonly uint _first;
    private readonly int _slotBits;
    private readonly byte _fixedLength;

    private PrefixSpace(uint first, int slotBits, byte fixedLength, int count)
    {
        _first = first;
        _slotBits = slotBits;
        _fixedLength = fixedLength;
        Count = count;
    }

    /// <summary>How many prefixes there are.</summary>
    public int Count { get; }

    /// <summary>Address blocks of one size (/26), as nodes of a cluster have them, from 10.0.0.0 on.</summary>
    public static PrefixSpace Blocks(int count) => new(0x0a000000, 6, 26, count);

    /// <summary>
    /// Like the Internet's table, from 32.0.0.0 on: half of the prefixes are /24, a quarter /23, and so on down to /16. A shorter one covers the slots of
    /// others, which are then its more-specifics.
    /// </summary>
    public static PrefixSpace Table(int count) => new(0x20000000, 8, 0, count);

    /// <summary>The 32 bits of a prefix, in host order.</summary>
    public uint Bits(int index) => _first + ((uint)index << _slotBits);

    public byte Length(int index) =>
        _fixedLength != 0 ? _fixedLength : (byte)Math.Max(ShortestOfTable, LongestOfTable - BitOperations.TrailingZeroCount(index));

    public IpPrefix Prefix(int index) => new(IpAddress.V4(Bits(index)), Length(index));

    /// <summary>The number of a prefix, or -1 where it is none of ours.</summary>
    public int IndexOf(uint bits, int length)
    {
        var index = (bits - _first) >> _slotBits;
        return index < (uint)Count && Bits((int)index) == bits && Length((int)index) == length ? (int)index : -1;
    }
}
