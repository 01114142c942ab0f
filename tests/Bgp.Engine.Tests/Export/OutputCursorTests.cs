using System.Buffers.Binary;
using Bgp.Protocol;

namespace Bgp.Engine.Tests;

/// <summary>A log and its cursors, also with a reader on a thread of its own.</summary>
public sealed class OutputCursorTests
{
    [Test]
    public void Cursor_RangesForOthers_AreSkipped()
    {
        var log = new OutputLog(new OutputSegmentPool());
        var cursor = log.Open(AddressFamily.Ipv4Unicast, 1, new Handover());
        Write(log, 10, OutputAudience.Everybody);
        Write(log, 11, OutputAudience.AllBut(1, -1));
        Write(log, 12, OutputAudience.JustFor(1));
        Write(log, 13, OutputAudience.JustFor(2));
        Write(log, 14, OutputAudience.AllBut(2, -1));
        log.Publish();
        Assert.That(ReadAll(cursor), Is.EqualTo(new[] { 10, 12, 14 }));
    }

    [Test]
    public void Cursor_HandedOver_ReadsTheRestAndThenTheOtherLog()
    {
        var pool = new OutputSegmentPool();
        var first = new OutputLog(pool);
        var second = new OutputLog(pool);
        var handover = new Handover();
        var cursor = first.Open(AddressFamily.Ipv4Unicast, 1, handover);
        Write(first, 1, OutputAudience.Everybody);
        first.Publish();
        Write(second, 100, OutputAudience.Everybody);
        second.Publish();
        handover.Decide(first.End, second.EndAsTarget(new Handover()));
        Write(first, 2, OutputAudience.Everybody);
        first.Publish();
        Write(second, 101, OutputAudience.Everybody);
        second.Publish();
        Assert.That(ReadAll(cursor), Is.EqualTo(new[] { 1, 101 }));
    }

    [Test]
    [CancelAfter(60_000)]
    public void Cursor_WriterAndReadersAtTheSameTime_EachReadsItsOwnInOrder(CancellationToken cancellation)
    {
        const int Messages = 200_000;
        var log = new OutputLog(new OutputSegmentPool());
        var cursors = Enumerable.Range(1, 3).Select(member => log.Open(AddressFamily.Ipv4Unicast, member, new Handover())).ToArray();
        var results = new List<int>[cursors.Length];
        var readers = cursors.Select((cursor, at) => new Thread(() => results[at] = ReadUntil(cursor, Messages - 1, cancellation))).ToArray();
        Array.ForEach(readers, reader => reader.Start());
        for (var number = 0; number < Messages; number++)
        {
            // The last one is for everybody, so that every reader ends.
            Write(log, number, number == Messages - 1 ? OutputAudience.Everybody : OutputAudience.AllBut(1 + (number / 7 % 4), -1));
            if (number % 13 == 0)
            {
                log.Publish();
            }
        }

        log.Publish();
        Array.ForEach(readers, reader => reader.Join());
        for (var at = 0; at < cursors.Length; at++)
        {
            var member = at + 1;
            var expected = Enumerable.Range(0, Messages).Where(number => number == Messages - 1 || 1 + (number / 7 % 4) != member);
            Assert.That(results[at].SequenceEqual(expected), Is.True);
        }
    }

    private static void Write(OutputLog log, int number, OutputAudience audience)
    {
        BinaryPrimitives.WriteInt32BigEndian(log.Reserve(4, audience), number);
        log.Commit(4);
    }

    private static List<int> ReadAll(OutputCursor cursor)
    {
        var read = new List<int>();
        while (cursor.TryRead(out var bytes))
        {
            Take(bytes.Span, read);
            cursor.Advance(bytes.Length);
        }

        return read;
    }

    private static List<int> ReadUntil(OutputCursor cursor, int last, CancellationToken cancellation)
    {
        var read = new List<int>();
        while (read.Count == 0 || read[^1] != last)
        {
            cancellation.ThrowIfCancellationRequested();
            read.AddRange(ReadAll(cursor));
        }

        return read;
    }

    private static void Take(ReadOnlySpan<byte> bytes, List<int> read)
    {
        for (; bytes.Length >= 4; bytes = bytes[4..])
        {
            read.Add(BinaryPrimitives.ReadInt32BigEndian(bytes));
        }
    }
}
