namespace Bgp.Linux;

/// <summary>What happened to it.</summary>
public enum KernelChange
{
    /// <summary>It is there, or it changed: links and addresses say their whole state each time.</summary>
    Added,

    /// <summary>
    /// A route that took the place of one with the same prefix, table and metric, perhaps of another protocol. No removal of that one is told.
    /// (IPv6 tells some replacements as <see cref="Added"/>.)
    /// </summary>
    Replaced,

    /// <summary>A route beside others of the same prefix, table and metric.</summary>
    Appended,

    Removed,
}
