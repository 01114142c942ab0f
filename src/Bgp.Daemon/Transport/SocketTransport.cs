using System.Collections.Concurrent;
using System.Net.Sockets;
using Bgp.Config;
using Bgp.Engine;

namespace Bgp.Daemon;

/// <summary>
/// TCP as the speaker's transport. It knows framing and ownership of buffers and no more of the protocol: who may send what when is the session's business.
/// <para>
/// In: the speaker's calls, from its two lanes, none of which blocks. Out: <see cref="TransportReports"/>. Each connection has its own loops on the thread pool; whatever a peer does with its
/// connection, it can hold up only that one. (RFC 4271 §4.1 framing, RFC 2385 MD5, RFC 5082 GTSM)
/// </para>
/// </summary>
internal sealed class SocketTransport : ITransport, IDisposable
{
    private readonly ConcurrentDictionary<(PeerId, ConnectionId), Connection> _connections = new();
    private readonly ConcurrentDictionary<PeerId, PeerLink> _links = new();
    private readonly ConcurrentDictionary<Task, bool> _running = new();
    private readonly ListenerSet _listeners;
    private readonly NeighborDiscovery _discovery;
    private readonly Action<Exception> _fail;

    /// <param name="clock">Whose time the reports carry.</param>
    /// <param name="limits">The bounds.</param>
    /// <param name="trouble">What an operator should know of the listeners.</param>
    /// <param name="fail">A loop ended by an exception that is a bug.</param>
    public SocketTransport(MonotonicClock clock, TransportLimits limits, Action<string> trouble, Action<Exception> fail)
    {
        Clock = clock;
        Limits = limits;
        Batches = new UpdateBatchPool(limits);
        _fail = fail;
        _listeners = new ListenerSet(this, trouble);
        _discovery = new NeighborDiscovery(report => Reports.Event(report), trouble, Track);
    }

    public MonotonicClock Clock { get; }

    public TransportLimits Limits { get; }

    public UpdateBatchPool Batches { get; }

    public TransportReports Reports { get; private set; } = TransportReports.NotStarted;

    /// <summary>From now on reports go there; called once, before anything else.</summary>
    public void Start(TransportReports reports) => Reports = reports;

    /// <summary>Binds these and no other endpoints: what is new opens before what is gone closes.</summary>
    /// <exception cref="SocketException">An endpoint could not be bound; nothing has changed.</exception>
    public void Listen(IReadOnlyCollection<ListenEndpoint> endpoints) => _listeners.Replace(endpoints);

    /// <summary>Lets connections in, once the neighbors' keys are known.</summary>
    public void StartAccepting() => _listeners.StartAccepting();

    /// <summary>Closes the listeners and waits until each connection has closed, which the speaker has asked for.</summary>
    public async Task StopAsync()
    {
        _listeners.Replace([]);
        _discovery.Stop();
        await Task.WhenAll(_running.Keys).ConfigureAwait(false);
    }

    /// <summary>After <see cref="StopAsync"/>.</summary>
    public void Dispose() => _discovery.Dispose();

    /// <summary>UPDATEs received from and sent to a neighbor since it was configured.</summary>
    public (long Received, long Sent) UpdatesOf(PeerId peer) => _links.TryGetValue(peer, out var link) ? link.Updates : default;

    public void Connect(PeerId peer, ConnectionId connection, NeighborConfig neighbor)
    {
        try
        {
            Run(peer, connection, neighbor, SocketSettings.CreateClient(neighbor), isOutgoing: true);
        }
        catch (SocketException refused)
        {
            Reports.Event(new TransportEvent(TransportEventKind.Failed) { Peer = peer, Connection = connection, Text = refused.Message });
        }
    }

    public void Adopt(object accepted, PeerId peer, ConnectionId connection, NeighborConfig neighbor)
    {
        var socket = _listeners.Take(accepted);
        try
        {
            SocketSettings.Apply(socket, neighbor);
            Run(peer, connection, neighbor, socket, isOutgoing: false);
        }
        catch (SocketException refused)
        {
            socket.Dispose();
            Reports.Event(new TransportEvent(TransportEventKind.Closed) { Peer = peer, Connection = connection, Text = refused.Message });
        }
    }

