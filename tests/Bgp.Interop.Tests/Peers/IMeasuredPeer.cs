namespace Bgp.Interop.Tests;

/// <summary>Another implementation, whose own counters say what our daemon has sent and asked for.</summary>
internal interface IMeasuredPeer : IPeer
{
    /// <summary>How many UPDATEs, or routes in them, have come from the neighbor; it only grows while a session lasts.</summary>
    int UpdatesReceived(Host neighbor);

    /// <summary>How many UPDATEs, or routes in them, have gone to the neighbor; it only grows while a session lasts.</summary>
    int UpdatesSent(Host neighbor);

    /// <summary>How many ROUTE-REFRESHes have come from the neighbor; for peers that can <see cref="PeerNeed.CountRefresh"/>.</summary>
    int RefreshesReceived(Host neighbor) => throw new NotSupportedException($"{GetType().Name} does not count them");
}
