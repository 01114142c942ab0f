namespace Bgp.Config;

/// <summary>Bidirectional forwarding detection (RFC 5880) beside a session.</summary>
public sealed record BfdSettings
{
    public TimeSpan MinTx { get; init; } = TimeSpan.FromMilliseconds(300);

    public TimeSpan MinRx { get; init; } = TimeSpan.FromMilliseconds(300);

    public int Multiplier { get; init; } = 3;
}
