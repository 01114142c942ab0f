namespace Bgp.Config;

/// <summary>Where telemetry goes.</summary>
public sealed record TelemetrySettings
{
    /// <summary>The URL of an OTLP endpoint.</summary>
    public string? Otlp { get; init; }
}