    public void Refuse(object accepted) => _listeners.Take(accepted).Dispose();

    public void Send(PeerId peer, ConnectionId connection, ReadOnlyMemory<byte> message) => Find(peer, connection)?.Send(message);

    public void Close(PeerId peer, ConnectionId connection) => Find(peer, connection)?.Close();

    public void Processed(PeerId peer, ConnectionId connection) => Find(peer, connection)?.Processed();

    public void Negotiated(PeerId peer, ConnectionId connection, NegotiatedSession session) =>
        Find(peer, connection)?.Negotiated(session.Receive.MaxMessageLength);

    public void Admit(PeerId peer, ConnectionId connection, SessionGeneration generation) => Find(peer, connection)?.Admit(generation);

    public void Probe(PeerId peer, ConnectionId connection) => Find(peer, connection)?.Probe();

    public void Attach(PeerId peer, SessionGeneration generation, OutputCursor cursor)
    {
        if (_links.TryGetValue(peer, out var link))
        {
            link.Attach(generation, cursor);
        }
        else
        {
            Release(cursor);
        }
    }

    public void Wake(PeerId peer, SessionGeneration generation)
    {
        if (_links.TryGetValue(peer, out var link))
        {
            link.Wake(generation);
        }
    }

    public void Return(UpdateBatch batch)
    {
        var (peer, generation) = (batch.Peer, batch.Generation);
        Batches.Return(batch);
        if (_links.TryGetValue(peer, out var link))
        {
            link.ReturnCredit(generation);
        }
    }

    public void Prepare(IReadOnlyList<NeighborRange> ranges) => _listeners.SetKeys(ranges);

    public void Prepare(PeerId peer, NeighborConfig neighbor)
    {
        _links.GetOrAdd(peer, _ => new PeerLink(Release));
        _listeners.SetKey(peer, neighbor.Key.Address, neighbor.IsDynamic || neighbor.Key.Address.IsNone ? null : neighbor.Password);
        _discovery.Watch(peer, neighbor.Interface);
    }

    public void Forget(PeerId peer)
    {
        _listeners.RemoveKey(peer);
        _discovery.Watch(peer, null);
        if (_links.TryRemove(peer, out var link))
        {
            link.Forget();
        }
    }

    /// <summary>The cursor is closed and says so to the engine, which may then free what it held.</summary>
    public void Release(OutputCursor cursor)
    {
        cursor.Close();
        Reports.Sent(cursor);
    }

    /// <summary>A loop of the transport: it is waited for at the end, and the program ends if it throws.</summary>
    public void Track(Task loop)
    {
        _running[loop] = true;
        loop.ContinueWith(
            done =>
            {
                _running.TryRemove(done, out var _);
                if (done.Exception is { } failure)
                {
                    _fail(failure);
                }
            },
            CancellationToken.None,
            TaskContinuationOptions.ExecuteSynchronously,
            TaskScheduler.Default);
    }

    private Connection? Find(PeerId peer, ConnectionId connection) => _connections.GetValueOrDefault((peer, connection));

    private void Run(PeerId peer, ConnectionId id, NeighborConfig neighbor, Socket socket, bool isOutgoing)
    {
        var link = _links.GetOrAdd(peer, _ => new PeerLink(Release));
        var connection = new Connection(this, link, peer, id, neighbor, socket);
        _connections[(peer, id)] = connection;
        Track(RunAsync(connection, isOutgoing));
    }

    private async Task RunAsync(Connection connection, bool isOutgoing)
    {
        // The lane that calls does not run any of it.
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        try
        {
            await connection.RunAsync(isOutgoing).ConfigureAwait(false);
        }
        finally
        {
            _connections.TryRemove((connection.Peer, connection.Id), out var _);
        }
    }
}
