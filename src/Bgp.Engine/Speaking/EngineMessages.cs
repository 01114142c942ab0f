using Bgp.Protocol;

namespace Bgp.Engine;

/// <summary>What can happen to the routes.</summary>
public enum EngineInputKind : byte
{
    /// <summary>The configuration, at start or after a reload: <see cref="EngineInput.Config"/>.</summary>
    Configure,

    /// <summary>A session with <see cref="EngineInput.Neighbor"/> is established: <see cref="EngineInput.Session"/> under <see cref="EngineInput.Generation"/>.</summary>
    PeerUp,

    /// <summary>That session is over; its routes go.</summary>
    PeerDown,

    /// <summary>UPDATEs of a session: <see cref="EngineInput.Batch"/>, owned by the engine until <see cref="EngineEffectKind.Return"/>.</summary>
    Updates,

    /// <summary>The peer asked for our routes, or frames its own refresh: <see cref="EngineInput.Refresh"/>.</summary>
    Refresh,

    /// <summary>The transport sent more of a cursor's log, or closed it: <see cref="EngineInput.Cursor"/>.</summary>
    Sent,

    /// <summary>Links, addresses or foreign routes changed: <see cref="EngineInput.Kernel"/>.</summary>
    Kernel,

    /// <summary>No event: go on with the work at hand.</summary>
    Work,
}

/// <summary>One input of <see cref="RouteEngine"/>: a kind and the fields that the kind names.</summary>
public readonly record struct EngineInput(EngineInputKind Kind)
{
    public PeerId Peer { get; init; }

    public SessionGeneration Generation { get; init; }

    public EngineConfig? Config { get; init; }

    public NeighborConfig? Neighbor { get; init; }

    public NegotiatedSession? Session { get; init; }

    public UpdateBatch? Batch { get; init; }

    public RouteRefreshMessage Refresh { get; init; }

    public OutputCursor? Cursor { get; init; }

    public KernelUpdate? Kernel { get; init; }
}

/// <summary>The speaker's configuration with each neighbor by its number, dynamic ones included.</summary>
public sealed record EngineConfig(SpeakerConfig Speaker, IReadOnlyDictionary<PeerId, NeighborConfig> Neighbors);

/// <summary>What the route engine wants done.</summary>
public enum EngineEffectKind : byte
{
    /// <summary>Give <see cref="EngineEffect.Batch"/> back to the transport.</summary>
    Return,

    /// <summary>Let the session's connection read <see cref="EngineEffect.Cursor"/>.</summary>
    Attach,

    /// <summary>There may be more to read at the session's cursors.</summary>
    Wake,

    /// <summary>A fatal error in an UPDATE, or more routes than the peer may announce: the session of <see cref="EngineEffect.Generation"/> is to end with <see cref="EngineEffect.Error"/>.</summary>
    Verdict,

    /// <summary><see cref="EngineEffect.Prefix"/> shall be forwarded by <see cref="EngineEffect.Forwarding"/> under <see cref="EngineEffect.Metric"/>, or not at all where that is <c>null</c>.</summary>
    Fib,

    /// <summary>A malformed UPDATE that cost less than the session (RFC 7606): for the log and the metrics; <see cref="EngineEffect.Error"/> and <see cref="EngineEffect.Action"/>.</summary>
    UpdateFault,

    /// <summary>The peer has announced more routes of <see cref="EngineEffect.Family"/> than it may, and is let.</summary>
    PrefixLimit,

    /// <summary>The peer has sent End-of-RIB for <see cref="EngineEffect.Family"/> (RFC 4724 §2).</summary>
    EndOfRib,
}

/// <summary>One effect of <see cref="RouteEngine"/>: a kind and the fields that the kind names.</summary>
public readonly record struct EngineEffect(EngineEffectKind Kind)
{
    public PeerId Peer { get; init; }

    public SessionGeneration Generation { get; init; }

    public UpdateBatch? Batch { get; init; }

    public OutputCursor? Cursor { get; init; }

    public BgpError Error { get; init; }

    public UpdateErrorAction Action { get; init; }

    public AttributeType Attribute { get; init; }

    public IpPrefix Prefix { get; init; }

    public Forwarding? Forwarding { get; init; }

    /// <summary>The route's own metric in the kernel; 0 is the configured one.</summary>
    public uint Metric { get; init; }

    public AddressFamily Family { get; init; }
}
