using Bgp.Engine;

namespace Bgp.Config;

/// <summary>A bound on the prefixes that a neighbor may announce in a family.</summary>
public sealed record MaxPrefixesSettings
{
    /// <summary>0 is none.</summary>
    public int Limit { get; init; }

    public MaxPrefixesAction Action { get; init; }

    public TimeSpan RestartAfter { get; init; } = TimeSpan.FromSeconds(60);
}
