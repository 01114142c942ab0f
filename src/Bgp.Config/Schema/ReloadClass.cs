namespace Bgp.Config;

/// <summary>What a changed field does to a running daemon on reload.</summary>
public enum ReloadClass : byte
{
    /// <summary>Not said: no field may be left so.</summary>
    Unknown,

    /// <summary>The session, or for the router's own fields every session, is reset.</summary>
    Reset,

    /// <summary>Routes are evaluated again and the difference is announced or installed; sessions stay.</summary>
    Refresh,

    /// <summary>Takes effect by itself; no session and no route is touched.</summary>
    None,

    /// <summary>A new listener is opened before the old one closes.</summary>
    Listener,
}
