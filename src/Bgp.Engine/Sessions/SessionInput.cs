using Bgp.Protocol;

namespace Bgp.Engine;

/// <summary>What can happen to a neighbor's session.</summary>
public enum SessionInputKind : byte
{
    /// <summary>The neighbor was configured or its settings changed; <see cref="SessionInput.Config"/> holds them.</summary>
    Configure,

    /// <summary>The operator enabled the session (ManualStart, RFC 4271 §8.1.2).</summary>
    Enable,

    /// <summary>
    /// The operator took the session down and it stays down (ManualStop); <see cref="SessionInput.Text"/> is the RFC 9003 message.
    /// </summary>
    Disable,

    /// <summary>The operator wants the session closed and opened anew (Cease, Administrative Reset).</summary>
    Reset,

    /// <summary>
    /// The neighbor was removed from the configuration (Cease, Peer De-configured), or the speaker leaves (<see cref="SessionInput.Error"/>
    /// says which).
    /// </summary>
    Remove,

    /// <summary>
    /// The speaker restarts: connections close without a NOTIFICATION, so that peers with graceful restart keep the routes.
    /// </summary>
    Abandon,

    /// <summary>
    /// Ask the peer for its routes again (RFC 2918), in <see cref="SessionInput.Family"/> or, where that is default, in every negotiated
    /// family.
    /// </summary>
    RequestRefresh,

    /// <summary>A connection stands: one that we asked for, or one that the neighbor opened (the id says which).</summary>
    ConnectionOpened,

    /// <summary>A connection that we asked for could not be made; <see cref="SessionInput.Text"/> says why.</summary>
    ConnectionFailed,

    /// <summary>The peer closed, or the transport failed; <see cref="SessionInput.Text"/> says how.</summary>
    ConnectionClosed,

    /// <summary>One whole message that is not an UPDATE of an established session, header included.</summary>
    Message,

    /// <summary>The framer met a message that cannot be (RFC 4271 §6.1); <see cref="SessionInput.Error"/> is the NOTIFICATION.</summary>
    FramingError,

    /// <summary>The answer to <see cref="SessionEffectKind.Probe"/>.</summary>
    Probed,

    /// <summary>
    /// The route engine found a fatal error in an UPDATE of <see cref="SessionInput.Generation"/>; <see cref="SessionInput.Error"/> is the
    /// NOTIFICATION.
    /// </summary>
    Verdict,

    /// <summary>No event: a deadline may have passed.</summary>
    Tick,
}

/// <summary>What the transport knows about a connection at the moment it was asked.</summary>
/// <param name="LastReceived">When the last whole message of any kind arrived.</param>
/// <param name="InputPending">Reading is paused by us, or bytes lie unread: a KEEPALIVE may be among them.</param>
/// <param name="SendPending">Bytes wait that the peer's window did not take yet.</param>
/// <param name="LastSendProgress">When the peer's window last took bytes, or when the present wait began.</param>
public readonly record struct ProbeResult(Instant LastReceived, bool InputPending, bool SendPending, Instant LastSendProgress);

/// <summary>The two ends of a connection. A link-local IPv6 end is in the zone of the neighbor's key.</summary>
public readonly record struct ConnectionEnds(IpAddress Local, ushort LocalPort, IpAddress Remote, ushort RemotePort);

/// <summary>One input of <see cref="PeerFsm"/>: a kind and the fields that the kind names.</summary>
public readonly record struct SessionInput(SessionInputKind Kind)
{
    public ConnectionId Connection { get; init; }

    public SessionGeneration Generation { get; init; }

    public ConnectionEnds Ends { get; init; }

    /// <summary>A message, header included; the receiver of the input may keep it.</summary>
    public ReadOnlyMemory<byte> Message { get; init; }

    public BgpError Error { get; init; }

    public AddressFamily Family { get; init; }

    public ProbeResult Probe { get; init; }

    public string? Text { get; init; }

    public PeerSettings? Config { get; init; }
}

/// <summary>What a session needs to know: its neighbor's settings and the speaker's own.</summary>
public sealed record PeerSettings(NeighborConfig Neighbor, RouterId RouterId);
