using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Bgp.Engine;

/// <summary>
/// A fast keyed hash for tables whose keys come from peers. The seed is handed in: random in the daemon, so that nobody can aim at one bucket, and fixed in a simulation.
/// Multiply-and-fold over 8-byte words, as in wyhash; not for anything but tables.
/// </summary>
internal static class SeededHash
{
    private const ulong Odd1 = 0xa0761d6478bd642f;
    private const ulong Odd2 = 0xe7037ed1a0b428db;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Mix(ulong left, ulong right)
    {
        var high = Math.BigMul(left, right, out var low);
        return high ^ low;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Of(ulong seed, ulong first, ulong second) => Mix(Mix(first ^ Odd1, second ^ seed) ^ Odd2, seed ^ Odd1);

    public static ulong Of(ulong seed, ReadOnlySpan<byte> bytes)
    {
        var hash = seed ^ ((ulong)bytes.Length * Odd1);
        var words = MemoryMarshal.Cast<byte, ulong>(bytes);
        foreach (var word in words)
        {
            hash = Mix(hash ^ word, Odd2);
        }

        ulong rest = 0;
        foreach (var value in bytes[(words.Length * 8)..])
        {
            rest = (rest << 8) | value;
        }

        return Mix(hash ^ rest ^ Odd1, seed ^ Odd2);
    }
}
