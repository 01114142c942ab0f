using Bgp.Protocol;

namespace Bgp.Engine.Tests;

/// <summary>Which segments of a log are given back, and that nobody holds on to one that was.</summary>
public sealed class OutputLogTests
{
    // Found by the update fuzzer, seed 10123: the segment after the one that a member left the log in was already in another log, and lost a pin there.
    [Test]
    public void Remove_SegmentAfterTheHandoverIsInAnotherLog_ThatLogKeepsItsPins()
    {
        var pool = new OutputSegmentPool();
        var (left, next) = (new OutputLog(pool), new OutputLog(pool));
        var member = new GroupMember(Slot(1));
        var cursor = member.Open(left, AddressFamily.Ipv4Unicast);
        Write(left, 100);
        member.HandOver(next);
        for (var segment = 0; segment < 2; segment++)
        {
            Write(left, OutputSegment.Capacity);
        }

        var other = new OutputLog(pool);
        while (cursor.TryRead(out var bytes))
        {
            cursor.Advance(bytes.Length);
        }

        member.Progress();
        Assert.Multiple(() =>
        {
            Assert.That(cursor.Sent, Is.EqualTo((1, 0L)), "the member reads the next log");
            Assert.That(other.Tail.Pins, Is.Zero);
            Assert.That(pool.Rented, Is.EqualTo(3), "one segment each");
        });
    }

    private static void Write(OutputLog log, int length)
    {
        log.Reserve(length, OutputAudience.Everybody).Clear();
        log.Commit(length);
        log.Publish();
    }

    private static PeerSlot Slot(ushort number) => new()
    {
        Number = number,
        Peer = new PeerId(number),
        Generation = new SessionGeneration(1),
        Session = null,
        Neighbor = null,
    };
}
