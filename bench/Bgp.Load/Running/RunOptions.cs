namespace Bgp.Load;

/// <summary>How one run is to be made.</summary>
internal sealed record RunOptions
{
    public required DaemonKind Daemon { get; init; }

    /// <summary>Our published executable.</summary>
    public required string Program { get; init; }

    /// <summary>Another Debian's root folder, out of which peers run; empty for this machine. Ours and the floor never do.</summary>
    public string Root { get; init; } = "";

    /// <summary>The root folder of this run's daemon.</summary>
    public string PeerRoot => Daemon is DaemonKind.Bgp or DaemonKind.Floor ? "" : Root;

    /// <summary>Shrinks the number of routes; 1 is the full size.</summary>
    public double Scale { get; init; } = 1;

    /// <summary>For each thing that is waited for.</summary>
    public TimeSpan TimeLimit { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>Bytes, of the daemon's processes together.</summary>
    public long MemoryLimit { get; init; } = 8L << 30;

    /// <summary>Whether the daemon's files are kept.</summary>
    public bool KeepsFiles { get; init; }
}
