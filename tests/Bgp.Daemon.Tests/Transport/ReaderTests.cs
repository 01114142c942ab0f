using System.Net.Sockets;
using Bgp.Engine;
using Bgp.Protocol;

namespace Bgp.Daemon.Tests;

internal sealed class ReaderTests : TransportFixture
{
    [Test]
    [CancelAfter(20_000)]
    public async Task Message_OneByteAtATime_ArrivesWhole(CancellationToken cancel)
    {
        Start();
        var peer = await ConnectAsync(cancel);
        peer.NoDelay = true;

        foreach (var octet in Notification(BgpError.Cease(CeaseSubcode.AdministrativeReset)))
        {
            await peer.SendAsync(new[] { octet }, cancel);
        }

        var message = (await NextAsync(TransportEventKind.Message, cancel)).Message;
        Assert.That(message.ToArray(), Is.EqualTo(Notification(BgpError.Cease(CeaseSubcode.AdministrativeReset))));
    }

    [Test]
    [CancelAfter(20_000)]
    public async Task Message_BeforeAdmission_WaitsForTheOneBefore(CancellationToken cancel)
    {
        Start();
        var peer = await ConnectAsync(cancel);
        await peer.SendAsync((byte[])[.. Keepalive, .. Update(1)], cancel);
        await NextAsync(TransportEventKind.Message, cancel);
        await UntilInputPendsAsync(cancel);
        AssertQuiet();

        Transport.Processed(Peer, Connection);

        Assert.That((await NextAsync(TransportEventKind.Message, cancel)).Message.ToArray(), Is.EqualTo(Update(1)));
    }

    [Test]
    [CancelAfter(20_000)]
    public async Task Negotiated_LongMessage_IsTaken(CancellationToken cancel)
    {
        Start();
        var peer = await ConnectAsync(cancel);
        var message = new byte[BgpConstants.MaxExtendedMessageLength];
        Update(1).AsSpan(0, 19).CopyTo(message);
        (message[16], message[17]) = (0xff, 0xff);
        await peer.SendAsync(Keepalive, cancel);
        await NextAsync(TransportEventKind.Message, cancel);

        Transport.Negotiated(Peer, Connection, Sessions.WithReceiveLimit(BgpConstants.MaxExtendedMessageLength));
        Transport.Processed(Peer, Connection);
        await peer.SendAsync(message, cancel);

        Assert.That((await NextAsync(TransportEventKind.Message, cancel)).Message.Length, Is.EqualTo(message.Length));
    }

    [Test]
    [CancelAfter(20_000)]
    public async Task Message_LongerThanAllowed_IsAFramingError(CancellationToken cancel)
    {
        Start();
        var peer = await ConnectAsync(cancel);
        var header = Update(1)[..19];
        (header[16], header[17]) = (0x10, 0x01);

        await peer.SendAsync(header, cancel);

        var error = (await NextAsync(TransportEventKind.FramingError, cancel)).Error;
        Assert.That((error.Code, error.Subcode), Is.EqualTo((NotificationCode.MessageHeaderError, (byte)HeaderSubcode.BadMessageLength)));
    }

    [Test]
    [CancelAfter(20_000)]
    public async Task FramingError_ThenSend_StillReachesThePeer(CancellationToken cancel)
    {
        Start();
        var peer = await ConnectAsync(cancel);
        await peer.SendAsync(new byte[19], cancel);
        var error = (await NextAsync(TransportEventKind.FramingError, cancel)).Error;

        Transport.Send(Peer, Connection, Notification(error));
        Transport.Close(Peer, Connection);

        Assert.That(await ReadAsync(peer, Notification(error).Length, cancel), Is.EqualTo(Notification(error)));
        Assert.That(await peer.ReceiveAsync(new byte[1], cancel), Is.Zero);
    }

    [Test]
    [CancelAfter(20_000)]
    public async Task Admitted_UpdatesAndRefreshes_ComeInOrderInBatches(CancellationToken cancel)
    {
        Start();
        var peer = await EstablishAsync(cancel);
        byte[] stream =
        [
            .. Refresh(RouteRefreshSubtype.BeginningOfRefresh), .. Update(1), .. Update(2), .. Refresh(RouteRefreshSubtype.EndOfRefresh), .. Update(3),
        ];

        await peer.SendAsync(stream, cancel);

        var received = new List<byte>();
        while (received.Count < stream.Length)
        {
            var batch = await NextBatchAsync(cancel);
            Assert.That((batch.Peer, batch.Generation), Is.EqualTo((Peer, Generation)));
            received.AddRange(batch.Bytes.ToArray());
        }

        Assert.That(received, Is.EqualTo(stream));
        Assert.That(Transport.UpdatesOf(Peer).Received, Is.EqualTo(5));
    }

