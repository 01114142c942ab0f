using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Bgp.Interop.Tests;

/// <summary>One host with many addresses, and a light peer at each.</summary>
internal sealed class PeerHost(Host host, Host subject) : IDisposable
{
    private const int Port = 179;
    private const uint FirstRouterId = 0x01010101;

    private readonly Dictionary<string, CountingPeer> _peers = [];
    private readonly Linux.NetworkNamespace _namespace = Linux.NetworkNamespace.Open(host.Namespace.Name);
    private readonly int _interface = int.Parse(host.Namespace.Ip("-o", "link", "show", "eth0").Split(':')[0], NumberStyles.None, CultureInfo.InvariantCulture);

    /// <summary>By address, without a zone.</summary>
    public IReadOnlyDictionary<string, CountingPeer> Peers => _peers;

    public CountingPeer this[string address] => _peers[address];

    /// <summary>Gives the host an address (<c>fe80::…</c> counts as one on its interface) and starts a peer there.</summary>
    public CountingPeer Add(string address, uint asn, ushort holdTime)
    {
        var parsed = IPAddress.Parse(address);
        var isV4 = parsed.AddressFamily == AddressFamily.InterNetwork;
        host.Namespace.Ip(["address", "add", address + (isV4 ? "/24" : "/64"), "dev", "eth0", .. isV4 ? Array.Empty<string>() : ["nodad"]]);
        var remote = isV4 ? IPAddress.Parse(subject.IPv4) : parsed.IsIPv6LinkLocal ? new IPAddress(IPAddress.Parse(subject.LinkLocal).GetAddressBytes(), _interface) : IPAddress.Parse(subject.IPv6);
        var local = parsed.IsIPv6LinkLocal ? new IPAddress(parsed.GetAddressBytes(), _interface) : parsed;
        var peer = new CountingPeer(() => Bound(local), new IPEndPoint(remote, Port), asn, new Protocol.RouterId(FirstRouterId + (uint)_peers.Count), holdTime);
        _peers.Add(address, peer);
        return peer;
    }

    public void Dispose()
    {
        foreach (var peer in _peers.Values)
        {
            peer.Dispose();
        }

        _namespace.Dispose();
    }

    // Peers dial at the same time from threads of the pool; entering a namespace is a thread's own affair.
    private Socket Bound(IPAddress address)
    {
        var socket = _namespace.OpenSocket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(address, 0));
        return socket;
    }
}
