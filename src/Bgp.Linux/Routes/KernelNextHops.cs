using System.Runtime.CompilerServices;

namespace Bgp.Linux;

/// <summary>
/// The next hops of one route, a set: held sorted, so that two are equal in whatever order the kernel lists them. One next hop is held inline
/// and costs no allocation. Written as a collection expression: <c>[new(gateway, index)]</c>.
/// </summary>
[CollectionBuilder(typeof(KernelNextHops), nameof(Create))]
public readonly struct KernelNextHops : IEquatable<KernelNextHops>
{
    /// <summary>The largest number of next hops of a route, so that RTA_MULTIPATH fits its length of 16 bits.</summary>
    public const int MaxCount = 512;

    private readonly KernelNextHop _first;
    private readonly KernelNextHop[]? _all;

    private KernelNextHops(KernelNextHop first, KernelNextHop[]? all, int count)
    {
        _first = first;
        _all = all;
        Count = count;
    }

    public int Count { get; }

    public KernelNextHop this[int index]
    {
        get
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)index, (uint)Count, nameof(index));
            return _all is null ? _first : _all[index];
        }
    }

    /// <exception cref="ArgumentOutOfRangeException">There are more than <see cref="MaxCount"/>.</exception>
    public static KernelNextHops Create(ReadOnlySpan<KernelNextHop> nextHops)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(nextHops.Length, MaxCount, nameof(nextHops));
        switch (nextHops.Length)
        {
            case 0:
                return default;
            case 1:
                return new(nextHops[0], null, 1);
            default:
                var all = nextHops.ToArray();
                Array.Sort(all);
                return new(all[0], all, all.Length);
        }
    }

    public Enumerator GetEnumerator() => new(this);

    public bool Equals(KernelNextHops other)
    {
        if (Count != other.Count)
        {
            return false;
        }

        return _all is null ? _first == other._first : _all.AsSpan().SequenceEqual(other._all);
    }

    public override bool Equals(object? obj) => obj is KernelNextHops other && Equals(other);

    public override int GetHashCode() => HashCode.Combine(Count, _first);

    public override string ToString()
    {
        var parts = new string[Count];
        for (var i = 0; i < parts.Length; i++)
        {
            parts[i] = this[i].ToString();
        }

        return $"[{string.Join(", ", parts)}]";
    }

    public static bool operator ==(KernelNextHops left, KernelNextHops right) => left.Equals(right);

    public static bool operator !=(KernelNextHops left, KernelNextHops right) => !left.Equals(right);

    /// <summary>Walks the next hops in their order.</summary>
    public struct Enumerator(KernelNextHops nextHops)
    {
        private int _index = -1;

        public readonly KernelNextHop Current => nextHops[_index];

        public bool MoveNext() => ++_index < nextHops.Count;
    }
}
