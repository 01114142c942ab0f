using System.Buffers;
using System.IO.Pipelines;
using System.Net.Sockets;
using Bgp.Engine;
using Bgp.Protocol;

namespace Bgp.Daemon;

/// <summary>
/// The reading half of a connection. In: the socket's bytes. Out: control messages one at a time to the session lane, and after admission UPDATEs and ROUTE-REFRESHes, in their order, in
/// batches to the route lane. It alone waits for credit; while it waits it does not read, and TCP makes the peer wait.
/// <para>
/// Until the connection is admitted, each message is processed before the next one is framed, since it may decide how that one is framed (RFC 8654 §4). A batch is handed over when the
/// socket has nothing more or the batch is full, so that a lone change leaves at once. (RFC 4271 §4.1, §6.1)
/// </para>
/// </summary>
internal sealed class ConnectionReader(Connection connection, Socket socket, UpdateBatchPool pool, MonotonicClock clock, TransportLimits limits)
{
    private const int ReadSize = 65536;

    private readonly AsyncCredit _processed = new(0);
    private readonly AsyncCredit _credit = new(limits.BatchesPerConnection);
    private UpdateBatch? _batch;
    private int _unprocessed;
    private int _maxMessageLength = BgpConstants.MaxMessageLength;
    private uint _generation;
    private long _lastReceived = clock.Now.Microseconds;
    private bool _isBusy;

    /// <summary>When the last whole message arrived; first, when the connection opened.</summary>
    public Instant LastReceived => new(Volatile.Read(ref _lastReceived));

    /// <summary>Whether messages that came are waiting for us: in our hands, or unread in the socket.</summary>
    public bool IsInputPending => Volatile.Read(ref _isBusy) || socket.Available > 0;

    /// <summary>The session lane has processed the message posted last.</summary>
    public void Processed() => _processed.Give();

    /// <summary>From the next message on, messages may be this long. Called while the reader waits for <see cref="Processed"/>.</summary>
    public void Negotiated(int maxMessageLength) => Volatile.Write(ref _maxMessageLength, maxMessageLength);

    /// <summary>From the next message on, UPDATEs go in batches. Called while the reader waits for <see cref="Processed"/>.</summary>
    public void Admit(SessionGeneration generation) => Volatile.Write(ref _generation, generation.Value);

    /// <summary>A batch of this connection came back.</summary>
    public void ReturnCredit() => _credit.Give();

    /// <summary>Reads until the peer ends the connection, its bytes make no sense, or <paramref name="cancellationToken"/> is cancelled.</summary>
    public async Task<LoopEnd> RunAsync(CancellationToken cancellationToken)
    {
        var stream = new NetworkStream(socket, ownsSocket: false);
        var pipe = PipeReader.Create(stream, new StreamPipeReaderOptions(bufferSize: ReadSize, useZeroByteReads: true, leaveOpen: true));
        try
        {
            return await ReadAsync(pipe, cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            return LoopEnd.Asked;
        }
        catch (IOException failure) when (failure.InnerException is SocketException reason)
        {
            return LoopEnd.Failed(reason);
        }
        catch (SocketException reason)
        {
            return LoopEnd.Failed(reason);
        }
        finally
        {
            HandOver();
            Volatile.Write(ref _isBusy, false);
            await pipe.CompleteAsync().ConfigureAwait(false);
        }
    }

    private async Task<LoopEnd> ReadAsync(PipeReader pipe, CancellationToken cancellationToken)
    {
        while (true)
        {
            var result = await pipe.ReadAsync(cancellationToken).ConfigureAwait(false);
            var buffer = result.Buffer;
            Volatile.Write(ref _isBusy, true);
            while (true)
            {
                var outcome = MessageFramer.TryRead(ref buffer, Volatile.Read(ref _maxMessageLength), out var frame, out var error);
                if (outcome == FrameResult.Incomplete)
                {
                    break;
                }

                if (outcome == FrameResult.Malformed)
                {
                    HandOver();
                    connection.Report(TransportEventKind.FramingError, error: error);
                    return LoopEnd.Malformed;
                }

                Volatile.Write(ref _lastReceived, clock.Now.Microseconds);
                if (!TryAppend(frame))
                {
                    await TakeAsync(frame, cancellationToken).ConfigureAwait(false);
                }
            }

            var rest = buffer.Length;
            pipe.AdvanceTo(buffer.Start, buffer.End);
            Volatile.Write(ref _isBusy, false);
            if (socket.Available == 0)
            {
                HandOver();
            }

            if (result.IsCompleted)
            {
                return rest == 0 ? LoopEnd.PeerClosed : LoopEnd.PeerClosedWithinMessage;
            }
        }
    }

    /// <summary>The way of nearly every message: into the batch at hand.</summary>
    private bool TryAppend(in MessageFrame frame)
    {
        var length = (int)frame.Message.Length;
        if (_batch is null || _batch.Free < length || !IsForRoutes(frame.Type))
        {
            return false;
        }

        frame.Message.CopyTo(_batch.Append(length));
        return true;
    }

    private bool IsForRoutes(MessageType type) =>
        type is MessageType.Update or MessageType.RouteRefresh && Volatile.Read(ref _generation) != 0;

    private async ValueTask TakeAsync(MessageFrame frame, CancellationToken cancellationToken)
    {
        HandOver();
        if (IsForRoutes(frame.Type))
        {
            await _credit.TakeAsync(cancellationToken).ConfigureAwait(false);
            _batch = await pool.RentAsync(cancellationToken).ConfigureAwait(false);
            _batch.Reset(connection.Peer, new SessionGeneration(Volatile.Read(ref _generation)));
            TryAppend(frame);
            return;
        }

        connection.Report(TransportEventKind.Message, frame.Message.ToArray());
        _unprocessed++;
        while (_unprocessed > 0 && _processed.TryTake())
        {
            _unprocessed--;
        }

        var bound = Volatile.Read(ref _generation) == 0 ? 1 : limits.UnprocessedMessages;
        while (_unprocessed >= bound)
        {
            await _processed.TakeAsync(cancellationToken).ConfigureAwait(false);
            _unprocessed--;
        }
    }

    private void HandOver()
    {
        if (_batch is { } batch)
        {
            _batch = null;
            connection.HandOver(batch);
        }
    }
}
