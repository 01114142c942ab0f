namespace Bgp.Interop.Tests;

/// <summary>A BGP speaker on a host: our daemon, or another implementation. Disposing stops it; the host stays.</summary>
internal interface IPeer : IDisposable
{
    Host Host { get; }

    /// <summary>Routes that it originates; replaces those of an earlier call, and returns when the program has taken the change.</summary>
    void Announce(params IEnumerable<Route> routes);

    bool IsEstablished(Host neighbor);

    /// <summary>Another value for each time that the session came up.</summary>
    string Incarnation(Host neighbor);

    /// <summary>Why the session last went down, in the program's words.</summary>
    string? LastError(Host neighbor);

    /// <summary>The NOTIFICATIONs that came from the neighbor since the program started, oldest first, in the program's words.</summary>
    IReadOnlyList<string> NotificationsFrom(Host neighbor);

    /// <summary>The route as received from that neighbor, or null.</summary>
    Route? Received(string prefix, Host neighbor);

    /// <summary>Takes the session down and lets it come up again.</summary>
    void Reset(Host neighbor);

    /// <summary>Sends a ROUTE-REFRESH (RFC 2918) for every family.</summary>
    void RequestRefresh(Host neighbor);

    /// <summary>Stops the whole process for a while: no packet leaves, no connection closes.</summary>
    void Freeze();

    void Thaw();
}
