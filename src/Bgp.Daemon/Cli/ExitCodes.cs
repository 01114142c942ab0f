namespace Bgp.Daemon;

/// <summary>What the process tells its parent.</summary>
internal static class ExitCodes
{
    public const int Done = 0;

    /// <summary>It failed while running: the daemon cannot be reached, a bind was refused.</summary>
    public const int Failed = 1;

    /// <summary>The command line or a file is wrong.</summary>
    public const int Wrong = 2;
}
