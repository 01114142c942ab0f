using Bgp.Protocol;

namespace Bgp.Engine;

/// <summary>
/// Leads to next hops over other BGP routes (RFC 4271 §5.1.3, §9.1.2.1).
/// <para>
/// In: a next hop that the kernel reaches over no connected subnet. Out: the best route that covers it with more bits than the kernel's match has, and that route's own ways; in the other
/// direction, the prefixes whose routes changed and that cover such a next hop. Called by <see cref="NextHopTable"/> and by the engine after exports.
/// </para>
/// <para>
/// No next hop leads to itself: a route is passed over where any of its paths, the best or not, needs the next hop in question, directly or over further routes. That is stricter than to look
/// at best paths only, and it has to be: else a path that is best only while its next hop is resolved by a worse path of the same prefix would come and go for ever. A chain is followed for at
/// most <see cref="MaxDepth"/> routes and a look takes in at most <see cref="MaxVisits"/> next hops; what exceeds that is passed over too.
/// </para>
/// </summary>
internal sealed class RouteRecursion(RibContext context, FamilyRib ipv4, FamilyRib ipv6)
{
    public const int MaxDepth = 8;

    public const int MaxVisits = 1024;

    private readonly List<IpPrefix> _touched = [];
    private readonly List<int> _pending = [];

    // Where a pass over all next hops that BGP routes may lead to goes on, −1 where there is none; and whether there is to be another one.
    private int _passAt = -1;
    private bool _isPassDue;

    /// <summary>Whether <see cref="Settle"/> has something to look at.</summary>
    public bool HasWork => _touched.Count > 0 || _passAt >= 0 || _isPassDue;

    /// <summary>Notes that the forwarding of a prefix may have changed.</summary>
    public void Touch(in IpPrefix prefix)
    {
        if (context.NextHops.MayLead(prefix))
        {
            _touched.Add(prefix);
        }
    }

    /// <summary>
    /// Resolves anew what the touched routes may lead to, and appends the next hops that changed. Where a touched route leads to a next hop, routes that use this one may lead to others in turn, and
    /// what they need is other than it was though they themselves did not change: then all are asked, in a pass that goes on with the next call.
    /// </summary>
    /// <param name="budget">How many next hops and touched routes are looked at, at most.</param>
    /// <param name="changed">Where to.</param>
    /// <returns>How many were.</returns>
    public int Settle(int budget, List<int> changed)
    {
        // A pass has half of the budget to itself: what is touched meanwhile cannot keep it from its end.
        var left = _isPassDue || _passAt >= 0 ? budget / 2 : budget;
        var reserved = budget - left;
        var taken = 0;
        for (; taken < _touched.Count && left > 0; taken++)
        {
            _isPassDue |= context.NextHops.Refresh(_touched[taken], ref left, changed);
        }

        _touched.RemoveRange(0, taken);
        if (_isPassDue && left == 0)
        {
            // The pass that is to come asks all next hops: what was touched before it has nothing more to say.
            _touched.Clear();
        }

        left += reserved;
        if (_isPassDue && _passAt < 0 && _touched.Count == 0)
        {
            // What it has passed when something more is touched is asked again by the next pass.
            _isPassDue = false;
            _passAt = 0;
        }

        if (_passAt >= 0)
        {
            _passAt = context.NextHops.RefreshDistant(_passAt, ref left, changed);
        }

        return budget - left;
    }

    public RecursiveWay? Find(int nextHop, in IpAddress address, int kernelLength)
    {
        var rib = address.IsV4 ? ipv4 : ipv6;
        var longest = address.BitLength;
        while (longest > kernelLength && Match(rib, address, longest) is { } prefix && prefix.Length > kernelLength)
        {
            if (WayOf(rib, prefix, out var metric) is { } ways && !Needs(prefix, nextHop))
            {
                return new RecursiveWay(prefix, ways, metric);
            }

            longest = prefix.Length - 1;
        }

        return null;
    }

    /// <summary>The longest prefix that has a route, a static one or a neighbor's.</summary>
    private IpPrefix? Match(FamilyRib rib, in IpAddress address, int longest)
    {
        var (best, own) = (rib.MatchBest(address, longest), context.Statics?.Match(address, longest));
        return own is { } prefix && !(best?.Length > prefix.Length) ? prefix : best;
    }

    /// <summary>Where a prefix leads: a static route costs what it costs in the kernel.</summary>
    private Forwarding? WayOf(FamilyRib rib, in IpPrefix prefix, out uint metric)
    {
        metric = context.Config.Fib.Metric;
        return context.Statics?.ForwardingOf(prefix) ?? rib.WayOf(prefix, out metric);
    }

    /// <summary>Whether a prefix' paths need a next hop, level by level.</summary>
    private bool Needs(in IpPrefix prefix, int nextHop)
    {
        _pending.Clear();
        AddNextHops(prefix);
        var at = 0;
        for (var depth = 0; at < _pending.Count; depth++)
        {
            var end = _pending.Count;
            if (depth == MaxDepth || end > MaxVisits)
            {
                return true;
            }

            for (; at < end; at++)
            {
                if (_pending[at] == nextHop)
                {
                    return true;
                }

                if (context.NextHops[_pending[at]].Through is { } through)
                {
                    AddNextHops(through);
                }
            }
        }

        return false;
    }

    private void AddNextHops(in IpPrefix prefix)
    {
        (prefix.Address.IsV4 ? ipv4 : ipv6).AddNextHops(prefix, _pending);
        context.Statics?.AddNextHops(prefix, _pending);
    }
}
