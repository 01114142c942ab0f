using System.Collections.Immutable;
using Bgp.Protocol;

namespace Bgp.Engine;

/// <summary>One rule: when all given conditions hold, <see cref="Set"/> applies and <see cref="Action"/> decides. A default array is "not given".</summary>
public sealed record PolicyRule
{
    /// <summary>The prefix must match any of these; default (not empty): no condition.</summary>
    public ImmutableArray<PrefixMatch> Prefixes { get; init; }

    /// <summary>The route must be of this family; <c>null</c>: no condition.</summary>
    public AddressFamily? Family { get; init; }

    /// <summary>Conditions on where the route comes from, whom it goes to, and its attributes; <c>null</c>: none.</summary>
    public RouteMatch? Match { get; init; }

    /// <summary>What it changes; <c>null</c>: nothing.</summary>
    public RouteChanges? Set { get; init; }

    public PolicyAction Action { get; init; }
}
