using System.Numerics;
using System.Runtime.CompilerServices;

namespace Bgp.Engine;

/// <summary>
/// Items in unmanaged memory, named by a 32-bit index, in chunks that double: the collector never sees them and they never move. Index 0 is never given out. A freed item's first
/// four bytes link the free list; the rest keeps its content until the index is given out again.
/// </summary>
internal sealed unsafe class Slab<T> : IDisposable
    where T : unmanaged
{
    private const int MaxChunks = 26;

    /// <summary>Chunks of more bytes get their pages in stretches of as many, ahead of their use.</summary>
    private const int StretchBytes = 1 << 18;

    private readonly int _firstShift;
    private readonly T*[] _chunks = new T*[MaxChunks];
    private uint _end = 1;
    private uint _free;
    private uint _populated;

    public Slab()
    {
        // The first chunk is at most 4 KiB, so that a thousand engines fit into one simulation.
        _firstShift = BitOperations.Log2((uint)Math.Max(1, 4096 / sizeof(T)));
    }

    /// <summary>One past the highest index that was ever given out.</summary>
    public uint End => _end;

    /// <summary>Items in use.</summary>
    public int Count { get; private set; }

    public ref T this[uint index]
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => ref *Address(index);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T* Address(uint index)
    {
        var shifted = index + (1u << _firstShift);
        var chunk = BitOperations.Log2(shifted) - _firstShift;
        return _chunks[chunk] + (shifted - (1u << (chunk + _firstShift)));
    }

    /// <summary>An index whose item holds whatever it held when it was freed, or zeroes.</summary>
    public uint Allocate()
    {
        Count++;
        if (_free != 0)
        {
            var reused = _free;
            _free = *(uint*)Address(reused);
            return reused;
        }

        var index = _end++;
        var shifted = index + (1u << _firstShift);
        var chunk = BitOperations.Log2(shifted) - _firstShift;
        if (_chunks[chunk] is null)
        {
            _chunks[chunk] = (T*)NativeArena.Allocate(ChunkBytes(chunk));
        }

        if (index >= _populated)
        {
            Populate(index, chunk);
        }

        return index;
    }

    public void Free(uint index)
    {
        Count--;
        *(uint*)Address(index) = _free;
        _free = index;
    }

    public void Dispose()
    {
        for (var chunk = 0; chunk < MaxChunks; chunk++)
        {
            if (_chunks[chunk] is not null)
            {
                NativeArena.Free(_chunks[chunk], ChunkBytes(chunk));
                _chunks[chunk] = null;
            }
        }
    }

    private void Populate(uint index, int chunk)
    {
        var first = (1u << (_firstShift + chunk)) - (1u << _firstShift);
        var end = first + (1u << (_firstShift + chunk));
        _populated = Math.Min(end, index + (uint)(StretchBytes / sizeof(T)));
        if (ChunkBytes(chunk) > StretchBytes)
        {
            NativeArena.Populate(Address(index), (nuint)(_populated - index) * (nuint)sizeof(T));
        }
    }

    private nuint ChunkBytes(int chunk) => (nuint)sizeof(T) << (_firstShift + chunk);
}
