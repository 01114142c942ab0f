namespace Bgp.Daemon;

/// <summary>The paths of the control API.</summary>
internal static class ControlPaths
{
    public const string Summary = "/api/v1/summary";
    public const string Neighbors = "/api/v1/neighbors";
    public const string Routes = "/api/v1/routes";
    public const string Fib = "/api/v1/fib";
    public const string Config = "/api/v1/config";
    public const string Reload = "/api/v1/reload";
    public const string ReloadDryRun = Reload + "?dry-run=true";
    public const string Stop = "/api/v1/stop";

    /// <summary>Where the daemon listens unless its configuration says otherwise.</summary>
    public const string DefaultSocket = "/run/bgp/bgp.sock";
}
