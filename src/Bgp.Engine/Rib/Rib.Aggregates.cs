using System.Collections.Immutable;
using Bgp.Protocol;

namespace Bgp.Engine;

/// <summary>
/// Aggregates (RFC 4271 §9.2.2.2): which routes contribute to which, and the routes that follow from it.
/// <para>
/// A destination contributes by its best route to every aggregate that covers it with fewer bits and whose policy accepts that route. Aggregates themselves contribute to none and are suppressed
/// by none, so there is no order among them. What a destination was counted as is kept beside it: when its best route changes only the difference is counted, and an aggregate is touched only
/// when its first contributor comes, its last one goes, or the worst ORIGIN among them is another. Nothing else of a contributor is in the aggregate: its AS path is empty, with
/// ATOMIC_AGGREGATE and our AGGREGATOR, as RFC 6472 advises against AS_SETs.
/// </para>
/// </summary>
internal sealed partial class Rib<TBits>
{
    private readonly PrefixTrie<Aggregate> _aggregates = new();
    private readonly Contributions _contributions = new(TBits.Family.Afi == Afi.Ipv4 ? 32 : 128);
    private readonly List<Aggregate> _covering = [];
    private readonly Queue<Aggregate> _unsettled = new();

    public override void Aggregate(ImmutableArray<AggregateConfig> wanted)
    {
        var walk = new RibWalk(RibWalkKind.Contribute);
        var prefixes = wanted.Where(config => AddressFamily.Of(config.Prefix) == Family).Select(config => config.Prefix).ToHashSet();
        foreach (var aggregate in _aggregates.Within(new IpPrefix(TBits.ToAddress(default), 0)).ToList())
        {
            // A router id or AS number of ours may be another one now.
            Unsettle(aggregate);
            if (!aggregate.IsRemoved && !prefixes.Contains(aggregate.Prefix))
            {
                aggregate.IsRemoved = true;
                walk.Aggregates.Add(aggregate);
            }
        }

        foreach (var config in wanted.Where(config => AddressFamily.Of(config.Prefix) == Family))
        {
            var contributors = _context.Policies.CompileForRouter(config.Policy is null ? [] : [config.Policy]);
            var aggregate = _aggregates.GetOrAdd(config.Prefix, () => new Aggregate(config.Prefix) { IsRemoved = true });
            if (aggregate.IsRemoved || aggregate.SummaryOnly != config.SummaryOnly || aggregate.Contributors != contributors)
            {
                (aggregate.IsRemoved, aggregate.SummaryOnly, aggregate.Contributors) = (false, config.SummaryOnly, contributors);
                walk.Aggregates.Add(aggregate);
            }
        }

        if (walk.Aggregates.Count > 0)
        {
            walk.Aggregates.ForEach(static aggregate => aggregate.Walks++);
            _walks.AddLast(walk);
        }
    }

    /// <summary>Counts a destination to the aggregates that it contributes to now, and out of the others. True when it is suppressed now and was not, or the other way round.</summary>
    private bool Contribute(uint index, ref Destination<TBits> destination)
    {
        if (_aggregates.Count == 0)
        {
            return false;
        }

        var prefix = DestinationTable<TBits>.PrefixOf(destination);
        _covering.Clear();
        _aggregates.Covering(prefix, _covering);
        if (_covering.Count == 0)
        {
            return false;
        }

        var contributes = destination.HasBest && !IsAggregate(prefix);
        var best = contributes ? _table.Paths(ref destination)[0] : default;
        var (before, origin) = (_contributions.Origin(index), contributes ? _context.Attributes[best.Effective].Origin : (byte)0);
        var isSuppressed = false;
        foreach (var aggregate in _covering)
        {
            var had = _contributions.Contains(index, aggregate.Prefix.Length);
            var counts = contributes && aggregate.Prefix.Length < prefix.Length && !aggregate.IsRemoved && Accepts(aggregate, prefix, best);
            isSuppressed |= counts && aggregate.SummaryOnly;
            if (had == counts && (!had || before == origin))
            {
                continue;
            }

            var isChanged = had && aggregate.Count((Origin)before, -1);
            isChanged |= counts && aggregate.Count((Origin)origin, 1);
            if (had != counts)
            {
                _contributions.Set(index, aggregate.Prefix.Length, counts);
            }

            if (isChanged)
            {
                Unsettle(aggregate);
            }
        }

        _contributions.SetOrigin(index, origin);
        var wasSuppressed = (destination.Flags & DestinationFlags.Suppressed) != 0;
        destination.Flags = isSuppressed ? destination.Flags | DestinationFlags.Suppressed : destination.Flags & ~DestinationFlags.Suppressed;
        return wasSuppressed != isSuppressed;
    }

    private bool IsAggregate(in IpPrefix prefix) => _context.Locals is { } locals && locals.IsAggregate(prefix);

    private bool Accepts(Aggregate aggregate, in IpPrefix prefix, in PathEntry best) =>
        _context.Policy.TryApply(aggregate.Contributors, prefix, best.Effective, _context.Slots[best.Slot]!, out _);

    /// <summary>The aggregate that keeps a destination from being announced; <c>null</c> where none does.</summary>
    private IpPrefix? SuppressorOf(uint index, in Destination<TBits> destination)
    {
        if ((destination.Flags & DestinationFlags.Suppressed) == 0)
        {
            return null;
        }

        _covering.Clear();
        _aggregates.Covering(DestinationTable<TBits>.PrefixOf(destination), _covering);
        return _covering.FindLast(aggregate => aggregate.SummaryOnly && _contributions.Contains(index, aggregate.Prefix.Length))?.Prefix;
    }

    private void Unsettle(Aggregate aggregate)
    {
        if (!aggregate.IsUnsettled)
        {
            aggregate.IsUnsettled = true;
            _unsettled.Enqueue(aggregate);
        }
    }

    /// <summary>Originates and withdraws what aggregates have come to. Returns how many were looked at.</summary>
    private int SettleAggregates(int budget)
    {
        var settled = 0;
        for (; settled < budget && _unsettled.TryDequeue(out var aggregate); settled++)
        {
            _context.Visited++;
            aggregate.IsUnsettled = false;
            var locals = _context.Locals!;
            if (aggregate.IsRemoved || (aggregate.Wanted is null && aggregate.Walks == 0))
            {
                locals.Withdraw(LocalOrigin.Aggregate, aggregate.Prefix);
            }
            else if (aggregate.Wanted is { } origin && (aggregate.Walks == 0 || !locals.Has(LocalOrigin.Aggregate, aggregate.Prefix)))
            {
                var attributes = _context.InternAggregate(origin);
                locals.Originate(LocalOrigin.Aggregate, aggregate.Prefix, attributes, isBlackhole: true);
                _context.Attributes.Release(attributes);
            }
        }

        return settled;
    }

    /// <summary>All routes were asked whether they contribute.</summary>
    private void FinishContribution(RibWalk walk)
    {
        foreach (var aggregate in walk.Aggregates)
        {
            aggregate.Walks--;
            if (aggregate is { IsRemoved: true, Walks: 0 })
            {
                _aggregates.Remove(aggregate.Prefix);
            }

            Unsettle(aggregate);
        }
    }
}
