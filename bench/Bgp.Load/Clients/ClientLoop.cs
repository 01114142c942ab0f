using System.Diagnostics;
using System.Net.Sockets;
using Bgp.Linux;

namespace Bgp.Load;

/// <summary>
/// All clients on the calling thread: a scenario says what to wait for, and while it waits everything is received, sent and kept alive. One thread is
/// enough: it only copies bytes and marks prefixes, and the cores belong to the daemon.
/// </summary>
internal sealed class ClientLoop : IDisposable
{
    private const int BufferLength = 256 * 1024;
    private const int SlowBytesPerSecond = 10_000;
    private const int SlowWindow = 4096;

    private static readonly TimeSpan HousekeepingPeriod = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan RetryPause = TimeSpan.FromMilliseconds(200);

    // TCP itself would try again after a second and then ever more seldom, and a daemon that had no room in its queue for a moment would be idle meanwhile.
    private static readonly TimeSpan AttemptLimit = TimeSpan.FromMilliseconds(100);

    private readonly NetworkNamespace _space;
    private readonly Epoll _epoll = new();
    private readonly byte[] _buffer = GC.AllocateArray<byte>(BufferLength, pinned: true);
    private readonly bool[] _writeWatched;
    private readonly bool[] _readWatched;
    private readonly bool[] _maySpeak;
    private long _nextHousekeeping;
    private long _nextKeepalive;
    private int _incomplete;

    /// <param name="space">Where the clients' sockets are opened.</param>
    /// <param name="clients">All clients, by number.</param>
    public ClientLoop(NetworkNamespace space, IReadOnlyList<LoadClient> clients)
    {
        _space = space;
        Clients = clients;
        _writeWatched = new bool[clients.Count];
        _readWatched = new bool[clients.Count];
        _maySpeak = new bool[clients.Count];
        CountIncomplete();
    }

    public IReadOnlyList<LoadClient> Clients { get; }

    /// <summary>Whether every receiver has what it should.</summary>
    public bool IsConverged => _incomplete == 0;

    /// <summary>The reason, once the run cannot succeed any more; asked now and then.</summary>
    public Func<LoadException?> Abort { get; set; } = () => null;

    /// <summary>Called on each round of the loop, for scenarios that keep sending.</summary>
    public Action? EachRound { get; set; }

    /// <summary>At most a third of the daemon's hold time.</summary>
    public TimeSpan KeepalivePeriod { get; set; } = TimeSpan.FromSeconds(20);

    /// <summary>How long a round waits at most when nothing happens.</summary>
    public TimeSpan RoundLimit { get; set; } = HousekeepingPeriod;

    /// <summary>From now on the clients connect, and connect again when they fail before their session is up.</summary>
    public void Open(IEnumerable<LoadClient> clients)
    {
        _space.Run(() =>
        {
            foreach (var client in clients)
            {
                _maySpeak[client.Plan.Index] = true;
                var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { Blocking = false, NoDelay = true };
                if (client.Plan.Speed != ReadSpeed.Full)
                {
                    socket.ReceiveBufferSize = SlowWindow;
                }

                client.Bind(socket);
                client.Connect(socket);
                var index = client.Plan.Index;
                _epoll.Add(socket, index, readable: true, writable: true);
                _readWatched[index] = _writeWatched[index] = true;
            }
        });
        CountIncomplete();
    }

    /// <summary>Closes a client's session; it stays away until it is opened again.</summary>
    public void Shut(LoadClient client)
    {
        _maySpeak[client.Plan.Index] = false;
        client.Close("shut");
        client.ForgetLosses();
    }

    /// <summary>After the expectation or a table changed from outside.</summary>
    public void CountIncomplete()
    {
        var now = Stopwatch.GetTimestamp();
        _incomplete = 0;
        foreach (var client in Clients)
        {
            client.NoteCompletion(now);
            _incomplete += client.IsComplete ? 0 : 1;
        }
    }

    /// <summary>Sends and begins to watch for room where the socket did not take all.</summary>
    public void Send(LoadClient client, ReadOnlyMemory<byte> octets)
    {
        client.Send(octets);
        Watch(client);
    }

    /// <summary>Begins to read from, or stops reading from, a client.</summary>
    public void SetSpeed(LoadClient client, ReadSpeed speed)
    {
        client.Speed = speed;
        Watch(client);
    }

