namespace Bgp.Engine;

/// <summary>
/// Chooses the best path of a destination: RFC 4271 §9.1.2 with RFC 4456 §9 and RFC 5065 §5.3.
/// <para>
/// In: the paths of one destination. Out: which is best, and for the explanation why each other one lost. Called by the RIB for each change and by the read side.
/// </para>
/// <para>
/// MED is compared only among paths of one neighbor AS, which is ours where no other AS leads the path, confederation segments aside; so it is not transitive: while any attribute set in use carries a MED, the whole destination is chosen by elimination, step by step as
/// the RFC has it; else a challenger against the best gives the same result. A missing MED is 0 unless configured as worst (§9.1.2.2 c). Step 0, before LOCAL_PREF, prefers the
/// greater weight that a policy gave, then what this speaker originates. There is no "prefer the older": the result does not depend on the order of arrival.
/// </para>
/// </summary>
internal sealed class DecisionProcess(RibContext context)
{
    private int[] _candidates = new int[16];

    /// <summary>Whether pairs can be compared without looking at the other paths.</summary>
    public bool IsPairwise =>
        context.Config.BestPath.AlwaysCompareMed || (context.Attributes.SetsWithMed == 0 && !context.Config.BestPath.MissingMedWorst);

    /// <summary>Why the path may not be chosen; <see cref="PathReason.None"/> when it may.</summary>
    public PathReason Ineligibility(in PathEntry path)
    {
        if (path.Reason != PathReason.None)
        {
            return path.Reason;
        }

        ref readonly var set = ref context.Attributes[path.Effective];
        if (set.NextHop < 0)
        {
            return PathReason.None;
        }

        // What the kernel drops goes to no next hop.
        ref readonly var entry = ref context.NextHops[set.NextHop];
        return entry.IsResolved || ((set.Flags & AttributeSetFlags.Blackhole) != 0 && !entry.IsOwnAddress) ? PathReason.None : entry.IsOwnAddress ? PathReason.NextHopIsOwn : PathReason.NextHopUnresolved;
    }

    public bool IsEligible(in PathEntry path) => Ineligibility(path) == PathReason.None && !context.Slots[path.Slot]!.IsDown;

    /// <summary>The position of the best path, or −1.</summary>
    public int Select(ReadOnlySpan<PathEntry> paths)
    {
        if (!IsPairwise && paths.Length > 2)
        {
            return SelectByElimination(paths);
        }

        var best = -1;
        for (var at = 0; at < paths.Length; at++)
        {
            if (IsEligible(paths[at]) && (best < 0 || Compare(paths[at], paths[best], out _) < 0))
            {
                best = at;
            }
        }

        return best;
    }

    /// <summary>
    /// Negative when <paramref name="left"/> is better. <paramref name="step"/> is the reason why the worse one lost. Never 0 for two different paths.
    /// </summary>
    public int Compare(in PathEntry left, in PathEntry right, out PathReason step)
    {
        var order = ComparePreference(left, right, out step);
        if (order != 0)
        {
            return order;
        }

        ref var leftSet = ref context.Attributes[left.Effective];
        ref var rightSet = ref context.Attributes[right.Effective];
        step = PathReason.HigherMed;
        if (NeighborAs(leftSet) == NeighborAs(rightSet) || context.Config.BestPath.AlwaysCompareMed)
        {
            order = Med(leftSet).CompareTo(Med(rightSet));
            if (order != 0)
            {
                return order;
            }
        }

        order = CompareTopology(left, right, out step);
        return order != 0 ? order : CompareIdentity(left, right, out step);
    }

    /// <summary>Whether two paths may share traffic: equal through the IGP cost (RFC 4271 §9.1.2.2 a to e), all from one kind of session and past equally many member ASes.</summary>
    public bool IsMultipath(in PathEntry best, in PathEntry other)
    {
        if (ComparePreference(best, other, out _) != 0 || CompareTopology(best, other, out _) != 0)
        {
            return false;
        }

        ref var bestSet = ref context.Attributes[best.Effective];
        ref var otherSet = ref context.Attributes[other.Effective];
        var medCounts = NeighborAs(bestSet) == NeighborAs(otherSet) || context.Config.BestPath.AlwaysCompareMed;
        return !medCounts || Med(bestSet) == Med(otherSet);
    }

