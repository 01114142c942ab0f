using System.Net;
using System.Net.Sockets;
using System.Text;
using Bgp.Engine;
using Bgp.Linux;
using Bgp.Protocol;

namespace Bgp.Daemon;

/// <summary>What a neighbor's settings mean for its sockets.</summary>
internal static class SocketSettings
{
    /// <summary>CS6, network control.</summary>
    private const byte NetworkControl = 0xc0;

    /// <summary>RFC 9687 §5: the send hold time's least default.</summary>
    private static readonly TimeSpan LeastSendHoldTime = TimeSpan.FromMinutes(8);

    /// <summary>What the kernel waits longer than we do, so that it is we who give the reason.</summary>
    private static readonly TimeSpan UserTimeoutMargin = TimeSpan.FromSeconds(30);

    /// <summary>A socket from which to connect to the neighbor.</summary>
    /// <exception cref="SocketException">The kernel refused an option or the local address.</exception>
    public static Socket CreateClient(NeighborConfig neighbor)
    {
        var socket = new Socket(FamilyOf(neighbor.Key.Address), SocketType.Stream, ProtocolType.Tcp);
        try
        {
            if (neighbor.Password is { } password)
            {
                socket.SetMd5Key(neighbor.Key.Address, Encoding.UTF8.GetBytes(password));
            }

            Apply(socket, neighbor);
            if (!neighbor.LocalAddress.IsNone)
            {
                socket.Bind(new IPEndPoint(neighbor.LocalAddress.ToIPAddress(ScopeOf(neighbor.LocalAddress, neighbor.Key.Zone)), 0));
            }

            return socket;
        }
        catch (SocketException)
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>The options of a socket to the neighbor, whichever side opened it.</summary>
    public static void Apply(Socket socket, NeighborConfig neighbor)
    {
        socket.NoDelay = true;
        socket.SetTrafficClass(NetworkControl);
        if (neighbor.TtlSecurity is { } hops)
        {
            socket.SetTtlSecurity(hops);
        }
        else if (neighbor.Multihop is not null || neighbor.Type != SessionType.Internal)
        {
            socket.SetTimeToLive(neighbor.Multihop ?? 1);
        }

        socket.SetUserTimeout(SendHoldTime(neighbor) + UserTimeoutMargin);
    }

    public static IPEndPoint EndpointOf(NeighborConfig neighbor) =>
        new(neighbor.Key.Address.ToIPAddress(ScopeOf(neighbor.Key.Address, neighbor.Key.Zone)), neighbor.Key.Port);

    public static System.Net.Sockets.AddressFamily FamilyOf(IpAddress address) =>
        address.IsV4 ? System.Net.Sockets.AddressFamily.InterNetwork : System.Net.Sockets.AddressFamily.InterNetworkV6;

    private static TimeSpan SendHoldTime(NeighborConfig neighbor) =>
        neighbor.SendHoldTime ?? (neighbor.HoldTime * 2 > LeastSendHoldTime ? neighbor.HoldTime * 2 : LeastSendHoldTime);

    private static long ScopeOf(IpAddress address, string zone) =>
        zone.Length > 0 && address.IsV6 && address.IsLinkLocal ? InterfaceNames.IndexOf(zone) : 0;
}
