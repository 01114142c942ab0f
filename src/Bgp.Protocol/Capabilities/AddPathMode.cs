namespace Bgp.Protocol;

/// <summary>Send/Receive of the ADD-PATH capability (RFC 7911 §4): what its sender is able to do.</summary>
[Flags]
public enum AddPathMode : byte
{
    None = 0,
    Receive = 1,
    Send = 2,
    Both = Receive | Send,
}
