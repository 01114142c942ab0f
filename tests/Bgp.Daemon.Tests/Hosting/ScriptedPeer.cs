using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Bgp.Protocol;

namespace Bgp.Daemon.Tests;

/// <summary>A neighbor that dials a daemon from a loopback address, says OPEN and KEEPALIVE, and then holds its peace; no test lasts longer than its hold time.</summary>
internal sealed class ScriptedPeer : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly Socket _socket = new(System.Net.Sockets.AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly string _address;

    private ScriptedPeer(string address) => _address = address;

    /// <summary>Returns when the daemon calls the session established.</summary>
    public static async Task<ScriptedPeer> EstablishAsync(RunningDaemon running, string address, uint asn)
    {
        var peer = new ScriptedPeer(address);
        peer._socket.Bind(new IPEndPoint(IPAddress.Parse(address), 0));
        await peer._socket.ConnectAsync(IPAddress.Loopback, running.Port);
        var capabilities = new CapabilitySetBuilder().Family(Bgp.Protocol.AddressFamily.Ipv4Unicast).FourOctetAs(new Asn(asn)).Build();
        var open = new OpenMessage(new Asn(asn), 3600, new RouterId(asn), capabilities);
        var bytes = new byte[open.Length];
        open.WriteTo(bytes);
        await peer._socket.SendAsync(bytes);
        await peer._socket.SendAsync(KeepaliveMessage.Bytes.ToArray());
        using var enough = new CancellationTokenSource(Patience);
        while ((await peer.StatusAsync(running)).State != "Established")
        {
            await Task.Delay(10, enough.Token);
        }

        return peer;
    }

    /// <summary>What the daemon says of the session.</summary>
    public async Task<(string? State, int Flaps)> StatusAsync(RunningDaemon running)
    {
        using var neighbors = JsonDocument.Parse(await running.Client.GetAsync(ControlPaths.Neighbors));
        var neighbor = neighbors.RootElement.EnumerateArray().Single(neighbor => neighbor.GetProperty("address").GetString() == _address);
        return (neighbor.GetProperty("state").GetString(), neighbor.GetProperty("flaps").GetInt32());
    }

    public void Dispose() => _socket.Dispose();
}
