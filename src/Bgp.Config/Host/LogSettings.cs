namespace Bgp.Config;

/// <summary>What is logged, and how it looks.</summary>
public sealed record LogSettings
{
    public LogVerbosity Level { get; init; } = LogVerbosity.Info;

    public LogFormat Format { get; init; }
}
