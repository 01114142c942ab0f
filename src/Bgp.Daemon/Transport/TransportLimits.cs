namespace Bgp.Daemon;

/// <summary>The named bounds of the transport.</summary>
internal sealed record TransportLimits
{
    /// <summary>Batches that one connection may have on their way to the route lane and back.</summary>
    public int BatchesPerConnection { get; init; } = 4;

    /// <summary>Batches of all connections together: 64 KiB each.</summary>
    public int Batches { get; init; } = 1024;

    /// <summary>Empty batches kept for later.</summary>
    public int FreeBatches { get; init; } = 64;

    /// <summary>Control messages of an established connection that the session lane has not processed yet; then the reader waits.</summary>
    public int UnprocessedMessages { get; init; } = 64;

    /// <summary>Control messages that wait for the peer's window; one more ends the connection.</summary>
    public int UnsentMessages { get; init; } = 256;

    /// <summary>Accepted connections that no neighbor has taken yet; then the listeners wait.</summary>
    public int UnadoptedConnections { get; init; } = 256;

    /// <summary>How long a connection may take to open.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>How long a closing connection may take to get its last control messages out and to hear the peer's end.</summary>
    public TimeSpan CloseTimeout { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>A peer that took nothing for so long would not take the last control messages either: its connection closes at once.</summary>
    public TimeSpan StalledAfter { get; init; } = TimeSpan.FromSeconds(2);
}
