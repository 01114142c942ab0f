using System.Buffers;
using System.Net.Sockets;
using Bgp.Engine;
using Bgp.Protocol;
using AddressFamily = Bgp.Protocol.AddressFamily;

namespace Bgp.Daemon.Tests;

internal sealed class TransmitterTests : TransportFixture
{
    private const int Member = 0;
    private const int Plenty = 8 << 20;
    private const int LooksUntilStuck = 25;

    private static readonly TimeSpan BetweenLooks = TimeSpan.FromMilliseconds(20);

    [Test]
    [CancelAfter(20_000)]
    public async Task Cursor_Published_IsSentAndReported(CancellationToken cancel)
    {
        Start();
        var peer = await EstablishAsync(cancel);
        var (log, cursor) = Open();
        Write(log, Update(1), Update(2));

        Transport.Attach(Peer, Generation, cursor);

        byte[] expected = [.. Update(1), .. Update(2)];
        Assert.That(await ReadAsync(peer, expected.Length, cancel), Is.EqualTo(expected));
        await SentAsync(cursor, () => cursor.Sent.Sequence == log.End, cancel);
        Assert.That(Transport.UpdatesOf(Peer).Sent, Is.EqualTo(2));
    }

    [Test]
    [CancelAfter(20_000)]
    public async Task Cursor_PublishedAfterIdle_IsSentOnWake(CancellationToken cancel)
    {
        Start();
        var peer = await EstablishAsync(cancel);
        var (log, cursor) = Open();
        Transport.Attach(Peer, Generation, cursor);
        await SentAsync(cursor, () => true, cancel);
        Write(log, Update(3));

        Transport.Wake(Peer, Generation);

        Assert.That(await ReadAsync(peer, Update(3).Length, cancel), Is.EqualTo(Update(3)));
    }

    [Test]
    [CancelAfter(20_000)]
    public async Task Cursor_OnlyForOthers_IsReportedAsPassed(CancellationToken cancel)
    {
        Start();
        await EstablishAsync(cancel);
        var (log, cursor) = Open();
        Update(1).CopyTo(log.Reserve(BgpConstants.MaxMessageLength, OutputAudience.AllBut(Member, -1)));
        log.Commit(Update(1).Length);
        log.Publish();

        Transport.Attach(Peer, Generation, cursor);

        await SentAsync(cursor, () => cursor.Sent.Sequence == log.End, cancel);
        Assert.That(Transport.UpdatesOf(Peer).Sent, Is.Zero);
    }

    [Test]
    [CancelAfter(20_000)]
    public async Task Control_DuringUpdates_GoesBetweenWholeMessages(CancellationToken cancel)
    {
        Start();
        var peer = await EstablishAsync(cancel, receiveBuffer: 4096);
        var (log, cursor) = Open();
        var updates = WriteMany(log, Plenty);
        Transport.Attach(Peer, Generation, cursor);
        await UntilSendPendsAsync(cancel);

        Transport.Send(Peer, Connection, Refresh(RouteRefreshSubtype.Request));

        var messages = new List<MessageType>();
        await ReadMessagesAsync(peer, updates + 1, messages, cancel);
        var place = messages.IndexOf(MessageType.RouteRefresh);
        Assert.That(place, Is.Positive.And.LessThan(updates));
        Assert.That(messages.Count(type => type == MessageType.Update), Is.EqualTo(updates));
    }

    /// <summary>Found with a reflector's client that sent malformed messages while it was sent many routes: the close comes a moment after the NOTIFICATION, and meanwhile UPDATEs went on.</summary>
    [Test]
    [CancelAfter(20_000)]
    public async Task Control_Notification_NothingComesAfterIt(CancellationToken cancel)
    {
        Start();
        var peer = await EstablishAsync(cancel, receiveBuffer: 4096);
        var (log, cursor) = Open();
        WriteMany(log, Plenty);
        Transport.Attach(Peer, Generation, cursor);
        await UntilSendPendsAsync(cancel);

        Transport.Send(Peer, Connection, Notification(BgpError.HoldTimerExpired));

        var messages = new List<MessageType>();
        var rest = await ReadMessagesAsync(peer, () => messages.Contains(MessageType.Notification), messages, cancel);
        Transport.Close(Peer, Connection);
        Assert.That((messages[^1], rest), Is.EqualTo((MessageType.Notification, 0)));
        Assert.That(await peer.ReceiveAsync(new byte[1], cancel), Is.Zero);
    }

    [Test]
    [CancelAfter(20_000)]
    public async Task Control_KeepaliveBehindKeepalive_IsSentOnce(CancellationToken cancel)
    {
        Start();
        var peer = await EstablishAsync(cancel, receiveBuffer: 4096);
        var (log, cursor) = Open();
        var updates = WriteMany(log, Plenty);
        Transport.Attach(Peer, Generation, cursor);
        await UntilSendPendsAsync(cancel);

        for (var i = 0; i < 1000; i++)
        {
            Transport.Send(Peer, Connection, Keepalive);
        }

        var messages = new List<MessageType>();
        await ReadMessagesAsync(peer, updates + 1, messages, cancel);
        Assert.That(messages.Count(type => type == MessageType.Keepalive), Is.EqualTo(1));
    }

