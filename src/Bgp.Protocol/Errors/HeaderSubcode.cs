namespace Bgp.Protocol;

/// <summary>Message Header Error subcodes (RFC 4271 §6.1).</summary>
public enum HeaderSubcode : byte
{
    Unspecific = 0,
    ConnectionNotSynchronized = 1,
    BadMessageLength = 2,
    BadMessageType = 3,
}
