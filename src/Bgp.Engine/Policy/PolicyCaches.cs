namespace Bgp.Engine;

/// <summary>What a cache of <see cref="PolicyCache{TKey, TValue}"/> is asked by; the default value is no key.</summary>
internal interface ICacheKey
{
    int Hash { get; }
}

/// <summary>A program, a set with its serial, and where it matters the source with the epoch in which it had its slot.</summary>
internal readonly record struct OutcomeKey(int Program, uint Attributes, uint Serial, int Source, int Epoch) : ICacheKey
{
    public int Hash => (int)(((uint)Program * 0x9E3779B1u) ^ (Attributes * 0x85EBCA77u) ^ ((uint)Source * 0xC2B2AE3Du));
}

/// <summary>A rule of a program, and a set with its serial.</summary>
internal readonly record struct ChangeKey(int Program, int Rule, uint Attributes, uint Serial) : ICacheKey
{
    public int Hash => (int)(((uint)Program * 0x9E3779B1u) ^ ((uint)Rule * 0xC2B2AE3Du) ^ (Attributes * 0x85EBCA77u));
}

/// <summary>Results by key. Direct-mapped; grows, and starts anew, once it is worth it.</summary>
internal class PolicyCache<TKey, TValue>(int maxSize)
    where TKey : struct, ICacheKey, IEquatable<TKey>
    where TValue : unmanaged
{
    private const int FirstSize = 64;

    private (TKey Key, TValue Value)[] _entries = new (TKey, TValue)[FirstSize];
    private int _evictions;

    public bool TryGet(in TKey key, out TValue value)
    {
        ref var entry = ref _entries[key.Hash & (_entries.Length - 1)];
        var isHit = entry.Key.Equals(key);
        value = isHit ? entry.Value : default;
        return isHit;
    }

    public void Add(in TKey key, TValue value)
    {
        ref var entry = ref _entries[key.Hash & (_entries.Length - 1)];
        if (!entry.Key.Equals(default) && ++_evictions > _entries.Length && _entries.Length < maxSize)
        {
            Clear();
            _entries = new (TKey, TValue)[_entries.Length * 4];
            _evictions = 0;
            entry = ref _entries[key.Hash & (_entries.Length - 1)];
        }

        Drop(entry.Value);
        entry = (key, value);
    }

    public void Clear()
    {
        foreach (ref var entry in _entries.AsSpan())
        {
            Drop(entry.Value);
            entry = default;
        }
    }

    /// <summary>A value goes; the default one is none.</summary>
    protected virtual void Drop(TValue value)
    {
    }
}

/// <summary>Which rules of a program hold for a set, a bit each.</summary>
internal sealed class OutcomeCache() : PolicyCache<OutcomeKey, ulong>(65536);

/// <summary>
/// What rules make of sets; 0 where they make none. It counts as a user of the sets that it has, since on export nothing else uses the one between policy and transform: whoever adds one hands over
/// a reference.
/// </summary>
internal sealed class ChangeCache(AttributeStore store) : PolicyCache<ChangeKey, uint>(16384), IDisposable
{
    public void Dispose() => Clear();

    protected override void Drop(uint value)
    {
        if (value != 0)
        {
            store.Release(value);
        }
    }
}