    /// <summary>Why the path at <paramref name="position"/> is not the best of <paramref name="paths"/>; the best is the first where there is one.</summary>
    public PathReason Explain(ReadOnlySpan<PathEntry> paths, int position, bool hasBest)
    {
        ref readonly var path = ref paths[position];
        var reason = Ineligibility(path);
        if (reason != PathReason.None || (hasBest && position == 0) || !hasBest)
        {
            return reason;
        }

        if (!IsPairwise && ComparePreference(paths[0], path, out _) == 0 && IsBeatenByMed(paths, position))
        {
            return PathReason.HigherMed;
        }

        Compare(paths[0], path, out var step);
        return step;
    }

    private int SelectByElimination(ReadOnlySpan<PathEntry> paths)
    {
        if (_candidates.Length < paths.Length)
        {
            _candidates = new int[paths.Length * 2];
        }

        // Steps 0 to b: keep the paths that are equal to the best through the origin.
        var count = 0;
        for (var at = 0; at < paths.Length; at++)
        {
            if (!IsEligible(paths[at]))
            {
                continue;
            }

            var order = count == 0 ? 0 : ComparePreference(paths[at], paths[_candidates[0]], out _);
            count = order < 0 ? 0 : count;
            if (order <= 0)
            {
                _candidates[count++] = at;
            }
        }

        // Step c removes by MED among what is left; the rest is a total order.
        var best = -1;
        var candidates = _candidates.AsSpan(0, count);
        foreach (var at in candidates)
        {
            if (!IsBeatenByMed(paths, candidates, at) && (best < 0 || CompareRest(paths[at], paths[best]) < 0))
            {
                best = at;
            }
        }

        return best;
    }

    private bool IsBeatenByMed(ReadOnlySpan<PathEntry> paths, ReadOnlySpan<int> candidates, int at)
    {
        ref var set = ref context.Attributes[paths[at].Effective];
        foreach (var other in candidates)
        {
            ref var otherSet = ref context.Attributes[paths[other].Effective];
            if (NeighborAs(otherSet) == NeighborAs(set) && Med(otherSet) < Med(set))
            {
                return true;
            }
        }

        return false;
    }

    private bool IsBeatenByMed(ReadOnlySpan<PathEntry> paths, int position)
    {
        ref var set = ref context.Attributes[paths[position].Effective];
        for (var other = 0; other < paths.Length; other++)
        {
            ref var otherSet = ref context.Attributes[paths[other].Effective];
            if (IsEligible(paths[other])
                && ComparePreference(paths[other], paths[position], out _) == 0
                && NeighborAs(otherSet) == NeighborAs(set)
                && Med(otherSet) < Med(set))
            {
                return true;
            }
        }

        return false;
    }

    private int CompareRest(in PathEntry left, in PathEntry right)
    {
        var order = CompareTopology(left, right, out _);
        return order != 0 ? order : CompareIdentity(left, right, out _);
    }

    // Steps 0 to b: weight, origination here, LOCAL_PREF, AS_PATH length, ORIGIN.
    private int ComparePreference(in PathEntry left, in PathEntry right, out PathReason step)
    {
        ref var leftSet = ref context.Attributes[left.Effective];
        ref var rightSet = ref context.Attributes[right.Effective];
        step = PathReason.LowerWeight;
        var order = rightSet.Weight.CompareTo(leftSet.Weight);
        if (order != 0)
        {
            return order;
        }

        step = PathReason.NotLocal;
        order = (left.Slot != 0).CompareTo(right.Slot != 0);
        if (order != 0)
        {
            return order;
        }

        step = PathReason.LowerLocalPref;
        order = LocalPref(rightSet).CompareTo(LocalPref(leftSet));
        if (order != 0)
        {
            return order;
        }

        step = PathReason.LongerAsPath;
        order = leftSet.AsPathLength.CompareTo(rightSet.AsPathLength);
        if (order != 0)
        {
            return order;
        }

        step = PathReason.WorseOrigin;
        return leftSet.Origin.CompareTo(rightSet.Origin);
    }