    [Test]
    [CancelAfter(20_000)]
    public async Task Control_MoreThanTheBound_EndsTheConnection(CancellationToken cancel)
    {
        Start(new TransportLimits { UnsentMessages = 8, CloseTimeout = TimeSpan.FromMilliseconds(50) });
        await EstablishAsync(cancel, receiveBuffer: 4096);
        var (log, cursor) = Open();
        WriteMany(log, Plenty);
        Transport.Attach(Peer, Generation, cursor);
        await UntilSendPendsAsync(cancel);

        for (var i = 0; i < 9; i++)
        {
            Transport.Send(Peer, Connection, Refresh(RouteRefreshSubtype.Request));
        }

        object report;
        do
        {
            report = await NextAsync(cancel);
        }
        while (report is not TransportEvent);
        Assert.That(((TransportEvent)report).Kind, Is.EqualTo(TransportEventKind.Closed));
    }

    [Test]
    [CancelAfter(20_000)]
    public async Task Probe_PeerDoesNotRead_ShowsPendingWithoutProgress(CancellationToken cancel)
    {
        Start();
        await EstablishAsync(cancel, receiveBuffer: 4096);
        var (log, cursor) = Open();
        WriteMany(log, Plenty);
        Transport.Attach(Peer, Generation, cursor);
        var first = await UntilSendPendsAsync(cancel);

        // What was on its way when the peer's window closed may still count once.
        var second = await ProbeAsync(cancel);
        while (second.LastSendProgress != first.LastSendProgress)
        {
            (first, second) = (second, await ProbeAsync(cancel));
        }

        Assert.That(second.SendPending, Is.True);
        Assert.That(second.LastSendProgress, Is.LessThan(Transport.Clock.Now));
    }

    [Test]
    [CancelAfter(20_000)]
    public async Task Close_WithControlWaiting_SendsItThenEnds(CancellationToken cancel)
    {
        Start();
        var peer = await ConnectAsync(cancel);
        var last = Notification(BgpError.Cease(CeaseSubcode.AdministrativeShutdown));

        Transport.Send(Peer, Connection, last);
        Transport.Close(Peer, Connection);

        Assert.That(await ReadAsync(peer, last.Length, cancel), Is.EqualTo(last));
        Assert.That(await peer.ReceiveAsync(new byte[1], cancel), Is.Zero);
    }

    [Test]
    [CancelAfter(20_000)]
    public async Task Close_UnreadBytes_NotificationIsNotLostToAReset(CancellationToken cancel)
    {
        Start(new TransportLimits { BatchesPerConnection = 1 });
        var peer = await EstablishAsync(cancel);
        await peer.SendAsync(Update(1), cancel);
        await NextBatchAsync(cancel);
        await peer.SendAsync(Enumerable.Range(0, 4000).SelectMany(Update).ToArray(), cancel);
        await UntilInputPendsAsync(cancel);
        var last = Notification(BgpError.HoldTimerExpired);

        Transport.Send(Peer, Connection, last);
        Transport.Close(Peer, Connection);

        Assert.That(await ReadAsync(peer, last.Length, cancel), Is.EqualTo(last));
        Assert.That(await peer.ReceiveAsync(new byte[1], cancel), Is.Zero);
    }

    [Test]
    [CancelAfter(20_000)]
    public async Task Close_PeerTakesNothing_EndsInTime(CancellationToken cancel)
    {
        Start(new TransportLimits { CloseTimeout = TimeSpan.FromMilliseconds(50) });
        await EstablishAsync(cancel, receiveBuffer: 4096);
        var (log, cursor) = Open();
        WriteMany(log, Plenty);
        Transport.Attach(Peer, Generation, cursor);
        await UntilSendPendsAsync(cancel);

        Transport.Close(Peer, Connection);

        await SentAsync(cursor, () => cursor.IsClosed, cancel);
    }

    [Test]
    [CancelAfter(20_000)]
    public async Task Close_PeerTookNothingForLong_DoesNotWaitForIt(CancellationToken cancel)
    {
        var stalled = TimeSpan.FromMilliseconds(50);
        Start(new TransportLimits { CloseTimeout = TimeSpan.FromHours(1), StalledAfter = stalled });
        await EstablishAsync(cancel, receiveBuffer: 4096);
        var (log, cursor) = Open();
        WriteMany(log, Plenty);
        Transport.Attach(Peer, Generation, cursor);
        var probe = await UntilSendPendsAsync(cancel);
        while (Transport.Clock.Now - probe.LastSendProgress < stalled)
        {
            probe = await ProbeAsync(cancel);
        }

        Transport.Close(Peer, Connection);

        await SentAsync(cursor, () => cursor.IsClosed, cancel);
    }

