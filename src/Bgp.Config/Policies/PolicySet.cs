namespace Bgp.Config;

/// <summary>What a rule, or a network, sets on a route.</summary>
public sealed record PolicySet
{
    /// <summary>The settings that this build knows by name only.</summary>
    public PendingValues Pending { get; init; } = new();
}
