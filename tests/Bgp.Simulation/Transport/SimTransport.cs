using System.Globalization;
using Bgp.Engine;
using Bgp.Protocol;

namespace Bgp.Simulation;

/// <summary>
/// The transport of one process: keeps the contract of <see cref="ITransport"/> over simulated sockets. The process ends, it ends.
/// </summary>
internal sealed class SimTransport : ITransport
{
    // How often a node says on its links that it is there.
    private static readonly TimeSpan AdvertisementInterval = TimeSpan.FromSeconds(10);

    private readonly Simulator _simulator;
    private readonly SimProcess _process;
    private readonly Dictionary<(PeerId, ConnectionId), SimChannel> _channels = [];
    private readonly Dictionary<PeerId, SimChannel> _admitted = [];
    private readonly Dictionary<UpdateBatch, SimChannel> _lent = [];
    private readonly List<SimSocket> _sockets = [];
    private readonly Dictionary<PeerId, string> _interfaces = [];
    private int _turns;

    public SimTransport(Simulator simulator, SimProcess process)
    {
        _simulator = simulator;
        _process = process;
        Random = simulator.Random;
    }

    public SimRandom Random { get; }

    public bool CutsAtRandom => _simulator.Network.CutsAtRandom;

    public Instant Now => _simulator.Now;

    /// <summary>Where a reader's socket puts bytes for a moment.</summary>
    public byte[] ReadBuffer => _simulator.ReadBuffer;

    /// <summary>Whether a reader or a transmitter has something to do, or is kept from doing it.</summary>
    public bool IsBusy => _turns > 0 || _lent.Count > 0 || _channels.Values.Any(channel => channel.IsHeldUp);

    /// <summary>Batches that the speaker has not given back.</summary>
    public int LentBatches => _lent.Count;

    public int ChannelCount => _channels.Count;

    public void At(Instant at, Action action) => _simulator.At(at, () => Run(action));

    public void After(TimeSpan delay, Action action) => _simulator.After(delay, () => Run(action));

    /// <summary>What <see cref="AtNextTurn"/> takes, made once for all turns of a reader or a transmitter.</summary>
    public Action TurnOf(Action action) => () =>
    {
        _turns--;
        Run(action);
    };

    /// <summary>Runs a turn when the process comes to it, a moment later.</summary>
    public void AtNextTurn(Action turn)
    {
        _turns++;
        _simulator.After(Random.Between(TimeSpan.Zero, _simulator.MaxTurnDelay), turn);
    }

    public void Connect(PeerId peer, ConnectionId connection, NeighborConfig neighbor)
    {
        var channel = Add(peer, connection);
        var attempt = new ConnectAttempt(
            socket =>
            {
                _sockets.Add(socket);
                channel.Open(socket);
                Post(channel.Report(TransportEventKind.Opened) with { Ends = socket.Ends });
            },
            reason =>
            {
                Forget(channel);
                Post(channel.Report(TransportEventKind.Failed) with { Text = reason });
            });
        channel.Connect(attempt);
        var local = !neighbor.LocalAddress.IsNone ? neighbor.LocalAddress
            : _process.Node.Spec.InterfaceTo(neighbor.Key.Address)?.AddressLike(neighbor.Key.Address) ?? IpAddress.None;
        _simulator.Network.Connect(_process.Node, local, neighbor.Key.Address, attempt);
    }

    /// <summary>A connection came in.</summary>
    public void Accept(SimSocket socket)
    {
        _sockets.Add(socket);
        var number = _process.Node.Spec.Interfaces.ToList().FindIndex(one => one.IsOnLink(socket.Ends.Remote));
        Post(new TransportEvent(TransportEventKind.Accepted) { Accepted = socket, Ends = socket.Ends, Text = NameOf(number) });
    }

    public void Adopt(object accepted, PeerId peer, ConnectionId connection, NeighborConfig neighbor)
    {
        var channel = Add(peer, connection);
        channel.Open((SimSocket)accepted);
    }

    public void Refuse(object accepted) => ((SimSocket)accepted).Close();

    public void Send(PeerId peer, ConnectionId connection, ReadOnlyMemory<byte> message) => Find(peer, connection)?.Send(message);

    public void Close(PeerId peer, ConnectionId connection)
    {
        if (Find(peer, connection) is { } channel)
        {
            Leave(channel);
            channel.Close();
        }
    }

    public void Processed(PeerId peer, ConnectionId connection) => Find(peer, connection)?.Processed();

    public void Negotiated(PeerId peer, ConnectionId connection, NegotiatedSession session) => Find(peer, connection)?.Negotiated(session);

    public void Admit(PeerId peer, ConnectionId connection, SessionGeneration generation)
    {
        if (Find(peer, connection) is { } channel)
        {
            _admitted[peer] = channel;
            channel.Admit(generation);
        }
    }

    public void Probe(PeerId peer, ConnectionId connection)
    {
        if (Find(peer, connection) is { } channel && channel.Probe() is { } result)
        {
            Post(channel.Report(TransportEventKind.Probed) with { Probe = result });
        }
    }

    public void Attach(PeerId peer, SessionGeneration generation, OutputCursor cursor)
    {
        if (Admitted(peer, generation) is { } channel)
        {
            channel.Attach(cursor);
        }
        else
        {
            cursor.Close();
            PostSent(cursor);
        }
    }

