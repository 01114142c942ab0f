using Bgp.Protocol;

namespace Bgp.Engine;

/// <summary>
/// Routes that are ours but under marks that are ours no longer: another table, protocol or metric, from an earlier run or the configuration before. They are removed once the route
/// that takes their place has been written. One queue in which whatever may not go yet moves to the end.
/// </summary>
internal sealed class StrayRoutes
{
    private readonly Dictionary<(uint Table, byte Protocol, uint Metric), FibConfig> _marks = [];

    // What the queue has, for Contains; no route is in it twice.
    private readonly HashSet<(uint Table, byte Protocol, uint Metric, IpPrefix Prefix)> _present = [];
    private Queue<(FibConfig Marks, IpPrefix Prefix)> _routes = new();

    public int Count => _routes.Count;

    public void Add(FibConfig marks, in IpPrefix prefix)
    {
        if (_routes.Count == 0)
        {
            // Metrics may come from neighbors: those of the past are not kept.
            _marks.Clear();
        }

        var key = (marks.Table, marks.Protocol, marks.Metric);
        if (!_marks.TryGetValue(key, out var shared))
        {
            _marks.Add(key, marks);
            shared = marks;
        }

        if (_present.Add(KeyOf(shared, prefix)))
        {
            _routes.Enqueue((shared, prefix));
        }
    }

    public bool Contains(FibConfig marks, in IpPrefix prefix) => _present.Contains(KeyOf(marks, prefix));

    /// <summary>Forgets those of a table and protocol, because a dump is about to tell them anew.</summary>
    public void Forget(uint table, byte protocol)
    {
        _routes = new(_routes.Where(route => route.Marks.Table != table || route.Marks.Protocol != protocol));
        _present.Clear();
        _present.UnionWith(_routes.Select(static route => KeyOf(route.Marks, route.Prefix)));
    }

    public void Clear()
    {
        _routes.Clear();
        _present.Clear();
    }

    /// <summary>
    /// Takes up to <paramref name="max"/> that <paramref name="mayGo"/> lets go and that carry the same marks, which it returns; <c>null</c> when there is none.
    /// Looks at <paramref name="budget"/> at most and leaves in it what is over.
    /// </summary>
    public FibConfig? Take(int max, ref int budget, Func<IpPrefix, bool> mayGo, List<IpPrefix> into)
    {
        FibConfig? marks = null;
        for (var looks = Math.Min(budget, _routes.Count); looks > 0 && into.Count < max; looks--, budget--)
        {
            var route = _routes.Dequeue();
            if ((marks is null || ReferenceEquals(marks, route.Marks)) && mayGo(route.Prefix))
            {
                marks = route.Marks;
                into.Add(route.Prefix);
                _present.Remove(KeyOf(route.Marks, route.Prefix));
            }
            else
            {
                _routes.Enqueue(route);
            }
        }

        return marks;
    }

    private static (uint Table, byte Protocol, uint Metric, IpPrefix Prefix) KeyOf(FibConfig marks, in IpPrefix prefix) => (marks.Table, marks.Protocol, marks.Metric, prefix);
}
