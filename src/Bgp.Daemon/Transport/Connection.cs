using System.Net;
using System.Net.Sockets;
using Bgp.Engine;
using Bgp.Protocol;

namespace Bgp.Daemon;

/// <summary>
/// One TCP connection to or from a neighbor, from the connect to the last byte: it owns the socket, and one reader and one transmitter that serve it. The first of them that ends, or
/// <see cref="Close"/>, ends all; whatever the reason, <see cref="RunAsync"/> is where the socket goes and the cursors are closed.
/// </summary>
internal sealed class Connection
{
    private readonly SocketTransport _transport;
    private readonly PeerLink _link;
    private readonly NeighborConfig _neighbor;
    private readonly Socket _socket;
    private readonly ConnectionReader _reader;
    private readonly ConnectionTransmitter _transmitter;
    private readonly TaskCompletionSource _closing = new(TaskCreationOptions.RunContinuationsAsynchronously);

    // "No report after Close": the reports come from the connection's loops, Close from the session lane.
    private readonly Lock _gate = new();
    private bool _isSilent;

    public Connection(SocketTransport transport, PeerLink link, PeerId peer, ConnectionId id, NeighborConfig neighbor, Socket socket)
    {
        _transport = transport;
        _link = link;
        Peer = peer;
        Id = id;
        _neighbor = neighbor;
        _socket = socket;
        _reader = new ConnectionReader(this, socket, transport.Batches, transport.Clock, transport.Limits);
        _transmitter = new ConnectionTransmitter(this, socket, transport.Clock, transport.Limits);
    }

    public PeerId Peer { get; }

    public ConnectionId Id { get; }

    /// <summary>The end of the socket as the engine writes it.</summary>
    public static ConnectionEnds EndsOf(Socket socket)
    {
        var local = socket.LocalEndPoint as IPEndPoint ?? throw new SocketException((int)SocketError.NotConnected);
        var remote = socket.RemoteEndPoint as IPEndPoint ?? throw new SocketException((int)SocketError.NotConnected);
        return new ConnectionEnds(IpAddress.From(local.Address), (ushort)local.Port, IpAddress.From(remote.Address), (ushort)remote.Port);
    }

    /// <summary>Connects where the neighbor did not, then serves the connection until it ends.</summary>
    public async Task RunAsync(bool isOutgoing)
    {
        try
        {
            if (!isOutgoing || await ConnectAsync().ConfigureAwait(false))
            {
                await ServeAsync().ConfigureAwait(false);
            }
        }
        finally
        {
            _link.Leave(this);
            _socket.Dispose();
        }
    }

    public void Send(ReadOnlyMemory<byte> message)
    {
        if (!_transmitter.TryQueue(message))
        {
            Report(TransportEventKind.Closed, text: "the neighbor takes no messages");
            Close();
        }
    }

    /// <summary>Nothing is reported any more. Control messages that the peer's window takes in time still go out, then the socket closes.</summary>
    public void Close()
    {
        lock (_gate)
        {
            _isSilent = true;
        }

        _closing.TrySetResult();
    }

    public void Processed() => _reader.Processed();

    public void Negotiated(int maxMessageLength) => _reader.Negotiated(maxMessageLength);

    public void Admit(SessionGeneration generation)
    {
        _reader.Admit(generation);
        _link.Admit(this, generation);
    }

    public void Attach(OutputCursor cursor) => _transmitter.Attach(cursor);

    public void Wake() => _transmitter.Wake();

    public void ReturnCredit() => _reader.ReturnCredit();

    public void Probe()
    {
        var (isPending, progress) = _transmitter.Probe();
        var result = new ProbeResult(_reader.LastReceived, _reader.IsInputPending, isPending, progress);
        Report(new TransportEvent(TransportEventKind.Probed) { Peer = Peer, Connection = Id, Probe = result });
    }

    public void Report(TransportEventKind kind, ReadOnlyMemory<byte> message = default, BgpError error = default, string? text = null) =>
        Report(new TransportEvent(kind) { Peer = Peer, Connection = Id, Message = message, Error = error, Text = text });

