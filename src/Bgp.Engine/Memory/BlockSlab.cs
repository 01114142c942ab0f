using System.Diagnostics;
using System.Numerics;
using System.Runtime.CompilerServices;

namespace Bgp.Engine;

/// <summary>
/// Blocks of 2ⁿ items (n from 2) in unmanaged memory, named by a 32-bit handle: the number of a chunk above, that of the block within it in the lower 10 bits. Handle 0 is never given out.
/// <para>
/// A chunk holds blocks of one size. All chunks are equally large but for those of a block that is larger still, so that one whose last block is freed serves another size: where many lists grow
/// together, the memory of their small blocks becomes that of their larger ones.
/// </para>
/// </summary>
internal sealed unsafe class BlockSlab<T> : IDisposable
    where T : unmanaged
{
    private const int SmallestShift = 2;
    private const int Sizes = 28;
    private const int ChunkShift = 12; // 4,096 items: at most 2¹⁰ blocks of the smallest size
    private const int BlockBits = ChunkShift - SmallestShift;

    /// <summary>Empty chunks that are kept for later; more go back to the system.</summary>
    private const int MaxEmpty = 64;

    private readonly Stack<int> _empty = new();
    private readonly Stack<int> _unused = new();

    // By size, a chunk with room, the head of a list of such; 0 for none.
    private readonly int[] _roomy = new int[Sizes];
    private Chunk[] _chunks = new Chunk[4];
    private int _end = 1;

    /// <summary>Blocks that are out.</summary>
    public int Count { get; private set; }

    public int Capacity(uint handle) => 1 << _chunks[handle >> BlockBits].Shift;

    /// <summary>A block for at least <paramref name="count"/> items; its content is undefined.</summary>
    public uint Allocate(int count)
    {
        var shift = Math.Max(SmallestShift, BitOperations.Log2((uint)count - 1) + 1);
        var number = _roomy[shift];
        if (number == 0)
        {
            number = AddChunk(shift);
        }

        ref var chunk = ref _chunks[number];
        var block = chunk.Free;
        if (block >= 0)
        {
            chunk.Free = *(int*)At(chunk, block);
        }
        else
        {
            block = chunk.End++;
        }

        chunk.Live++;
        Count++;
        if (chunk.Live == BlocksOf(shift))
        {
            Unlink(number);
        }

        return ((uint)number << BlockBits) | (uint)block;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Span<T> Block(uint handle)
    {
        ref readonly var chunk = ref _chunks[handle >> BlockBits];
        return new Span<T>(At(chunk, (int)(handle & ((1u << BlockBits) - 1))), 1 << chunk.Shift);
    }

    public void Free(uint handle)
    {
        var number = (int)(handle >> BlockBits);
        var block = (int)(handle & ((1u << BlockBits) - 1));
        ref var chunk = ref _chunks[number];
        Debug.Assert(chunk.Live > 0, "a block is freed once");
        if (chunk.Live == BlocksOf(chunk.Shift))
        {
            Link(number);
        }

        *(int*)At(chunk, block) = chunk.Free;
        chunk.Free = block;
        chunk.Live--;
        Count--;
        if (chunk.Live == 0)
        {
            Unlink(number);
            Retire(number);
        }
    }

    public void Dispose()
    {
        for (var number = 1; number < _end; number++)
        {
            if (_chunks[number].Memory is not null)
            {
                NativeArena.Free(_chunks[number].Memory, BytesOf(_chunks[number].Shift));
                _chunks[number].Memory = null;
            }
        }

        _end = 1;
    }

    private static int BlocksOf(int shift) => shift >= ChunkShift ? 1 : 1 << (ChunkShift - shift);

    private static nuint BytesOf(int shift) => (nuint)sizeof(T) << Math.Max(shift, ChunkShift);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T* At(in Chunk chunk, int block) => chunk.Memory + ((long)block << chunk.Shift);

    private int AddChunk(int shift)
    {
        if (shift > ChunkShift || !_empty.TryPop(out var number))
        {
            if (!_unused.TryPop(out number))
            {
                if (_end == _chunks.Length)
                {
                    Array.Resize(ref _chunks, _end * 2);
                }

                number = _end++;
            }

            _chunks[number].Memory = (T*)NativeArena.Allocate(BytesOf(shift));
        }

        ref var chunk = ref _chunks[number];
        chunk.Shift = shift;
        chunk.End = 0;
        chunk.Free = -1;
        Link(number);
        return number;
    }

    private void Retire(int number)
    {
        ref var chunk = ref _chunks[number];
        if (chunk.Shift <= ChunkShift && _empty.Count < MaxEmpty)
        {
            _empty.Push(number);
            return;
        }

        NativeArena.Free(chunk.Memory, BytesOf(chunk.Shift));
        chunk.Memory = null;
        _unused.Push(number);
    }

    private void Link(int number)
    {
        ref var chunk = ref _chunks[number];
        ref var head = ref _roomy[chunk.Shift];
        (chunk.Previous, chunk.Next) = (0, head);
        if (head != 0)
        {
            _chunks[head].Previous = number;
        }

        head = number;
    }

    private void Unlink(int number)
    {
        ref readonly var chunk = ref _chunks[number];
        if (chunk.Previous != 0)
        {
            _chunks[chunk.Previous].Next = chunk.Next;
        }
        else
        {
            _roomy[chunk.Shift] = chunk.Next;
        }

        if (chunk.Next != 0)
        {
            _chunks[chunk.Next].Previous = chunk.Previous;
        }
    }

    /// <summary>Memory for blocks of 2^<see cref="Shift"/> items.</summary>
    private struct Chunk
    {
        public T* Memory;
        public int Shift;
        public int Live;

        /// <summary>The block freed last, whose first bytes name the one freed before; −1 for none.</summary>
        public int Free;

        /// <summary>One past the highest block ever given out.</summary>
        public int End;

        public int Previous;
        public int Next;
    }
}
