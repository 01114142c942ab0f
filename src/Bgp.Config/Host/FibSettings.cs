namespace Bgp.Config;

/// <summary>What is written to the kernel and how our routes are marked there.</summary>
public sealed record FibSettings
{
    public bool Enabled { get; init; } = true;

    public uint Table { get; init; } = 254;

    public FibMetric Metric { get; init; } = new(1024);

    /// <summary>rtm_protocol; 186 is <c>bgp</c>, 12 is <c>bird</c>.</summary>
    public byte Protocol { get; init; } = 186;

    /// <summary>The preferred source of installed routes, by family.</summary>
    public AddressPair SourceAddress { get; init; } = new();

    public EquatableArray<string> Policy { get; init; }

    /// <summary>Whether routes may point at nexthop objects.</summary>
    public bool NexthopObjects { get; init; } = true;
}