    public void HandOver(UpdateBatch batch)
    {
        _link.CountReceived(batch.MessageCount);
        _transport.Reports.Updates(batch);
    }

    public void ReportSent(OutputCursor cursor) => _transport.Reports.Sent(cursor);

    public void CountSent(int updates) => _link.CountSent(updates);

    /// <summary>The connection holds the cursor no longer.</summary>
    public void Release(OutputCursor cursor) => _transport.Release(cursor);

    private void Report(in TransportEvent report)
    {
        lock (_gate)
        {
            if (!_isSilent)
            {
                _transport.Reports.Event(report);
            }
        }
    }

    private async Task<bool> ConnectAsync()
    {
        using var timeout = new CancellationTokenSource(_transport.Limits.ConnectTimeout);
        var connecting = _socket.ConnectAsync(SocketSettings.EndpointOf(_neighbor), timeout.Token).AsTask();
        if (await Task.WhenAny(connecting, _closing.Task).ConfigureAwait(false) != connecting)
        {
            await timeout.CancelAsync().ConfigureAwait(false);
        }

        try
        {
            await connecting.ConfigureAwait(false);
            Report(new TransportEvent(TransportEventKind.Opened) { Peer = Peer, Connection = Id, Ends = EndsOf(_socket) });
            return true;
        }
        catch (OperationCanceledException)
        {
            Report(TransportEventKind.Failed, text: "no answer" + Hint());
        }
        catch (SocketException failure)
        {
            Report(TransportEventKind.Failed, text: failure.SocketErrorCode == SocketError.TimedOut ? "no answer" + Hint() : failure.Message);
        }

        return false;
    }

    /// <summary>What a wrong key or TTL looks like from here: silence.</summary>
    private string Hint() => (_neighbor.Password, _neighbor.TtlSecurity) switch
    {
        (not null, not null) => "; the password or the TTL security setting of the two sides may differ",
        (not null, null) => "; the passwords of the two sides may differ",
        (null, not null) => "; the TTL security settings of the two sides may differ",
        _ => "",
    };

    private async Task ServeAsync()
    {
        using var stopReading = new CancellationTokenSource();
        using var stopSending = new CancellationTokenSource();
        var reading = _reader.RunAsync(stopReading.Token);
        var sending = _transmitter.RunAsync(stopSending.Token);
        try
        {
            var first = await Task.WhenAny(reading, sending, _closing.Task).ConfigureAwait(false);
            if (first == reading && !(await reading.ConfigureAwait(false)).IsLost)
            {
                // Malformed: the session lane is going to send its NOTIFICATION and close.
                first = await Task.WhenAny(sending, _closing.Task).ConfigureAwait(false);
            }

            if (first != _closing.Task)
            {
                var end = await (first == reading ? reading : sending).ConfigureAwait(false);
                Report(TransportEventKind.Closed, text: end.Text);
                await stopSending.CancelAsync().ConfigureAwait(false);
            }
        }
        finally
        {
            _transmitter.Finish();
            stopSending.CancelAfter(_transmitter.IsStalled ? TimeSpan.Zero : _transport.Limits.CloseTimeout);
            await stopReading.CancelAsync().ConfigureAwait(false);
            await Task.WhenAll(reading, sending).ConfigureAwait(false);
            await LingerAsync(stopSending.Token).ConfigureAwait(false);
        }
    }

    /// <summary>Closes our direction and reads what still comes until the peer closes too: a close with unread bytes would be a reset, which may overtake our last message.</summary>
    private async Task LingerAsync(CancellationToken cancellationToken)
    {
        var rest = new byte[4096];
        try
        {
            _socket.Shutdown(SocketShutdown.Send);
            while (await _socket.ReceiveAsync(rest, SocketFlags.None, cancellationToken).ConfigureAwait(false) > 0)
            {
            }
        }
        catch (SocketException)
        {
            // The peer is gone already: nothing is left to be polite about.
        }
        catch (OperationCanceledException)
        {
            // It does not close: we do.
        }
    }
}