    [Test]
    [CancelAfter(20_000)]
    public async Task Close_PeerSendsOn_NothingIsReported(CancellationToken cancel)
    {
        Start();
        var peer = await ConnectAsync(cancel);
        Transport.Close(Peer, Connection);

        await peer.SendAsync(Keepalive, cancel);
        peer.Shutdown(SocketShutdown.Send);
        Assert.That(await peer.ReceiveAsync(new byte[1], cancel), Is.Zero);
        await Transport.StopAsync();

        AssertQuiet();
    }

    [Test]
    [CancelAfter(20_000)]
    public async Task Attach_BeforeAdmission_IsKeptForIt(CancellationToken cancel)
    {
        Start();
        var peer = await ConnectAsync(cancel);
        var (log, cursor) = Open();
        Write(log, Update(1));
        Transport.Attach(Peer, Generation, cursor);

        Transport.Admit(Peer, Connection, Generation);

        Assert.That(await ReadAsync(peer, Update(1).Length, cancel), Is.EqualTo(Update(1)));
    }

    [Test]
    [CancelAfter(20_000)]
    public async Task Attach_SessionIsOver_ClosesTheCursor(CancellationToken cancel)
    {
        Start();
        var peer = await EstablishAsync(cancel);
        peer.Close();
        await NextAsync(TransportEventKind.Closed, cancel);
        await Transport.StopAsync();
        var (_, cursor) = Open();

        Transport.Attach(Peer, Generation, cursor);

        Assert.That(await NextAsync(cancel), Is.SameAs(cursor));
        Assert.That(cursor.IsClosed, Is.True);
    }

    [Test]
    [CancelAfter(20_000)]
    public async Task Attach_NeighborIsForgotten_ClosesTheCursor(CancellationToken cancel)
    {
        Start();
        var (_, cursor) = Open();

        Transport.Attach(Peer, Generation, cursor);

        Assert.That(await NextAsync(cancel), Is.SameAs(cursor));
        Assert.That(cursor.IsClosed, Is.True);
    }

    private static (OutputLog Log, OutputCursor Cursor) Open()
    {
        var log = new OutputLog(new OutputSegmentPool());
        return (log, log.Open(AddressFamily.Ipv4Unicast, Member, new Handover()));
    }

    private static void Write(OutputLog log, params byte[][] messages)
    {
        foreach (var message in messages)
        {
            message.CopyTo(log.Reserve(BgpConstants.MaxMessageLength, OutputAudience.Everybody));
            log.Commit(message.Length);
        }

        log.Publish();
    }

    /// <summary>Writes at least so many bytes and returns the number of messages.</summary>
    private static int WriteMany(OutputLog log, int bytes)
    {
        var messages = Enumerable.Range(0, bytes / Update(0).Length).Select(Update).ToArray();
        Write(log, messages);
        return messages.Length;
    }

    private async Task<ProbeResult> ProbeAsync(CancellationToken cancel)
    {
        Transport.Probe(Peer, Connection);
        while (true)
        {
            if (await NextAsync(cancel) is TransportEvent { Kind: TransportEventKind.Probed } probed)
            {
                return probed.Probe;
            }
        }
    }

    /// <summary>
    /// Waits until the transmitter is stuck in a send. Pending bytes alone do not show that: between two sends some are on their way too. Stuck is what makes no progress over many looks.
    /// </summary>
    private async Task<ProbeResult> UntilSendPendsAsync(CancellationToken cancel)
    {
        var last = await ProbeAsync(cancel);
        for (var still = 0; still < LooksUntilStuck;)
        {
            await Task.Delay(BetweenLooks, cancel);
            var probe = await ProbeAsync(cancel);
            still = probe.SendPending && probe.LastSendProgress == last.LastSendProgress ? still + 1 : 0;
            last = probe;
        }

        return last;
    }

    private static Task<int> ReadMessagesAsync(Socket peer, int count, List<MessageType> messages, CancellationToken cancel) =>
        ReadMessagesAsync(peer, () => messages.Count >= count, messages, cancel);

    /// <summary>Returns how many octets of another message came with the last one.</summary>
    private static async Task<int> ReadMessagesAsync(Socket peer, Func<bool> isDone, List<MessageType> messages, CancellationToken cancel)
    {
        var buffer = new byte[1 << 20];
        var kept = 0;
        while (!isDone())
        {
            var read = await peer.ReceiveAsync(buffer.AsMemory(kept), cancel);
            Assert.That(read, Is.Positive, "the transport closed");
            var rest = new ReadOnlySequence<byte>(buffer, 0, kept + read);
            FrameResult result;
            while ((result = MessageFramer.TryRead(ref rest, BgpConstants.MaxMessageLength, out var frame, out _)) == FrameResult.Complete)
            {
                messages.Add(frame.Type);
            }

            Assert.That(result, Is.EqualTo(FrameResult.Incomplete), "the stream is lost");
            kept = (int)rest.Length;
            rest.CopyTo(buffer);
        }

        return kept;
    }
}
