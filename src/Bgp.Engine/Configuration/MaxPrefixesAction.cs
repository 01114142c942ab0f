namespace Bgp.Engine;

/// <summary>What happens when a neighbor announces more prefixes than it may.</summary>
public enum MaxPrefixesAction : byte
{
    /// <summary>Cease, and a new session after a while.</summary>
    Restart,

    /// <summary>A log line only.</summary>
    Warn,

    /// <summary>Cease, until an operator enables the neighbor.</summary>
    Shutdown,
}
