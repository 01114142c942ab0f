namespace Bgp.Protocol;

/// <summary>What <see cref="MessageFramer.TryRead"/> found at the head of the buffer.</summary>
public enum FrameResult : byte
{
    /// <summary>One whole message, taken off the buffer.</summary>
    Complete,

    /// <summary>More bytes are needed; the buffer is as it was.</summary>
    Incomplete,

    /// <summary>The stream is lost: send the error and close.</summary>
    Malformed,
}
