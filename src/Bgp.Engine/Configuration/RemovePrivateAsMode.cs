namespace Bgp.Engine;

/// <summary>What happens to private AS numbers (RFC 6996) in announced paths.</summary>
public enum RemovePrivateAsMode : byte
{
    Off,

    /// <summary>Removed where the path has only private numbers.</summary>
    OnlyPrivate,

    /// <summary>Removed everywhere.</summary>
    All,

    /// <summary>Replaced by ours.</summary>
    Replace,
}
