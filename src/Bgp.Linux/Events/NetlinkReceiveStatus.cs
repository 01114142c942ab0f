namespace Bgp.Linux;

/// <summary>How a wait for the kernel ended.</summary>
public enum NetlinkReceiveStatus
{
    /// <summary>A datagram is in the buffer.</summary>
    Data,

    /// <summary>Nothing came in time.</summary>
    TimedOut,

    /// <summary>Another thread asked the waiter to look up.</summary>
    Woken,

    /// <summary>ENOBUFS, or a datagram larger than the buffer: messages are lost, and what they said must be learned by a dump.</summary>
    Overrun,
}
