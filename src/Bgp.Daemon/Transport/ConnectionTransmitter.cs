using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Net.Sockets;
using Bgp.Engine;
using Bgp.Linux;
using Bgp.Protocol;

namespace Bgp.Daemon;

/// <summary>
/// The writing half of a connection. In: whole control messages from the session lane, and cursors from the route lane. Out: the socket. Control messages go first, between whole messages of
/// the UPDATE stream, and after a NOTIFICATION nothing goes; the cursors' families take turns. What a cursor reads is sent as it lies in the log, not copied, and reported when a stretch of it is in the socket or nothing is left.
/// </summary>
internal sealed class ConnectionTransmitter(Connection connection, Socket socket, MonotonicClock clock, TransportLimits limits)
{
    private const int ReportEvery = 65536;
    private const int LengthOffset = BgpConstants.MarkerLength;
    private const int TypeOffset = LengthOffset + sizeof(ushort);

    // Between Attach on the route lane and the end of the loop: a cursor is either given to the loop or closed at once, never lost between the two.
    private readonly Lock _gate = new();
    private readonly AsyncSignal _signal = new();
    private readonly ConcurrentQueue<ReadOnlyMemory<byte>> _control = new();
    private readonly List<OutputCursor> _attached = [];
    private readonly List<Stream> _streams = [];
    private int _controlCount;
    private int _keepalivesWaiting;
    private bool _isFinishing;

    // Owned by the loop: a NOTIFICATION is out, and the close follows.
    private bool _hasNotified;
    private bool _hasEnded;
    private bool _isSending;
    private long _acknowledged;
    private long _progress = clock.Now.Microseconds;

    /// <summary>Queues one whole control message; false when too many wait already. A KEEPALIVE that follows a waiting one says nothing new and is dropped.</summary>
    public bool TryQueue(ReadOnlyMemory<byte> message)
    {
        var isKeepalive = IsKeepalive(message);
        if (isKeepalive && Volatile.Read(ref _keepalivesWaiting) > 0)
        {
            return true;
        }

        if (Interlocked.Increment(ref _controlCount) > limits.UnsentMessages)
        {
            return false;
        }

        if (isKeepalive)
        {
            Interlocked.Increment(ref _keepalivesWaiting);
        }

        _control.Enqueue(message);
        _signal.Set();
        return true;
    }

    public void Attach(OutputCursor cursor)
    {
        lock (_gate)
        {
            if (!_hasEnded)
            {
                _attached.Add(cursor);
                _signal.Set();
                return;
            }
        }

        connection.Release(cursor);
    }

    public void Wake() => _signal.Set();

    /// <summary>Ends the loop once the control messages are out.</summary>
    public void Finish()
    {
        Volatile.Write(ref _isFinishing, true);
        _signal.Set();
    }

    /// <summary>Whether bytes wait for the peer's window, and when it last took some.</summary>
    public (bool IsPending, Instant LastProgress) Probe()
    {
        var isPending = Volatile.Read(ref _isSending) || socket.UnsentBytes() > 0;
        if (!isPending)
        {
            return (false, clock.Now);
        }

        NoteProgress();
        return (true, new Instant(Interlocked.Read(ref _progress)));
    }

    /// <summary>Whether the peer has long taken nothing, so that a send waits for it: what is only on its way, or lost and sent again, does not count.</summary>
    public bool IsStalled => Volatile.Read(ref _isSending) && Probe() is (true, var progress) && clock.Now - progress >= limits.StalledAfter;

    /// <summary>Sends until <see cref="Finish"/>, a failure, or <paramref name="cancellationToken"/> is cancelled; then every cursor is closed.</summary>
    public async Task<LoopEnd> RunAsync(CancellationToken cancellationToken)
    {
        try
        {
            while (true)
            {
                await SendControlAsync(cancellationToken).ConfigureAwait(false);
                if (Volatile.Read(ref _isFinishing))
                {
                    return LoopEnd.Asked;
                }

                if (_hasNotified || !await SendUpdatesAsync(cancellationToken).ConfigureAwait(false))
                {
                    await _signal.WaitAsync(cancellationToken).ConfigureAwait(false);
                    TakeAttached();
                }
            }
        }
        catch (OperationCanceledException)
        {
            return LoopEnd.Asked;
        }
        catch (SocketException reason)
        {
            return LoopEnd.Failed(reason);
        }
        finally
        {
            lock (_gate)
            {
                _hasEnded = true;
            }

            TakeAttached();
            foreach (var stream in _streams)
            {
                connection.Release(stream.Cursor);
            }
        }
    }

