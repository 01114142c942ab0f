namespace Bgp.Interop.Tests;

/// <summary>
/// A route in words that every peer's output is brought to: what a peer is asked to announce, and what another one says it has. A null or
/// empty member is an absent attribute.
/// </summary>
internal sealed record Route(string Prefix)
{
    /// <summary>`igp`, `egp` or `incomplete`.</summary>
    public string Origin { get; init; } = "igp";

    /// <summary>AS numbers in asplain, nearest first, with a space between.</summary>
    public string AsPath { get; init; } = "";

    public string? NextHop { get; init; }

    public uint? Med { get; init; }

    public uint? LocalPref { get; init; }

    /// <summary>`64512:7`.</summary>
    public IReadOnlyList<string> Communities { get; init; } = [];

    /// <summary>`64512:1:2`.</summary>
    public IReadOnlyList<string> LargeCommunities { get; init; } = [];

    /// <summary>`rt:64512:9`, `soo:64512:10`.</summary>
    public IReadOnlyList<string> ExtendedCommunities { get; init; } = [];

    public string? OriginatorId { get; init; }

    public IReadOnlyList<string> ClusterList { get; init; } = [];

    /// <summary>ONLY_TO_CUSTOMER (RFC 9234 §5).</summary>
    public uint? OnlyToCustomer { get; init; }

    public Family Family => Prefix.Contains(':', StringComparison.Ordinal) ? Family.IPv6 : Family.IPv4;
}
