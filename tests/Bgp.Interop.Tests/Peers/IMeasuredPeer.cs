namespace Bgp.Interop.Tests;

/// <summary>Another implementation, whose own counters say what our daemon has sent and asked for.</summary>
internal interface IMeasuredPeer : IPathPeer
{
    /// <summary>How many UPDATEs, or routes in them, have come from the neighbor; it only grows while a session lasts.</summary>
    int UpdatesReceived(Host neighbor);

    /// <summary>How many UPDATEs, or routes in them, have gone to the neighbor; it only grows while a session lasts.</summary>
    int UpdatesSent(Host neighbor);

    /// <summary>Shuts the session down, with a message for the neighbor's operator (RFC 9003); for peers that can <see cref="PeerNeed.SendShutdownMessage"/>.</summary>
    void Disable(Host neighbor, string message) => throw new NotSupportedException($"{GetType().Name} sends no message");

    /// <summary>What the program shows of the message of the neighbor's last shutdown, perhaps with other words around.</summary>
    string? ShutdownMessage(Host neighbor) => NotificationsFrom(neighbor) is [.., var last] ? last : null;

    /// <summary>Connects at once, where the program waits for long after a session has ended, or for an operator when it ended it itself.</summary>
    void Retry(Host neighbor)
    {
    }

    /// <summary>How many BoRR and EoRR (RFC 7313) have come from the neighbor; for peers that can <see cref="PeerNeed.HearDemarcation"/>.</summary>
    int DemarcationsReceived(Host neighbor) => throw new NotSupportedException($"{GetType().Name} does not show them");

    /// <summary>How many BoRR and EoRR (RFC 7313) have gone to the neighbor; for peers that can <see cref="PeerNeed.SendDemarcation"/>.</summary>
    int DemarcationsSent(Host neighbor) => throw new NotSupportedException($"{GetType().Name} does not send or show them");

    /// <summary>How many ROUTE-REFRESHes have come from the neighbor; for peers that can <see cref="PeerNeed.CountRefresh"/>.</summary>
    int RefreshesReceived(Host neighbor) => throw new NotSupportedException($"{GetType().Name} does not count them");
}
