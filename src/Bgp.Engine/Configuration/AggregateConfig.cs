using Bgp.Protocol;

namespace Bgp.Engine;

/// <summary>A prefix that is originated, with a blackhole in the kernel, while a more specific best route contributes to it (RFC 4271 §9.2.2.2).</summary>
public sealed record AggregateConfig(IpPrefix Prefix)
{
    /// <summary>The contributors are not announced.</summary>
    public bool SummaryOnly { get; init; }

    /// <summary>Decides which routes contribute; <c>null</c> is all. What it sets is of no effect outside of it.</summary>
    public PolicyConfig? Policy { get; init; }
}
