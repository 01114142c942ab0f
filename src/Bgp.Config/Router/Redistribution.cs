using Bgp.Engine;

namespace Bgp.Config;

/// <summary>Which of the kernel's routes by others are announced.</summary>
public sealed record Redistribution
{
    public RedistributionSource From { get; init; }

    /// <summary>As <see cref="InterfacePattern"/> has them; empty is every interface.</summary>
    public EquatableArray<string> Interfaces { get; init; }

    /// <summary>The kernel's table; <c>null</c> is the main one.</summary>
    public uint? Table { get; init; }

    public string? Policy { get; init; }
}
