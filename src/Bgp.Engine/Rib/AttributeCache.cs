using Bgp.Protocol;

namespace Bgp.Engine;

/// <summary>
/// Raw attribute bytes as a peer sent them → the interned set, so that an UPDATE with known attributes is neither validated nor copied again. Direct-mapped: a newer entry takes the
/// place of an older one. A hit compares all bytes and the codec profile, and asks the store whether the set still lives. Grows with its misses up to a named bound.
/// </summary>
internal sealed unsafe class AttributeCache(ulong seed, AttributeStore store) : IDisposable
{
    /// <summary>Longer raw attributes are not cached.</summary>
    public const int MaxKeyBytes = 240;

    private const int FirstSize = 16;
    private const int MaxSize = 16384;

    /// <summary>Up to so many entries, 256 KiB, it grows with its misses alone; beyond that only where it also hits, so that a speaker who hears each set once does not pay for all of them.</summary>
    private const int FreeSize = 1024;

    /// <summary>After so many misses in a row only each eighth key is asked about, until one is found: a full table brings each set once, and then a look costs more than it saves.</summary>
    private const int Patience = 4096;

    private const int SampleShift = 61;

    private readonly SeededHash _hash = new(seed);
    private Entry* _entries = (Entry*)NativeArena.Allocate(FirstSize * (nuint)sizeof(Entry));
    private int _size = FirstSize;
    private int _evictions;
    private int _misses;
    private int _hits;

    public ulong Hash(ReadOnlySpan<byte> key, CodecFlags profile) => _hash.Of(key, (uint)profile);

    /// <summary>Whether only a sample of the keys is asked about, as so many were not found.</summary>
    public bool IsSampled => _misses >= Patience;

    /// <summary>Whether what has this hash should be asked about and added now.</summary>
    public bool IsWorthAsking(ulong hash) => !IsSampled || hash >> SampleShift == 0;

    /// <summary>The set's index, or 0.</summary>
    public uint Find(ulong hash, ReadOnlySpan<byte> key, CodecFlags profile)
    {
        if (key.Length > MaxKeyBytes)
        {
            return 0;
        }

        var entry = _entries + (hash & (uint)(_size - 1));
        var isFound = entry->Index != 0
            && entry->Profile == profile
            && entry->Length == key.Length
            && new ReadOnlySpan<byte>(entry->Key, entry->Length).SequenceEqual(key)
            && store.IsAlive(entry->Index, entry->Serial);
        if (!isFound)
        {
            _misses++;
            return 0;
        }

        _misses = 0;
        _hits++;
        return entry->Index;
    }

    public void Add(ulong hash, ReadOnlySpan<byte> key, CodecFlags profile, uint index)
    {
        if (key.Length > MaxKeyBytes)
        {
            return;
        }

        var entry = _entries + (hash & (uint)(_size - 1));
        if (entry->Index != 0 && ++_evictions > _size && _size < MaxSize && (_size < FreeSize || _hits > _size / 4))
        {
            Resize(_size * 4);
            entry = _entries + (hash & (uint)(_size - 1));
        }

        entry->Index = index;
        entry->Serial = store[index].Serial;
        entry->Profile = profile;
        entry->Length = (byte)key.Length;
        key.CopyTo(new Span<byte>(entry->Key, MaxKeyBytes));
    }

    public void Dispose()
    {
        if (_entries is not null)
        {
            NativeArena.Free(_entries, (nuint)_size * (nuint)sizeof(Entry));
            _entries = null;
        }
    }

    private void Resize(int size)
    {
        NativeArena.Free(_entries, (nuint)_size * (nuint)sizeof(Entry));
        _entries = (Entry*)NativeArena.Allocate((nuint)size * (nuint)sizeof(Entry));
        _size = size;
        _evictions = 0;
        _hits = 0;
    }

    private struct Entry
    {
        public uint Index;
        public uint Serial;
        public CodecFlags Profile;
        public byte Length;
        public fixed byte Key[MaxKeyBytes];
    }
}
