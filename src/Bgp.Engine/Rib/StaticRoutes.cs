using System.Collections.Immutable;
using Bgp.Protocol;

namespace Bgp.Engine;

/// <summary>
/// The configured static routes: in the kernel under our marks, ways for next hops, announced to nobody.
/// <para>
/// In: the configuration, and the next hops that changed. Out: forwarding, as effects, and prefixes that recursion has to look at again. A prefix may have several gateways, which share its
/// traffic; those that are not reached are left out. A gateway is resolved as any next hop is, over a connected subnet, a route of the kernel's, or another route of ours, and never over the
/// route itself. Where none of its gateways is reached the route is not there, and what neighbors announce for the prefix is; else it goes before that.
/// </para>
/// </summary>
internal sealed class StaticRoutes(RibContext context, FamilyRib ipv4, FamilyRib ipv6)
{
    private readonly SortedDictionary<IpPrefix, List<(IpAddress Via, int NextHop)>> _routes = [];

    // The lengths that occur, the longest first: with few of them a match is a few look-ups.
    private readonly SortedSet<byte> _lengths = new(Comparer<byte>.Create(static (left, right) => right.CompareTo(left)));
    private readonly List<WeightedNextHop> _ways = [];

    public void Configure(ImmutableArray<StaticRouteConfig> wanted)
    {
        var old = _routes.ToArray();
        _routes.Clear();
        _lengths.Clear();
        foreach (var (prefix, via) in wanted)
        {
            if (!_routes.TryGetValue(prefix, out var gateways))
            {
                _routes.Add(prefix, gateways = []);
                _lengths.Add(prefix.Length);
            }

            // Tracked anew before the old ones are let go of, so that what stays keeps its number.
            gateways.Add((via, context.NextHops.Track(via, IpAddress.None, 0)));
        }

        foreach (var (_, gateways) in old)
        {
            gateways.ForEach(gateway => context.NextHops.Release(gateway.NextHop));
        }

        foreach (var prefix in old.Select(static route => route.Key).Union(_routes.Keys).ToArray())
        {
            Tell(prefix);
        }
    }

    /// <summary>Next hops changed: so do the routes over them.</summary>
    public void Refresh(List<int> changed)
    {
        if (_routes.Count == 0)
        {
            return;
        }

        var numbers = changed.ToHashSet();
        foreach (var (prefix, gateways) in _routes)
        {
            if (gateways.Exists(gateway => numbers.Contains(gateway.NextHop)))
            {
                Tell(prefix);
            }
        }
    }

    /// <summary>Where a prefix leads; <c>null</c> where it has no static route, or none of whose gateways is reached.</summary>
    public Forwarding? ForwardingOf(in IpPrefix prefix)
    {
        if (_routes.Count == 0 || !_routes.TryGetValue(prefix, out var gateways))
        {
            return null;
        }

        _ways.Clear();
        foreach (var (_, nextHop) in gateways)
        {
            if (context.NextHops[nextHop].Ways is not null)
            {
                _ways.Add(new WeightedNextHop(nextHop, 1));
            }
        }

        return _ways.Count switch
        {
            0 => null,
            1 => context.NextHops[_ways[0].NextHop].Ways,
            _ => context.Combine(_ways),
        };
    }

    /// <summary>The longest prefix of at most <paramref name="longest"/> bits that has a static route and covers an address; <c>null</c> where there is none.</summary>
    public IpPrefix? Match(in IpAddress address, int longest)
    {
        foreach (var length in _lengths)
        {
            if (length <= longest && length <= address.BitLength && new IpPrefix(address, length) is var prefix && _routes.ContainsKey(prefix))
            {
                return prefix;
            }
        }

        return null;
    }

    /// <summary>Appends the next hops of a prefix.</summary>
    public void AddNextHops(in IpPrefix prefix, List<int> nextHops)
    {
        if (_routes.TryGetValue(prefix, out var gateways))
        {
            nextHops.AddRange(gateways.Select(static gateway => gateway.NextHop));
        }
    }

    /// <summary>Appends the routes that are not there because no gateway is reached, with the reasons.</summary>
    public void ReadUnreached(List<FibRouteStatus> into)
    {
        foreach (var (prefix, gateways) in _routes)
        {
            if (ForwardingOf(prefix) is null)
            {
                var reasons = string.Join("; ", gateways.Select(gateway => $"{gateway.Via}: {Words(context.NextHops[gateway.NextHop].Fault)}"));
                into.Add(new FibRouteStatus(prefix, null, IsWanted: true, IsInstalled: false, context.Config.Fib.Table, context.Config.Fib.Metric, reasons));
            }
        }
    }

    private void Tell(in IpPrefix prefix)
    {
        var rib = prefix.Address.IsV4 ? ipv4 : ipv6;
        context.Recursion!.Touch(prefix);
        var forwarding = ForwardingOf(prefix);
        if (rib.HasBest(prefix))
        {
            // Its export tells the kernel: what neighbors have takes the place of the static route, or shares no traffic any more.
            rib.Touch(prefix);
        }
        else if (context.HasForwarded)
        {
            // While the FIB is off nothing is wanted, so that nothing is left of what goes meanwhile.
            var wanted = context.Config.Fib.Enabled ? forwarding : null;
            context.Effects.Add(new EngineEffect(EngineEffectKind.Fib) { Prefix = prefix, Family = AddressFamily.Of(prefix), Forwarding = wanted });
        }
    }

    private static string Words(NextHopFault fault) => fault switch
    {
        NextHopFault.NoKernelState => "the kernel has not told its routes yet",
        NextHopFault.OwnAddress => "is an address of this router",
        NextHopFault.NoRoute => "no route leads there",
        NextHopFault.OnlyDefaultRoute => "only a default route leads there",
        NextHopFault.LinkDown => "its link is down",
        NextHopFault.Blackhole => "its route drops packets",
        NextHopFault.Unreachable => "its route says that it is unreachable",
        NextHopFault.Prohibited => "its route says that it is prohibited",
        _ => "cannot be a gateway",
    };
}
