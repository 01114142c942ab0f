using System.Buffers.Binary;
using System.Runtime.CompilerServices;

namespace Bgp.Engine;

/// <summary>
/// A fast keyed hash for tables whose keys come from peers. The seed is handed in: random in the daemon, so that nobody can aim at one bucket, and fixed in a simulation.
/// Octets are hashed as in UMAC's NH (RFC 4418 §5.2.2): 32-bit words are added to keys, pairs of them multiplied, and the products summed. Not for anything but tables.
/// </summary>
internal sealed class SeededHash
{
    private const int BlockBytes = 512;
    private const ulong Odd1 = 0xbf58476d1ce4e5b9;
    private const ulong Odd2 = 0x94d049bb133111eb;

    private readonly ulong _addend;
    private readonly ulong _multiplier;
    private readonly ulong[] _keys = new ulong[BlockBytes / sizeof(ulong)];

    public SeededHash(ulong seed)
    {
        _addend = Mix(seed, 1);
        _multiplier = Mix(seed, 2) | 1;
        for (var at = 0; at < _keys.Length; at++)
        {
            _keys[at] = Mix(seed, (ulong)at + 3);
        }
    }

    /// <summary>A seed made of another (the steps of SplitMix64).</summary>
    public static ulong Mix(ulong seed, ulong number) => Spread((seed ^ Spread(number + 0x9e3779b97f4a7c15)) * Odd1);

    /// <summary>Of a number of up to 64 bits.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ulong Of(ulong value) => Spread((value + _addend) * _multiplier);

    /// <summary>Of an IPv6 address and one number more.</summary>
    public ulong Of(ulong high, ulong low, uint more) => Spread((more * _multiplier) + _addend + Product(high, _keys[0]) + Product(low, _keys[1]));

    /// <summary>Of octets and one number more.</summary>
    public ulong Of(ReadOnlySpan<byte> bytes, uint more = 0)
    {
        var sum = ((((ulong)more << 32) | (uint)bytes.Length) * _multiplier) + _addend;
        for (; bytes.Length > BlockBytes; bytes = bytes[BlockBytes..])
        {
            sum = Spread(sum + SumOf(bytes[..BlockBytes])) * _multiplier;
        }

        return Spread(sum + SumOf(bytes));
    }

    private ulong SumOf(ReadOnlySpan<byte> block)
    {
        ulong sum = 0;
        var at = 0;
        for (; block.Length >= sizeof(ulong); block = block[sizeof(ulong)..])
        {
            sum += Product(BinaryPrimitives.ReadUInt64LittleEndian(block), _keys[at++]);
        }

        if (block.IsEmpty)
        {
            return sum;
        }

        ulong rest = 0;
        foreach (var value in block)
        {
            rest = (rest << 8) | value;
        }

        return sum + Product(rest, _keys[at]);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Product(ulong word, ulong key) => (ulong)((uint)word + (uint)key) * ((uint)(word >> 32) + (uint)(key >> 32));

    /// <summary>Each bit of the outcome, of which tables take the lower ones, depends on many.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Spread(ulong value)
    {
        value = (value ^ (value >> 32)) * Odd2;
        return value ^ (value >> 29);
    }
}
