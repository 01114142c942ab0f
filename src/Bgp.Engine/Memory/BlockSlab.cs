using System.Numerics;

namespace Bgp.Engine;

/// <summary>
/// Blocks of 2ⁿ items (n from 2) in unmanaged memory, named by a 32-bit handle: the size class in the upper 5 bits, the block's number in its class below. Handle 0 is never given out.
/// </summary>
internal sealed unsafe class BlockSlab<T> : IDisposable
    where T : unmanaged
{
    private const int ClassShift = 27;
    private const int Classes = 20;
    private const int SmallestShift = 2;
    private const int BlocksPerChunk = 64;

    private readonly List<nint>[] _chunks = new List<nint>[Classes];
    private readonly Stack<uint>[] _free = new Stack<uint>[Classes];
    private readonly uint[] _end = new uint[Classes];

    public static int Capacity(uint handle) => 1 << (int)((handle >> ClassShift) + SmallestShift - 1);

    /// <summary>A block for at least <paramref name="count"/> items; its content is undefined.</summary>
    public uint Allocate(int count)
    {
        var sizeClass = Math.Max(0, BitOperations.Log2((uint)count - 1) + 1 - SmallestShift);
        var free = _free[sizeClass] ??= new Stack<uint>();
        if (!free.TryPop(out var number))
        {
            number = _end[sizeClass]++;
            var chunks = _chunks[sizeClass] ??= [];
            if (number / BlocksPerChunk == (uint)chunks.Count)
            {
                chunks.Add((nint)NativeArena.Allocate(ChunkBytes(sizeClass)));
            }
        }

        return ((uint)(sizeClass + 1) << ClassShift) | number;
    }

    public Span<T> Block(uint handle)
    {
        var sizeClass = (int)(handle >> ClassShift) - 1;
        var number = handle & ((1u << ClassShift) - 1);
        var chunk = (T*)_chunks[sizeClass][(int)(number / BlocksPerChunk)];
        var size = 1 << (sizeClass + SmallestShift);
        return new Span<T>(chunk + ((number % BlocksPerChunk) * size), size);
    }

    public void Free(uint handle) => _free[(int)(handle >> ClassShift) - 1].Push(handle & ((1u << ClassShift) - 1));

    public void Dispose()
    {
        for (var sizeClass = 0; sizeClass < Classes; sizeClass++)
        {
            foreach (var chunk in _chunks[sizeClass] ?? [])
            {
                NativeArena.Free((void*)chunk, ChunkBytes(sizeClass));
            }

            _chunks[sizeClass]?.Clear();
        }
    }

    private static nuint ChunkBytes(int sizeClass) => (nuint)sizeof(T) * BlocksPerChunk << (sizeClass + SmallestShift);
}
