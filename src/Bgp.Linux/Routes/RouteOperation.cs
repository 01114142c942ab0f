namespace Bgp.Linux;

/// <summary>What to do with a route.</summary>
public enum RouteOperation
{
    /// <summary>Adds; EEXIST where prefix, table and metric are taken.</summary>
    Create,

    /// <summary>
    /// Adds, or replaces the first route of the same prefix, table and metric, <em>whoever put it there</em>: neither family compares the
    /// protocol. IPv6 prefers to replace one of the same kind (with gateway or without) and replaces all its siblings.
    /// </summary>
    Replace,

    /// <summary>Replaces as <see cref="Replace"/> does, but adds nothing: ENOENT where prefix, table and metric are free.</summary>
    Change,

    /// <summary>Adds beside what is there. For IPv6 this makes one more next hop of the same route.</summary>
    Append,

    /// <summary>
    /// Removes the route of the same prefix, table, metric and protocol with all its next hops; ESRCH where there is none. Metric 0 and
    /// protocol 0 match any. Type, scope and next hops are not compared.
    /// </summary>
    Delete,
}