    public void Wake(PeerId peer, SessionGeneration generation) => Admitted(peer, generation)?.Wake();

    public void Return(UpdateBatch batch)
    {
        if (!_lent.Remove(batch, out var channel))
        {
            throw new SimulationException("a batch came back that was not lent");
        }

        channel.TakeBack();
        _simulator.FreeBatches.Push(batch);
    }

    public void Prepare(IReadOnlyList<NeighborRange> ranges)
    {
        // There are no keys of listeners to follow.
    }

    public void Prepare(PeerId peer, NeighborConfig neighbor)
    {
        // There are no keys of listeners to follow.
        if (neighbor.Interface is { } name && _interfaces.GetValueOrDefault(peer) != name)
        {
            _interfaces[peer] = name;
            After(Random.Between(TimeSpan.Zero, _simulator.MaxTurnDelay), () => Discover(peer, name));
        }
    }

    public void Forget(PeerId peer) => _interfaces.Remove(peer);

    /// <summary>A connection is over: the number may not come again, but nothing is held.</summary>
    public void Forget(SimChannel channel)
    {
        Leave(channel);
        _channels.Remove((channel.Peer, channel.Connection));
        _sockets.RemoveAll(static socket => socket.IsGone);
    }

    public UpdateBatch Rent(SimChannel channel, SessionGeneration generation)
    {
        var batch = _simulator.FreeBatches.TryPop(out var free) ? free : new UpdateBatch();
        batch.Reset(channel.Peer, generation);
        _lent.Add(batch, channel);
        return batch;
    }

    public void Post(in TransportEvent report)
    {
        if (_process.IsAlive)
        {
            _simulator.Trace.Note(Now, _process.Node.Name, KindName(report.Kind), report.Message.Span);
            _process.Speaker.Post(report);
        }
    }

    public void Post(UpdateBatch batch)
    {
        _simulator.Trace.Note(Now, _process.Node.Name, "batch", batch.Bytes);
        if (_process.Node.LosesUpdates)
        {
            Return(batch);
            return;
        }

        _process.Speaker.Post(batch);
    }

    public void PostSent(OutputCursor cursor) => _process.Speaker.PostSent(cursor);

    public void NoteSent(SimChannel channel, ReadOnlySpan<byte> bytes)
    {
        if (!bytes.IsEmpty)
        {
            _simulator.Trace.Note(Now, _process.Node.Name, "sends", bytes);
            _simulator.Trace.Mix(channel.Peer.Value, channel.Connection.Value);
            _process.Node.NoteSent(channel.Socket.Ends.Remote, bytes);
        }
    }

    /// <summary>Stops reading what comes from one neighbor for a while.</summary>
    public void Stall(IpAddress neighbor, Instant until)
    {
        foreach (var channel in _channels.Values.OrderBy(channel => channel.Peer.Value).ThenBy(channel => channel.Connection.Value))
        {
            if (channel.Probe() is not null && channel.Socket.Ends.Remote == neighbor)
            {
                channel.Stall(until);
            }
        }
    }

    /// <summary>The process is gone; its system closes what it had open, or cannot even do that.</summary>
    public void End(bool isPowerLoss)
    {
        foreach (var channel in _channels.Values)
        {
            channel.Abandon();
        }

        foreach (var socket in _sockets)
        {
            if (isPowerLoss)
            {
                socket.Vanish();
            }
            else
            {
                socket.Close();
            }
        }

        _sockets.Clear();
        _channels.Clear();
        _admitted.Clear();
    }

    private static string KindName(TransportEventKind kind) => kind switch
    {
        TransportEventKind.Accepted => "accepted",
        TransportEventKind.Opened => "opened",
        TransportEventKind.Failed => "failed",
        TransportEventKind.Closed => "closed",
        TransportEventKind.Message => "message",
        TransportEventKind.FramingError => "framing error",
        TransportEventKind.Discovered => "discovered",
        _ => "probed",
    };

    private static string NameOf(int interfaceNumber) => string.Create(CultureInfo.InvariantCulture, $"eth{interfaceNumber}");

    /// <summary>Tells who is at the other end, and again after a while.</summary>
    private void Discover(PeerId peer, string name)
    {
        if (_interfaces.GetValueOrDefault(peer) != name)
        {
            return;
        }

        var other = _simulator.Network.OtherEndOf(_process.Node, int.Parse(name.AsSpan("eth".Length), CultureInfo.InvariantCulture));
        Post(new TransportEvent(TransportEventKind.Discovered) { Text = name, Ends = new ConnectionEnds(IpAddress.None, 0, other, 0) });
        After(AdvertisementInterval, () => Discover(peer, name));
    }

    private void Run(Action action)
    {
        if (_process.IsAlive)
        {
            action();
        }
    }

    private SimChannel Add(PeerId peer, ConnectionId connection)
    {
        var channel = new SimChannel(this, peer, connection);
        _channels.Add((peer, connection), channel);
        return channel;
    }

    private void Leave(SimChannel channel)
    {
        if (_admitted.GetValueOrDefault(channel.Peer) == channel)
        {
            _admitted.Remove(channel.Peer);
        }
    }

    private SimChannel? Find(PeerId peer, ConnectionId connection) => _channels.GetValueOrDefault((peer, connection));

    private SimChannel? Admitted(PeerId peer, SessionGeneration generation) =>
        _admitted.TryGetValue(peer, out var channel) && channel.Generation == generation ? channel : null;
}
