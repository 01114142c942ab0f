using Bgp.Protocol;

namespace Bgp.Engine;

/// <summary>
/// Prefixes that default routes of neighbors wait for, and whether the Loc-RIB has a best route of them. Both families share it: a condition is about the router. A prefix is watched from the
/// first question about it on.
/// </summary>
/// <param name="hasBest">Whether a prefix has a best route now.</param>
internal sealed class RouteConditions(Func<IpPrefix, bool> hasBest)
{
    private readonly Dictionary<IpPrefix, bool> _present = [];
    private bool _isChanged;

    public bool Hold(in DefaultRouteConfig route)
    {
        if (route.IfPresent is not { } prefix)
        {
            return true;
        }

        if (!_present.TryGetValue(prefix, out var isPresent))
        {
            _present[prefix] = isPresent = hasBest(prefix);
        }

        return isPresent;
    }

    /// <summary>Whether no prefix is watched.</summary>
    public bool IsEmpty => _present.Count == 0;

    /// <summary>Notes whether a prefix has a best route. Cheap, because every route that changes is told.</summary>
    public void Tell(in IpPrefix prefix, bool isPresent)
    {
        if (_present.Count > 0 && _present.TryGetValue(prefix, out var wasPresent) && wasPresent != isPresent)
        {
            _present[prefix] = isPresent;
            _isChanged = true;
        }
    }

    /// <summary>The configuration may ask about others: what is still of interest is asked about again.</summary>
    public void Forget()
    {
        _present.Clear();
        _isChanged = true;
    }

    /// <summary>Whether anything changed since the last call.</summary>
    public bool TakeChange()
    {
        var isChanged = _isChanged;
        _isChanged = false;
        return isChanged;
    }
}