    private async ValueTask SendControlAsync(CancellationToken cancellationToken)
    {
        while (!_hasNotified && _control.TryDequeue(out var message))
        {
            if (IsKeepalive(message))
            {
                Interlocked.Decrement(ref _keepalivesWaiting);
            }

            Interlocked.Decrement(ref _controlCount);
            await SendAsync(message, cancellationToken).ConfigureAwait(false);
            _hasNotified = TypeOf(message) == MessageType.Notification;
        }
    }

    /// <summary>One stretch of each family; false when there was nothing.</summary>
    private async ValueTask<bool> SendUpdatesAsync(CancellationToken cancellationToken)
    {
        var hasSent = false;
        foreach (var stream in _streams)
        {
            if (!stream.Cursor.TryRead(out var messages))
            {
                // Also when nothing was sent: the cursor may have passed what is meant for others.
                stream.Unreported = 0;
                connection.ReportSent(stream.Cursor);
                continue;
            }

            await SendAsync(messages, cancellationToken).ConfigureAwait(false);
            stream.Cursor.Advance(messages.Length);
            connection.CountSent(CountMessages(messages.Span));
            stream.Unreported += messages.Length;
            if (stream.Unreported >= ReportEvery)
            {
                stream.Unreported = 0;
                connection.ReportSent(stream.Cursor);
            }

            hasSent = true;
            await SendControlAsync(cancellationToken).ConfigureAwait(false);
            if (_hasNotified)
            {
                break;
            }
        }

        return hasSent;
    }

    private async ValueTask SendAsync(ReadOnlyMemory<byte> messages, CancellationToken cancellationToken)
    {
        if (socket.UnsentBytes() == 0)
        {
            Interlocked.Exchange(ref _progress, clock.Now.Microseconds);
        }

        Volatile.Write(ref _isSending, true);
        while (messages.Length > 0)
        {
            var sent = await socket.SendAsync(messages, SocketFlags.None, cancellationToken).ConfigureAwait(false);
            messages = messages[sent..];
        }

        Volatile.Write(ref _isSending, false);
        NoteProgress();
    }

    /// <summary>
    /// The socket's buffer takes bytes that the peer does not, so that progress is what the peer acknowledged; a wait begins when nothing was outstanding. The loop and the session lane both
    /// note, and both only ever move the stamp to the present.
    /// </summary>
    private void NoteProgress()
    {
        var acknowledged = socket.AcknowledgedBytes();
        if (Interlocked.Exchange(ref _acknowledged, acknowledged) != acknowledged)
        {
            Interlocked.Exchange(ref _progress, clock.Now.Microseconds);
        }
    }

    private void TakeAttached()
    {
        lock (_gate)
        {
            foreach (var cursor in _attached)
            {
                _streams.Add(new Stream(cursor));
            }

            _attached.Clear();
        }
    }

    private static int CountMessages(ReadOnlySpan<byte> messages)
    {
        var count = 0;
        while (messages.Length > 0)
        {
            messages = messages[BinaryPrimitives.ReadUInt16BigEndian(messages[LengthOffset..])..];
            count++;
        }

        return count;
    }

    private static bool IsKeepalive(ReadOnlyMemory<byte> message) => TypeOf(message) == MessageType.Keepalive;

    private static MessageType TypeOf(ReadOnlyMemory<byte> message) => (MessageType)message.Span[TypeOffset];

    /// <summary>One family's cursor and how many of its bytes were sent since the last report.</summary>
    private sealed class Stream(OutputCursor cursor)
    {
        public OutputCursor Cursor { get; } = cursor;

        public int Unreported { get; set; }
    }
}