    // Steps d and e: eBGP over iBGP, where another member AS of the confederation is as our own (RFC 5065 §5.3); the cost of the way to the next hop. Then, within a confederation, fewer member
    // ASes and another member AS over our own: where neither length nor kind of session counted, two routers could each prefer the path by the other and never come to rest.
    private int CompareTopology(in PathEntry left, in PathEntry right, out PathReason step)
    {
        step = PathReason.InternalPeer;
        var order = IsInternal(left).CompareTo(IsInternal(right));
        if (order != 0)
        {
            return order;
        }

        step = PathReason.HigherIgpCost;
        order = IgpCost(left).CompareTo(IgpCost(right));
        if (order != 0)
        {
            return order;
        }

        step = PathReason.LongerConfederationPath;
        order = context.Attributes[left.Effective].MemberPathLength.CompareTo(context.Attributes[right.Effective].MemberPathLength);
        if (order != 0)
        {
            return order;
        }

        step = PathReason.InternalPeer;
        return IsFromOwnAs(left).CompareTo(IsFromOwnAs(right));
    }

    // Steps f and g with RFC 4456 §9: ORIGINATOR_ID or BGP identifier, CLUSTER_LIST length, peer address, path identifier.
    private int CompareIdentity(in PathEntry left, in PathEntry right, out PathReason step)
    {
        ref var leftSet = ref context.Attributes[left.Effective];
        ref var rightSet = ref context.Attributes[right.Effective];
        var leftPeer = context.Slots[left.Slot]!;
        var rightPeer = context.Slots[right.Slot]!;
        step = PathReason.HigherRouterId;
        var order = Originator(leftSet, leftPeer).CompareTo(Originator(rightSet, rightPeer));
        if (order != 0)
        {
            return order;
        }

        step = PathReason.LongerClusterList;
        order = leftSet.ClusterListLength.CompareTo(rightSet.ClusterListLength);
        if (order != 0)
        {
            return order;
        }

        step = PathReason.HigherPeerAddress;
        order = leftPeer.Address.CompareTo(rightPeer.Address);
        if (order != 0)
        {
            return order;
        }

        step = PathReason.HigherPathId;
        order = left.PathId.CompareTo(right.PathId);
        return order != 0 ? order : left.Slot.CompareTo(right.Slot);
    }

    private bool IsInternal(in PathEntry path) => context.Slots[path.Slot]!.Source is RouteSource.Internal or RouteSource.Confederation;

    private bool IsFromOwnAs(in PathEntry path) => context.Slots[path.Slot]!.Source == RouteSource.Internal;

    private uint NeighborAs(in AttributeSet set) => set.NeighborAs != 0 ? set.NeighborAs : context.Config.OutsideAsn.Value;

    private uint LocalPref(in AttributeSet set) =>
        (set.Flags & AttributeSetFlags.HasLocalPref) != 0 ? set.LocalPref : context.Config.DefaultLocalPref;

    private uint Med(in AttributeSet set) =>
        (set.Flags & AttributeSetFlags.HasMed) == 0 && context.Config.BestPath.MissingMedWorst ? uint.MaxValue : set.Med;

    private uint IgpCost(in PathEntry path)
    {
        var nextHop = context.Attributes[path.Effective].NextHop;
        return nextHop < 0 ? 0 : context.NextHops[nextHop].Metric;
    }

    private static uint Originator(in AttributeSet set, PeerSlot peer) =>
        (set.Flags & AttributeSetFlags.HasOriginatorId) != 0 ? set.OriginatorId : peer.RouterId;
}
