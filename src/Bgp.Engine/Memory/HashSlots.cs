using System.Runtime.CompilerServices;

namespace Bgp.Engine;

/// <summary>
/// The bare half of a hash table: open addressing with linear probing over slots of {tag32, index32} in unmanaged memory. The items and their keys live in a slab; the caller compares.
/// A tag is 32 bits of the hash and also finds an entry's home slot, so growing and deleting touch no item.
/// </summary>
internal sealed unsafe class HashSlots : IDisposable
{
    private const uint FirstCapacity = 64;

    private ulong* _slots;
    private uint _mask;

    public HashSlots()
    {
        _mask = FirstCapacity - 1;
        _slots = (ulong*)NativeArena.Allocate(FirstCapacity * sizeof(ulong));
    }

    public int Count { get; private set; }

    /// <summary>Starts a probe for a hash: <c>for (var probe = slots.Start(hash); slots.Next(ref probe, out var index);)</c> visits the indices whose tag is equal.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Probe Start(ulong hash)
    {
        var tag = (uint)hash;
        return new Probe(tag, tag & _mask);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool Next(ref Probe probe, out uint index)
    {
        while (true)
        {
            var slot = _slots[probe.Position];
            index = (uint)slot;
            if (index == 0)
            {
                return false;
            }

            probe.Position = (probe.Position + 1) & _mask;
            if ((uint)(slot >> 32) == probe.Tag)
            {
                return true;
            }
        }
    }

    /// <summary>Asks the processor to fetch the home slot of a hash.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Prefetch(ulong hash)
    {
        if (System.Runtime.Intrinsics.X86.Sse.IsSupported)
        {
            System.Runtime.Intrinsics.X86.Sse.Prefetch0(_slots + ((uint)hash & _mask));
        }
    }

    /// <summary>The index in the home slot of a hash, whoever's it is; 0 where there is none.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public uint Home(ulong hash) => (uint)_slots[(uint)hash & _mask];

    /// <summary>Adds an index that is not in the table yet.</summary>
    public void Add(ulong hash, uint index)
    {
        if ((uint)Count >= (_mask + 1) / 4 * 3)
        {
            Grow();
        }

        Count++;
        Insert((uint)hash, index);
    }

    /// <summary>Removes an index that is in the table.</summary>
    public void Remove(ulong hash, uint index)
    {
        var hole = (uint)hash & _mask;
        while ((uint)_slots[hole] != index)
        {
            hole = (hole + 1) & _mask;
        }

        // Backward shift: what was displaced past the hole moves into it, so that no tombstones gather.
        for (var next = (hole + 1) & _mask; (uint)_slots[next] != 0; next = (next + 1) & _mask)
        {
            var home = (uint)(_slots[next] >> 32) & _mask;
            if (((next - home) & _mask) >= ((next - hole) & _mask))
            {
                _slots[hole] = _slots[next];
                hole = next;
            }
        }

        _slots[hole] = 0;
        Count--;
    }

    public void Dispose()
    {
        if (_slots is not null)
        {
            NativeArena.Free(_slots, (nuint)(_mask + 1) * sizeof(ulong));
            _slots = null;
        }
    }

    private void Insert(uint tag, uint index)
    {
        var position = tag & _mask;
        while ((uint)_slots[position] != 0)
        {
            position = (position + 1) & _mask;
        }

        _slots[position] = ((ulong)tag << 32) | index;
    }

    private void Grow()
    {
        var old = _slots;
        var oldCapacity = _mask + 1;
        _mask = (oldCapacity * 2) - 1;
        _slots = (ulong*)NativeArena.AllocateWhole((nuint)(_mask + 1) * sizeof(ulong));
        for (uint position = 0; position < oldCapacity; position++)
        {
            var slot = old[position];
            if ((uint)slot != 0)
            {
                Insert((uint)(slot >> 32), (uint)slot);
            }
        }

        NativeArena.Free(old, (nuint)oldCapacity * sizeof(ulong));
    }

    /// <summary>Where a search stands.</summary>
    public struct Probe(uint tag, uint position)
    {
        public readonly uint Tag = tag;
        public uint Position = position;
    }
}
