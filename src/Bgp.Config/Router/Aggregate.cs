using Bgp.Protocol;

namespace Bgp.Config;

/// <summary>A prefix announced while a more specific route of it is there.</summary>
public sealed record Aggregate
{
    public IpPrefix Prefix { get; init; }

    public bool SummaryOnly { get; init; }

    public string? Policy { get; init; }
}
