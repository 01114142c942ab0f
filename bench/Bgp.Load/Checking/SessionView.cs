namespace Bgp.Load;

/// <summary>What a daemon does to a route on its way to a receiver.</summary>
internal enum SessionView
{
    /// <summary>Nothing: the bytes are handed on.</summary>
    Untouched,

    /// <summary>ORIGINATOR_ID and CLUSTER_LIST are added (RFC 4456 §8); all else stays.</summary>
    Reflected,

    /// <summary>The daemon's AS number is put in front, LOCAL_PREF is left out, and the next hop is the daemon's, or stays where it is on the link (RFC 4271 §5.1.3).</summary>
    External,

    /// <summary>To iBGP from eBGP: AS_PATH stays, LOCAL_PREF is added.</summary>
    Internal,
}
