using Bgp.Protocol;

namespace Bgp.Engine;

/// <summary>Why this router originates a route. Of several reasons for one prefix the first one's route is announced.</summary>
internal enum LocalOrigin : byte
{
    /// <summary>The configuration says so.</summary>
    Network,

    /// <summary>More specific routes contribute to it.</summary>
    Aggregate,

    /// <summary>An interface or another program brought it into the kernel, and a redistribution takes it.</summary>
    Redistribution,
}

/// <summary>
/// What this router originates, by prefix and reason. Each reason comes and goes by itself; the strongest one present is the local route of the RIB, also as to a blackhole in the kernel, and when
/// it goes the next one takes its place without a withdrawal in between. Holds a reference to the attributes of each.
/// </summary>
internal sealed class LocalRoutes(RibContext context, FamilyRib ipv4, FamilyRib ipv6)
{
    private readonly Dictionary<IpPrefix, LocalRoute>[] _routes = [.. Enum.GetValues<LocalOrigin>().Select(static _ => new Dictionary<IpPrefix, LocalRoute>())];

    /// <summary>Adds or replaces the route that a prefix has for one reason.</summary>
    /// <param name="origin">The reason.</param>
    /// <param name="prefix">The prefix.</param>
    /// <param name="attributes">Its set; the caller keeps its own reference.</param>
    /// <param name="isBlackhole">Whether the kernel discards what goes to it and to nothing more specific.</param>
    public void Originate(LocalOrigin origin, in IpPrefix prefix, uint attributes, bool isBlackhole = false)
    {
        var routes = _routes[(int)origin];
        var route = new LocalRoute(attributes, isBlackhole);
        var isKnown = routes.TryGetValue(prefix, out var previous);
        if (isKnown && previous == route)
        {
            return;
        }

        routes[prefix] = route;
        context.Attributes.AddReference(attributes);
        if (isKnown)
        {
            context.Attributes.Release(previous.Attributes);
        }

        if (!HasStronger(origin, prefix))
        {
            RibOf(prefix).Originate(prefix, attributes);
        }
    }

    /// <summary>Takes one reason away; nothing where there was none.</summary>
    public void Withdraw(LocalOrigin origin, in IpPrefix prefix)
    {
        if (!_routes[(int)origin].Remove(prefix, out var route))
        {
            return;
        }

        if (!HasStronger(origin, prefix))
        {
            Succeed(origin, prefix);
        }

        context.Attributes.Release(route.Attributes);
    }

    /// <summary>Whether a prefix has a route for this reason, be it the strongest or not.</summary>
    public bool Has(LocalOrigin origin, in IpPrefix prefix) => _routes[(int)origin].ContainsKey(prefix);

    /// <summary>Whether the local route of a prefix is there because others contribute to it.</summary>
    public bool IsAggregate(in IpPrefix prefix) => Has(LocalOrigin.Aggregate, prefix) && !HasStronger(LocalOrigin.Aggregate, prefix);

    /// <summary>Whether the local route of a prefix keeps a blackhole in the kernel.</summary>
    public bool IsBlackhole(in IpPrefix prefix)
    {
        foreach (var routes in _routes)
        {
            if (routes.TryGetValue(prefix, out var route))
            {
                return route.IsBlackhole;
            }
        }

        return false;
    }

    private void Succeed(LocalOrigin origin, in IpPrefix prefix)
    {
        foreach (var weaker in _routes.AsSpan((int)origin + 1))
        {
            if (weaker.TryGetValue(prefix, out var route))
            {
                RibOf(prefix).Originate(prefix, route.Attributes);
                return;
            }
        }

        RibOf(prefix).Unoriginate(prefix);
    }

    private bool HasStronger(LocalOrigin origin, in IpPrefix prefix)
    {
        foreach (var stronger in _routes.AsSpan(0, (int)origin))
        {
            if (stronger.ContainsKey(prefix))
            {
                return true;
            }
        }

        return false;
    }

    private FamilyRib RibOf(in IpPrefix prefix) => prefix.Address.IsV4 ? ipv4 : ipv6;

    private readonly record struct LocalRoute(uint Attributes, bool IsBlackhole);
}
