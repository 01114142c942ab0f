using System.Diagnostics;
using Bgp.Protocol;

namespace Bgp.Engine;

/// <summary>
/// Numbers the prefixes of one family densely from 0 and finds them again. Flat arrays without references, which the collector never scans: 17 bytes a prefix for IPv4 (9 for
/// the key, 8 for the hash at its fullest growth), 25 for IPv6. The number of a freed prefix is given out again, the last freed first; order never depends on the hash.
/// </summary>
internal sealed class PrefixIndex(bool isV6, ulong seed)
{
    private const int FirstCapacity = 16;

    private readonly SeededHash _hash = new(seed);
    private ulong[] _low = new ulong[FirstCapacity];
    private ulong[] _high = isV6 ? new ulong[FirstCapacity] : [];
    private byte[] _length = new byte[FirstCapacity];

    // Open addressing with linear probing: number + 1, or 0 where empty. Freed entries close their gap, so there are no tombstones.
    private int[] _buckets = new int[FirstCapacity * 2];
    private int[] _free = [];
    private int _freeCount;

    /// <summary>One past the highest number ever given out.</summary>
    public int Limit { get; private set; }

    public int Count => Limit - _freeCount;

    /// <summary>How many numbers fit before the next growth: the size that arrays beside this index should have.</summary>
    public int Capacity => _low.Length;

    public IpPrefix this[int index] =>
        new(isV6 ? IpAddress.V6(_high[index], _low[index]) : IpAddress.V4((uint)_low[index]), _length[index]);

    /// <summary>The number of a prefix, or −1.</summary>
    public int Find(in IpPrefix prefix)
    {
        var mask = _buckets.Length - 1;
        for (var bucket = Hash(prefix) & mask; _buckets[bucket] != 0; bucket = (bucket + 1) & mask)
        {
            var index = _buckets[bucket] - 1;
            if (Holds(index, prefix))
            {
                return index;
            }
        }

        return -1;
    }

    /// <summary>Numbers a prefix that is not in yet.</summary>
    public int Add(in IpPrefix prefix)
    {
        Debug.Assert(Find(prefix) < 0, "a prefix is in once");
        if (_freeCount == 0 && Limit == _low.Length)
        {
            Grow();
        }

        var index = _freeCount > 0 ? _free[--_freeCount] : Limit++;
        _low[index] = prefix.Address.Low;
        _length[index] = prefix.Length;
        if (isV6)
        {
            _high[index] = prefix.Address.High;
        }

        Insert(index, prefix);
        return index;
    }

    public void Remove(int index)
    {
        var mask = _buckets.Length - 1;
        var hole = Hash(this[index]) & mask;
        while (_buckets[hole] != index + 1)
        {
            hole = (hole + 1) & mask;
        }

        // Whatever probed past the hole moves into it, until an empty bucket ends the cluster.
        for (var next = (hole + 1) & mask; _buckets[next] != 0; next = (next + 1) & mask)
        {
            var home = Hash(this[_buckets[next] - 1]) & mask;
            if (((next - home) & mask) >= ((next - hole) & mask))
            {
                _buckets[hole] = _buckets[next];
                hole = next;
            }
        }

        _buckets[hole] = 0;
        if (_freeCount == _free.Length)
        {
            Array.Resize(ref _free, Math.Max(FirstCapacity, _free.Length * 2));
        }

        _free[_freeCount++] = index;
    }

    private bool Holds(int index, in IpPrefix prefix) =>
        _low[index] == prefix.Address.Low && _length[index] == prefix.Length && (!isV6 || _high[index] == prefix.Address.High);

    private void Insert(int index, in IpPrefix prefix)
    {
        var mask = _buckets.Length - 1;
        var bucket = Hash(prefix) & mask;
        while (_buckets[bucket] != 0)
        {
            bucket = (bucket + 1) & mask;
        }

        _buckets[bucket] = index + 1;
    }

    private void Grow()
    {
        var capacity = _low.Length * 2;
        Array.Resize(ref _low, capacity);
        Array.Resize(ref _length, capacity);
        if (isV6)
        {
            Array.Resize(ref _high, capacity);
        }

        // Only called with no free number, so each one below the limit is in use.
        _buckets = new int[capacity * 2];
        for (var index = 0; index < Limit; index++)
        {
            Insert(index, this[index]);
        }
    }

    private int Hash(in IpPrefix prefix) =>
        (int)(_hash.Of(prefix.Address.High, prefix.Address.Low, prefix.Length) & int.MaxValue);
}
