namespace Bgp.Config;

/// <summary>Which of the kernel's routes by others are announced.</summary>
public sealed record Redistribution
{
    public RedistributionSource From { get; init; }

    /// <summary>Glob patterns, <c>!</c> excludes; empty is every interface.</summary>
    public EquatableArray<string> Interfaces { get; init; }

    public uint? Table { get; init; }

    public string? Policy { get; init; }
}
