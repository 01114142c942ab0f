namespace Bgp.Protocol;

/// <summary>NOTIFICATION error codes, as in IANA's registry.</summary>
public enum NotificationCode : byte
{
    MessageHeaderError = 1,
    OpenMessageError = 2,
    UpdateMessageError = 3,
    HoldTimerExpired = 4,
    FiniteStateMachineError = 5,
    Cease = 6,
    RouteRefreshMessageError = 7,

    /// <summary>RFC 9687 §3.</summary>
    SendHoldTimerExpired = 8,
}
