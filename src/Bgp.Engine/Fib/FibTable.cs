using Bgp.Protocol;

namespace Bgp.Engine;

/// <summary>
/// The FIB's records by prefix, both families, in flat arrays: 45 bytes a prefix for IPv4 and 53 for IPv6 at full arrays. A slot is an index in its family, IPv6 with <see cref="V6Bit"/>; it stays
/// while the record is used. A reference to a record is good until the next <see cref="FindOrAdd"/>.
/// </summary>
internal sealed class FibTable(ulong seed)
{
    public const int V6Bit = 1 << 30;

    private readonly PrefixIndex _v4 = new(isV6: false, seed);
    private readonly PrefixIndex _v6 = new(isV6: true, seed);
    private FibRecord[] _records4 = [];
    private FibRecord[] _records6 = [];

    public int Count => _v4.Count + _v6.Count;

    public ref FibRecord this[int slot]
    {
        get
        {
            if ((slot & V6Bit) != 0)
            {
                return ref _records6[slot & ~V6Bit];
            }

            return ref _records4[slot];
        }
    }

    public IpPrefix PrefixOf(int slot) => (slot & V6Bit) != 0 ? _v6[slot & ~V6Bit] : _v4[slot];

    /// <summary>The slot of a prefix, or −1.</summary>
    public int Find(in IpPrefix prefix)
    {
        if (prefix.Address.IsV4)
        {
            return _v4.Find(prefix);
        }

        var index = _v6.Find(prefix);
        return index < 0 ? -1 : index | V6Bit;
    }

    public int FindOrAdd(in IpPrefix prefix)
    {
        var slot = Find(prefix);
        return slot >= 0 ? slot
            : prefix.Address.IsV4 ? Add(_v4, ref _records4, prefix)
            : Add(_v6, ref _records6, prefix) | V6Bit;
    }

    public void Remove(int slot)
    {
        this[slot] = default;
        if ((slot & V6Bit) != 0)
        {
            _v6.Remove(slot & ~V6Bit);
        }
        else
        {
            _v4.Remove(slot);
        }
    }

    /// <summary>The first slot in use at or after <paramref name="slot"/> (IPv4 before IPv6), or −1; it looks at <paramref name="budget"/> slots at most and leaves in it what is over.</summary>
    /// <returns>With the budget at 0, the slot to go on with.</returns>
    public int Next(int slot, ref int budget)
    {
        if ((slot & V6Bit) == 0)
        {
            for (; slot < _v4.Limit && budget > 0; slot++, budget--)
            {
                if ((_records4[slot].Flags & FibFlags.Used) != 0)
                {
                    return slot;
                }
            }

            if (slot < _v4.Limit)
            {
                return slot;
            }

            slot = V6Bit;
        }

        for (; (slot & ~V6Bit) < _v6.Limit && budget > 0; slot++, budget--)
        {
            if ((_records6[slot & ~V6Bit].Flags & FibFlags.Used) != 0)
            {
                return slot;
            }
        }

        return (slot & ~V6Bit) < _v6.Limit ? slot : -1;
    }

    private static int Add(PrefixIndex index, ref FibRecord[] records, in IpPrefix prefix)
    {
        var number = index.Add(prefix);
        if (records.Length < index.Capacity)
        {
            Array.Resize(ref records, index.Capacity);
        }

        records[number] = new FibRecord { Flags = FibFlags.Used, NextDirty = -1 };
        return number;
    }
}
