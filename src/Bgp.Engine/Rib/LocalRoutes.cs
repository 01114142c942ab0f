using Bgp.Protocol;

namespace Bgp.Engine;

/// <summary>Why this router originates a route. Of several reasons for one prefix the first one's route is announced.</summary>
internal enum LocalOrigin : byte
{
    /// <summary>The configuration says so.</summary>
    Network,

    /// <summary>An interface or another program brought it into the kernel, and a redistribution takes it.</summary>
    Redistribution,
}

/// <summary>
/// What this router originates, by prefix and reason. Each reason comes and goes by itself; the strongest one present is the local route of the RIB, and when it goes the next one takes its
/// place without a withdrawal in between. Holds a reference to the attributes of each.
/// </summary>
internal sealed class LocalRoutes(RibContext context, FamilyRib ipv4, FamilyRib ipv6)
{
    private readonly Dictionary<IpPrefix, uint>[] _routes = [.. Enum.GetValues<LocalOrigin>().Select(static _ => new Dictionary<IpPrefix, uint>())];

    /// <summary>Adds or replaces the route that a prefix has for one reason.</summary>
    public void Originate(LocalOrigin origin, in IpPrefix prefix, uint attributes)
    {
        var routes = _routes[(int)origin];
        if (routes.TryGetValue(prefix, out var previous))
        {
            if (previous == attributes)
            {
                return;
            }

            routes[prefix] = attributes;
            context.Attributes.AddReference(attributes);
            context.Attributes.Release(previous);
        }
        else
        {
            routes.Add(prefix, attributes);
            context.Attributes.AddReference(attributes);
        }

        if (!HasStronger(origin, prefix))
        {
            RibOf(prefix).Originate(prefix, attributes);
        }
    }

    /// <summary>Takes one reason away; nothing where there was none.</summary>
    public void Withdraw(LocalOrigin origin, in IpPrefix prefix)
    {
        if (!_routes[(int)origin].Remove(prefix, out var attributes))
        {
            return;
        }

        if (!HasStronger(origin, prefix))
        {
            Succeed(origin, prefix);
        }

        context.Attributes.Release(attributes);
    }

    private void Succeed(LocalOrigin origin, in IpPrefix prefix)
    {
        foreach (var weaker in _routes.AsSpan((int)origin + 1))
        {
            if (weaker.TryGetValue(prefix, out var attributes))
            {
                RibOf(prefix).Originate(prefix, attributes);
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
}
