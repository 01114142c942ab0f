using Bgp.Protocol;

namespace Bgp.Config;

/// <summary>The conditions of a rule.</summary>
public sealed record PolicyMatch
{
    /// <summary>Any of these; <c>null</c> is no condition.</summary>
    public EquatableArray<PrefixCondition>? Prefix { get; init; }

    public AddressFamily? Family { get; init; }

    /// <summary>The conditions that this build knows by name only.</summary>
    public PendingValues Pending { get; init; } = new();
}
