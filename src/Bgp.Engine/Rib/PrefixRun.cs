using Bgp.Protocol;

namespace Bgp.Engine;

/// <summary>Prefixes read out of NLRI, one array a column, with the hashes under which they stand in the table.</summary>
internal sealed class PrefixRun<TBits>
    where TBits : unmanaged, IPrefixBits<TBits>
{
    public const int Capacity = 1024;

    private readonly TBits[] _keys = new TBits[Capacity];
    private readonly byte[] _lengths = new byte[Capacity];
    private readonly uint[] _pathIds = new uint[Capacity];
    private readonly ulong[] _hashes = new ulong[Capacity];

    public int Count { get; private set; }

    public ref readonly TBits Key(int at) => ref _keys[at];

    public byte Length(int at) => _lengths[at];

    public uint PathId(int at) => _pathIds[at];

    public ulong Hash(int at) => _hashes[at];

    public void Clear() => Count = 0;

    /// <summary>Appends prefixes until the end or until it is full, and has the processor fetch where they stand in a table.</summary>
    public void Read(ref NlriReader reader, DestinationTable<TBits> table)
    {
        while (Count < Capacity && TBits.TryRead(ref reader, out var bits, out var length, out var pathId))
        {
            var hash = table.Hash(bits, length);
            _keys[Count] = bits;
            _lengths[Count] = length;
            _pathIds[Count] = pathId.Value;
            _hashes[Count++] = hash;
            table.Prefetch(hash);
        }
    }

    /// <summary>Has it fetch what stands there. The reads of each kind are independent, so that their latencies overlap.</summary>
    public void Reach(DestinationTable<TBits> table)
    {
        var hashes = _hashes.AsSpan(0, Count);
        foreach (var hash in hashes)
        {
            if (table.Home(hash) is var index and not 0)
            {
                table.PrefetchAt(index);
            }
        }

        if (table.HasBlocks)
        {
            foreach (var hash in hashes)
            {
                if (table.Home(hash) is var index and not 0)
                {
                    table.PrefetchPaths(index);
                }
            }
        }
    }
}
