namespace Bgp.Load;

/// <summary>How far a client's session is.</summary>
internal enum SessionState
{
    Closed,
    Connecting,
    OpenSent,
    OpenConfirm,
    Established,
}
