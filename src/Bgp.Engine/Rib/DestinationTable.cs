using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Bgp.Protocol;

namespace Bgp.Engine;

/// <summary>All destinations of one family: a hash of prefixes over a slab of <see cref="Destination{TBits}"/>, and the paths beyond two in blocks.</summary>
internal sealed class DestinationTable<TBits>(ulong seed) : IDisposable
    where TBits : unmanaged, IPrefixBits<TBits>
{
    private readonly HashSlots _slots = new();
    private readonly Slab<Destination<TBits>> _destinations = new();
    private readonly BlockSlab<PathEntry> _blocks = new();

    // How many destinations have each length: a longest match looks only for lengths that there are.
    private readonly int[] _lengths = new int[129];

    public int Count => _destinations.Count;

    /// <summary>One past the highest index in use: what a walk visits.</summary>
    public uint End => _destinations.End;

    /// <summary>Paths of all destinations.</summary>
    public int PathCount { get; private set; }

    public ref Destination<TBits> this[uint index]
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => ref _destinations[index];
    }

    public ulong Hash(in TBits bits, int length) => TBits.Hash(bits, length, seed);

    /// <summary>Asks the processor to fetch the home slot of a hash.</summary>
    public void Prefetch(ulong hash) => _slots.Prefetch(hash);

    /// <summary>Asks it to fetch the destination that the home slot leads to, most likely the one of the hash.</summary>
    public unsafe void PrefetchDestination(ulong hash)
    {
        if (System.Runtime.Intrinsics.X86.Sse.IsSupported && _slots.Home(hash) is var index and not 0)
        {
            System.Runtime.Intrinsics.X86.Sse.Prefetch0(_destinations.Address(index));
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

    public void AddPath(ref Destination<TBits> destination, in PathEntry path)
    {
        var count = destination.PathCount;
        if (destination.Overflow == 0 && count < Destination<TBits>.InlinePaths)
        {
            MemoryMarshal.CreateSpan(ref destination.First, Destination<TBits>.InlinePaths)[count] = path;
        }
        else
        {
            if (destination.Overflow == 0 || count == BlockSlab<PathEntry>.Capacity(destination.Overflow))
            {
                MoveToBlock(ref destination, count + 1);
            }

            _blocks.Block(destination.Overflow)[count] = path;
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
            _blocks.Block(block)[..destination.PathCount].CopyTo(MemoryMarshal.CreateSpan(ref destination.First, Destination<TBits>.InlinePaths));
            destination.Overflow = 0;
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
        Paths(ref destination).CopyTo(_blocks.Block(block));
        if (destination.Overflow != 0)
        {
            _blocks.Free(destination.Overflow);
        }

        destination.Overflow = block;
    }
}
