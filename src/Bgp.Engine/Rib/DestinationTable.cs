using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Bgp.Protocol;

namespace Bgp.Engine;

/// <summary>All destinations of one family: a hash of prefixes over a slab of <see cref="Destination{TBits}"/>, and the paths beyond two in blocks.</summary>
internal sealed class DestinationTable<TBits>(ulong seed) : IDisposable
    where TBits : unmanaged, IPrefixBits<TBits>
{
    private readonly HashSlots _slots = new();
    private readonly SeededHash _hash = new(seed);
    private readonly Slab<Destination<TBits>> _destinations = new();
    private readonly BlockSlab<PathEntry> _blocks = new();

    // How many destinations have each length: a longest match looks only for lengths that there are.
    private readonly int[] _lengths = new int[129];

    public int Count => _destinations.Count;

    /// <summary>One past the highest index in use: what a walk visits.</summary>
    public uint End => _destinations.End;

    /// <summary>Whether any destination has its paths in a block.</summary>
    public bool HasBlocks => _blocks.Count > 0;

    /// <summary>Paths of all destinations.</summary>
    public int PathCount { get; private set; }

    public ref Destination<TBits> this[uint index]
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => ref _destinations[index];
    }

    public ulong Hash(in TBits bits, int length) => TBits.Hash(bits, length, _hash);

    /// <summary>Asks the processor to fetch the home slot of a hash.</summary>
    public void Prefetch(ulong hash) => _slots.Prefetch(hash);

    /// <summary>The destination that the home slot of a hash leads to, most likely the one of the hash; 0 where there is none.</summary>
    public uint Home(ulong hash) => _slots.Home(hash);

    /// <summary>Asks it to fetch the slot by which a destination is found.</summary>
    public void PrefetchHome(uint index) => _slots.Prefetch(Hash(_destinations[index].Bits, _destinations[index].Length));

    /// <summary>Asks it to fetch a destination.</summary>
    public unsafe void PrefetchAt(uint index) => CacheLine.Fetch(_destinations.Address(index));

    /// <summary>Asks it to fetch the first and the next free one of the paths that stand in a block, where most destinations may have one.</summary>
    public void PrefetchPaths(uint index)
    {
        if (_destinations[index].Overflow is var block and not 0)
        {
            CacheLine.FetchFirst(_blocks.Block(block));
            CacheLine.FetchFirst(_blocks.Block(block)[(int)_destinations[index].PathCount..]);
        }
    }

    /// <summary>The destination's index, or 0.</summary>
    public uint Find(in TBits bits, int length, ulong hash)
    {
        for (var probe = _slots.Start(hash); _slots.Next(ref probe, out var index);)
        {
            ref var candidate = ref _destinations[index];
            if (candidate.Length == length && candidate.Bits.Equals(bits))
            {
                return index;
            }
        }

        return 0;
    }

    public uint Find(in IpPrefix prefix)
    {
        var bits = TBits.From(prefix);
        return Find(bits, prefix.Length, Hash(bits, prefix.Length));
    }

    /// <summary>The destination of the longest prefix of at most <paramref name="longest"/> bits that covers an address, or 0.</summary>
    public uint Match(in IpAddress address, int longest)
    {
        for (var length = longest; length >= 0; length--)
        {
            if (_lengths[length] > 0 && Find(new IpPrefix(address, (byte)length)) is var index and not 0)
            {
                return index;
            }
        }

        return 0;
    }

    public uint FindOrAdd(in TBits bits, int length, ulong hash)
    {
        var index = Find(bits, length, hash);
        if (index == 0)
        {
            index = _destinations.Allocate();
            _destinations[index] = new Destination<TBits> { Bits = bits, Length = (byte)length, Flags = DestinationFlags.Live };
            _slots.Add(hash, index);
            _lengths[length]++;
        }

        return index;
    }

    /// <summary>Frees a destination without paths.</summary>
    public void Remove(uint index)
    {
        ref var destination = ref _destinations[index];
        _slots.Remove(Hash(destination.Bits, destination.Length), index);
        _lengths[destination.Length]--;
        destination.Flags = DestinationFlags.None;
        _destinations.Free(index);
    }

    public static IpPrefix PrefixOf(in Destination<TBits> destination) => new(TBits.ToAddress(destination.Bits), destination.Length);

    /// <summary>The paths, the best first where there is one; valid until the next path is added or removed.</summary>
    public Span<PathEntry> Paths(ref Destination<TBits> destination) => destination.Overflow == 0
        ? MemoryMarshal.CreateSpan(ref destination.First, destination.PathCount)
        : _blocks.Block(destination.Overflow)[..destination.PathCount];

    /// <summary>Where the path of a session with this identifier stands, or −1. That a session has none of many paths is known without looking at them.</summary>
    public int Position(ref Destination<TBits> destination, ushort slot, uint pathId)
    {
        if (destination.Overflow != 0 && (destination.OverflowSlots & Destination<TBits>.SlotBit(slot)) == 0)
        {
            return -1;
        }

        var paths = Paths(ref destination);
        for (var at = 0; at < paths.Length; at++)
        {
            if (paths[at].Slot == slot && paths[at].PathId == pathId)
            {
                return at;
            }
        }

        return -1;
    }

    public void AddPath(ref Destination<TBits> destination, in PathEntry path)
    {
        var count = destination.PathCount;
        if (destination.Overflow == 0 && count < Destination<TBits>.InlinePaths)
        {
            MemoryMarshal.CreateSpan(ref destination.First, Destination<TBits>.InlinePaths)[count] = path;
        }
        else
        {
            if (destination.Overflow == 0 || count == _blocks.Capacity(destination.Overflow))
            {
                MoveToBlock(ref destination, count + 1);
            }

            _blocks.Block(destination.Overflow)[count] = path;
            destination.OverflowSlots |= Destination<TBits>.SlotBit(path.Slot);
        }

        destination.PathCount++;
        PathCount++;
    }

    public void RemovePath(ref Destination<TBits> destination, int position)
    {
        var paths = Paths(ref destination);
        paths[(position + 1)..].CopyTo(paths[position..]);
        destination.PathCount--;
        PathCount--;
        if (destination.Overflow != 0 && destination.PathCount <= Destination<TBits>.InlinePaths)
        {
            var block = destination.Overflow;
            destination.Overflow = 0;
            _blocks.Block(block)[..destination.PathCount].CopyTo(MemoryMarshal.CreateSpan(ref destination.First, Destination<TBits>.InlinePaths));
            _blocks.Free(block);
        }
    }

    public void Dispose()
    {
        _slots.Dispose();
        _destinations.Dispose();
        _blocks.Dispose();
    }

    private void MoveToBlock(ref Destination<TBits> destination, int capacity)
    {
        var block = _blocks.Allocate(capacity);
        var paths = Paths(ref destination);
        paths.CopyTo(_blocks.Block(block));
        var slots = 0UL;
        foreach (ref readonly var path in paths)
        {
            slots |= Destination<TBits>.SlotBit(path.Slot);
        }

        if (destination.Overflow != 0)
        {
            _blocks.Free(destination.Overflow);
        }

        destination.Overflow = block;
        destination.OverflowSlots = slots;
    }
}
