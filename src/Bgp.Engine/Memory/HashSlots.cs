using System.Runtime.CompilerServices;

namespace Bgp.Engine;

/// <summary>
/// The bare half of a hash table: open addressing with linear probing over slots of {tag32, index32} in unmanaged memory. The items and their keys live in a slab; the caller compares.
/// A tag is 32 bits of the hash and also finds an entry's home slot, so growing and deleting touch no item. Beside each slot, in an array of its own, stands an octet that says whether it is used
/// and a part of its tag: a search for what is not there touches that array alone, which is an eighth of the slots.
/// </summary>
internal sealed unsafe class HashSlots : IDisposable
{
    private const uint FirstCapacity = 64;

    private const byte Used = 0x80;
    private const int MarkShift = 25;
    private const int BytesASlot = sizeof(ulong) + sizeof(byte);

    private ulong* _slots;
    private byte* _marks;
    private uint _mask;

    public HashSlots()
    {
        _mask = FirstCapacity - 1;
        _slots = (ulong*)NativeArena.Allocate(FirstCapacity * BytesASlot);
        _marks = (byte*)(_slots + FirstCapacity);
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
            var at = probe.Position;
            var mark = _marks[at];
            if (mark == 0)
            {
                index = 0;
                return false;
            }

            probe.Position = (at + 1) & _mask;
            if (mark != MarkOf(probe.Tag))
            {
                continue;
            }

            var slot = _slots[at];
            if ((uint)(slot >> 32) == probe.Tag)
            {
                index = (uint)slot;
                return true;
            }
        }
    }

    /// <summary>Asks the processor to fetch the home slot of a hash.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Prefetch(ulong hash)
    {
        var home = (uint)hash & _mask;
        CacheLine.Fetch(_marks + home);
        CacheLine.Fetch(_slots + home);
    }

    /// <summary>The index in the home slot of a hash, whoever's it is; 0 where there is none.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public uint Home(ulong hash)
    {
        var home = (uint)hash & _mask;
        return _marks[home] == 0 ? 0 : (uint)_slots[home];
    }

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
        var mark = MarkOf((uint)hash);
        var hole = (uint)hash & _mask;
        while (_marks[hole] != mark || (uint)_slots[hole] != index)
        {
            hole = (hole + 1) & _mask;
        }

        // Backward shift: what was displaced past the hole moves into it, so that no tombstones gather.
        for (var next = (hole + 1) & _mask; _marks[next] != 0; next = (next + 1) & _mask)
        {
            var home = (uint)(_slots[next] >> 32) & _mask;
            if (((next - home) & _mask) >= ((next - hole) & _mask))
            {
                _slots[hole] = _slots[next];
                _marks[hole] = _marks[next];
                hole = next;
            }
        }

        _marks[hole] = 0;
        Count--;
    }

    public void Dispose()
    {
        if (_slots is not null)
        {
            NativeArena.Free(_slots, (nuint)(_mask + 1) * BytesASlot);
            _slots = null;
        }
    }

    private static byte MarkOf(uint tag) => (byte)((tag >> MarkShift) | Used);

    private void Insert(uint tag, uint index)
    {
        var position = tag & _mask;
        while (_marks[position] != 0)
        {
            position = (position + 1) & _mask;
        }

        _slots[position] = ((ulong)tag << 32) | index;
        _marks[position] = MarkOf(tag);
    }

    private void Grow()
    {
        var old = _slots;
        var oldMarks = _marks;
        var oldCapacity = _mask + 1;
        var capacity = oldCapacity * 2;
        _mask = capacity - 1;
        _slots = (ulong*)NativeArena.AllocateWhole((nuint)capacity * BytesASlot);
        _marks = (byte*)(_slots + capacity);
        for (uint position = 0; position < oldCapacity; position++)
        {
            if (oldMarks[position] != 0)
            {
                var slot = old[position];
                Insert((uint)(slot >> 32), (uint)slot);
            }
        }

        NativeArena.Free(old, (nuint)oldCapacity * BytesASlot);
    }

    /// <summary>Where a search stands.</summary>
    public struct Probe(uint tag, uint position)
    {
        public readonly uint Tag = tag;
        public uint Position = position;
    }
}
