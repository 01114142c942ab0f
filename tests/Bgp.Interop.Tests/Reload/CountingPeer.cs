using System.Buffers;
using System.Diagnostics;
using System.IO.Pipelines;
using System.Net;
using System.Net.Sockets;
using Bgp.Protocol;

namespace Bgp.Interop.Tests;

/// <summary>
/// A light peer that dials the daemon from an address of its own, keeps the session up, dials again when it ends, and counts: prefixes announced and withdrawn, sessions that ended, the longest time
/// without a KEEPALIVE. It answers each KEEPALIVE with one of its own.
/// </summary>
internal sealed class CountingPeer : IDisposable
{
    private static readonly TimeSpan Retry = TimeSpan.FromMilliseconds(100);

    private readonly Func<Socket> _open;
    private readonly IPEndPoint _remote;
    private readonly byte[] _openMessage;
    private readonly CancellationTokenSource _stop = new();
    private readonly SemaphoreSlim _sending = new(1);
    private readonly Task _running;
    private NetworkStream? _stream;
    private long _lastKeepalive;
    private int _announced;
    private int _withdrawn;
    private int _ends;

    /// <param name="open">Makes a socket that is bound to the peer's address.</param>
    /// <param name="remote">Where the daemon listens.</param>
    /// <param name="asn">The peer's AS number.</param>
    /// <param name="routerId">Its identifier.</param>
    /// <param name="holdTime">In seconds.</param>
    public CountingPeer(Func<Socket> open, IPEndPoint remote, uint asn, RouterId routerId, ushort holdTime)
    {
        (_open, _remote) = (open, remote);
        var capabilities = new CapabilitySetBuilder().Family(Protocol.AddressFamily.Ipv4Unicast).Family(Protocol.AddressFamily.Ipv6Unicast).RouteRefresh().FourOctetAs(new Asn(asn));
        var message = new OpenMessage(new Asn(asn), holdTime, routerId, capabilities.Build());
        _openMessage = new byte[message.Length];
        message.WriteTo(_openMessage);
        _running = RunAsync(_stop.Token);
    }

    /// <summary>Whether the session is up.</summary>
    public bool IsUp => Volatile.Read(ref _stream) is not null;

    /// <summary>How often an established session has ended.</summary>
    public int Ends => Volatile.Read(ref _ends);

    /// <summary>The NOTIFICATION of the last end; null where there was none.</summary>
    public BgpError? LastError { get; private set; }

    public (int Announced, int Withdrawn) Prefixes => (Volatile.Read(ref _announced), Volatile.Read(ref _withdrawn));

    /// <summary>The longest time between two KEEPALIVEs of one session.</summary>
    public TimeSpan LongestSilence { get; private set; }

    public void Send(ReadOnlyMemory<byte> messages) => SendAsync(messages).GetAwaiter().GetResult();

    public void Dispose()
    {
        _stop.Cancel();
        _running.GetAwaiter().GetResult();
        _stop.Dispose();
        _sending.Dispose();
    }

    private async Task RunAsync(CancellationToken cancel)
    {
        try
        {
            while (true)
            {
                try
                {
                    await SpeakAsync(cancel);
                }
                catch (Exception over) when (over is SocketException or IOException)
                {
                    // Refused, or ended by the other side: either way it is tried again.
                }

                if (Interlocked.Exchange(ref _stream, null) is not null)
                {
                    Interlocked.Increment(ref _ends);
                }

                await Task.Delay(Retry, cancel);
            }
        }
        catch (OperationCanceledException)
        {
            // The test is over.
        }
    }

    private async Task SpeakAsync(CancellationToken cancel)
    {
        using var socket = _open();
        socket.NoDelay = true;
        await socket.ConnectAsync(_remote, cancel);
        await using var stream = new NetworkStream(socket);
        await stream.WriteAsync(_openMessage, cancel);
        var reader = PipeReader.Create(stream);
        while (true)
        {
            var read = await reader.ReadAsync(cancel);
            var buffer = read.Buffer;
            while (MessageFramer.TryRead(ref buffer, BgpConstants.MaxMessageLength, out var frame, out _) == FrameResult.Complete)
            {
                await TakeAsync(frame.Type, frame.Body.ToArray(), stream);
            }

            reader.AdvanceTo(buffer.Start, buffer.End);
            if (read.IsCompleted)
            {
                return;
            }
        }
    }

    private async Task TakeAsync(MessageType type, byte[] body, NetworkStream stream)
    {
        switch (type)
        {
            case MessageType.Open:
                await stream.WriteAsync(KeepaliveMessage.Bytes.ToArray());
                break;
            case MessageType.Keepalive when !IsUp:
                _lastKeepalive = Stopwatch.GetTimestamp();
                Volatile.Write(ref _stream, stream);
                break;
            case MessageType.Keepalive:
                var silence = Stopwatch.GetElapsedTime(_lastKeepalive);
                LongestSilence = silence > LongestSilence ? silence : LongestSilence;
                _lastKeepalive = Stopwatch.GetTimestamp();
                await SendAsync(KeepaliveMessage.Bytes.ToArray());
                break;
            case MessageType.Update:
                Count(body);
                break;
            case MessageType.Notification when NotificationMessage.TryParse(body, out var notification, out _):
                LastError = notification.Error;
                break;
        }
    }

    private async Task SendAsync(ReadOnlyMemory<byte> messages)
    {
        var stream = Volatile.Read(ref _stream) ?? throw new AssertionException("the session is not up");
        await _sending.WaitAsync();
        try
        {
            await stream.WriteAsync(messages);
        }
        finally
        {
            _sending.Release();
        }
    }

    private void Count(ReadOnlySpan<byte> body)
    {
        var update = default(DecodedUpdate);
        UpdateDecoder.Split(body, new CodecProfile(CodecFlags.FourOctetAs, BgpConstants.MaxMessageLength), ref update);
        Interlocked.Add(ref _announced, Count(update.Announced, Protocol.AddressFamily.Ipv4Unicast) + Count(update.ReachNlri, update.ReachFamily));
        Interlocked.Add(ref _withdrawn, Count(update.Withdrawn, Protocol.AddressFamily.Ipv4Unicast) + Count(update.UnreachNlri, update.UnreachFamily));
    }

    private static int Count(ReadOnlySpan<byte> nlri, Protocol.AddressFamily family)
    {
        var reader = new NlriReader(nlri, family, false);
        var count = 0;
        while (reader.TryRead(out _, out _))
        {
            count++;
        }

        return count;
    }
}
