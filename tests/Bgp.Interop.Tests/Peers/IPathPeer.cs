namespace Bgp.Interop.Tests;

/// <summary>A speaker that takes several paths of a prefix from one neighbor (RFC 7911).</summary>
internal interface IPathPeer : IPeer
{
    /// <summary>The paths as received from that neighbor, in no order that means anything.</summary>
    IReadOnlyList<Route> ReceivedPaths(string prefix, Host neighbor);
}
