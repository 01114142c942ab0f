using Bgp.Protocol;

namespace Bgp.Engine;

/// <summary>What an operator, a metric or a trace may want to hear of.</summary>
public enum SpeakerEventKind : byte
{
    StateChanged,
    SessionUp,
    SessionDown,
    AttemptFailed,

    /// <summary>A connection from an address that no neighbor has.</summary>
    StrangerRefused,

    /// <summary>A connection from the range <see cref="SpeakerEvent.Prefix"/>, which has as many neighbors as it may. Not each one is told of.</summary>
    RangeFull,
    UpdateFault,

    /// <summary>A neighbor has announced more routes of <see cref="SpeakerEvent.Family"/> than it may, and is let.</summary>
    PrefixLimit,
    EndOfRib,
    FibNotice,

    /// <summary>A new configuration is in force.</summary>
    Configured,
}

/// <summary>One event, raised on the lane where it happened; fields as the kind names them.</summary>
public readonly record struct SpeakerEvent(SpeakerEventKind Kind)
{
    public PeerId Peer { get; init; }

    public NeighborConfig? Neighbor { get; init; }

    public NegotiatedSession? Session { get; init; }

    public SessionDownReason? Reason { get; init; }

    public SessionState OldState { get; init; }

    public SessionState NewState { get; init; }

    public BgpError Error { get; init; }

    public UpdateErrorAction Action { get; init; }

    public AttributeType Attribute { get; init; }

    public AddressFamily Family { get; init; }

    public IpPrefix Prefix { get; init; }

    public ConnectionEnds Ends { get; init; }

    public string? Text { get; init; }
}

/// <summary>What a speaker's host gives it: seeds for jitter and hashing, and where to call. The callbacks must not block and may come from any lane.</summary>
public sealed record SpeakerOptions
{
    /// <summary>Seeds jitter and hash tables. Random in the daemon, given in a simulation.</summary>
    public required ulong Seed { get; init; }

    /// <summary>A lane has something to do.</summary>
    public required Action<Lane> Wake { get; init; }

    public required Action<SpeakerEvent> Raise { get; init; }

    /// <summary>How long after start the routes of an earlier run are kept for peers that have not sent End-of-RIB.</summary>
    public TimeSpan RestartTime { get; init; } = TimeSpan.FromSeconds(120);

    /// <summary>Bounds of queues and walks; a simulation draws small ones.</summary>
    public EngineLimits Limits { get; init; } = new();
}

/// <summary>The named bounds of the route engine.</summary>
public sealed record EngineLimits
{
    /// <summary>Destinations that one <c>Apply</c> may visit before it leaves the rest for the next.</summary>
    public int DestinationsPerStep { get; init; } = 8192;

    /// <summary>Changed destinations that wait for export before UPDATEs wait instead.</summary>
    public int DirtyDestinations { get; init; } = 32768;

    /// <summary>Bytes of a group's log that a member may lag behind before it leaves the log.</summary>
    public int MemberLagBytes { get; init; } = 4 << 20;

    /// <summary>Bytes that a walk for joining or slow members writes ahead of the slowest of them.</summary>
    public int WalkAheadBytes { get; init; } = 1 << 20;
}

/// <summary>The loops of a speaker. Each has one thread, and one owner of its machines.</summary>
public enum Lane : byte
{
    /// <summary>All sessions: the state machines, never behind routes.</summary>
    Sessions,

    /// <summary>All routes: RIBs, groups and the FIB.</summary>
    Routes,
}

/// <summary>How a speaker stops.</summary>
public enum StopIntent : byte
{
    /// <summary>Connections close without a NOTIFICATION and the kernel keeps the routes.</summary>
    Restart,

    /// <summary>Cease to every peer (RFC 4486); the kernel keeps the routes.</summary>
    Leave,

    /// <summary>Cease to every peer, and the kernel's routes go.</summary>
    LeaveAndFlush,
}
