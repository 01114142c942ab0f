namespace Bgp.Linux;

/// <summary>What <see cref="NetlinkSocket.Receive"/> brought, with the datagram's length in bytes.</summary>
internal readonly record struct NetlinkReceived(NetlinkReceiveStatus Status, int Length = 0);
