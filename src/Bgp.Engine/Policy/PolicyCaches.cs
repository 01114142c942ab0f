namespace Bgp.Engine;

/// <summary>A program, a set with its serial, and where it matters the source with the epoch in which it had its slot.</summary>
internal readonly record struct OutcomeKey(int Program, uint Attributes, uint Serial, int Source, int Epoch)
{
    public int Hash => (int)(((uint)Program * 0x9E3779B1u) ^ (Attributes * 0x85EBCA77u) ^ ((uint)Source * 0xC2B2AE3Du));
}

/// <summary>Which rules of a program hold for a set. Direct-mapped; grows once it is worth it.</summary>
internal sealed class OutcomeCache
{
    private const int FirstSize = 64;
    private const int MaxSize = 65536;

    private (OutcomeKey Key, ulong Outcomes)[] _entries = new (OutcomeKey, ulong)[FirstSize];
    private int _evictions;

    public bool TryGet(in OutcomeKey key, out ulong outcomes)
    {
        ref var entry = ref _entries[key.Hash & (_entries.Length - 1)];
        var isHit = entry.Key == key;
        outcomes = isHit ? entry.Outcomes : 0;
        return isHit;
    }

    public void Add(in OutcomeKey key, ulong outcomes)
    {
        ref var entry = ref _entries[key.Hash & (_entries.Length - 1)];
        if (entry.Key != default && ++_evictions > _entries.Length && _entries.Length < MaxSize)
        {
            _entries = new (OutcomeKey, ulong)[_entries.Length * 4];
            _evictions = 0;
            entry = ref _entries[key.Hash & (_entries.Length - 1)];
        }

        entry = (key, outcomes);
    }

    public void Clear() => Array.Clear(_entries);
}

/// <summary>A rule of a program, and a set with its serial.</summary>
internal readonly record struct ChangeKey(int Program, int Rule, uint Attributes, uint Serial)
{
    public int Hash => (int)(((uint)Program * 0x9E3779B1u) ^ ((uint)Rule * 0xC2B2AE3Du) ^ (Attributes * 0x85EBCA77u));
}

/// <summary>
/// What rules make of sets. Direct-mapped; grows once it is worth it. It counts as a user of the sets that it has, since on export nothing else uses the one between policy and transform.
/// </summary>
internal sealed class ChangeCache(AttributeStore store) : IDisposable
{
    private const int FirstSize = 64;
    private const int MaxSize = 16384;

    private (ChangeKey Key, uint Changed)[] _entries = new (ChangeKey, uint)[FirstSize];
    private int _evictions;

    public bool TryGet(in ChangeKey key, out uint changed)
    {
        ref var entry = ref _entries[key.Hash & (_entries.Length - 1)];
        var isHit = entry.Key == key;
        changed = isHit ? entry.Changed : 0;
        return isHit;
    }

    /// <summary>Takes over the caller's reference on <paramref name="changed"/>; 0 is remembered too.</summary>
    public void Add(in ChangeKey key, uint changed)
    {
        ref var entry = ref _entries[key.Hash & (_entries.Length - 1)];
        if (entry.Key != default && ++_evictions > _entries.Length && _entries.Length < MaxSize)
        {
            var size = _entries.Length * 4;
            Dispose();
            _entries = new (ChangeKey, uint)[size];
            _evictions = 0;
            entry = ref _entries[key.Hash & (_entries.Length - 1)];
        }

        if (entry.Changed != 0)
        {
            store.Release(entry.Changed);
        }

        entry = (key, changed);
    }

    public void Dispose()
    {
        foreach (ref var entry in _entries.AsSpan())
        {
            if (entry.Changed != 0)
            {
                store.Release(entry.Changed);
            }

            entry = default;
        }
    }
}
