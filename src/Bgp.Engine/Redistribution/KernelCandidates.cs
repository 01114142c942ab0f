using Bgp.Protocol;

namespace Bgp.Engine;

/// <summary>One prefix that the kernel has routes for which a redistribution may take.</summary>
internal struct KernelCandidate
{
    /// <summary>What the kernel has, in the order of preference; <c>null</c> where the number is free.</summary>
    public List<KernelRoute>? Routes;

    /// <summary>What the latest snapshot had, until <see cref="KernelCandidates.Settle"/> compares; counts in <see cref="FreshIn"/> only.</summary>
    public List<KernelRoute>? Fresh;

    /// <summary>The snapshot that <see cref="Fresh"/> is of.</summary>
    public uint FreshIn;

    /// <summary>The last snapshot that <see cref="Routes"/> has been compared with.</summary>
    public uint SettledIn;

    /// <summary>Waits in the list of what is to be judged.</summary>
    public bool IsDirty;
}

/// <summary>
/// The candidates of one family by prefix, numbered densely, so that a walk can stop anywhere. A snapshot is put beside what was known and compared a prefix at a time, by the walk or by the
/// next event about the prefix, whichever comes first; what it does not have is gone then.
/// </summary>
internal sealed class KernelCandidates(bool isV6, ulong seed)
{
    private readonly PrefixIndex _index = new(isV6, seed);
    private readonly Queue<int> _dirty = new();
    private KernelCandidate[] _candidates = [];
    private uint _snapshot;

    /// <summary>One past the highest number.</summary>
    public int Limit => _index.Limit;

    public int DirtyCount => _dirty.Count;

    public ref KernelCandidate this[int number] => ref _candidates[number];

    public IpPrefix PrefixOf(int number) => _index[number];

    /// <summary>All that is known is in doubt from here on.</summary>
    public void BeginSnapshot() => _snapshot++;

    public void AddOfSnapshot(KernelRoute route)
    {
        ref var candidate = ref FindOrAdd(route.Prefix, out _);
        if (candidate.FreshIn != _snapshot)
        {
            candidate.FreshIn = _snapshot;
            candidate.Fresh = new List<KernelRoute>(1);
        }

        KernelRouteList.Put(candidate.Fresh!, route, isOfSnapshot: true);
    }

    public void Put(KernelRoute route)
    {
        ref var candidate = ref FindOrAdd(route.Prefix, out var number);
        Settle(number);
        KernelRouteList.Put(candidate.Routes!, route, isOfSnapshot: false);
        MarkDirty(number);
    }

    public void Remove(KernelRoute route) => Change(route, static (routes, gone) => KernelRouteList.Remove(routes, gone));

    /// <summary>A route came that nobody asked for: what it took the place of is gone.</summary>
    public void Displace(KernelRoute route) => Change(route, static (routes, other) => KernelRouteList.Displace(routes, other, isOfSnapshot: false));

    private void Change(KernelRoute route, Func<List<KernelRoute>, KernelRoute, bool> change)
    {
        var number = _index.Find(route.Prefix);
        if (number < 0)
        {
            return;
        }

        var isChanged = Settle(number);
        if (change(_candidates[number].Routes!, route) || isChanged)
        {
            MarkDirty(number);
        }
    }

    /// <summary>Compares with the latest snapshot, if that is still to be done. True when something is other than before.</summary>
    public bool Settle(int number)
    {
        ref var candidate = ref _candidates[number];
        if (candidate.SettledIn == _snapshot)
        {
            return false;
        }

        candidate.SettledIn = _snapshot;
        var now = candidate.FreshIn == _snapshot ? candidate.Fresh! : [];
        candidate.Fresh = null;
        if (IsSame(candidate.Routes!, now))
        {
            return false;
        }

        candidate.Routes = now;
        return true;
    }

    public void MarkDirty(int number)
    {
        if (!_candidates[number].IsDirty)
        {
            _candidates[number].IsDirty = true;
            _dirty.Enqueue(number);
        }
    }

    public int TakeDirty()
    {
        var number = _dirty.Dequeue();
        _candidates[number].IsDirty = false;
        return number;
    }

    /// <summary>Frees a number that nothing is left of.</summary>
    public void FreeIfEmpty(int number)
    {
        ref var candidate = ref _candidates[number];
        if (candidate is { Routes.Count: 0, Fresh: null, IsDirty: false })
        {
            candidate = default;
            _index.Remove(number);
        }
    }

    private ref KernelCandidate FindOrAdd(in IpPrefix prefix, out int number)
    {
        number = _index.Find(prefix);
        if (number < 0)
        {
            number = _index.Add(prefix);
            if (_candidates.Length < _index.Capacity)
            {
                Array.Resize(ref _candidates, _index.Capacity);
            }

            // It is settled as far as it was known: a snapshot that is being told makes it otherwise.
            _candidates[number] = new KernelCandidate { Routes = new List<KernelRoute>(1), SettledIn = _snapshot - 1, FreshIn = _snapshot - 1 };
        }

        return ref _candidates[number];
    }

    private static bool IsSame(List<KernelRoute> left, List<KernelRoute> right)
    {
        if (left.Count != right.Count)
        {
            return false;
        }

        for (var at = 0; at < left.Count; at++)
        {
            var (one, other) = (left[at], right[at]);
            if (one.Table != other.Table || one.Metric != other.Metric || one.Protocol != other.Protocol || one.Kind != other.Kind
                || one.PreferredSource != other.PreferredSource || !one.Hops.AsSpan().SequenceEqual(other.Hops.AsSpan()))
            {
                return false;
            }
        }

        return true;
    }
}
