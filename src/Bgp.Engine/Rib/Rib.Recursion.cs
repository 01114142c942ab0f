using Bgp.Protocol;

namespace Bgp.Engine;

/// <summary>What recursive next hops ask of a family's routes.</summary>
internal sealed partial class Rib<TBits>
{
    public override IpPrefix? MatchBest(in IpAddress address, int longest)
    {
        for (var length = longest; length >= 0;)
        {
            var index = _table.Match(address, length);
            if (index == 0)
            {
                return null;
            }

            if (_table[index].HasBest)
            {
                return DestinationTable<TBits>.PrefixOf(_table[index]);
            }

            length = _table[index].Length - 1;
        }

        return null;
    }

    public override bool HasBest(in IpPrefix prefix) => _table.Find(prefix) is var index and not 0 && _table[index].HasBest;

    public override Forwarding? WayOf(in IpPrefix prefix, out uint metric)
    {
        metric = 0;
        var index = _table.Find(prefix);
        if (index == 0 || !_table[index].HasBest)
        {
            return null;
        }

        // An aggregate may be there only because the next hop is reached: it is passed over, as a route that needs the next hop itself.
        if (IsAggregate(prefix))
        {
            return null;
        }

        var nextHop = _context.Attributes[_table.Paths(ref _table[index])[0].Effective].NextHop;
        metric = nextHop < 0 ? 0 : _context.NextHops[nextHop].Metric;
        return ForwardingOf(ref _table[index], marks: false, out _);
    }

    public override void AddNextHops(in IpPrefix prefix, List<int> nextHops)
    {
        var index = _table.Find(prefix);
        if (index == 0)
        {
            return;
        }

        foreach (ref readonly var path in _table.Paths(ref _table[index]))
        {
            var nextHop = _context.Attributes[path.Effective].NextHop;
            if (nextHop >= 0)
            {
                nextHops.Add(nextHop);
            }
        }
    }
}
