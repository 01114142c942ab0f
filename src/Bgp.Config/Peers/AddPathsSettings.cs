namespace Bgp.Config;

/// <summary>ADD-PATH (RFC 7911).</summary>
public sealed record AddPathsSettings
{
    /// <summary><see cref="Send"/> without a bound.</summary>
    public const int All = int.MaxValue;

    public bool Receive { get; init; }

    /// <summary>How many paths of a prefix are announced; 0 is off.</summary>
    public int Send { get; init; }
}
