namespace Bgp.Config;

/// <summary>How programs and people ask the daemon.</summary>
public sealed record ApiSettings
{
    public string Socket { get; init; } = "/run/bgp/bgp.sock";

    public ListenEndpoint? Http { get; init; }
}
