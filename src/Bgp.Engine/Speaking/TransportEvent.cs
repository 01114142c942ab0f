using Bgp.Protocol;

namespace Bgp.Engine;

/// <summary>What a connection can report.</summary>
public enum TransportEventKind : byte
{
    /// <summary>A connection came in at a listener: <see cref="TransportEvent.Accepted"/>, <see cref="TransportEvent.Ends"/>, <see cref="TransportEvent.Text"/> as the zone of a link-local end.</summary>
    Accepted,
    Opened,
    Failed,
    Closed,
    Message,
    FramingError,
    Probed,

    /// <summary>
    /// The neighbor on the interface <see cref="TransportEvent.Text"/> is at the remote address of <see cref="TransportEvent.Ends"/>, or nowhere: <see cref="Bgp.Protocol.IpAddress.None"/>.
    /// </summary>
    Discovered,
}

/// <summary>One report of the transport; fields as the kind names them, shaped as in <see cref="SessionInput"/>.</summary>
public readonly record struct TransportEvent(TransportEventKind Kind)
{
    public PeerId Peer { get; init; }

    public ConnectionId Connection { get; init; }

    public object? Accepted { get; init; }

    public ConnectionEnds Ends { get; init; }

    public ReadOnlyMemory<byte> Message { get; init; }

    public BgpError Error { get; init; }

    public ProbeResult Probe { get; init; }

    public string? Text { get; init; }
}
