using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using Bgp.Config;
using Bgp.Linux;
using Bgp.Protocol;
using Sockets = System.Net.Sockets;

namespace Bgp.Daemon;

/// <summary>
/// The router id of a configuration that names none: the source address of the default route, else of the route to the first neighbor, else the least of the host's addresses; never one
/// of a device that container software made. A host without any has an id hashed from its name, as Calico's <c>hash</c> has it.
/// </summary>
internal static class RouterIdChoice
{
    /// <summary>Somewhere far away (RFC 5737): only the route to it is looked up, no packet is sent.</summary>
    private static readonly IpAddress FarAway = IpAddress.Parse("192.0.2.1");

    private static readonly string[] OthersDevices = ["docker", "virbr", "cni", "cali", "kube-ipvs", "nodelocaldns"];

    /// <exception cref="LinuxException">The kernel does not tell its addresses.</exception>
    public static RouterId Choose(RouterConfig config, string hostName)
    {
        using var netlink = Rtnetlink.Open();
        var devices = netlink.ReadLinks().ToDictionary(link => link.Index, link => link.Name);
        var ours = netlink.ReadAddresses()
            .Where(address => address.Address is { IsV4: true, IsLoopback: false } && !IsOthers(devices.GetValueOrDefault(address.InterfaceIndex, "")))
            .Select(address => address.Address)
            .Order()
            .ToList();
        return Pick(ours, SourceTo(FarAway), FirstNeighbor(config) is { } neighbor ? SourceTo(neighbor) : null, hostName);
    }

    /// <summary>The rule itself: <paramref name="ours"/> are the addresses that may be chosen, in ascending order.</summary>
    internal static RouterId Pick(IReadOnlyList<IpAddress> ours, IpAddress? byDefaultRoute, IpAddress? byNeighbor, string hostName)
    {
        foreach (var candidate in (ReadOnlySpan<IpAddress?>)[byDefaultRoute, byNeighbor])
        {
            if (candidate is { } address && ours.Contains(address))
            {
                return new RouterId(address.V4Bits);
            }
        }

        return ours.Count > 0 ? new RouterId(ours[0].V4Bits) : Hash(hostName);
    }

    /// <summary>The first four octets of the name's SHA-256; a first octet above 223 is lowered by 32, so that it looks like a unicast address.</summary>
    internal static RouterId Hash(string name)
    {
        const byte LastUnicast = 223;
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes(name), hash);
        if (hash[0] > LastUnicast)
        {
            hash[0] -= 32;
        }

        return new RouterId(BinaryPrimitives.ReadUInt32BigEndian(hash));
    }

    internal static bool IsOthers(string device) => OthersDevices.Any(name => device.StartsWith(name, StringComparison.Ordinal));

    private static IpAddress? FirstNeighbor(RouterConfig config) =>
        config.Neighbors.Items.Select(neighbor => neighbor.Address?.Address).FirstOrDefault(address => address is { IsV4: true });

    private static IpAddress? SourceTo(IpAddress destination)
    {
        using var socket = new Socket(Sockets.AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        try
        {
            socket.Connect(new IPEndPoint(destination.ToIPAddress(), BgpConstants.Port));
            return socket.LocalEndPoint is IPEndPoint local ? IpAddress.From(local.Address) : null;
        }
        catch (SocketException)
        {
            // No route there.
            return null;
        }
    }
}
