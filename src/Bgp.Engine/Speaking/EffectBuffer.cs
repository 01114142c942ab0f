namespace Bgp.Engine;

/// <summary>What a machine wants done, in order. Owned by the caller of <c>Step</c> or <c>Apply</c>, who drains it before the next call; it grows to its high-water mark and then allocates no more.</summary>
public sealed class EffectBuffer<T>
    where T : struct
{
    private T[] _items = new T[16];

    public int Count { get; private set; }

    public ref readonly T this[int index]
    {
        get
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)index, (uint)Count, nameof(index));
            return ref _items[index];
        }
    }

    public ReadOnlySpan<T> AsSpan() => _items.AsSpan(0, Count);

    public void Add(in T effect)
    {
        if (Count == _items.Length)
        {
            Array.Resize(ref _items, Count * 2);
        }

        _items[Count++] = effect;
    }

    /// <summary>Empties the buffer and drops what the effects referred to.</summary>
    public void Clear()
    {
        _items.AsSpan(0, Count).Clear();
        Count = 0;
    }
}
