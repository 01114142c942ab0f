using System.Numerics;
using System.Runtime.CompilerServices;

namespace Bgp.Engine;

/// <summary>A value for each index of a slab, zero until set, in unmanaged chunks that double. Reading past what was ever set gives zero and allocates nothing.</summary>
internal sealed unsafe class IndexedArray<T> : IDisposable
    where T : unmanaged
{
    private const int MaxChunks = 26;
    private const int FirstShift = 6;

    private readonly T*[] _chunks = new T*[MaxChunks];

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Get(uint index)
    {
        var chunk = Locate(index, out var offset);
        return _chunks[chunk] is null ? default : _chunks[chunk][offset];
    }

    /// <summary>Asks the processor to fetch a value.</summary>
    public void Prefetch(uint index)
    {
        var chunk = Locate(index, out var offset);
        CacheLine.Fetch(_chunks[chunk] + offset);
    }

    public ref T Slot(uint index)
    {
        var chunk = Locate(index, out var offset);
        if (_chunks[chunk] is null)
        {
            _chunks[chunk] = (T*)NativeArena.Allocate(ChunkBytes(chunk));
        }

        return ref _chunks[chunk][offset];
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

    private static int Locate(uint index, out uint offset)
    {
        var shifted = index + (1u << FirstShift);
        var chunk = BitOperations.Log2(shifted) - FirstShift;
        offset = shifted - (1u << (chunk + FirstShift));
        return chunk;
    }

    private static nuint ChunkBytes(int chunk) => (nuint)sizeof(T) << (FirstShift + chunk);
}
