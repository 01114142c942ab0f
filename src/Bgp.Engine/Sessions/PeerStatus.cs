using System.Collections.Immutable;

namespace Bgp.Engine;

/// <summary>A neighbor's session as an operator sees it; a copy, made on the loop that owns the machine.</summary>
public sealed record PeerStatus
{
    public required PeerId Peer { get; init; }

    public required NeighborConfig Config { get; init; }

    public required SessionState State { get; init; }

    /// <summary>When the present state of being established, or of not being so, began.</summary>
    public required Instant Since { get; init; }

    public NegotiatedSession? Session { get; init; }

    /// <summary>Names of the capabilities that the peer sent in its last OPEN.</summary>
    public ImmutableArray<string> Capabilities { get; init; } = [];

    /// <summary>Why the last session ended, or the last attempt failed.</summary>
    public SessionDownReason? LastDown { get; init; }

    /// <summary>When that was; <c>null</c> with it.</summary>
    public Instant? LastDownAt { get; init; }

    /// <summary>How often an established session ended.</summary>
    public int Flaps { get; init; }

    /// <summary>Control messages received and sent; the transport counts UPDATEs.</summary>
    public long MessagesReceived { get; init; }

    public long MessagesSent { get; init; }

    public bool AdminDown { get; init; }
}