    /// <summary>Works until the condition holds.</summary>
    /// <exception cref="LoadException">The time is over, or the run was aborted.</exception>
    public void RunUntil(string what, Func<bool> condition, TimeSpan limit)
    {
        if (!TryRunUntil(condition, limit))
        {
            throw new LoadException(RunOutcome.Timeout, $"not within {limit.TotalSeconds:0} s: {what}");
        }
    }

    /// <summary>Works until the condition holds, or the time is over: then false.</summary>
    /// <exception cref="LoadException">The run was aborted.</exception>
    public bool TryRunUntil(Func<bool> condition, TimeSpan limit)
    {
        var end = Stopwatch.GetTimestamp() + Ticks(limit);
        while (!condition())
        {
            var now = Stopwatch.GetTimestamp();
            if (now >= end)
            {
                return false;
            }

            EachRound?.Invoke();
            Turn((int)RoundLimit.TotalMilliseconds);
            if (now >= _nextHousekeeping)
            {
                _nextHousekeeping = now + Ticks(HousekeepingPeriod);
                KeepHouse(now);
            }
        }

        return true;
    }

    /// <summary>Works for a time.</summary>
    /// <exception cref="LoadException">The run was aborted.</exception>
    public void RunFor(TimeSpan time) => TryRunUntil(() => false, time);

    public void Dispose()
    {
        foreach (var client in Clients)
        {
            client.Close("the run is over");
        }

        _epoll.Dispose();
    }

    private static long Ticks(TimeSpan time) => (long)(time.TotalSeconds * Stopwatch.Frequency);

    private void Turn(int timeout)
    {
        var ready = _epoll.Wait(timeout);
        for (var i = 0; i < ready; i++)
        {
            var (tag, isWritable, isReadable) = _epoll.Ready(i);
            var client = Clients[tag];
            if (isWritable && client.Socket is not null)
            {
                client.OnWritable();
            }

            if (isReadable && client.Socket is not null)
            {
                client.OnReadable(_buffer);
            }

            AfterIo(client);
        }
    }

    private void AfterIo(LoadClient client)
    {
        if (client.NoteCompletion(Stopwatch.GetTimestamp()))
        {
            _incomplete += client.IsComplete ? -1 : 1;
        }

        Watch(client);
    }

    private void Watch(LoadClient client)
    {
        var index = client.Plan.Index;
        if (client.Socket is { } socket && (client.WantsToWrite != _writeWatched[index] || client.WantsToRead != _readWatched[index]))
        {
            _writeWatched[index] = client.WantsToWrite;
            _readWatched[index] = client.WantsToRead;
            _epoll.Change(socket, index, _readWatched[index], _writeWatched[index]);
        }
    }

    private void KeepHouse(long now)
    {
        if (Abort() is { } failure)
        {
            throw failure;
        }

        List<LoadClient>? toOpen = null;
        var keepAlive = now >= _nextKeepalive;
        _nextKeepalive = keepAlive ? now + Ticks(KeepalivePeriod) : _nextKeepalive;
        foreach (var client in Clients)
        {
            if (client.State == SessionState.Closed && _maySpeak[client.Plan.Index])
            {
                if (client.RetryAt == 0)
                {
                    client.RetryAt = now + Ticks(RetryPause);
                }
                else if (now >= client.RetryAt)
                {
                    client.RetryAt = 0;
                    (toOpen ??= []).Add(client);
                }
            }
            else if (client.State == SessionState.Connecting && now - client.ConnectingSince > Ticks(AttemptLimit))
            {
                client.Close("connect: no answer");
            }
            else if (client.State == SessionState.Established)
            {
                MindEstablished(client, keepAlive);
            }
        }

        if (toOpen is not null)
        {
            Open(toOpen);
        }
    }

    private void MindEstablished(LoadClient client, bool keepAlive)
    {
        if (client.Speed == ReadSpeed.Slow)
        {
            client.ReadSlowly(_buffer, (int)(SlowBytesPerSecond * HousekeepingPeriod.TotalSeconds));
            AfterIo(client);
        }

        if (keepAlive)
        {
            client.KeepAlive();
            Watch(client);
        }
    }
}