    [Test]
    [CancelAfter(20_000)]
    public async Task Admitted_Notification_DoesNotOvertakeUpdates(CancellationToken cancel)
    {
        Start();
        var peer = await EstablishAsync(cancel);

        await peer.SendAsync((byte[])[.. Update(1), .. Notification(BgpError.Cease(CeaseSubcode.PeerDeconfigured))], cancel);

        Assert.That((await NextBatchAsync(cancel)).Bytes.ToArray(), Is.EqualTo(Update(1)));
        await NextAsync(TransportEventKind.Message, cancel);
    }

    [Test]
    [CancelAfter(20_000)]
    public async Task Credit_UsedUp_PausesReadingUntilReturned(CancellationToken cancel)
    {
        Start(new TransportLimits { BatchesPerConnection = 1 });
        var peer = await EstablishAsync(cancel);
        await peer.SendAsync(Update(1), cancel);
        var first = await NextBatchAsync(cancel);
        await peer.SendAsync(Update(2), cancel);
        await UntilInputPendsAsync(cancel);
        AssertQuiet();

        Transport.Return(first);

        Assert.That((await NextBatchAsync(cancel)).Bytes.ToArray(), Is.EqualTo(Update(2)));
    }

    [Test]
    [CancelAfter(20_000)]
    public async Task Budget_UsedUpByAnother_PausesReadingUntilReturned(CancellationToken cancel)
    {
        Start(new TransportLimits { Batches = 1 });
        var held = await Transport.Batches.RentAsync(cancel);
        var peer = await EstablishAsync(cancel);
        await peer.SendAsync(Update(1), cancel);
        await UntilInputPendsAsync(cancel);
        AssertQuiet();

        Transport.Batches.Return(held);

        Assert.That((await NextBatchAsync(cancel)).MessageCount, Is.EqualTo(1));
    }

    [Test]
    [CancelAfter(20_000)]
    public async Task Batches_OfManyMessages_KeepEachMessageWhole(CancellationToken cancel)
    {
        Start();
        var peer = await EstablishAsync(cancel);
        var stream = Enumerable.Range(0, 20_000).SelectMany(number => Update(number & 0xffff)).ToArray();
        var sending = peer.SendAsync(stream, cancel);

        var received = new List<byte>();
        while (received.Count < stream.Length)
        {
            var batch = await NextBatchAsync(cancel);
            Assert.That(batch.Length % Update(1).Length, Is.Zero);
            received.AddRange(batch.Bytes.ToArray());
            Transport.Return(batch);
        }

        await sending;
        Assert.That(received.SequenceEqual(stream), Is.True);
    }

    [Test]
    [CancelAfter(20_000)]
    public async Task Peer_Closes_IsReportedAfterItsUpdates(CancellationToken cancel)
    {
        Start();
        var peer = await EstablishAsync(cancel);

        await peer.SendAsync(Update(1), cancel);
        peer.Shutdown(SocketShutdown.Both);

        await NextBatchAsync(cancel);
        Assert.That((await NextAsync(TransportEventKind.Closed, cancel)).Text, Is.EqualTo("the peer closed the connection"));
    }

    [Test]
    [CancelAfter(20_000)]
    public async Task Peer_ClosesWithinAMessage_IsSaidSo(CancellationToken cancel)
    {
        Start();
        var peer = await ConnectAsync(cancel);

        await peer.SendAsync(Keepalive.AsMemory(0, 10), cancel);
        peer.Shutdown(SocketShutdown.Both);

        Assert.That((await NextAsync(TransportEventKind.Closed, cancel)).Text, Does.Contain("within a message"));
    }

    [Test]
    [CancelAfter(20_000)]
    public async Task Peer_Resets_IsReportedInTheSystemsWords(CancellationToken cancel)
    {
        Start();
        var peer = await ConnectAsync(cancel);

        peer.LingerState = new LingerOption(true, 0);
        peer.Close();

        Assert.That((await NextAsync(TransportEventKind.Closed, cancel)).Text, Is.EqualTo("Connection reset by peer"));
    }

    [Test]
    [CancelAfter(20_000)]
    public async Task Probe_WholeMessage_MovesLastReceived(CancellationToken cancel)
    {
        Start();
        var peer = await ConnectAsync(cancel);
        Transport.Probe(Peer, Connection);
        var before = (await NextAsync(TransportEventKind.Probed, cancel)).Probe.LastReceived;
        await peer.SendAsync(Keepalive, cancel);
        await NextAsync(TransportEventKind.Message, cancel);

        Transport.Probe(Peer, Connection);

        Assert.That((await NextAsync(TransportEventKind.Probed, cancel)).Probe.LastReceived, Is.GreaterThan(before));
    }
}
