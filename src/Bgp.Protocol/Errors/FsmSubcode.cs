namespace Bgp.Protocol;

/// <summary>Finite State Machine Error subcodes (RFC 6608 §3).</summary>
public enum FsmSubcode : byte
{
    Unspecified = 0,
    UnexpectedMessageInOpenSent = 1,
    UnexpectedMessageInOpenConfirm = 2,
    UnexpectedMessageInEstablished = 3,
}
