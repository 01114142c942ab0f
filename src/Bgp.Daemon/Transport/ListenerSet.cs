using System.Net;
using System.Net.Sockets;
using System.Text;
using Bgp.Config;
using Bgp.Engine;
using Bgp.Linux;
using Bgp.Protocol;

namespace Bgp.Daemon;

/// <summary>
/// The listening sockets, one an endpoint, IPv4 and IPv6 apart, with the TCP MD5 keys of all neighbors and ranges: the kernel drops a connection whose key is wrong before we hear of it. Accepted
/// connections are reported, and wait until the session lane takes or refuses them.
/// </summary>
internal sealed class ListenerSet(SocketTransport transport, Action<string> trouble)
{
    private const int Backlog = 512;

    /// <summary>RFC 5082: peers with TTL security take only what was sent with this, the answer to their SYN included.</summary>
    private const int ListenerTimeToLive = 255;

    private static readonly TimeSpan PauseAfterTrouble = TimeSpan.FromMilliseconds(200);

    // The host opens and closes listeners, the session lane changes keys; both are rare.
    private readonly Lock _gate = new();
    private readonly Dictionary<ListenEndpoint, Listener> _listeners = [];
    private readonly Dictionary<PeerId, (IpPrefix Peers, string Password)> _keys = [];
    private readonly Dictionary<IpPrefix, string> _rangeKeys = [];
    private readonly AsyncCredit _unadopted = new(transport.Limits.UnadoptedConnections);
    private bool _isAccepting;

    /// <summary>Lets connections in at what is bound, and at what is bound from now on. Before it, the keys are set.</summary>
    public void StartAccepting()
    {
        lock (_gate)
        {
            _isAccepting = true;
            foreach (var listener in _listeners.Values)
            {
                listener.Socket.Listen(Backlog);
                transport.Track(AcceptAsync(listener));
            }
        }
    }

    /// <summary>Opens what is new, then closes what is no longer wanted, so that there is always somebody to connect to.</summary>
    /// <exception cref="SocketException">An endpoint was refused; nothing has changed.</exception>
    public void Replace(IReadOnlyCollection<ListenEndpoint> endpoints)
    {
        lock (_gate)
        {
            var gone = _listeners.Keys.Except(endpoints).ToArray();
            var opened = OpenBeside(gone, [.. endpoints.Where(endpoint => !_listeners.ContainsKey(endpoint)).Distinct()]);
            foreach (var endpoint in gone)
            {
                _listeners.Remove(endpoint, out var listener);
                listener?.Dispose();
            }

            foreach (var (endpoint, listener) in opened)
            {
                _listeners[endpoint] = listener;
                if (_isAccepting)
                {
                    transport.Track(AcceptAsync(listener));
                }
            }
        }
    }

    /// <summary>
    /// Opens listeners whose port may be that of one that goes, as where one address takes the place of all: until the old one is closed both have it. Only then is a port shared: who starts a
    /// second daemon is to be told.
    /// </summary>
    private Dictionary<ListenEndpoint, Listener> OpenBeside(ListenEndpoint[] gone, ListenEndpoint[] wanted)
    {
        var opened = new Dictionary<ListenEndpoint, Listener>();
        try
        {
            SharePorts(gone, true);
            foreach (var endpoint in wanted)
            {
                opened[endpoint] = Open(endpoint, isShared: gone.Any(old => old.Port == endpoint.Port));
            }

            return opened;
        }
        catch (SocketException)
        {
            foreach (var listener in opened.Values)
            {
                listener.Dispose();
            }

            SharePorts(gone, false);
            throw;
        }
    }

    private void SharePorts(ListenEndpoint[] endpoints, bool isShared)
    {
        foreach (var endpoint in endpoints)
        {
            _listeners[endpoint].Socket.SetPortSharing(isShared);
        }
    }

    /// <summary>Sets, changes or (with <c>null</c>) removes a neighbor's key on every listener of its family.</summary>
    public void SetKey(PeerId peer, IpAddress address, string? password)
    {
        lock (_gate)
        {
            var peers = new IpPrefix(address, address.BitLength);
            if (_keys.TryGetValue(peer, out var old) && (old.Peers, old.Password) != (peers, password))
            {
                _keys.Remove(peer);
                Write(old.Peers, KeyOf(old.Peers) ?? "");
            }

            if (password is not null && (old.Peers, old.Password) != (peers, password))
            {
                _keys[peer] = (peers, password);
                Write(peers, password);
            }
        }
    }

    /// <summary>The keys of these ranges and of no other ones. Of several keys for an address the kernel takes the longest prefix's.</summary>
    public void SetKeys(IReadOnlyList<NeighborRange> ranges)
    {
        var wanted = ranges.Where(range => range.Template.Password is not null).ToDictionary(range => range.Prefix, range => range.Template.Password!);
        lock (_gate)
        {
            foreach (var (prefix, password) in wanted)
            {
                if (_rangeKeys.GetValueOrDefault(prefix) != password)
                {
                    _rangeKeys[prefix] = password;
                    Write(prefix, KeyOf(prefix) ?? password);
                }
            }

            foreach (var prefix in _rangeKeys.Keys.Where(prefix => !wanted.ContainsKey(prefix)).ToArray())
            {
                _rangeKeys.Remove(prefix);
                Write(prefix, KeyOf(prefix) ?? "");
            }
        }
    }

