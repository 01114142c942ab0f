namespace Bgp.Engine;

/// <summary>
/// The leaf that holds the connections: sockets in the daemon, simulated links in the simulator. No call blocks; outcomes come back through
/// <see cref="Speaker.Post(in TransportEvent)"/>. Calls come from the session lane, but for the ones marked otherwise.
/// </summary>
public interface ITransport
{
    /// <summary>Opens a connection to the neighbor: outcome <see cref="TransportEventKind.Opened"/> or <see cref="TransportEventKind.Failed"/>.</summary>
    void Connect(PeerId peer, ConnectionId connection, NeighborConfig neighbor);

    /// <summary>Takes an accepted connection (<see cref="TransportEventKind.Accepted"/>) as the neighbor's; reading may start.</summary>
    void Adopt(object accepted, PeerId peer, ConnectionId connection, NeighborConfig neighbor);

    /// <summary>Closes an accepted connection that no neighbor takes.</summary>
    void Refuse(object accepted);

    /// <summary>Sends one whole control message, between whole messages of the UPDATE stream.</summary>
    void Send(PeerId peer, ConnectionId connection, ReadOnlyMemory<byte> message);

    /// <summary>Stops reading, flushes control messages as far as the peer's window takes them, closes. No event of the connection is posted after it but those already posted.</summary>
    void Close(PeerId peer, ConnectionId connection);

    /// <summary>
    /// The message posted last from this connection was processed. Until a connection is admitted, the reader posts one message at a time and waits for this call, so that what
    /// a message negotiates holds for the next one.
    /// </summary>
    void Processed(PeerId peer, ConnectionId connection);

    /// <summary>Messages may now be as long as the session's receive profile says.</summary>
    void Negotiated(PeerId peer, ConnectionId connection, NegotiatedSession session);

    /// <summary>The session is established: UPDATEs go, in <see cref="UpdateBatch"/>es of this generation, to <see cref="Speaker.Post(UpdateBatch)"/>.</summary>
    void Admit(PeerId peer, ConnectionId connection, SessionGeneration generation);

    /// <summary>Asks how the connection stands; answered by <see cref="TransportEventKind.Probed"/>.</summary>
    void Probe(PeerId peer, ConnectionId connection);

    /// <summary>
    /// Route lane. From now on the established connection of this generation also sends what <paramref name="cursor"/> reads, until the connection closes, and reports by
    /// <see cref="Speaker.PostSent"/>. One cursor for each family; a connection that is gone ignores it.
    /// </summary>
    void Attach(PeerId peer, SessionGeneration generation, OutputCursor cursor);

    /// <summary>Route lane. There may be more to read at the neighbor's cursors.</summary>
    void Wake(PeerId peer, SessionGeneration generation);

    /// <summary>Route lane. The engine is done with the batch: its credit is the reader's again, its buffer the pool's.</summary>
    void Return(UpdateBatch batch);

    /// <summary>Where dynamic neighbors may come from now, in the place of what held before: keys of listeners follow.</summary>
    void Prepare(IReadOnlyList<NeighborRange> ranges);

    /// <summary>
    /// The neighbor was added, or its settings (password, addresses …) changed: keys of listeners follow. A dynamic one is covered by its range's key. One that is
    /// configured by its interface is looked for from now on, and reported as <see cref="TransportEventKind.Discovered"/>; this call also follows when the speaker has taken up its address.
    /// </summary>
    void Prepare(PeerId peer, NeighborConfig neighbor);

    /// <summary>The neighbor is gone.</summary>
    void Forget(PeerId peer);
}
