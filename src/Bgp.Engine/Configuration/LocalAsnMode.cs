namespace Bgp.Engine;

/// <summary>What a local AS number of its own does to the AS paths of a session.</summary>
public enum LocalAsnMode : byte
{
    /// <summary>Stands in received and in sent paths, beside the router's.</summary>
    Prepend,

    /// <summary>Not in received paths.</summary>
    NoPrepend,

    /// <summary>In sent paths instead of the router's.</summary>
    Replace,
}