    public void RemoveKey(PeerId peer) => SetKey(peer, IpAddress.None, null);

    /// <summary>The socket of an accepted connection, now the caller's.</summary>
    public Socket Take(object accepted)
    {
        _unadopted.Give();
        return (Socket)accepted;
    }

    private Listener Open(ListenEndpoint endpoint, bool isShared)
    {
        var socket = new Socket(SocketSettings.FamilyOf(endpoint.Address), SocketType.Stream, ProtocolType.Tcp);
        try
        {
            if (endpoint.Address.IsV6)
            {
                socket.DualMode = false;
            }

            socket.SetTimeToLive(ListenerTimeToLive);
            var all = _rangeKeys.Select(key => (Peers: key.Key, Password: key.Value)).Concat(_keys.Values);
            foreach (var (peers, password) in all.Where(key => key.Peers.Address.IsV4 == endpoint.Address.IsV4))
            {
                socket.SetMd5Key(peers, Encoding.UTF8.GetBytes(password));
            }

            socket.SetPortSharing(isShared);
            socket.Bind(new IPEndPoint(endpoint.Address.ToIPAddress(), endpoint.Port));
            if (_isAccepting)
            {
                socket.Listen(Backlog);
            }

            socket.SetPortSharing(false);
            return new Listener(socket);
        }
        catch (SocketException refused)
        {
            socket.Dispose();
            throw new SocketException(refused.ErrorCode, $"cannot listen on {endpoint}: {refused.Message}");
        }
    }

    private void Write(IpPrefix peers, string password)
    {
        foreach (var (endpoint, listener) in _listeners)
        {
            if (endpoint.Address.IsV4 != peers.Address.IsV4)
            {
                continue;
            }

            try
            {
                listener.Socket.SetMd5Key(peers, Encoding.UTF8.GetBytes(password));
            }
            catch (SocketException refused)
            {
                trouble($"the kernel refused the TCP MD5 key of {(peers.IsHost ? peers.Address.ToString() : peers.ToString())} on {endpoint}: {refused.Message}");
            }
        }
    }

    /// <summary>The key that another neighbor of the same address still has, or a range of that one address.</summary>
    private string? KeyOf(IpPrefix peers) => _keys.Values.FirstOrDefault(key => key.Peers == peers).Password ?? _rangeKeys.GetValueOrDefault(peers);

    private async Task AcceptAsync(Listener listener)
    {
        try
        {
            while (true)
            {
                await _unadopted.TakeAsync(listener.Closing).ConfigureAwait(false);
                if (!await TryAcceptAsync(listener).ConfigureAwait(false))
                {
                    _unadopted.Give();
                    await Task.Delay(PauseAfterTrouble, listener.Closing).ConfigureAwait(false);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The listener was closed.
        }
    }

    private async Task<bool> TryAcceptAsync(Listener listener)
    {
        try
        {
            Report(await listener.Socket.AcceptAsync(listener.Closing).ConfigureAwait(false));
            return true;
        }
        catch (Exception closed) when (closed is ObjectDisposedException or OperationCanceledException or SocketException && listener.Closing.IsCancellationRequested)
        {
            _unadopted.Give();
            throw new OperationCanceledException(listener.Closing);
        }
        catch (SocketException failure)
        {
            // Out of descriptors, or the peer went before we took it: neither ends the listener.
            trouble($"a connection could not be accepted: {failure.Message}");
            return false;
        }
    }

    private void Report(Socket accepted)
    {
        try
        {
            var ends = Connection.EndsOf(accepted);
            var zone = accepted.RemoteEndPoint is IPEndPoint { Address: { IsIPv6LinkLocal: true, ScopeId: var scope } } ? InterfaceNames.NameOf((int)scope) : null;
            transport.Reports.Event(new TransportEvent(TransportEventKind.Accepted) { Accepted = accepted, Ends = ends, Text = zone });
        }
        catch (SocketException)
        {
            accepted.Dispose();
            throw;
        }
    }

    /// <summary>A bound socket that may accept, until it is disposed of.</summary>
    private sealed class Listener : IDisposable
    {
        private readonly CancellationTokenSource _closing = new();

        public Listener(Socket socket)
        {
            Socket = socket;
            Closing = _closing.Token;
        }

        public Socket Socket { get; }

        /// <summary>Also after the end.</summary>
        public CancellationToken Closing { get; }

        public void Dispose()
        {
            _closing.Cancel();
            _closing.Dispose();
            Socket.Dispose();
        }
    }
}
