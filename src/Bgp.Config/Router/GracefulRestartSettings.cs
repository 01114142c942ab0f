namespace Bgp.Config;

/// <summary>Graceful restart (RFC 4724) and its long-lived form (RFC 9494).</summary>
public sealed record GracefulRestartSettings
{
    public bool Enabled { get; init; } = true;

    public TimeSpan RestartTime { get; init; } = TimeSpan.FromSeconds(120);

    public TimeSpan StaleTime { get; init; } = TimeSpan.FromSeconds(360);

    /// <summary>Zero is off.</summary>
    public TimeSpan LongLived { get; init; }
}
