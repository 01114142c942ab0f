using Bgp.Protocol;

namespace Bgp.Engine;

/// <summary>What a session wants done.</summary>
public enum SessionEffectKind : byte
{
    /// <summary>Open a TCP connection to the neighbor under <see cref="SessionEffect.Connection"/>.</summary>
    Connect,

    /// <summary>Send <see cref="SessionEffect.Message"/>, one whole control message, between whole messages of the UPDATE stream.</summary>
    Send,

    /// <summary>
    /// Close the connection after what was sent is flushed (or at once where the peer takes nothing); gives up a connect in progress.
    /// </summary>
    Close,

    /// <summary>Both OPENs are accepted: the framer may take messages up to the negotiated length.</summary>
    Negotiated,

    /// <summary>The session is established under a new <see cref="SessionEffect.Generation"/>: UPDATEs may flow both ways.</summary>
    Up,

    /// <summary>
    /// The established session of <see cref="SessionEffect.Generation"/> is over; <see cref="SessionEffect.Reason"/> says why.
    /// </summary>
    Down,

    /// <summary>The peer asked for, or frames, its refresh: <see cref="SessionEffect.Refresh"/>.</summary>
    RefreshReceived,

    /// <summary>Ask the transport how the connection stands; it answers with <see cref="SessionInputKind.Probed"/>.</summary>
    Probe,

    /// <summary>The neighbor's state changed: <see cref="SessionEffect.OldState"/> to <see cref="SessionEffect.NewState"/>.</summary>
    StateChanged,

    /// <summary>
    /// A connection or handshake ended before it was established; for the log. <see cref="SessionEffect.Reason"/> says why.
    /// </summary>
    AttemptFailed,

    /// <summary>The neighbor's removal is complete: nothing is open any more.</summary>
    Removed,
}

/// <summary>One effect of <see cref="PeerFsm"/>: a kind and the fields that the kind names.</summary>
public readonly record struct SessionEffect(SessionEffectKind Kind)
{
    public ConnectionId Connection { get; init; }

    public SessionGeneration Generation { get; init; }

    /// <summary>A whole message; immutable from here on.</summary>
    public ReadOnlyMemory<byte> Message { get; init; }

    public NegotiatedSession? Session { get; init; }

    public SessionDownReason? Reason { get; init; }

    public RouteRefreshMessage Refresh { get; init; }

    public SessionState OldState { get; init; }

    public SessionState NewState { get; init; }
}

/// <summary>The states of RFC 4271 §8.2.2, in its order. A neighbor shows the most advanced state of its connections.</summary>
public enum SessionState : byte
{
    Idle = 1,
    Connect,
    Active,
    OpenSent,
    OpenConfirm,
    Established,
}

/// <summary>Why a session or an attempt ended: the log field, the metric tag and the NOTIFICATION in one. The first reason wins.</summary>
/// <param name="Kind">The class of reason, bounded, fit for a metric tag.</param>
/// <param name="Error">The NOTIFICATION that was sent or received, if one was.</param>
/// <param name="Text">Detail for people: a peer's shutdown message, the system's words.</param>
public sealed record SessionDownReason(SessionDownKind Kind, BgpError? Error = null, string? Text = null)
{
    /// <summary>The connection lost a collision, whichever side said so (RFC 4271 §6.8): part of the protocol, and nobody's fault.</summary>
    public bool IsCollision => Kind == SessionDownKind.CollisionLost
        || this is
        {
            Kind: SessionDownKind.NotificationReceived,
            Error: { Code: NotificationCode.Cease, Subcode: (byte)CeaseSubcode.ConnectionCollisionResolution },
        };

    /// <summary>An operator at the other end said so (RFC 4486): it is nobody's fault, and the neighbor may come back at any time.</summary>
    public bool IsOperatorsThere => Kind == SessionDownKind.NotificationReceived && Error is { } error
        && (error.TryUnwrapHardReset(out var inner) ? inner : error) is { Code: NotificationCode.Cease } cease
        && (CeaseSubcode)cease.Subcode is CeaseSubcode.AdministrativeShutdown or CeaseSubcode.PeerDeconfigured or CeaseSubcode.AdministrativeReset or CeaseSubcode.OtherConfigurationChange;

    public override string ToString()
    {
        var text = Error is { } error ? $"{Kind}: {error}" : Kind.ToString();
        return Text is null ? text : $"{text} ({Text})";
    }
}

/// <summary>The classes of <see cref="SessionDownReason"/>.</summary>
public enum SessionDownKind : byte
{
    NotificationSent,
    NotificationReceived,
    HoldTimerExpired,
    SendHoldTimerExpired,
    ConnectFailed,
    ConnectionClosed,
    CollisionLost,
    AdminDown,
    AdminReset,
    Deconfigured,
    SettingsChanged,
    SpeakerLeaving,
    SpeakerRestarting,

    /// <summary>The neighbor on an interface is at another address now.</summary>
    NeighborMoved,

    /// <summary>The interface that the neighbor is configured by does not work any more.</summary>
    LinkDown,
}
