using System.Numerics;

namespace Bgp.Engine;

/// <summary>A set of slab indices, in unmanaged memory of one bit each, with its count.</summary>
internal sealed class IndexBitmap : IDisposable
{
    private readonly IndexedArray<ulong> _words = new();
    private uint _endWord;

    public int Count { get; private set; }

    public bool Contains(uint index) => (_words.Get(index >> 6) & (1UL << (int)(index & 63))) != 0;

    public void Add(uint index)
    {
        ref var word = ref _words.Slot(index >> 6);
        var bit = 1UL << (int)(index & 63);
        if ((word & bit) == 0)
        {
            word |= bit;
            Count++;
            _endWord = Math.Max(_endWord, (index >> 6) + 1);
        }
    }

    public void Remove(uint index)
    {
        if (Contains(index))
        {
            _words.Slot(index >> 6) &= ~(1UL << (int)(index & 63));
            Count--;
        }
    }

    /// <summary>The first index of the set at or after <paramref name="from"/>; wraps around once. The set is not empty.</summary>
    public uint Next(uint from)
    {
        var word = from >> 6;
        var bits = word < _endWord ? _words.Get(word) & (ulong.MaxValue << (int)(from & 63)) : 0;
        while (bits == 0)
        {
            word = word + 1 >= _endWord ? 0 : word + 1;
            bits = _words.Get(word);
        }

        return (word << 6) + (uint)BitOperations.TrailingZeroCount(bits);
    }

    public void Dispose() => _words.Dispose();
}
